//===- BlendFamily.cpp - Few elements picked and summed ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each element of the result is computed from its last op backwards: an op asks for its operands at
// the position where it needs them, a gather at the one that its indices say. So nothing is stored
// in between, and what several results have in common is computed several times.
//
//===----------------------------------------------------------------------===//
#include "FloatMath.h"
#include "LoopNest.h"
#include "Movement.h"
#include "TileReader.h"
#include "dialects/NN/Blends.h"
#include "nnc/Kernels/KernelFamily.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <set>

using namespace mlir;

namespace nnc {
namespace {

RankedTensorType tensor(Value v) { return cast<RankedTensorType>(v.getType()); }

/// All indices along `axes` of `shape`, in row-major order.
SmallVector<SmallVector<int64_t>> indicesAlong(ArrayRef<int64_t> axes, ArrayRef<int64_t> shape) {
  SmallVector<SmallVector<int64_t>> all(1);
  for (int64_t axis : axes) {
    SmallVector<SmallVector<int64_t>> longer;
    for (const SmallVector<int64_t> &start : all)
      for (int64_t i = 0; i < shape[axis]; ++i) {
        longer.push_back(start);
        longer.back().push_back(i);
      }
    all = std::move(longer);
  }
  return all;
}

//===----------------------------------------------------------------------===//
// Which dimensions are looked up
//===----------------------------------------------------------------------===//

/// Follows the dimensions of the result to those of the operands.
class DimensionTracer {
public:
  /// The dimension of each operand under one of the result, or no dimension.
  using Position = ArrayRef<int64_t>;
  static constexpr int64_t none = -1;

  explicit DimensionTracer(Block &body) {
    Value result = body.getTerminator()->getOperand(0);
    lookedUp.assign(tensor(result).getRank(), false);
    trace(result, llvm::to_vector(llvm::seq<int64_t>(0, tensor(result).getRank())));
  }

  /// Do indices come from this dimension of the result?
  bool isLookedUp(int64_t d) const { return lookedUp[d]; }
  /// The dimension of an operand along which it is read as dimension `d` of the result is walked.
  int64_t under(BlockArgument operand, int64_t d) const {
    auto found = llvm::find(positions.lookup(operand), d);
    return found == positions.lookup(operand).end() ? none
                                                    : found - positions.lookup(operand).begin();
  }

private:
  void trace(Value v, Position wide) {
    SmallVector<int64_t> at = nn::positionUnder(wide, tensor(v), none);
    if (!traced.insert({v.getAsOpaquePointer(), at}).second)
      return; // what is read twice, and so on
    if (isa<BlockArgument>(v)) {
      positions[v] = at;
      return;
    }
    Operation *op = v.getDefiningOp();
    if (auto gather = dyn_cast<nn::GatherOp>(op)) {
      int64_t axis = gather.getAxis();
      Position indices = Position(at).slice(axis, tensor(gather.getIndices()).getRank());
      for (int64_t d : indices)
        if (d != none)
          lookedUp[d] = true;
      positions[gather.getIndices()] = SmallVector<int64_t>(indices);
      trace(gather.getData(), nn::positionBefore<int64_t>(gather, at, none));
    } else if (auto sum = dyn_cast<nn::ReduceSumOp>(op)) {
      SmallVector<int64_t> along(sum.getAxes().size(), none);
      trace(sum.getInput(), nn::positionBefore<int64_t>(sum, at, along));
    } else if (auto reshape = dyn_cast<nn::ReshapeOp>(op)) {
      trace(reshape.getInput(), nn::positionBefore(reshape, Position(at), none));
    } else {
      for (Value operand : op->getOperands())
        trace(operand, at);
    }
  }

  SmallVector<bool> lookedUp;
  llvm::DenseMap<Value, SmallVector<int64_t>> positions;
  std::set<std::pair<void *, SmallVector<int64_t>>> traced;
};

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

/// An index along one dimension, of all lanes of a vector.
struct Index {
  SmallVector<Value> lanes; ///< of each active lane, or of the first one
  bool steps = false;       ///< the next lane's is one more

  bool isSeparate() const { return lanes.size() > 1; }
};

class BlendEmitter {
public:
  BlendEmitter(plan::KernelOp kernel, ValueRange pointers, KernelEmitter &emitter)
      : kernel(kernel), pointers(pointers), e(emitter), shape(kernel.resultType(0).getShape()),
        nest(emitter, shape, accesses(kernel, pointers)) {}

  void emit();

private:
  using Position = ArrayRef<Index>;
  /// What was computed for one position of a result and of what is broadcast to it.
  struct Place {
    explicit Place(SmallVector<Index> position) : position(std::move(position)) {}
    SmallVector<Index> position;
    llvm::DenseMap<Value, Value> known;
  };

  static std::vector<Access> accesses(plan::KernelOp kernel, ValueRange pointers);
  Index fixed(int64_t i) { return Index{{e.constant(i)}, false}; }
  Value at(Value v, Place &place);
  Value compute(Operation *op, Position position, Place &place);
  Value sum(nn::ReduceSumOp op, Position position);
  Value addTerms(SmallVector<Value> terms);
  Index pick(nn::GatherOp op, Position position);
  Value load(BlockArgument operand, Position position);

  /// Where the first lane reads operand `i`, or each does.
  SmallVector<Value> offsets(unsigned operand, Position position);
  int64_t laneStride(unsigned operand, Position position);

  plan::KernelOp kernel;
  ValueRange pointers;
  KernelEmitter &e;
  ArrayRef<int64_t> shape;
  LoopNest nest; ///< accesses: the result, then the index along each of its dimensions
  const Lane *lane = nullptr;
};

} // namespace

std::vector<Access> BlendEmitter::accesses(plan::KernelOp kernel, ValueRange pointers) {
  ArrayRef<int64_t> shape = kernel.resultType(0).getShape();
  std::vector<Access> all = {
      broadcastAccess(pointers.back(), kernel.resultType(0), kernel.resultLayout(0), shape)};
  for (size_t d = 0; d < shape.size(); ++d) {
    Access index{{}, {}, 0, SmallVector<int64_t>(shape.size(), 0)};
    index.strides[d] = 1;
    all.push_back(index);
  }
  return all;
}

void BlendEmitter::emit() {
  nest.emit([&](const Lane &reached) {
    lane = &reached;
    SmallVector<Index> position;
    for (auto [d, size] : llvm::enumerate(shape))
      position.push_back(size == 1 ? fixed(0)
                                   : Index{{reached.offsets[1 + d]}, nest.laneStride(1 + d) == 1});
    Place place(std::move(position));
    nest.store(at(kernel.getTerminator()->getOperand(0), place), 0, reached);
  });
}

Value BlendEmitter::at(Value v, Place &place) {
  if (Value known = place.known.lookup(v))
    return known;
  SmallVector<Index> own = nn::positionUnder(Position(place.position), tensor(v), fixed(0));
  Value result = isa<BlockArgument>(v) ? load(cast<BlockArgument>(v), own)
                                       : compute(v.getDefiningOp(), own, place);
  place.known[v] = result;
  return result;
}

Value BlendEmitter::compute(Operation *op, Position position, Place &place) {
  auto elsewhere = [&](Value operand, SmallVector<Index> there) {
    Place other(std::move(there));
    return at(operand, other);
  };
  if (auto gather = dyn_cast<nn::GatherOp>(op))
    return elsewhere(gather.getData(),
                     nn::positionBefore(gather, position, pick(gather, position)));
  if (auto reshape = dyn_cast<nn::ReshapeOp>(op))
    return elsewhere(reshape.getInput(), nn::positionBefore(reshape, position, fixed(0)));
  if (auto reduction = dyn_cast<nn::ReduceSumOp>(op))
    return sum(reduction, position);
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(at(operand, place));
  return emitElementwise(op, operands, e);
}

Value BlendEmitter::sum(nn::ReduceSumOp op, Position position) {
  SmallVector<Value> terms;
  for (ArrayRef<int64_t> indices : indicesAlong(op.getAxes(), op.getInput().getType().getShape())) {
    SmallVector<Index> along;
    for (int64_t i : indices)
      along.push_back(fixed(i));
    Place place(nn::positionBefore<Index>(op, position, along));
    terms.push_back(at(op.getInput(), place));
  }
  return addTerms(terms);
}

/// In the order of the spec, whose 32 partials hold one term each or none.
Value BlendEmitter::addTerms(SmallVector<Value> terms) {
  constexpr size_t partials = 32;
  static_assert(nn::mostBlended <= partials);
  ImplicitLocOpBuilder &b = e.builder();
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(terms.front().getType()));
  for (Value &term : terms)
    if (isFloat)
      term = FloatMath(e, term.getType()).floor(term, 0x1p-100);
  for (size_t half = partials / 2; half >= 1; half /= 2) {
    for (size_t j = 0; j < half && j + half < terms.size(); ++j)
      terms[j] = isFloat ? b.create<arith::AddFOp>(terms[j], terms[j + half]).getResult()
                         : b.create<arith::AddIOp>(terms[j], terms[j + half]).getResult();
    terms.resize(std::min(terms.size(), half));
  }
  return terms.front();
}

/// The indices at `position` of the result of a gather. Of lanes that pick for themselves each is
/// brought into range as a number: a checker does not follow lanes.
Index BlendEmitter::pick(nn::GatherOp op, Position position) {
  ImplicitLocOpBuilder &b = e.builder();
  auto indices = cast<BlockArgument>(op.getIndices());
  unsigned operand = indices.getArgNumber();
  Position own = position.slice(op.getAxis(), tensor(indices).getRank());
  SmallVector<Value> places = offsets(operand, own);
  if (int64_t stride = laneStride(operand, own); stride != 0 && places.size() == 1)
    for (int64_t i = 1; i < lane->active; ++i)
      places.push_back(e.add(places.front(), i * stride));
  Index picked;
  for (Value place : places) {
    Value index = e.loadScalar(pointers[operand], tensor(indices).getElementType(), place);
    index = indexInRange(e, index, op.getData().getType().getDimSize(op.getAxis()));
    if (index.getType() != b.getI64Type())
      index = b.create<arith::ExtSIOp>(b.getI64Type(), index);
    picked.lanes.push_back(index);
  }
  return picked;
}

SmallVector<Value> BlendEmitter::offsets(unsigned operand, Position position) {
  ArrayRef<int64_t> strides = kernel.operandLayout(operand).getStrides();
  size_t count = 1;
  for (const Index &index : position)
    count = std::max(count, index.lanes.size());
  SmallVector<Value> all;
  for (size_t i = 0; i < count; ++i) {
    Value offset = e.constant(0);
    for (auto [index, stride] : llvm::zip_equal(position, strides)) {
      Value own = index.isSeparate() ? index.lanes[i] : index.lanes.front();
      if (index.steps)
        own = e.add(own, static_cast<int64_t>(i));
      offset = e.add(offset, e.mul(own, stride));
    }
    all.push_back(offset);
  }
  return all;
}

/// How far apart neighbouring lanes read operand `operand`, where offsets() gives the first one's.
int64_t BlendEmitter::laneStride(unsigned operand, Position position) {
  int64_t sum = 0;
  for (auto [index, stride] : llvm::zip_equal(position, kernel.operandLayout(operand).getStrides()))
    sum += index.steps ? stride : 0;
  return sum;
}

Value BlendEmitter::load(BlockArgument operand, Position position) {
  unsigned i = operand.getArgNumber();
  Type element = registerType(tensor(operand).getElementType());
  SmallVector<Value> places = offsets(i, position);
  if (places.size() == 1)
    return loadStrided(e, pointers[i], element, places.front(), laneStride(i, position),
                       lane->lanes, lane->active);
  Value vector = e.splat(VectorType::get(lane->lanes, element), 0.0);
  for (auto [k, place] : llvm::enumerate(places))
    vector = e.builder().create<vector::InsertOp>(e.loadScalar(pointers[i], element, place), vector,
                                                  static_cast<int64_t>(k));
  return vector;
}

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

namespace {

bool canEmit(Block &body) {
  return nn::matchBlend(body) && llvm::all_of(body.without_terminator(), [](Operation &op) {
           return !op.hasTrait<nn::Elementwise>() || canEmitElementwise(&op);
         });
}

class BlendFamily : public KernelFamily {
public:
  StringRef name() const override { return "blend"; }

  void candidates(nn::FusedOp group, const TargetModel &target,
                  std::vector<Candidate> &out) const override {
    Block &body = group.getBody().front();
    if (!canEmit(body))
      return;
    DimensionTracer dimensions(body);
    // Lanes that stand side by side read side by side, or each for itself.
    out.push_back(candidate(group, dimensions, DimensionTracer::none, target));
    for (auto [d, size] : llvm::enumerate(tensor(group.getResult(0)).getShape()))
      if (!dimensions.isLookedUp(d) && size > 1)
        out.push_back(candidate(group, dimensions, d, target));
  }

  bool mayAlias(plan::KernelOp, unsigned) const override { return false; }

  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers,
                         KernelEmitter &emitter) const override {
    if (!canEmit(kernel.getBlock()))
      return kernel.emitError(
          "holds no sums of picked elements that this kernel family can compute");
    if (failed(TileReader(kernel).finish()))
      return failure();
    BlendEmitter(kernel, pointers, emitter).emit();
    emitter.fillHalo(pointers.back(), kernel.resultType(0), kernel.resultLayout(0));
    return success();
  }

private:
  /// Vectors run along dimension `d` of the result; none: any.
  static Candidate candidate(nn::FusedOp group, const DimensionTracer &dimensions, int64_t d,
                             const TargetModel &target) {
    Candidate c;
    c.algorithm = "blend";
    c.tile = DictionaryAttr::get(group.getContext());
    c.operands.resize(group.getNumOperands());
    c.results.resize(1);
    c.mayAlias.assign(group.getNumOperands(), false);
    if (d != DimensionTracer::none) {
      c.results[0].unitDim = d;
      for (BlockArgument operand : group.getBody().getArguments())
        c.operands[operand.getArgNumber()].unitDim = dimensions.under(operand, d);
    }
    RankedTensorType type = tensor(group.getResult(0));
    nn::Blend blend = *nn::matchBlend(group.getBody().front());
    bool isSeparate = d == DimensionTracer::none;
    auto lanes = static_cast<double>(
        std::min<int64_t>(target.lanes(), isSeparate ? type.getNumElements() : type.getDimSize(d)));
    double perElement = 3 * static_cast<double>(blend.values) / lanes;
    if (isSeparate)
      perElement += 2 * static_cast<double>(blend.picked);
    c.cycles = 50 + perElement * static_cast<double>(type.getNumElements());
    return c;
  }
};

} // namespace

std::unique_ptr<KernelFamily> createBlendFamily() { return std::make_unique<BlendFamily>(); }

} // namespace nnc
