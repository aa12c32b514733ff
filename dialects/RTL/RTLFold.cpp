//===- RTLFold.cpp - What keeps the text lean ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constants, and ops that change nothing. What needs more thought is for the
// passes that build designs, and logic is minimised by whoever reads the Verilog.
//
//===----------------------------------------------------------------------===//
#include "dialects/RTL/RTLOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace nnc::rtl;

/// The constant that a folder sees; null if it is none.
static const APInt *constantOf(Attribute attribute, APInt &storage) {
  auto integer = dyn_cast_or_null<IntegerAttr>(attribute);
  if (!integer)
    return nullptr;
  storage = integer.getValue();
  return &storage;
}

namespace {
/// Operands of a folder, with what is known of them.
struct Known {
  explicit Known(ArrayRef<Attribute> operands) : storage(operands.size()) {
    for (auto [operand, value] : llvm::zip(operands, storage))
      values.push_back(constantOf(operand, value));
  }
  bool all() const {
    return llvm::all_of(values, [](const APInt *value) { return value; });
  }
  const APInt *operator[](size_t i) const { return values[i]; }

private:
  SmallVector<APInt> storage;
  SmallVector<const APInt *> values;
};
} // namespace

static Attribute asAttribute(Type type, const APInt &value) {
  return IntegerAttr::get(type, value);
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

//===----------------------------------------------------------------------===//
// Arithmetic and logic
//===----------------------------------------------------------------------===//

/// What zero does as the second operand: nothing, or it takes all.
enum class Zero { Neutral, Absorbing };

template <typename Op, typename Function>
static OpFoldResult foldBinary(Op op, ArrayRef<Attribute> operands, Zero zero, Function function) {
  Known known(operands);
  if (known.all())
    return asAttribute(op.getType(), function(*known[0], *known[1]));
  if (!known[1] || !known[1]->isZero())
    return {};
  return zero == Zero::Neutral ? op.getLhs() : op.getRhs();
}

static bool areOnes(Attribute operand) {
  APInt value;
  return constantOf(operand, value) && value.isAllOnes();
}

/// A difference of equals.
template <typename Op>
static OpFoldResult foldEquals(Op op) {
  if (op.getLhs() != op.getRhs())
    return {};
  return asAttribute(op.getType(), APInt(widthOf(op.getResult()), 0));
}

OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  return foldBinary(*this, adaptor.getOperands(), Zero::Neutral,
                    [](APInt a, APInt b) { return a + b; });
}

OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  if (OpFoldResult zero = foldEquals(*this))
    return zero;
  return foldBinary(*this, adaptor.getOperands(), Zero::Neutral,
                    [](APInt a, APInt b) { return a - b; });
}

OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  return foldBinary(*this, adaptor.getOperands(), Zero::Absorbing,
                    [](APInt a, APInt b) { return a * b; });
}

OpFoldResult AndOp::fold(FoldAdaptor adaptor) {
  if (areOnes(adaptor.getRhs()))
    return getLhs();
  return foldBinary(*this, adaptor.getOperands(), Zero::Absorbing,
                    [](APInt a, APInt b) { return a & b; });
}

OpFoldResult OrOp::fold(FoldAdaptor adaptor) {
  if (areOnes(adaptor.getRhs()))
    return getRhs();
  return foldBinary(*this, adaptor.getOperands(), Zero::Neutral,
                    [](APInt a, APInt b) { return a | b; });
}

OpFoldResult XorOp::fold(FoldAdaptor adaptor) {
  if (OpFoldResult zero = foldEquals(*this))
    return zero;
  return foldBinary(*this, adaptor.getOperands(), Zero::Neutral,
                    [](APInt a, APInt b) { return a ^ b; });
}

OpFoldResult NotOp::fold(FoldAdaptor adaptor) {
  Known known(adaptor.getOperands());
  return known.all() ? asAttribute(getType(), ~*known[0]) : OpFoldResult();
}

OpFoldResult ReduceOp::fold(FoldAdaptor adaptor) {
  Known known(adaptor.getOperands());
  if (!known.all())
    return widthOf(getInput()) == 1 ? OpFoldResult(getInput()) : OpFoldResult();
  const APInt &value = *known[0];
  bool bit = getKind() == ReduceKind::And  ? value.isAllOnes()
             : getKind() == ReduceKind::Or ? !value.isZero()
                                           : value.popcount() % 2 == 1;
  return asAttribute(getType(), APInt(1, bit));
}

static bool compare(Predicate predicate, const APInt &a, const APInt &b) {
  switch (predicate) {
  case Predicate::eq:
    return a == b;
  case Predicate::ne:
    return a != b;
  case Predicate::slt:
    return a.slt(b);
  case Predicate::sle:
    return a.sle(b);
  case Predicate::sgt:
    return a.sgt(b);
  case Predicate::sge:
    return a.sge(b);
  case Predicate::ult:
    return a.ult(b);
  case Predicate::ule:
    return a.ule(b);
  case Predicate::ugt:
    return a.ugt(b);
  case Predicate::uge:
    return a.uge(b);
  }
  llvm_unreachable("unknown predicate");
}

/// Whether all values compare alike with `bound`: none is less than the least, and so on.
static std::optional<bool> compareAll(Predicate predicate, const APInt &bound) {
  switch (predicate) {
  case Predicate::ult:
    return bound.isZero() ? std::optional(false) : std::nullopt;
  case Predicate::uge:
    return bound.isZero() ? std::optional(true) : std::nullopt;
  case Predicate::ugt:
    return bound.isMaxValue() ? std::optional(false) : std::nullopt;
  case Predicate::ule:
    return bound.isMaxValue() ? std::optional(true) : std::nullopt;
  case Predicate::slt:
    return bound.isMinSignedValue() ? std::optional(false) : std::nullopt;
  case Predicate::sge:
    return bound.isMinSignedValue() ? std::optional(true) : std::nullopt;
  case Predicate::sgt:
    return bound.isMaxSignedValue() ? std::optional(false) : std::nullopt;
  case Predicate::sle:
    return bound.isMaxSignedValue() ? std::optional(true) : std::nullopt;
  default:
    return std::nullopt;
  }
}

/// The predicate for operands in the other order.
static Predicate swapped(Predicate predicate) {
  switch (predicate) {
  case Predicate::slt:
    return Predicate::sgt;
  case Predicate::sle:
    return Predicate::sge;
  case Predicate::sgt:
    return Predicate::slt;
  case Predicate::sge:
    return Predicate::sle;
  case Predicate::ult:
    return Predicate::ugt;
  case Predicate::ule:
    return Predicate::uge;
  case Predicate::ugt:
    return Predicate::ult;
  case Predicate::uge:
    return Predicate::ule;
  default:
    return predicate;
  }
}

/// Simulators warn of comparisons that always come out alike.
OpFoldResult ICmpOp::fold(FoldAdaptor adaptor) {
  Known known(adaptor.getOperands());
  std::optional<bool> result;
  if (getLhs() == getRhs())
    result = compare(getPredicate(), APInt(1, 0), APInt(1, 0));
  else if (known.all())
    result = compare(getPredicate(), *known[0], *known[1]);
  else if (known[0])
    result = compareAll(swapped(getPredicate()), *known[0]);
  else if (known[1])
    result = compareAll(getPredicate(), *known[1]);
  return result ? asAttribute(getType(), APInt(1, *result)) : OpFoldResult();
}

OpFoldResult MuxOp::fold(FoldAdaptor adaptor) {
  if (getOnTrue() == getOnFalse())
    return getOnTrue();
  Known known(adaptor.getOperands().take_front());
  if (!known[0])
    return {};
  return known[0]->isOne() ? getOnTrue() : getOnFalse();
}

OpFoldResult TableOp::fold(FoldAdaptor adaptor) {
  Known known(adaptor.getIndex());
  auto values = cast<DenseIntElementsAttr>(getValues());
  if (values.isSplat())
    return asAttribute(getType(), values.getSplatValue<APInt>());
  if (!known.all())
    return {};
  return asAttribute(getType(), values.getValues<APInt>()[known[0]->getZExtValue()]);
}

//===----------------------------------------------------------------------===//
// Wiring
//===----------------------------------------------------------------------===//

/// An op of one operand, which it leaves as it is when the types agree.
template <typename Op, typename Function>
static OpFoldResult foldWiring(Op op, Attribute operand, Function function) {
  if (op.getInput().getType() == op.getType())
    return op.getInput();
  APInt value;
  return constantOf(operand, value) ? asAttribute(op.getType(), function(value)) : OpFoldResult();
}

OpFoldResult SextOp::fold(FoldAdaptor adaptor) {
  return foldWiring(*this, adaptor.getInput(),
                    [&](const APInt &value) { return value.sext(widthOf(getType())); });
}

OpFoldResult ZextOp::fold(FoldAdaptor adaptor) {
  return foldWiring(*this, adaptor.getInput(),
                    [&](const APInt &value) { return value.zext(widthOf(getType())); });
}

OpFoldResult ReplicateOp::fold(FoldAdaptor adaptor) {
  return foldWiring(*this, adaptor.getInput(),
                    [&](const APInt &value) { return APInt::getSplat(widthOf(getType()), value); });
}

OpFoldResult ExtractOp::fold(FoldAdaptor adaptor) {
  return foldWiring(*this, adaptor.getInput(), [&](const APInt &value) {
    return value.extractBits(widthOf(getType()), getLow());
  });
}

OpFoldResult ConcatOp::fold(FoldAdaptor adaptor) {
  if (getInputs().size() == 1)
    return getInputs().front();
  Known known(adaptor.getInputs());
  if (!known.all())
    return {};
  APInt joined(widthOf(getType()), 0);
  unsigned low = widthOf(getType());
  for (size_t i = 0; i < getInputs().size(); ++i) {
    low -= known[i]->getBitWidth();
    joined.insertBits(*known[i], low);
  }
  return asAttribute(getType(), joined);
}

/// sext(concat(a, rest)) -> concat(sext(a), rest): Verilog selects the sign from what has a name,
/// and a shifted operand would need one.
LogicalResult SextOp::canonicalize(SextOp op, PatternRewriter &rewriter) {
  auto concat = op.getInput().getDefiningOp<ConcatOp>();
  if (!concat)
    return failure();
  Value high = concat.getInputs().front();
  unsigned width = widthOf(high) + widthOf(op.getResult()) - widthOf(concat);
  SmallVector<Value> parts(concat.getInputs());
  parts.front() = rewriter.create<SextOp>(op.getLoc(), rewriter.getIntegerType(width), high);
  rewriter.replaceOpWithNewOp<ConcatOp>(op, parts);
  return success();
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

LogicalResult RegOp::canonicalize(RegOp op, PatternRewriter &rewriter) {
  APInt enable;
  if (!op.getEnable() || !matchPattern(op.getEnable(), m_ConstantInt(&enable)) || enable.isZero())
    return failure();
  rewriter.modifyOpInPlace(op, [&] { op.getEnableMutable().clear(); });
  return success();
}
