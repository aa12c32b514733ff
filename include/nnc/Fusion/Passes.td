//===- Passes.td - Regrouping without changing a bit -------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_FUSION_PASSES
#define NNC_FUSION_PASSES

include "mlir/Pass/PassBase.td"

class NN_FusionPass<string flag> : Pass<flag, "::mlir::func::FuncOp"> {
  let dependentDialects = ["::nnc::nn::NNDialect"];
}

def CloneDequantize : NN_FusionPass<"nn-clone-dequantize"> {
  let summary = "Gives each reader of dequantized values a dequantization of its own.";
  let description = [{
    Integers take a quarter of the floats' memory, and each reader computes the
    floats in registers. A network output keeps its own.

    ```
    %1 = nn.dequantize %0          ==>  %1 = nn.dequantize %0, %2 = nn.add %1, %a
    %2 = nn.add %1, %a                  %4 = nn.dequantize %0, %3 = nn.mul %4, %b
    %3 = nn.mul %1, %b
    ```
  }];
}

def ExpandArgMax : NN_FusionPass<"nn-expand-arg-max"> {
  let summary = "Writes indices of greatest integers in primitives.";
  let description = [{
    Each element that is as great as the greatest has its place from the end, others zero; the
    greatest of these places is the first such element. With `last` places count from the beginning.

    ```
    %1 = nn.arg_max %0             ==>  %m = nn.reduce_max %0
                                        %1 = n - 1 - nn.reduce_max(nn.select %m - %0, 0, [n - 1, …, 1, 0])
    ```
    Of floats there is no such form: they are refused.
  }];
}

def FuseContractions : NN_FusionPass<"nn-fuse-contractions"> {
  let summary = "Groups each convolution and matrix product with the elementwise ops on its result.";
  let description = [{
    Their further operands have the result's shape (a residual), one element
    per channel or one element. A sum of two products joins the later one. A
    group has one result; what has other readers ends it.

    ```
    %1 = nn.conv %0, %w                ==>  %2 = nn.fused(%0, %w) { nn.conv, nn.relu }
    %2 = nn.relu %1
    ```
  }];
}

def FusePools : NN_FusionPass<"nn-fuse-pools"> {
  let summary = "Groups each pooling with the elementwise ops on its result.";
  let description = [{
    Under the rules of `nn-fuse-contractions`.

    ```
    %1 = nn.max_pool %0                ==>  %2 = nn.fused(%0) { nn.max_pool, nn.relu }
    %2 = nn.relu %1
    ```
  }];
}

def FuseBlends : NN_FusionPass<"nn-fuse-blends"> {
  let summary = "Groups sums of a few elements with the gathers that pick them.";
  let description = [{
    What linear and cubic Resize are made of, both dimensions at once where an element of the result takes
    at most 16 of the operand; where there are less than 8 channels for vectors to run along 4 of
    integers, and one dimension at a time of floats. Nothing in between is stored; the sums of the first
    dimension are computed for each one of the second that reads them. Indices are constants;
    elementwise ops on the result join.

    ```
    %1 = nn.gather %0, %i              ==>  %5 = nn.fused(%0, %i, %c, %j, %d) { nn.gather, nn.mul, nn.reduce_sum,
    %2 = nn.mul %1, %c                                                          nn.gather, nn.mul, nn.reduce_sum }
    %3 = nn.reduce_sum %2
    %4 = nn.gather %3, %j and so on
    ```
  }];
}

def FuseRows : NN_FusionPass<"nn-fuse-rows"> {
  let summary = "Groups reductions over the same axes with the elementwise ops between and around them.";
  let description = [{
    Softmax, layer normalisation and global pooling become one group each: all
    values have the shape of what is reduced, or size one along the axes.
  }];
}

def FuseElementwise : NN_FusionPass<"nn-fuse-elementwise"> {
  let summary = "Groups what elementwise ops are left with those that alone read them.";
  let description = [{
    Of what no heavier group has taken: from each last op backwards, ops of the same shape that
    feed nothing but the group belong to it.

    ```
    %1 = nn.mul %0, %a                 ==>  %2 = nn.fused(%0, %a, %b) { nn.mul, nn.add }
    %2 = nn.add %1, %b
    ```
  }];
}

def WrapMovement : NN_FusionPass<"nn-wrap-movement"> {
  let summary = "Makes each pad, gather and threshold a group: they compute addresses, views cannot.";
  let description = [{
    All other movement stays outside of groups: Schedule makes views of it, or copies. Thresholds are
    walked in a loop, for which the epilogue of another op has no place.

    ```
    %1 = nn.gather %0, %i              ==>  %1 = nn.fused(%0, %i) { nn.gather }
    ```
  }];
}

def VerifyFusion : NN_FusionPass<"nn-verify-fusion"> {
  let summary = "Checks the contract of stage fusion: constants, views and groups only.";
  let description = [{
    The last pass of the stage, and the first that a text from there meets. A group holds one
    contraction, pooling or movement, or reductions, and elementwise ops; or it is a blend, whose gathers
    have constant indices. An error names the op
    that stands outside of a group, or the group that holds something else.
  }];
}

#endif
