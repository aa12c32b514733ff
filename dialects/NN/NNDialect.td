//===- NNDialect.td - The nn dialect and its op families -------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_NN_DIALECT
#define NNC_NN_DIALECT

include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def NN_Dialect : Dialect {
  let name = "nn";
  let cppNamespace = "::nnc::nn";
  let summary = "What a network computes, on immutable tensors of static shape.";
  let description = [{
    `nn` holds trained networks with the meaning that ONNX gives them, made
    explicit: pads are numbers, defaults are written out, operands are
    broadcast by numpy's rule and nothing else. The exact bits of every op are
    in `docs/NumericSpec.md`; the interpreter is written from it.

    ```
     ONNX ─► nn (import) ─► nn (graph: meaning freezes) ─► nn.fused (fusion) ─► plan
    ```

    A network is a `func.func`; its arguments and results carry `nn.name`, the
    ONNX value's name. Where their integers, or those that their floats become
    at once, stand for real numbers, `nn.scale` (f32) and `nn.zero_point` (i32)
    say for which. Elements below eight bits cross this border packed into
    bytes; `nn.packed` is the type of the tensor that they hold.

    Four families of ops behave alike and carry a trait: `Elementwise` (one
    result element from one element of each operand), `Movement` (bits are
    moved, never changed), `Contraction` (multiply and accumulate) and
    `Reduction`.
  }];
  let hasConstantMaterializer = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def NN_Elementwise : NativeOpTrait<"Elementwise"> { let cppNamespace = "::nnc::nn"; }
def NN_Movement : NativeOpTrait<"Movement"> { let cppNamespace = "::nnc::nn"; }
def NN_Contraction : NativeOpTrait<"Contraction"> { let cppNamespace = "::nnc::nn"; }
def NN_Reduction : NativeOpTrait<"Reduction"> { let cppNamespace = "::nnc::nn"; }

def NN_Tensor : StaticShapeTensorOf<[AnyType]>;
def NN_FloatTensor : StaticShapeTensorOf<[AnyFloat]>;
def NN_IndexTensor : StaticShapeTensorOf<[I32, I64]>;
/// What tensors are quantized to: up to 16 bits, signed (signless) or unsigned.
def NN_NarrowTensor : StaticShapeTensorOf<[I<2>, I<4>, I8, I16, UI<2>, UI<4>, UI8, UI16]>;
def NN_QuantizedTensor : StaticShapeTensorOf<[I<2>, I<4>, I8, I16, I32, UI<2>, UI<4>, UI8, UI16]>;
/// Elements that ONNX packs into bytes, in a row.
def NN_SubByteTensor : StaticShapeTensorOf<[I<2>, I<4>, UI<2>, UI<4>]>;
def NN_ByteTensor : StaticShapeTensorOf<[UI8]>;
def NN_AccumulatorTensor : StaticShapeTensorOf<[I32]>;
/// What nn.lookup maps, and to what.
def NN_TableTensor : StaticShapeTensorOf<[I8, UI8, I32]>;
/// What nn.threshold compares.
def NN_ComparableTensor : StaticShapeTensorOf<[F32, I<2>, I<4>, I8, I16, I32, I64, UI<2>, UI<4>, UI8, UI16]>;
def NN_BoolTensor : StaticShapeTensorOf<[I1]>;

class NN_Op<string mnemonic, list<Trait> traits = []>
    : Op<NN_Dialect, mnemonic, !listconcat([Pure], traits)>;

/// Ops whose result type follows from operands and attributes; the generated
/// verifier compares the stated type with the inferred one.
class NN_InferredOp<string mnemonic, list<Trait> traits = []>
    : NN_Op<mnemonic, !listconcat([InferTypeOpAdaptor], traits)>;

class NN_UnaryOp<string mnemonic, list<Trait> traits = []>
    : NN_Op<mnemonic, !listconcat([NN_Elementwise, SameOperandsAndResultType], traits)> {
  let arguments = (ins NN_Tensor:$input);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

class NN_BinaryOp<string mnemonic, list<Trait> traits = []>
    : NN_InferredOp<mnemonic, !listconcat([NN_Elementwise], traits)> {
  let arguments = (ins NN_Tensor:$lhs, NN_Tensor:$rhs);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

class NN_ReduceOp<string mnemonic> : NN_InferredOp<mnemonic, [NN_Reduction]> {
  let arguments = (ins NN_Tensor:$input, DenseI64ArrayAttr:$axes, BoolAttr:$keepdims);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

class NN_PoolOp<string mnemonic> : NN_Op<mnemonic> {
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif
