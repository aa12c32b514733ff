//===- OpTable.h - Which operators are imported, and how --------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Support/LogicalResult.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace nnc {

class NodeImporter;

/// The range of opsets of the default domain that is understood.
inline constexpr int minOpset = 7, maxOpset = 25;

/// Sets of element types: bits 1 << nn::ElementType::onnx.
enum Types : uint32_t {
  F32 = 1 << 1,
  U8 = 1 << 2,
  I8 = 1 << 3,
  U16 = 1 << 4,
  I16 = 1 << 5,
  I32 = 1 << 6,
  I64 = 1 << 7,
  Bool = 1 << 9,
  Ints = I64 | I32,
  Numbers = F32 | Ints,
  Bytes = U8 | I8,
  Narrow = Bytes | U16 | I16,
  Any = Numbers | Bool | Narrow,
  U4 = 1 << 21,
  I4 = 1 << 22,
  U2 = 1 << 25,
  I2 = 1 << 26,
  SubByte = U4 | I4 | U2 | I2,
  AnySize = Any | SubByte,
  Stored = Narrow | I32 | SubByte
};

/// Operands by position, as bits; variadic operators use all.
enum Operands : uint32_t { First = 1, FirstTwo = 3, FirstThree = 7, All = ~0u };

/// The domain of the operators that ONNX Runtime added, as its quantizer writes them.
inline constexpr llvm::StringLiteral microsoftDomain = "com.microsoft";

/// One operator.
struct OpEntry {
  llvm::StringLiteral name;
  /// The opsets that changed the operator's definition, up to maxOpset.
  std::initializer_list<int> versions;
  uint32_t types;                ///< element types of the operands in `typed`
  uint32_t typed;                ///< operands that `types` speaks of
  unsigned minInputs, maxInputs; ///< operands below minInputs must be present
  unsigned maxOutputs;           ///< results beyond those that we compute must be unused
  llvm::StringLiteral limits;    ///< what is refused, for docs/Ops.md
  llvm::LogicalResult (*import)(NodeImporter &);

  /// The definition that a model of `opset` means; 0 if the operator is younger.
  int version(int opset) const;
};

/// The entry of an operator, or null; the default domain is "" or "ai.onnx".
const OpEntry *findOp(llvm::StringRef domain, llvm::StringRef name);
/// Whether any operator of `domain` is known.
bool isKnownDomain(llvm::StringRef domain);

// clang-format off
#define NNC_IMPORTS(X)                                                                             \
  X(Conv) X(Gemm) X(MatMul) X(BatchNormalization) X(LayerNormalization) X(Softmax) X(LogSoftmax)  \
  X(Add) X(Sub) X(Mul) X(Div) X(Pow) X(Min) X(Max) X(Sum) X(Neg) X(Relu) X(LeakyRelu) X(PRelu)     \
  X(Clip) X(Sigmoid) X(HardSigmoid) X(HardSwish) X(Tanh) X(Exp) X(Log) X(Sqrt) X(Reciprocal)      \
  X(Erf) X(Cast) X(Where) X(MaxPool) X(AveragePool) X(GlobalAveragePool) X(GlobalMaxPool)         \
  X(ReduceMean) X(ReduceSum) X(ReduceMax) X(Concat) X(Split) X(Slice) X(Pad) X(Gather) X(Expand)   \
  X(Reshape) X(Flatten) X(Squeeze) X(Unsqueeze) X(Transpose) X(Shape) X(Constant)                  \
  X(ConstantOfShape) X(Identity) X(Dropout) X(Abs) X(Elu) X(CastLike) X(Gelu)   \
  X(ReduceMin) X(ArgMax) X(Selu) X(Size) X(Softplus) X(Softsign) X(QuantizeLinear) X(DequantizeLinear)       \
  X(DynamicQuantizeLinear) X(QLinearConv) X(QLinearMatMul) X(ConvInteger) X(MatMulInteger)        \
  X(QLinearAdd) X(QLinearMul) X(QLinearSigmoid) X(QLinearLeakyRelu) X(QLinearSoftmax)             \
  X(QLinearAveragePool) X(QLinearGlobalAveragePool) X(QLinearConcat) X(QGemm)          \
  X(Resize) X(Upsample) X(Quant) X(BipolarQuant) X(Trunc) X(MultiThreshold)                       \
  X(ChannelsLastConv) X(ChannelsLastMaxPool) X(ChannelsLastBatchNormalization)      \
  X(DepthToSpace) X(SpaceToDepth)
// clang-format on
#define NNC_DECLARE(OP) llvm::LogicalResult import##OP(NodeImporter &node);
NNC_IMPORTS(NNC_DECLARE)
/// Gemm whose factor alpha is taken into account elsewhere.
llvm::LogicalResult importGemmWithoutAlpha(NodeImporter &node);
#undef NNC_DECLARE
#undef NNC_IMPORTS

} // namespace nnc
