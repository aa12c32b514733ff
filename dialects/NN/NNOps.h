//===- NNOps.h - The nn dialect in C++ -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <optional>

namespace nnc::nn {

/// The argument and result attribute that holds the ONNX value's name.
inline constexpr llvm::StringLiteral nameAttr = "nn.name";

/// Attributes of arguments and results, and of the buffers of a plan that they become. What their
/// integers stand for, or the integers that their floats become at once: (q - zero point) * scale,
/// an f32 and an i32.
inline constexpr llvm::StringLiteral scaleAttr = "nn.scale", zeroPointAttr = "nn.zero_point";
/// The name of a RoundingMode, by which its floats become these integers; absent: half_even.
inline constexpr llvm::StringLiteral roundingAttr = "nn.rounding";
/// The type of the tensor of elements below eight bits that the bytes hold, packed as in ONNX.
inline constexpr llvm::StringLiteral packedAttr = "nn.packed";
/// Strings: the ONNX nodes between a result and the model's output, which the caller computes.
inline constexpr llvm::StringLiteral leftToCallerAttr = "nn.left_to_caller";
/// Whether `attribute`, if it is one of the five, fits an argument, result or buffer of `type`,
/// which is part of `owner`.
mlir::LogicalResult verifyPortAttribute(mlir::Operation *owner, mlir::NamedAttribute attribute,
                                        mlir::Type type);

/// Attribute of a group: strings that say why its neighbours are not in it.
inline constexpr llvm::StringLiteral notesAttr = "nn.notes";

/// What lib/Quantization proved, for targets and reports; `nn.requantize` describes them.
/// Integer contractions: tensor<2xi64>, the bounds of all sums of any of a result's products,
/// with and without its bias.
inline constexpr llvm::StringLiteral partialSumsAttr = "nn.partial_sums";
/// `nn.requantize`, `nn.rescale`: tensor<Cx2xi64>, the least and the most accumulator of each
/// channel.
inline constexpr llvm::StringLiteral accumulatorsAttr = "nn.accumulators";
/// The same: tensor<Cx3xi64>, multiplier, offset and shift of each channel.
inline constexpr llvm::StringLiteral affineAttr = "nn.affine";
/// `nn.quantize` of what is computed of two tensors of integers: tensor<8xi64>, the numbers of a
/// Bilinear in their order.
inline constexpr llvm::StringLiteral bilinearAttr = "nn.bilinear";
/// What makes integers of floats that were integers: a string, why they have no form in integers.
inline constexpr llvm::StringLiteral obstacleAttr = "nn.obstacle";
/// `plan.step`: bilinear or obstacle of each nn.quantize of its kernel, none where neither is
/// known.
inline constexpr llvm::StringLiteral islandsAttr = "nn.islands";
/// `plan.step`: accumulators and affine form of each isRequantization() of its kernel.
inline constexpr llvm::StringLiteral requantizationsAttr = "nn.requantizations";

/// `nn.quantize`, `nn.dequantize`: a unit attribute, all scales are known to be from 2^-64 to 2^64.
inline constexpr llvm::StringLiteral moderateScaleAttr = "nn.moderate_scale";
inline bool isModerateScale(float scale) { return scale >= 0x1p-64f && scale <= 0x1p64f; }

/// Constants of more elements than this are resource blobs and fold in Graph only.
inline constexpr int64_t smallConstantElements = 64;

/// The greatest number of elements of a tensor, of their bytes and of
/// dimensions, so that no size overflows later.
inline constexpr int64_t maxElements = int64_t(1) << 31;
inline constexpr int64_t maxBytes = maxElements * 8;
inline constexpr int64_t maxRank = 16;

/// Why `shape` is not the shape of a tensor; empty: it is one.
std::string shapeProblem(llvm::ArrayRef<int64_t> shape);

/// One result element from one element of each operand, operands broadcast.
template <typename Op>
class Elementwise : public mlir::OpTrait::TraitBase<Op, Elementwise> {};
/// Bits are moved, never changed.
template <typename Op>
class Movement : public mlir::OpTrait::TraitBase<Op, Movement> {};
/// Multiply and accumulate; operands pass nn.floor0.
template <typename Op>
class Contraction : public mlir::OpTrait::TraitBase<Op, Contraction> {};
/// Many elements to one along axes.
template <typename Op>
class Reduction : public mlir::OpTrait::TraitBase<Op, Reduction> {};

/// Are these dimensions of a tensor of `rank`, ascending?
bool areAxes(llvm::ArrayRef<int64_t> axes, int64_t rank);

/// The shape that numpy's rule broadcasts `a` and `b` to; none if they clash.
std::optional<llvm::SmallVector<int64_t>> broadcastShapes(llvm::ArrayRef<int64_t> a,
                                                          llvm::ArrayRef<int64_t> b);

/// The name of a blob: `nameHint` and a fingerprint of its bytes. It tells equal
/// contents apart from different ones; it never proves equality.
std::string contentKey(llvm::StringRef nameHint, llvm::ArrayRef<char> bytes);

/// A constant of `type` with these raw row-major bytes (bool: one byte an
/// element): dense up to smallConstantElements, else a resource blob whose key
/// starts with `nameHint`. The bytes are copied.
mlir::ElementsAttr makeElements(mlir::RankedTensorType type, llvm::ArrayRef<char> bytes,
                                llvm::StringRef nameHint = "weight");

/// Whether elementBytes() can give the bytes of `value`, which `owner` holds.
mlir::LogicalResult verifyElements(mlir::ElementsAttr value, mlir::Operation *owner);

/// The raw row-major bytes of a constant (bool: one byte an element); splats are expanded.
std::vector<char> elementBytes(mlir::ElementsAttr value);

/// Bytes of one element as stored in memory (bool: one).
int64_t elementByteSize(mlir::Type elementType);

/// The place of an input or initializer, which has a name as a node has, but is no
/// node whose work could be listed.
mlir::Location tensorLoc(mlir::StringAttr name, mlir::Location file);

/// The ONNX node names a location carries, in order, without repetition.
llvm::SmallVector<llvm::StringRef> nodeNames(mlir::Location loc);

/// The same with the names of inputs and initializers.
llvm::SmallVector<llvm::StringRef> onnxNames(mlir::Location loc);

/// What messages call `op`: its ONNX nodes, 'a' or 'a', 'b'; of an op without any its own name,
/// 'nn.conv'.
std::string quotedName(mlir::Operation *op);

/// Does `op` scale sums to a narrower type: nn.requantize, or nn.rescale to up to 16 bits?
bool isRequantization(mlir::Operation *op);

/// Does `op` show that its network is quantized: do integers in it stand for floats?
bool isQuantized(mlir::Operation *op);

} // namespace nnc::nn

#include "dialects/NN/NNDialect.h.inc"
#include "dialects/NN/NNEnums.h.inc"
#define GET_OP_CLASSES
#include "dialects/NN/NNOps.h.inc"
