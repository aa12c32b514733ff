//===- RowFamily.cpp - Groups with reductions ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One pass over the row per reduction and one for the results. Either the
// lanes of a vector are neighbours in a row (the row is contiguous), or they
// are neighbouring rows (channels last, reduced over space). The order of
// every sum is that of docs/NumericSpec.md section 4: 32 partials, then halves.
//
//===----------------------------------------------------------------------===//
#include "FloatMath.h"
#include "LoopNest.h"
#include "RowGroup.h"
#include "nnc/Kernels/KernelFamily.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <limits>

using namespace mlir;

namespace nnc {
namespace {

constexpr int64_t partials = 32;
/// Rows up to this length are unrolled where each lane is a row of its own.
constexpr int64_t unrolledElements = 128;

/// One tensor as the passes over a row reach it.
struct RowAccess {
  Value value; ///< in the body: argument, or what the terminator yields
  Value base;
  Type element;
  SmallVector<int64_t> outer, inner; ///< strides
  std::optional<int64_t> innerStride; ///< of the flattened row, if there is one
};

/// A place in a row: element `index` (counted in the row, an i64), and with
/// lanes along the row `active` neighbours of it.
struct RowPlace {
  Value index;
  int64_t active;
};

class RowEmitter {
public:
  RowEmitter(plan::KernelOp kernel, ValueRange pointers, KernelEmitter &emitter, RowGroup group);
  void emit();

private:
  RowAccess makeAccess(Value value, Value base, plan::LayoutAttr layout);
  const RowAccess &leader() const;
  void chooseLanes();
  void emitRow(const Lane &row);

  // Values.
  Value load(const RowAccess &access, unsigned number, const RowPlace &place);
  Value rowValue(Value v, const RowPlace &place, DenseMap<Value, Value> &known);
  void evaluateFixed();

  // Passes.
  Value reduce(Operation *op);
  Value reduceAlongRow(Operation *op, int64_t elements);
  Value reduceAcrossRows(Operation *op, int64_t elements);
  void unrollPartials(Operation *op, int64_t elements, std::vector<Value> &sums);
  void loopPartials(Operation *op, int64_t elements, std::vector<Value> &sums);
  void storeResults();
  void chooseKept(Value root, ArrayRef<Value> later);
  Value readOperand(Operation *op, const RowPlace &place);

  // Arithmetic of reductions.
  Value neutral(Operation *op, Type type);
  Value combine(Operation *op, Value partial, Value x);
  Value halve(Operation *op, Value vector);

  KernelEmitter &emitter;
  plan::KernelOp kernel;
  RowGroup group;
  std::vector<RowAccess> accesses; ///< operands, then results
  unsigned operandCount;
  bool lanesAlongRow = true;

  // While one row (or one vector of rows) is emitted:
  const Lane *row = nullptr;
  LoopNest *nest = nullptr;
  DenseMap<Value, Value> fixed; ///< values that do not differ along the row
  Value kept;                   ///< row value that stands in result 0 until the last pass
  Value nextKept;               ///< row value to put there in the running pass
};

} // namespace

//===----------------------------------------------------------------------===//
// Setting up
//===----------------------------------------------------------------------===//

RowEmitter::RowEmitter(plan::KernelOp kernel, ValueRange pointers, KernelEmitter &emitter, RowGroup g)
    : emitter(emitter), kernel(kernel), group(std::move(g)), operandCount(group.body->getNumArguments()) {
  for (unsigned i = 0; i < operandCount; ++i)
    accesses.push_back(makeAccess(group.body->getArgument(i), pointers[i], kernel.operandLayout(i)));
  for (auto [i, v] : llvm::enumerate(group.body->getTerminator()->getOperands()))
    accesses.push_back(makeAccess(v, pointers[operandCount + i], kernel.resultLayout(i)));
  chooseLanes();
}

RowAccess RowEmitter::makeAccess(Value value, Value base, plan::LayoutAttr layout) {
  RowAccess access{value, base, cast<RankedTensorType>(value.getType()).getElementType(), {}, {}, {}};
  access.outer = group.stridesAlong(value, layout.getStrides(), group.outerDims());
  access.inner = group.stridesAlong(value, layout.getStrides(), group.axes);
  // The row is one run if each axis steps over all of the next one.
  int64_t stride = 0, expected = -1;
  bool flat = true;
  for (size_t i = group.axes.size(); i-- > 0;) {
    int64_t size = group.shape[group.axes[i]];
    if (size == 1)
      continue;
    if (expected < 0)
      stride = access.inner[i];
    else
      flat &= access.inner[i] == expected;
    expected = access.inner[i] * size;
  }
  if (flat)
    access.innerStride = stride;
  return access;
}

/// The tensor whose memory order the loops follow: the largest one.
const RowAccess &RowEmitter::leader() const {
  auto elements = [](const RowAccess &a) { return cast<RankedTensorType>(a.value.getType()).getNumElements(); };
  return *std::max_element(accesses.begin(), accesses.end(),
                           [&](const RowAccess &a, const RowAccess &b) { return elements(a) < elements(b); });
}

/// Lanes are rows if the leader is not contiguous along its rows but is across them.
void RowEmitter::chooseLanes() {
  const RowAccess &access = leader();
  SmallVector<int64_t> outer = group.outerDims();
  bool acrossRows = false;
  for (auto [d, stride] : llvm::zip(outer, access.outer))
    acrossRows |= stride == 1 && group.shape[d] > 1;
  lanesAlongRow = access.innerStride == 1 || !acrossRows;
}

void RowEmitter::emit() {
  SmallVector<int64_t> sizes;
  for (int64_t d : group.outerDims())
    sizes.push_back(group.shape[d]);
  std::vector<Access> outer{Access{leader().base, leader().element, 0, leader().outer}};
  for (const RowAccess &access : accesses)
    outer.push_back(Access{access.base, access.element, 0, access.outer});
  LoopNest loops(emitter, sizes, std::move(outer), lanesAlongRow ? 1 : 0);
  nest = &loops;
  loops.emit([&](const Lane &lane) { emitRow(lane); });
}

void RowEmitter::emitRow(const Lane &lane) {
  row = &lane;
  fixed.clear();
  kept = nextKept = Value();
  evaluateFixed();
  SmallVector<Value> roots;
  for (Operation *op : group.reductions)
    roots.push_back(op->getOperand(0));
  llvm::append_range(roots, group.body->getTerminator()->getOperands());
  for (auto [i, op] : llvm::enumerate(group.reductions)) {
    chooseKept(roots[i], ArrayRef(roots).drop_front(i + 1));
    fixed[op->getResult(0)] = reduce(op);
    if (nextKept)
      kept = nextKept;
    nextKept = Value();
    evaluateFixed();
  }
  storeResults();
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// The offset of element `index` of a row whose axes are not one run.
static Value unflatten(KernelEmitter &emitter, Value index, ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides) {
  ImplicitLocOpBuilder &b = emitter.builder();
  Value offset = emitter.constant(0);
  for (size_t d = sizes.size(); d-- > 0;) {
    Value size = emitter.constant(sizes[d]);
    offset = emitter.add(offset, emitter.mul(b.createOrFold<arith::RemUIOp>(index, size), strides[d]));
    index = b.createOrFold<arith::DivUIOp>(index, size);
  }
  return offset;
}

Value RowEmitter::load(const RowAccess &access, unsigned number, const RowPlace &place) {
  SmallVector<int64_t> sizes;
  for (int64_t d : group.axes)
    sizes.push_back(group.shape[d]);
  Value outer = row->offsets[number + 1];
  auto offsetAt = [&](Value index) {
    return emitter.add(outer, access.innerStride ? emitter.mul(index, *access.innerStride)
                                                 : unflatten(emitter, index, sizes, access.inner));
  };
  if (!lanesAlongRow)
    return loadStrided(emitter, access.base, access.element, offsetAt(place.index), nest->laneStride(number + 1),
                       row->lanes, row->active);
  if (access.innerStride)
    return loadStrided(emitter, access.base, access.element, offsetAt(place.index), *access.innerStride,
                       emitter.lanes(), place.active);
  Value vector = emitter.splat(VectorType::get(emitter.lanes(), access.element), 0.0);
  for (int64_t i = 0; i < place.active; ++i) {
    Value scalar = emitter.loadScalar(access.base, access.element, offsetAt(emitter.add(place.index, i)));
    vector = emitter.builder().create<vector::InsertOp>(scalar, vector, i);
  }
  return vector;
}

Value RowEmitter::rowValue(Value v, const RowPlace &place, DenseMap<Value, Value> &known) {
  if (auto it = known.find(v); it != known.end())
    return it->second;
  Value result;
  if (auto it = fixed.find(v); it != fixed.end()) {
    result = it->second;
    if (lanesAlongRow)
      result = emitter.splat(VectorType::get(emitter.lanes(), result.getType()), result);
  } else if (v == kept) {
    result = load(accesses[operandCount], operandCount, place);
  } else if (auto argument = dyn_cast<BlockArgument>(v)) {
    unsigned i = argument.getArgNumber();
    result = load(accesses[i], i, place);
  } else {
    SmallVector<Value> inputs;
    for (Value operand : v.getDefiningOp()->getOperands())
      inputs.push_back(rowValue(operand, place, known));
    result = emitElementwise(v.getDefiningOp(), inputs, emitter);
  }
  if (v == nextKept) {
    const RowAccess &to = accesses[operandCount];
    SmallVector<int64_t> sizes;
    for (int64_t d : group.axes)
      sizes.push_back(group.shape[d]);
    Value inner = to.innerStride ? emitter.mul(place.index, *to.innerStride) : Value();
    Value offset = emitter.add(row->offsets[operandCount + 1], inner ? inner : unflatten(emitter, place.index, sizes, to.inner));
    storeStrided(emitter, result, to.base, offset, lanesAlongRow ? *to.innerStride : nest->laneStride(operandCount + 1),
                 lanesAlongRow ? place.active : row->active);
  }
  return known[v] = result;
}

/// Values that are the same all along the row, as far as they can be known now.
void RowEmitter::evaluateFixed() {
  for (unsigned i = 0; i < operandCount; ++i) {
    Value argument = group.body->getArgument(i);
    if (argument.use_empty() || group.isRow(argument) || fixed.count(argument))
      continue;
    const RowAccess &access = accesses[i];
    fixed[argument] = lanesAlongRow
                          ? emitter.loadScalar(access.base, access.element, row->offsets[i + 1])
                          : loadStrided(emitter, access.base, access.element, row->offsets[i + 1],
                                        nest->laneStride(i + 1), row->lanes, row->active);
  }
  for (Operation &op : group.body->without_terminator()) {
    if (op.hasTrait<nn::Reduction>() || fixed.count(op.getResult(0)))
      continue;
    SmallVector<Value> inputs;
    for (Value v : op.getOperands())
      if (Value known = fixed.lookup(v))
        inputs.push_back(known);
    if (inputs.size() == op.getNumOperands())
      fixed[op.getResult(0)] = emitElementwise(&op, inputs, emitter);
  }
}

/// A value that this pass computes and a later one needs is kept in result 0,
/// so that it is not computed again. The last such value in the body is it.
void RowEmitter::chooseKept(Value root, ArrayRef<Value> later) {
  const RowAccess &to = accesses[operandCount];
  if (!group.isRow(to.value) || (lanesAlongRow && !to.innerStride))
    return;
  auto reach = [&](Value from, auto &&self, SmallPtrSetImpl<Operation *> &seen) -> void {
    Operation *op = from.getDefiningOp();
    if (!op || fixed.count(from) || from == kept || op->hasTrait<nn::Reduction>() || !seen.insert(op).second)
      return;
    for (Value v : op->getOperands())
      self(v, self, seen);
  };
  SmallPtrSet<Operation *, 16> now, then;
  reach(root, reach, now);
  for (Value v : later)
    reach(v, reach, then);
  for (Operation &op : llvm::reverse(group.body->without_terminator()))
    if (now.contains(&op) && then.contains(&op) && op.getResult(0).getType() == to.value.getType()) {
      nextKept = op.getResult(0);
      return;
    }
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

Value RowEmitter::neutral(Operation *op, Type type) {
  Type element = getElementTypeOrSelf(type);
  if (!isa<nn::ReduceMaxOp>(op))
    return emitter.splat(type, 0.0);
  if (element.isF32())
    return emitter.splat(type, -std::numeric_limits<double>::infinity());
  return emitter.splatInteger(type, llvm::minIntN(element.getIntOrFloatBitWidth()));
}

Value RowEmitter::combine(Operation *op, Value partial, Value x) {
  ImplicitLocOpBuilder &b = emitter.builder();
  bool isFloat = getElementTypeOrSelf(x.getType()).isF32();
  if (isa<nn::ReduceMaxOp>(op)) {
    Value greater = isFloat ? b.create<arith::CmpFOp>(arith::CmpFPredicate::OGT, x, partial).getResult()
                            : b.create<arith::CmpIOp>(arith::CmpIPredicate::sgt, x, partial).getResult();
    return b.create<arith::SelectOp>(greater, x, partial);
  }
  return isFloat ? b.create<arith::AddFOp>(partial, x).getResult()
                 : b.create<arith::AddIOp>(partial, x).getResult();
}

/// p[j] with p[j + h] for h = half the lanes down to 1.
Value RowEmitter::halve(Operation *op, Value vector) {
  ImplicitLocOpBuilder &b = emitter.builder();
  for (int64_t h = cast<VectorType>(vector.getType()).getNumElements() / 2; h >= 1; h /= 2) {
    Value low = b.create<vector::ExtractStridedSliceOp>(vector, ArrayRef<int64_t>{0}, ArrayRef<int64_t>{h}, ArrayRef<int64_t>{1});
    Value high = b.create<vector::ExtractStridedSliceOp>(vector, ArrayRef<int64_t>{h}, ArrayRef<int64_t>{h}, ArrayRef<int64_t>{1});
    vector = combine(op, low, high);
  }
  return b.create<vector::ExtractOp>(vector, 0);
}

/// The operand of a reduction at a place, floored if it is a float sum.
Value RowEmitter::readOperand(Operation *op, const RowPlace &place) {
  DenseMap<Value, Value> known;
  Value x = rowValue(op->getOperand(0), place, known);
  if (isa<nn::ReduceMaxOp>(op) || !getElementTypeOrSelf(x.getType()).isF32())
    return x;
  return FloatMath(emitter, x.getType()).floor(x, 0x1p-100);
}

Value RowEmitter::reduce(Operation *op) {
  int64_t elements = group.rowElements();
  Value sum = lanesAlongRow ? reduceAlongRow(op, elements) : reduceAcrossRows(op, elements);
  if (!isa<nn::ReduceMeanOp>(op))
    return sum;
  FloatMath m(emitter, sum.getType());
  float reciprocal = 1.0f / static_cast<float>(elements);
  if (elements <= (int64_t(1) << 24)) // exact as float, so one rounding
    return m.floorResult(m.mul(sum, m.number(reciprocal)));
  return m.floorResult(m.mul(sum, m.number(static_cast<float>(1.0 / static_cast<double>(elements)))));
}

Value RowEmitter::reduceAlongRow(Operation *op, int64_t elements) {
  ImplicitLocOpBuilder &b = emitter.builder();
  int64_t lanes = emitter.lanes(), vectors = partials / lanes, whole = elements / partials * partials;
  Type type = VectorType::get(lanes, cast<RankedTensorType>(op->getOperand(0).getType()).getElementType());
  SmallVector<Value> sums(vectors, neutral(op, type));
  auto chunk = [&](Value at, ValueRange carried) {
    SmallVector<Value> next(carried);
    for (int64_t v = 0; v < vectors; ++v)
      next[v] = combine(op, carried[v], readOperand(op, {emitter.add(at, v * lanes), lanes}));
    return next;
  };
  if (whole > 0)
    sums = llvm::to_vector(emitter.loop(emitter.constant(0), emitter.constant(whole), partials, sums, chunk));
  for (int64_t v = 0; v < vectors; ++v) {
    int64_t active = std::clamp<int64_t>(elements - whole - v * lanes, 0, lanes);
    if (active == 0)
      break;
    Value next = combine(op, sums[v], readOperand(op, {emitter.constant(whole + v * lanes), active}));
    if (active < lanes) { // lanes past the end keep their partial
      SmallVector<bool> bits(lanes, false);
      std::fill_n(bits.begin(), active, true);
      Value mask = b.create<arith::ConstantOp>(DenseElementsAttr::get(VectorType::get(lanes, b.getI1Type()), bits));
      next = b.create<arith::SelectOp>(mask, next, sums[v]);
    }
    sums[v] = next;
  }
  for (int64_t h = vectors / 2; h >= 1; h /= 2)
    for (int64_t v = 0; v < h; ++v)
      sums[v] = combine(op, sums[v], sums[v + h]);
  return halve(op, sums[0]);
}

/// p[first], p[first + 32], … in order, as far as the row reaches.
void RowEmitter::unrollPartials(Operation *op, int64_t elements, std::vector<Value> &sums) {
  for (int64_t i = 0; i < elements; ++i) {
    Value x = readOperand(op, {emitter.constant(i), 1});
    Value &sum = sums[i % partials];
    sum = combine(op, sum ? sum : neutral(op, x.getType()), x);
  }
}

void RowEmitter::loopPartials(Operation *op, int64_t elements, std::vector<Value> &sums) {
  Type type = VectorType::get(row->lanes, cast<RankedTensorType>(op->getOperand(0).getType()).getElementType());
  int64_t whole = elements / partials * partials;
  SmallVector<Value> init(partials, neutral(op, type));
  auto chunk = [&](Value at, ValueRange carried) {
    SmallVector<Value> next(carried);
    for (int64_t j = 0; j < partials; ++j)
      next[j] = combine(op, carried[j], readOperand(op, {emitter.add(at, j), 1}));
    return next;
  };
  ValueRange looped = emitter.loop(emitter.constant(0), emitter.constant(whole), partials, init, chunk);
  sums.assign(looped.begin(), looped.end());
  for (int64_t i = whole; i < elements; ++i)
    sums[i % partials] = combine(op, sums[i % partials], readOperand(op, {emitter.constant(i), 1}));
}

/// Each lane is a row. Partials without elements are neutral and left out.
Value RowEmitter::reduceAcrossRows(Operation *op, int64_t elements) {
  std::vector<Value> sums(partials);
  if (elements <= unrolledElements)
    unrollPartials(op, elements, sums);
  else
    loopPartials(op, elements, sums);
  for (int64_t h = partials / 2; h >= 1; h /= 2)
    for (int64_t j = 0; j < h; ++j)
      if (sums[j + h])
        sums[j] = combine(op, sums[j], sums[j + h]);
  Type type = VectorType::get(row->lanes, cast<RankedTensorType>(op->getOperand(0).getType()).getElementType());
  return sums[0] ? sums[0] : neutral(op, type);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

void RowEmitter::storeResults() {
  SmallVector<int64_t> sizes;
  for (int64_t d : group.axes)
    sizes.push_back(group.shape[d]);
  SmallVector<unsigned> rowResults;
  for (unsigned i = operandCount; i < accesses.size(); ++i) {
    const RowAccess &to = accesses[i];
    if (group.isRow(to.value)) {
      rowResults.push_back(i);
      continue;
    }
    Value v = fixed.lookup(to.value), offset = row->offsets[i + 1];
    if (lanesAlongRow)
      emitter.storeScalar(v, to.base, offset);
    else
      storeStrided(emitter, v, to.base, offset, nest->laneStride(i + 1), row->active);
  }
  if (rowResults.empty())
    return;
  auto store = [&](const RowPlace &place) {
    DenseMap<Value, Value> known;
    for (unsigned i : rowResults)
      rowValue(accesses[i].value, place, known);
    for (unsigned i : rowResults) {
      const RowAccess &to = accesses[i];
      Value v = known[to.value], outer = row->offsets[i + 1];
      auto offsetAt = [&](Value index) {
        return emitter.add(outer, to.innerStride ? emitter.mul(index, *to.innerStride)
                                                 : unflatten(emitter, index, sizes, to.inner));
      };
      if (!lanesAlongRow) {
        storeStrided(emitter, v, to.base, offsetAt(place.index), nest->laneStride(i + 1), row->active);
      } else if (to.innerStride) {
        storeStrided(emitter, v, to.base, offsetAt(place.index), *to.innerStride, place.active);
      } else {
        for (int64_t l = 0; l < place.active; ++l)
          emitter.storeScalar(emitter.builder().create<vector::ExtractOp>(v, l), to.base,
                              offsetAt(emitter.add(place.index, l)));
      }
    }
  };
  int64_t elements = group.rowElements(), step = lanesAlongRow ? emitter.lanes() : 1;
  int64_t whole = elements / step * step;
  emitter.loop(0, whole, step, [&](Value i) { store({i, step}); });
  if (whole < elements)
    store({emitter.constant(whole), elements - whole});
}

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

namespace {

class RowFamily : public KernelFamily {
public:
  StringRef name() const override { return "row"; }
  void candidates(nn::FusedOp fused, const TargetModel &target, std::vector<Candidate> &out) const override {
    auto group = RowGroup::match(fused.getBody().front());
    if (!group)
      return;
    Candidate c;
    c.algorithm = "row";
    c.tile = DictionaryAttr::get(fused.getContext());
    c.operands.resize(fused.getNumOperands());
    c.results.resize(fused.getNumResults());
    // Result 0 holds a value between passes while operands are still read.
    c.mayAlias.assign(fused.getNumOperands(), false);
    double passes = group->reductions.size() + 1;
    c.cycles = 100 + 8 * passes * ShapedType::getNumElements(group->shape) / target.lanes();
    out.push_back(std::move(c));
  }
  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers, KernelEmitter &emitter) const override {
    auto group = RowGroup::match(kernel.getBlock());
    if (!group)
      return kernel.emitError("body is no group of reductions along common axes");
    RowEmitter(kernel, pointers, emitter, *group).emit();
    unsigned operands = kernel.getBlock().getNumArguments();
    for (unsigned i = 0, n = kernel.getResultLayouts().size(); i < n; ++i)
      emitter.fillHalo(pointers[operands + i], kernel.resultType(i), kernel.resultLayout(i));
    return success();
  }
};

} // namespace

std::unique_ptr<KernelFamily> createRowFamily() { return std::make_unique<RowFamily>(); }

} // namespace nnc
