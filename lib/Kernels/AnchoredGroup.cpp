//===- AnchoredGroup.cpp - One heavy op and what follows it --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "AnchoredGroup.h"

#include "Quantization.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/APSInt.h"

using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// Matching
//===----------------------------------------------------------------------===//

static RankedTensorType tensorType(Value v) { return cast<RankedTensorType>(v.getType()); }

/// A constant that is the same number everywhere.
static bool isUniform(nn::ConstantOp constant) {
  auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
  return dense && dense.isSplat() && dense.getElementType().isIntOrFloat();
}

static bool hasTrait(Operation *op) { return op->hasTrait<nn::Elementwise>(); }

/// Can the rest be evaluated at one position of the anchor's result after the other?
static bool staysInPlace(const AnchoredGroup &group) {
  llvm::SmallPtrSet<Operation *, 8> dependent = {group.anchor};
  auto depends = [&](Value v) {
    return v.getDefiningOp() && dependent.contains(v.getDefiningOp());
  };
  ArrayRef<int64_t> shape = group.type().getShape();
  for (Operation *op : group.rest) {
    ArrayRef<int64_t> own = tensorType(op->getResult(0)).getShape();
    if (llvm::any_of(op->getOperands(), depends)) {
      dependent.insert(op);
      if (own != shape)
        return false;
    } else if (own.size() > shape.size()) {
      return false;
    }
  }
  return llvm::all_of(group.body->getTerminator()->getOperands(), depends);
}

std::optional<AnchoredGroup> AnchoredGroup::match(Block &body) {
  AnchoredGroup group;
  group.body = &body;
  for (Operation &op : body.without_terminator()) {
    if (auto constant = dyn_cast<nn::ConstantOp>(op);
        constant ? isUniform(constant) : hasTrait(&op)) {
      if (!constant && !canEmitElementwise(&op))
        return std::nullopt;
      group.rest.push_back(&op);
    } else if (group.anchor) {
      return std::nullopt;
    } else {
      group.anchor = &op;
    }
  }
  if (!group.anchor || group.anchor->getNumResults() != 1 ||
      !llvm::all_of(group.anchor->getOperands(), llvm::IsaPred<BlockArgument>))
    return std::nullopt;
  if (!staysInPlace(group))
    return std::nullopt;
  return group;
}

RankedTensorType AnchoredGroup::type() const { return tensorType(anchor->getResult(0)); }

BlockArgument AnchoredGroup::operand(unsigned i) const {
  return cast<BlockArgument>(anchor->getOperand(i));
}

bool AnchoredGroup::usedByRest(BlockArgument argument) const {
  return llvm::any_of(argument.getUsers(), [&](Operation *user) { return user != anchor; });
}

bool AnchoredGroup::isFloat() const {
  return type().getElementType().isF32() && llvm::all_of(anchor->getOperandTypes(), [](Type t) {
           return getElementTypeOrSelf(t).isF32();
         });
}

bool AnchoredGroup::isLong() const {
  int64_t cost = 0;
  for (Operation *op : rest)
    cost +=
        isa<nn::ErfOp, nn::ExpOp, nn::TanhOp, nn::SigmoidOp, nn::LogOp, nn::PowOp, nn::DivOp>(op)
            ? 12
            : 1;
  return cost > 12;
}

/// The dimension of `type` that lies under dimension `dim` of a result of
/// `rank` dimensions; -1 if it is repeated there.
static int64_t dimensionUnder(RankedTensorType type, int64_t dim, int64_t rank) {
  int64_t own = dim - (rank - type.getRank());
  return own >= 0 && type.getDimSize(own) > 1 ? own : -1;
}

bool AnchoredGroup::mayAlias(BlockArgument argument) const {
  Value first = body->getTerminator()->getOperand(0);
  bool byAnchor = llvm::is_contained(anchor->getOperands(), argument);
  // A long rest parks accumulators where result 0 will be.
  return usedByRest(argument) && !byAnchor && !isLong() && argument.getType() == first.getType();
}

bool AnchoredFamily::mayAlias(plan::KernelOp kernel, unsigned operand) const {
  auto group = AnchoredGroup::match(kernel.getBlock());
  return group && group->mayAlias(group->body->getArgument(operand));
}

/// The stride of each dimension of `group`'s result in a tensor that is read or written with it;
/// 0 where that is repeated.
static SmallVector<int64_t> stridesUnder(const AnchoredGroup &group, RankedTensorType type,
                                         plan::LayoutAttr layout) {
  SmallVector<int64_t> strides;
  for (int64_t d = 0, rank = group.type().getRank(); d < rank; ++d) {
    int64_t own = dimensionUnder(type, d, rank);
    strides.push_back(own < 0 ? 0 : layout.getStrides()[own]);
  }
  return strides;
}

bool AnchoredGroup::collapsible(plan::KernelOp kernel, int64_t outer, int64_t inner) const {
  int64_t size = type().getDimSize(inner);
  auto fits = [&](RankedTensorType type, plan::LayoutAttr layout) {
    SmallVector<int64_t> strides = stridesUnder(*this, type, layout);
    return strides[outer] == size * strides[inner];
  };
  for (BlockArgument argument : body->getArguments())
    if (unsigned i = argument.getArgNumber();
        usedByRest(argument) && !fits(kernel.operandType(i), kernel.operandLayout(i)))
      return false;
  for (unsigned i = 0, n = kernel.getResultLayouts().size(); i < n; ++i)
    if (!fits(kernel.resultType(i), kernel.resultLayout(i)))
      return false;
  return true;
}

Candidate AnchoredGroup::candidate(int64_t unitDim) const {
  Candidate c;
  c.operands.resize(body->getNumArguments());
  c.mayAlias.resize(body->getNumArguments(), false);
  for (BlockArgument argument : body->getArguments()) {
    if (!usedByRest(argument))
      continue;
    auto own = tensorType(argument);
    c.operands[argument.getArgNumber()].unitDim =
        unitDim < 0 ? -1 : dimensionUnder(own, unitDim, type().getRank());
    c.mayAlias[argument.getArgNumber()] = mayAlias(argument);
  }
  LayoutNeed result;
  result.unitDim = unitDim;
  c.results.assign(body->getTerminator()->getNumOperands(), result);
  return c;
}

bool isConstantOperand(Value value) {
  while (auto transpose = value.getDefiningOp<nn::TransposeOp>())
    value = transpose.getInput();
  return value.getDefiningOp<nn::ConstantOp>() != nullptr;
}

//===----------------------------------------------------------------------===//
// Epilogue
//===----------------------------------------------------------------------===//

int64_t Epilogue::Tensor::offset(ArrayRef<int64_t> delta) const {
  int64_t at = 0;
  for (auto [d, stride] : llvm::zip_equal(delta, strides))
    at += d * stride;
  return at;
}

Epilogue::Tensor Epilogue::tensor(Value base, RankedTensorType type,
                                  plan::LayoutAttr layout) const {
  return {base, base, registerType(type.getElementType()), stridesUnder(group, type, layout)};
}

Epilogue::Epilogue(const AnchoredGroup &group, plan::KernelOp kernel, ValueRange pointers,
                   int64_t unitDim, KernelEmitter &emitter)
    : group(group), kernel(kernel), pointers(pointers), unitDim(unitDim), e(emitter) {
  unsigned arguments = group.body->getNumArguments();
  for (BlockArgument argument : group.body->getArguments())
    if (unsigned i = argument.getArgNumber(); group.usedByRest(argument))
      operands[i] = tensor(pointers[i], kernel.operandType(i), kernel.operandLayout(i));
  for (unsigned i = 0, n = kernel.getResultLayouts().size(); i < n; ++i) {
    results.push_back(
        tensor(pointers[arguments + i], kernel.resultType(i), kernel.resultLayout(i)));
    // Vectors stand side by side there, also where only one element is stored.
    if (unitDim >= 0)
      results.back().strides[unitDim] = 1;
  }
}

void Epilogue::moveTo(ArrayRef<Value> index) {
  auto move = [&](Tensor &t) {
    Value at = e.constant(0);
    for (auto [i, stride] : llvm::zip_equal(index, t.strides))
      if (i && stride)
        at = e.add(at, e.mul(i, stride));
    t.origin = e.pointer(t.base, t.element, at);
  };
  for (auto &[argument, t] : operands)
    move(t);
  llvm::for_each(results, move);
  loaded.clear();
}

static Value loadAt(KernelEmitter &e, Value origin, Type type, int64_t at, int64_t active) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? e.loadVector(origin, vector.getElementType(), e.constant(at),
                               vector.getNumElements(), active)
                : e.loadScalar(origin, type, e.constant(at));
}

static void storeAt(KernelEmitter &e, Value v, Value origin, int64_t at, int64_t active) {
  if (isa<VectorType>(v.getType()))
    e.storeVector(v, origin, e.constant(at), active);
  else
    e.storeScalar(v, origin, e.constant(at));
}

Value Epilogue::load(unsigned argument, Type accumulator, ArrayRef<int64_t> delta, int64_t active) {
  const Tensor &t = operands[argument];
  int64_t at = t.offset(delta);
  bool repeated = unitDim >= 0 && t.strides[unitDim] == 0;
  auto vector = dyn_cast<VectorType>(accumulator);
  Value &v = loaded[{argument, at, vector ? vector.getNumElements() : 0, active}];
  if (!v) {
    Type type = sameLanes(accumulator, t.element);
    v = repeated ? e.splat(type, loadAt(e, t.origin, t.element, at, 1))
                 : loadAt(e, t.origin, type, at, active);
  }
  return v;
}

Value Epilogue::constant(Operation *op, Type accumulator) {
  auto value = cast<DenseElementsAttr>(cast<nn::ConstantOp>(op).getValue());
  Type type = sameLanes(accumulator, registerType(value.getElementType()));
  if (isa<FloatType>(value.getElementType()))
    return e.splat(type, value.getSplatValue<APFloat>().convertToDouble());
  APSInt number(value.getSplatValue<APInt>(), value.getElementType().isUnsignedInteger());
  return e.splatInteger(type, number.getExtValue()); // below eight bits: as its type extends it
}

/// Vectors of equal length as one.
static Value joined(KernelEmitter &e, ArrayRef<Value> parts) {
  if (parts.size() == 1)
    return parts.front();
  Value low = joined(e, parts.take_front(parts.size() / 2)),
        high = joined(e, parts.drop_front(parts.size() / 2));
  int64_t count = 2 * cast<VectorType>(low.getType()).getNumElements();
  return e.builder().create<vector::ShuffleOp>(low, high,
                                               llvm::to_vector(llvm::seq<int64_t>(0, count)));
}

/// Do the parts stand one behind the other in `t`, all of them whole?
bool Epilogue::isOneRun(const Tensor &t, ArrayRef<Part> parts) const {
  for (auto [i, part] : llvm::enumerate(parts)) {
    int64_t lanes = cast<VectorType>(part.accumulator.getType()).getNumElements();
    if (part.active != lanes ||
        t.offset(part.delta) != t.offset(parts[0].delta) + static_cast<int64_t>(i) * lanes)
      return false;
  }
  return unitDim >= 0 && t.strides[unitDim] == 1;
}

void Epilogue::store(const Tensor &t, Value v, ArrayRef<Part> parts) {
  if (parts.size() == 1)
    return storeAt(e, v, t.origin, t.offset(parts[0].delta), parts[0].active);
  int64_t lanes = cast<VectorType>(v.getType()).getNumElements() / parts.size();
  if (isOneRun(t, parts))
    return storeAt(e, v, t.origin, t.offset(parts[0].delta), lanes * parts.size());
  for (auto [i, part] : llvm::enumerate(parts)) {
    auto own = llvm::to_vector(llvm::seq<int64_t>(i * lanes, (i + 1) * lanes));
    storeAt(e, e.builder().create<vector::ShuffleOp>(v, v, own), t.origin, t.offset(part.delta),
            part.active);
  }
}

/// Evaluates what follows the anchor on all parts as one vector.
void Epilogue::finishTogether(ArrayRef<Part> parts) {
  Value accumulator =
      joined(e, llvm::map_to_vector(parts, [](const Part &p) { return p.accumulator; }));
  llvm::DenseMap<Value, Value> values;
  values[group.anchor->getResult(0)] = accumulator;
  auto value = [&](Value v) {
    Value &known = values[v];
    if (!known)
      known = joined(e, llvm::map_to_vector(parts, [&](const Part &p) {
                       return load(cast<BlockArgument>(v).getArgNumber(), p.accumulator.getType(),
                                   p.delta, p.active);
                     }));
    return known;
  };
  for (Operation *op : group.rest) {
    if (isa<nn::ConstantOp>(op)) {
      values[op->getResult(0)] = constant(op, accumulator.getType());
      continue;
    }
    SmallVector<Value> inputs = llvm::map_to_vector(op->getOperands(), value);
    values[op->getResult(0)] = emitElementwise(op, inputs, e);
  }
  for (auto [t, yielded] : llvm::zip_equal(results, group.body->getTerminator()->getOperands()))
    store(t, values[yielded], parts);
}

void Epilogue::finish(ArrayRef<Part> parts) {
  bool byFour =
      llvm::any_of(group.rest, [&](Operation *op) { return narrowsFourRegisters(op, e.target()); });
  auto fillsRegister = [&](const Part &p) {
    auto vector = dyn_cast<VectorType>(p.accumulator.getType());
    return vector && vector.getNumElements() == e.lanes();
  };
  while (!parts.empty()) {
    bool four = byFour && parts.size() >= 4 && llvm::all_of(parts.take_front(4), fillsRegister);
    finishTogether(parts.take_front(four ? 4 : 1));
    parts = parts.drop_front(four ? 4 : 1);
  }
}

void Epilogue::park(Value accumulator, ArrayRef<int64_t> delta, int64_t active) {
  storeAt(e, accumulator, results[0].origin, results[0].offset(delta), active);
}

Value Epilogue::unpark(Type type, ArrayRef<int64_t> delta, int64_t active) {
  return loadAt(e, results[0].origin, type, results[0].offset(delta), active);
}

void Epilogue::fillHalos() {
  unsigned arguments = group.body->getNumArguments();
  for (unsigned i = 0; i < results.size(); ++i)
    e.fillHalo(pointers[arguments + i], kernel.resultType(i), kernel.resultLayout(i));
}

} // namespace nnc
