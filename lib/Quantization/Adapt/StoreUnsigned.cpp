//===- StoreUnsigned.cpp - Bytes as dot products take them ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../ShiftInput.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Passes.h"

#include "llvm/ADT/DenseMap.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_STOREUNSIGNED
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// What an unsigned byte is greater by than the signed one that it stands for.
constexpr int64_t offset = 128;

bool isSignedByte(Value v) { return typeOf(v).getElementType().isSignlessInteger(8); }

class Unsigned {
public:
  /// `v`, a tensor of i8, as ui8 with all elements greater by `offset`.
  Value of(Value v) {
    if (Value known = made.lookup(v))
      return known;
    OpBuilder b(v.getContext());
    b.setInsertionPointAfterValue(v);
    // A file may hold chains of any length; the stack does not.
    constexpr int64_t deepest = 1000;
    ++depth;
    Value result =
        v.getDefiningOp() && depth < deepest ? recomputed(b, v.getDefiningOp()) : Value();
    --depth;
    return made[v] = result ? result : shifted(b, v);
  }

  /// The same if it is made already; else null.
  Value find(Value v) const { return made.lookup(v); }

private:
  static Type byteType(OpBuilder &b) { return b.getIntegerType(8, /*isSigned=*/false); }
  static RankedTensorType typeLike(OpBuilder &b, Value v) {
    return RankedTensorType::get(typeOf(v).getShape(), byteType(b));
  }
  static TypedAttr greater(OpBuilder &b, Attribute number) {
    int64_t value = cast<IntegerAttr>(number).getValue().getSExtValue();
    return b.getIntegerAttr(byteType(b), value + offset);
  }

  /// The op that gives `op`'s result, with another one; null if it knows no such.
  Value recomputed(OpBuilder &b, Operation *op) {
    if (isa<nn::QuantizeOp, nn::RequantizeOp, nn::RescaleOp, nn::ProportionOp>(op))
      return rounded(b, op);
    if (auto lookup = dyn_cast<nn::LookupOp>(op))
      return tabulated(b, lookup);
    if (auto clip = dyn_cast<nn::ClipOp>(op))
      return b.create<nn::ClipOp>(op->getLoc(), typeLike(b, clip), of(clip.getInput()),
                                  greater(b, clip.getMin()), greater(b, clip.getMax()));
    if (!nn::movesElements(op) || isa<nn::GatherOp>(op)) // whose indices are none of these bytes
      return {};
    SmallVector<Value> operands =
        llvm::map_to_vector(op->getOperands(), [&](Value v) { return of(v); });
    Operation *moved = nn::createLike(b, op, operands, byteType(b));
    if (auto pad = dyn_cast<nn::PadOp>(moved))
      pad->setAttr("value", greater(b, pad.getValue()));
    return moved->getResult(0);
  }

  /// The zero point takes the offset.
  Value rounded(OpBuilder &b, Operation *op) {
    unsigned last = op->getNumOperands() - 1; // the zero point
    interpreter::Tensor zeroPoint = constantValue(op->getOperand(last));
    if (!zeroPoint)
      return {};
    std::vector<int64_t> zeros = integers(zeroPoint);
    for (int64_t &zero : zeros)
      zero += offset;
    Value zero = integerConstant(b, op->getLoc(), zeroPoint.getShape(), byteType(b), zeros);
    SmallVector<Value> operands(op->getOperands());
    operands[last] = zero;
    return nn::createLike(b, op, operands, byteType(b))->getResult(0);
  }

  /// The numbers of the table take the offset.
  static Value tabulated(OpBuilder &b, nn::LookupOp op) {
    SmallVector<int32_t> table(op.getTable());
    for (int32_t &number : table)
      number += offset;
    return b.create<nn::LookupOp>(op.getLoc(), typeLike(b, op), op.getInput(),
                                  b.getDenseI32ArrayAttr(table));
  }

  /// The bits read as unsigned, and half the range added: wraps where it should.
  static Value shifted(OpBuilder &b, Value v) {
    Value bits = b.create<nn::CastOp>(v.getLoc(), typeLike(b, v), v);
    return b.create<nn::AddOp>(v.getLoc(), bits,
                               integerConstant(b, v.getLoc(), {}, byteType(b), offset));
  }

  llvm::DenseMap<Value, Value> made;
  int64_t depth = 0; ///< of the chain that is being walked
};

/// Sums of many products of bytes, neighbours of which are taken together.
bool isDotProduct(Operation *op, bool depthwise) {
  auto conv = dyn_cast<nn::ConvOp>(op);
  bool hasNeighbours =
      !conv || depthwise || conv.getGroup() == 1 || typeOf(conv.getFilter()).getDimSize(1) > 1;
  return op->hasTrait<nn::Contraction>() && hasNeighbours && isSignedByte(op->getOperand(0)) &&
         isSignedByte(op->getOperand(1)) && canShiftInput(op);
}

struct StoreUnsigned : impl::StoreUnsignedBase<StoreUnsigned> {
  using StoreUnsignedBase::StoreUnsignedBase;

  void runOnOperation() override {
    Unsigned bytes;
    for (Operation &op : llvm::make_early_inc_range(getOperation().front())) {
      if (isDotProduct(&op, depthwise)) {
        op.setOperand(0, bytes.of(op.getOperand(0)));
        shiftInput(&op, offset);
      }
    }
    readUnsigned(bytes);
    nn::eraseDeadOps(getOperation());
  }

private:
  /// Other readers take the form that is stored.
  void readUnsigned(Unsigned &bytes) {
    for (Operation &op : llvm::make_early_inc_range(getOperation().front())) {
      Value stored = op.hasTrait<nn::Contraction>() ? bytes.find(op.getOperand(0)) : Value();
      if (!stored || !canShiftInput(&op))
        continue;
      op.setOperand(0, stored);
      shiftInput(&op, offset);
    }
    for (auto op : llvm::to_vector(getOperation().getOps<nn::CastOp>()))
      if (Value stored = bytes.find(op.getInput()); stored && isWidened(op))
        readWidened(op, stored);
    for (auto op : llvm::to_vector(getOperation().getOps<nn::LookupOp>()))
      if (Value stored = bytes.find(op.getInput()))
        readTabulated(op, stored);
    for (auto op : llvm::to_vector(getOperation().getOps<nn::DequantizeOp>())) {
      Value unsignedInput = bytes.find(op.getInput());
      std::optional<int64_t> zero = constantInteger(op.getZeroPoint());
      if (!unsignedInput || !zero)
        continue;
      OpBuilder b(op);
      Type byte = typeOf(unsignedInput).getElementType();
      op.getInputMutable().assign(unsignedInput);
      op.getZeroPointMutable().assign(integerConstant(b, op.getLoc(), {}, byte, *zero + offset));
    }
  }

  /// The table begins with what half the range later stood for.
  static void readTabulated(nn::LookupOp op, Value stored) {
    SmallVector<int32_t> table(op.getTable());
    std::rotate(table.begin(), table.begin() + offset, table.end());
    op.getInputMutable().assign(stored);
    op.setTable(table);
  }

  static bool isWidened(nn::CastOp op) {
    return op.getType().getElementType().isSignlessInteger() &&
           op.getType().getElementTypeBitWidth() > 8;
  }

  /// What is subtracted takes the offset, where it is known.
  static void readWidened(nn::CastOp op, Value stored) {
    op.getInputMutable().assign(stored);
    OpBuilder b(op->getContext());
    b.setInsertionPointAfter(op);
    Type element = op.getType().getElementType();
    SmallVector<OpOperand *> others;
    for (OpOperand &use : op->getUses()) {
      auto sub = dyn_cast<nn::SubOp>(use.getOwner());
      std::optional<int64_t> zero =
          sub && use.getOperandNumber() == 0 ? constantInteger(sub.getRhs()) : std::nullopt;
      if (zero)
        sub.getRhsMutable().assign(integerConstant(b, op.getLoc(), {}, element, {*zero + offset}));
      else
        others.push_back(&use);
    }
    if (others.empty())
      return;
    Value signedValue = b.create<nn::SubOp>(op.getLoc(), op,
                                            integerConstant(b, op.getLoc(), {}, element, {offset}));
    for (OpOperand *use : others)
      use->set(signedValue);
  }
};

} // namespace
} // namespace nnc::quantization
