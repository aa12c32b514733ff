//===- Passes.td - Rewrites up to the reference point ------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_GRAPH_PASSES
#define NNC_GRAPH_PASSES

include "mlir/Pass/PassBase.td"

class NN_GraphPass<string flag, string root = "::mlir::func::FuncOp"> : Pass<flag, root> {
  let dependentDialects = ["::nnc::nn::NNDialect"];
}

def DecomposeComposites : NN_GraphPass<"nn-decompose-composites"> {
  let summary = "Writes softmax and the normalisations in primitive ops.";
  let description = [{
    In the order of NumericSpec section 8. Batch normalisation with constant
    statistics becomes one product and one sum per channel.

    ```
    %1 = nn.softmax %0 {axes = [1]}   ==>  %m = nn.reduce_max %0, %d = nn.sub %0, %m, %e = nn.exp %d,
                                           %s = nn.reduce_sum %e, %r = nn.div 1, %s, %1 = nn.mul %e, %r
    ```
  }];
  let options = [Option<"batchNormOnly", "batch-norm-only", "bool", "false",
                        "leave the other composites as they are">];
}

def ReduceStrength : NN_GraphPass<"nn-reduce-strength"> {
  let summary = "Replaces powers and divisions by cheaper ops.";
  let description = [{
    Constant exponents 0, 1, 2, 3, 0.5 and -1; division by a constant becomes
    multiplication by its rounded reciprocal, but for quotients that end in integers
    by arithmetic alone, whose reciprocal must be exact; division of a large tensor by a
    smaller one that is a square root, or a sum of exponentials from whose
    operand the maximum was subtracted, divides once per small element and
    multiplies. Where a reciprocal might be flushed, divisions stay.
  }];
}

def RemoveIdentities : NN_GraphPass<"nn-remove-identities"> {
  let summary = "Removes ops that change nothing and tensors without elements.";
  let description = [{
    Adding 0, multiplying by 1, pads of 0. A tensor with no elements is a
    constant, and concatenation drops it.
  }];
}

def ComposeMovement : NN_GraphPass<"nn-compose-movement"> {
  let summary = "Joins neighbouring movement ops into one, drops broadcasts that an op does itself.";
  let description = [{
    Reshape of reshape, transpose of transpose; a transpose that only moves
    dimensions of size one is a reshape; a reduction keeps its dimensions and
    is reshaped afterwards.
  }];
}

def AbsorbPads : NN_GraphPass<"nn-absorb-pads"> {
  let summary = "Moves padding into the convolution or average pooling that reads it: zeros, or any integer.";
  let description = [{
    ```
    %1 = nn.pad %0 {low = [0, 0, 1, 1], ...}, %2 = nn.conv %1 {pads = [0, 0, 0, 0]}   ==>  %2 = nn.conv %0 {pads = [1, 1, 1, 1]}
    ```
  }];
}

def AbsorbScale : NN_GraphPass<"nn-absorb-scale", "::mlir::ModuleOp"> {
  let summary = "Multiplies constant factors into the weights of the contraction beside them.";
  let description = [{
    After a contraction: one factor, or one per output channel, if the product
    is the only reader. Before a contraction: one factor up to 2^16. Weights
    that would overflow, or fall below the floor of contractions, stay as they
    are.
  }];
}

def AbsorbBias : NN_GraphPass<"nn-absorb-bias"> {
  let summary = "Makes a constant that is added per channel the bias of the contraction before.";
  let description = [{
    ```
    %1 = nn.conv %0, %w, %2 = nn.add %1, %c   ==>  %2 = nn.conv %0, %w, %c'
    ```
    If the contraction result has no other reader, and no bias becomes so small
    that the floor of contractions takes it.
  }];
}

def CollapseBatch : NN_GraphPass<"nn-collapse-batch"> {
  let summary = "Turns a batch of single rows times one matrix into one product of matrices.";
  let description = [{
    [B, 1, K] x [K, N] becomes [B, K] x [K, N]: the rows share the weights.
    Other batches keep their form; before quantization nn-flatten-batches takes those, too.
  }];
}

def FoldConstants : NN_GraphPass<"nn-fold-constants", "::mlir::ModuleOp"> {
  let summary = "Evaluates ops on constants with the interpreter.";
  let description = [{
    Not where the result would be larger than its operands by more than a few
    kilobytes, nor where all results together would be larger than eight times
    the network's own constants by more than a few megabytes. Weights that nothing refers to afterwards are freed.
  }];
}

def InsertFloors : NN_GraphPass<"nn-insert-floors", "::mlir::ModuleOp"> {
  let summary = "Keeps subnormal numbers out: floors at producers, folded into constants.";
  let description = [{
    NumericSpec section 2: each operand of a contraction passes
    `nn.floor0 {exponent = -40}`, placed at the op that computes it, so that
    every reader sees the floored value; network inputs and constants that
    reach arithmetic pass exponent -125. Weights must be finite.
  }];
}

def VerifyGraph : NN_GraphPass<"nn-verify-graph"> {
  let summary = "Checks the contract of stage graph: no composites, floors in place.";
  let description = [{
    The last pass of the stage. Each operand of a contraction is floored where it is computed;
    an error names the op whose operand is not, or that should have been decomposed.
  }];
}

#endif
