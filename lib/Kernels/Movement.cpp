//===- Movement.cpp - Kernels that copy elements -------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Movement.h"
#include "LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace nnc {

/// The only op of the body; null if the body yields its one operand.
static Operation *onlyOp(Block &body) {
  return body.without_terminator().empty() ? nullptr : &body.front();
}

std::optional<StringRef> movementVariant(nn::FusedOp group, int64_t scannedTableBytes) {
  Block &body = group.getBody().front();
  if (group.getNumResults() != 1)
    return std::nullopt;
  if (body.without_terminator().empty())
    return group.getNumOperands() == 1 ? std::optional<StringRef>("move") : std::nullopt;
  Operation &op = body.front();
  if (isa<nn::UnpackOp, nn::PackOp>(op) && op.getNextNode() == body.getTerminator())
    return isa<nn::UnpackOp>(op) ? StringRef("unpack") : StringRef("pack");
  if (!llvm::hasSingleElement(body.without_terminator()) || !op.hasTrait<nn::Movement>() ||
      op.getOperands() != ValueRange(body.getArguments()))
    return std::nullopt;
  auto gather = dyn_cast<nn::GatherOp>(op);
  if (!gather)
    return StringRef("move");
  if (group.getInputs()[1].getDefiningOp<nn::ConstantOp>())
    return StringRef("gather_constant");
  RankedTensorType table = gather.getData().getType();
  int64_t bytes = table.getNumElements() * nn::elementByteSize(table.getElementType());
  bool small = table.getDimSize(gather.getAxis()) <= scannedRows || bytes <= scannedTableBytes;
  return small ? StringRef("gather_scan") : StringRef(plan::KernelOp::lookUpVariant);
}

namespace {

/// Copies boxes of elements from operands to the result.
class Mover {
public:
  Mover(plan::KernelOp kernel, ValueRange pointers, KernelEmitter &emitter)
      : kernel(kernel), pointers(pointers), emitter(emitter) {}

  Access whole(unsigned operand) {
    return broadcastAccess(pointers[operand], kernel.operandType(operand),
                           kernel.operandLayout(operand), kernel.operandType(operand).getShape());
  }
  Access result() {
    ArrayRef<int64_t> strides = kernel.resultLayout(0).getStrides();
    return Access{pointers.back(), registerType(kernel.resultType(0).getElementType()), 0,
                  SmallVector<int64_t>(strides)};
  }
  void copy(ArrayRef<int64_t> sizes, Access to, Access from) {
    LoopNest nest(emitter, sizes, {std::move(to), std::move(from)});
    nest.mayTranspose(1);
    nest.emit([&](const Lane &lane) { nest.store(nest.load(1, lane), 0, lane); });
  }
  void fill(ArrayRef<int64_t> sizes, Access to, TypedAttr value) {
    LoopNest nest(emitter, sizes, {std::move(to)});
    if (auto integer = dyn_cast<IntegerAttr>(value)) // signs are the ops' business, not registers'
      value = IntegerAttr::get(registerType(integer.getType()), integer.getValue());
    Value scalar = emitter.builder().create<arith::ConstantOp>(value);
    nest.emit([&](const Lane &lane) {
      Type type = VectorType::get(lane.lanes, scalar.getType());
      nest.store(emitter.splat(type, scalar), 0, lane);
    });
  }
  ArrayRef<int64_t> shape() { return kernel.resultType(0).getShape(); }

  void transpose(nn::TransposeOp op);
  void broadcast();
  void slice(nn::SliceOp op);
  void concat(nn::ConcatOp op);
  void pad(nn::PadOp op);
  void reshape();

private:
  void padBox(nn::PadOp op, ArrayRef<int> sides);

  plan::KernelOp kernel;
  ValueRange pointers;
  KernelEmitter &emitter;
};

} // namespace

void Mover::transpose(nn::TransposeOp op) {
  Access from = whole(0), permuted = from;
  for (auto [i, d] : llvm::enumerate(op.getPermutation()))
    permuted.strides[i] = from.strides[d];
  copy(shape(), result(), permuted);
}

void Mover::broadcast() {
  copy(shape(), result(),
       broadcastAccess(pointers[0], kernel.operandType(0), kernel.operandLayout(0), shape()));
}

void Mover::slice(nn::SliceOp op) {
  Access from = whole(0);
  for (size_t d = 0; d < from.strides.size(); ++d) {
    from.offset += op.getStarts()[d] * from.strides[d];
    from.strides[d] *= op.getSteps()[d];
  }
  copy(shape(), result(), from);
}

void Mover::concat(nn::ConcatOp op) {
  int64_t at = 0;
  for (unsigned i = 0; i < op.getInputs().size(); ++i) {
    Access to = result();
    to.offset = at * to.strides[op.getAxis()];
    copy(kernel.operandType(i).getShape(), to, whole(i));
    at += kernel.operandType(i).getDimSize(op.getAxis());
  }
}

/// One box of a padded tensor: per dimension the elements before the input
/// (side 0), the input (1) or those after it (2).
void Mover::padBox(nn::PadOp op, ArrayRef<int> sides) {
  Access to = result(), from = whole(0);
  ArrayRef<int64_t> input = kernel.operandType(0).getShape();
  SmallVector<int64_t> sizes;
  bool outside = false;
  for (size_t d = 0; d < sides.size(); ++d) {
    int64_t low = op.getLow()[d], high = op.getHigh()[d], size = input[d],
            stride = kernel.operandLayout(0).getStrides()[d];
    int64_t starts[] = {0, low, low + size}, counts[] = {low, size, high};
    to.offset += starts[sides[d]] * to.strides[d];
    sizes.push_back(counts[sides[d]]);
    from.strides[d] = stride;
    if (sides[d] == 1)
      continue;
    outside = true;
    // The input index that the first element of the box repeats, and its step.
    bool before = sides[d] == 0;
    std::pair<int64_t, int64_t> source =
        op.getMode() == nn::PadMode::Reflect
            ? std::pair<int64_t, int64_t>(before ? low : size - 2, -1)
        : op.getMode() == nn::PadMode::Wrap
            ? std::pair<int64_t, int64_t>(before ? size - low : 0, 1)
            : std::pair<int64_t, int64_t>(before ? 0 : size - 1, 0);
    from.offset += source.first * stride;
    from.strides[d] = source.second * stride;
  }
  if (outside && op.getMode() == nn::PadMode::Constant)
    fill(sizes, to, op.getValue());
  else
    copy(sizes, to, from);
}

void Mover::pad(nn::PadOp op) {
  SmallVector<int> sides(shape().size(), 0);
  // Counts through all choices of side, skipping empty boxes.
  for (;;) {
    bool empty = false;
    for (size_t d = 0; d < sides.size(); ++d)
      empty |= (sides[d] == 0 && op.getLow()[d] == 0) || (sides[d] == 2 && op.getHigh()[d] == 0);
    if (!empty)
      padBox(op, sides);
    size_t d = 0;
    while (d < sides.size() && ++sides[d] == 3)
      sides[d++] = 0;
    if (d == sides.size())
      return;
  }
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

/// Splits both shapes into their common factors, row-major: false if a
/// dimension of one straddles a boundary of the other.
static bool refine(ArrayRef<int64_t> to, ArrayRef<int64_t> toStrides, ArrayRef<int64_t> from,
                   ArrayRef<int64_t> fromStrides, SmallVectorImpl<int64_t> &sizes, Access &toAccess,
                   Access &fromAccess) {
  toAccess.strides.clear();
  fromAccess.strides.clear();
  size_t i = to.size(), j = from.size();
  int64_t a = 1, b = 1, aStride = 0, bStride = 0;
  for (;;) {
    while (a == 1 && i > 0) {
      a = to[--i];
      aStride = toStrides[i];
    }
    while (b == 1 && j > 0) {
      b = from[--j];
      bStride = fromStrides[j];
    }
    if (a == 1 && b == 1)
      break;
    int64_t factor = std::min(a, b);
    if (factor <= 1 || a % factor || b % factor)
      return false;
    sizes.push_back(factor);
    toAccess.strides.push_back(aStride);
    fromAccess.strides.push_back(bStride);
    a /= factor, b /= factor;
    aStride *= factor, bStride *= factor;
  }
  return true;
}

/// The offset of row-major element `flat` of a tensor; all numbers are public.
static Value offsetOfFlat(KernelEmitter &emitter, Value flat, ArrayRef<int64_t> shape,
                          ArrayRef<int64_t> strides) {
  ImplicitLocOpBuilder &b = emitter.builder();
  Value offset = emitter.constant(0), rest = flat;
  for (size_t d = shape.size(); d-- > 0;) {
    Value size = emitter.constant(shape[d]);
    Value index = b.create<arith::RemUIOp>(rest, size);
    rest = b.create<arith::DivUIOp>(rest, size);
    offset = emitter.add(offset, emitter.mul(index, strides[d]));
  }
  return offset;
}

void Mover::reshape() {
  Access to = result(), from = whole(0);
  RankedTensorType input = kernel.operandType(0);
  SmallVector<int64_t> sizes;
  ArrayRef<int64_t> toStrides = kernel.resultLayout(0).getStrides(),
                    fromStrides = kernel.operandLayout(0).getStrides();
  Access toSplit = to, fromSplit = from;
  if (refine(shape(), toStrides, input.getShape(), fromStrides, sizes, toSplit, fromSplit)) {
    copy(sizes, toSplit, fromSplit);
    return;
  }
  // The third access counts elements row-major.
  plan::LayoutAttr rowMajor = plan::LayoutAttr::rowMajor(kernel.getContext(), shape());
  Access flat{Value(), to.element, 0, SmallVector<int64_t>(rowMajor.getStrides())};
  LoopNest nest(emitter, shape(), {to, flat});
  nest.emit([&](const Lane &lane) {
    Value vector = emitter.splat(VectorType::get(lane.lanes, to.element), 0.0);
    for (int64_t i = 0; i < lane.active; ++i) {
      Value element = emitter.add(lane.offsets[1], i * nest.laneStride(1));
      Value offset = offsetOfFlat(emitter, element, input.getShape(), fromStrides);
      Value scalar = emitter.loadScalar(from.base, from.element, offset);
      vector = emitter.builder().create<vector::InsertOp>(scalar, vector, i);
    }
    nest.store(vector, 0, lane);
  });
}

LogicalResult generateMovement(plan::KernelOp kernel, ValueRange pointers, KernelEmitter &emitter) {
  Mover mover(kernel, pointers, emitter);
  Operation *op = onlyOp(kernel.getBlock());
  if (!op) {
    mover.broadcast(); // to its own shape
    return success();
  }
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<nn::TransposeOp>([&](auto t) { return mover.transpose(t), success(); })
      .Case<nn::BroadcastOp>([&](auto) { return mover.broadcast(), success(); })
      .Case<nn::SliceOp>([&](auto s) { return mover.slice(s), success(); })
      .Case<nn::ConcatOp>([&](auto c) { return mover.concat(c), success(); })
      .Case<nn::PadOp>([&](auto p) { return mover.pad(p), success(); })
      .Case<nn::ReshapeOp>([&](auto) { return mover.reshape(), success(); })
      .Case<nn::UnpackOp>(
          [&](auto) { return generateUnpack(kernel, pointers, emitter), success(); })
      .Case<nn::PackOp>([&](auto) { return generatePack(kernel, pointers, emitter), success(); })
      .Case<nn::GatherOp>([&](auto g) { return generateGather(kernel, g, pointers, emitter); })
      .Default([&](Operation *other) {
        return kernel.emitError("cannot move by ") << other->getName();
      });
}

} // namespace nnc
