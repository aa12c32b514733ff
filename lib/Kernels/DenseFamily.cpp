//===- DenseFamily.cpp - matmul with one row -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One row reads each weight once, so memory sets the pace: weights are packed
// in blocks of columns, [column block][k][column], and streamed. The numeric
// spec gives each column four accumulators, k mod 4, which hides the latency.
//
//===----------------------------------------------------------------------===//
#include "Contraction.h"
#include "FloatMath.h"
#include "TileReader.h"
#include "nnc/Kernels/KernelFamily.h"

using namespace mlir;

namespace nnc {
namespace {

constexpr int64_t chains = 4;

/// The one row's contraction: all other row dimensions are outer ones.
std::optional<Contraction> match(const AnchoredGroup &group, plan::LayoutAttr lhs = {},
                                 plan::LayoutAttr rhs = {}) {
  auto matmul = dyn_cast<nn::MatMulOp>(group.anchor);
  if (!matmul || !group.isFloat())
    return std::nullopt;
  auto type = cast<RankedTensorType>(matmul.getLhs().getType());
  if (type.getDimSize(type.getRank() - 2) != 1)
    return std::nullopt;
  Contraction c = Contraction::of(matmul, lhs, rhs);
  if (const Contraction::Row &row = c.rows[0]; row.dim >= 0)
    c.outer.push_back({row.size, row.dim, 1, row.lhs, 0});
  return c;
}

class DenseEmitter {
public:
  DenseEmitter(const AnchoredGroup &group, const Contraction &c, plan::KernelOp kernel,
               int64_t block, ValueRange pointers, KernelEmitter &e)
      : group(group), c(c), pointers(pointers), e(e),
        epilogue(group, kernel, pointers, c.columnDim, e), packed(isPacked(kernel)), block(block),
        f32(e.builder().getF32Type()) {
    plan::LayoutAttr rhs = kernel.operandLayout(group.operand(1).getArgNumber());
    blockPitch = packed ? rhs.getStrides().back() : block;
  }

  void emit() {
    if (group.type().getNumElements() == 0)
      return;
    epilogue.fillHalos();
    SmallVector<Value> index(group.type().getRank());
    emitOuter(0, index, pointers[group.operand(0).getArgNumber()],
              pointers[group.operand(1).getArgNumber()]);
  }

private:
  Value advance(Value pointer, Value index, int64_t stride) {
    return stride ? e.pointer(pointer, f32, e.mul(index, stride)) : pointer;
  }

  void emitOuter(size_t depth, SmallVector<Value> index, Value lhs, Value rhs) {
    if (depth == c.outer.size())
      return emitBlocks(index, lhs, rhs);
    const Contraction::Outer &o = c.outer[depth];
    e.loop(0, o.size, 1, [&](Value i) {
      index[o.dim] = i;
      emitOuter(depth + 1, index, advance(lhs, i, o.lhs), advance(rhs, i, o.rhs));
    });
  }

  void emitBlocks(SmallVector<Value> index, Value lhs, Value rhs) {
    int64_t whole = c.columns / block, rest = c.columns % block;
    auto at = [&](Value i, int64_t columns) {
      index[c.columnDim] = e.mul(i, block);
      emitBlock(index, lhs, advance(rhs, i, blockPitch), columns);
    };
    e.loop(0, whole, 1, [&](Value i) { at(i, block); });
    if (rest)
      at(e.constant(whole), rest);
  }

  void emitBlock(ArrayRef<Value> index, Value lhs, Value rhs, int64_t columns) {
    auto vectors = columnVectors(columns, e.target());
    SmallVector<Value> sums = start(index, vectors);
    const Contraction::Reduce &r = c.reduce.front();
    int64_t whole = r.size / chains * chains;
    auto step = [&](Value k, ValueRange carried) {
      return products(lhs, rhs, k, chains, vectors, carried);
    };
    if (whole)
      sums = SmallVector<Value>(e.loop(e.constant(0), e.constant(whole), chains, sums, step));
    sums = products(lhs, rhs, e.constant(whole), r.size - whole, vectors, sums);
    epilogue.moveTo(index);
    for (auto [i, v] : llvm::enumerate(vectors)) {
      FloatMath m(e, e.vectorType(f32, v.lanes));
      size_t n = vectors.size();
      Value sum = m.add(m.add(sums[i], sums[n + i]), m.add(sums[2 * n + i], sums[3 * n + i]));
      SmallVector<int64_t> delta(group.type().getRank(), 0);
      delta[c.columnDim] = v.offset;
      epilogue.finish(Epilogue::Part{sum, delta, v.active});
    }
  }

  /// Chain 0 starts from the bias, the others from +0.
  SmallVector<Value> start(ArrayRef<Value> index, ArrayRef<ColumnVector> vectors) {
    SmallVector<Value> sums;
    for (int64_t chain = 0; chain < chains; ++chain)
      for (const ColumnVector &v : vectors) {
        if (chain > 0 || !c.bias) {
          sums.push_back(e.splat(e.vectorType(f32, v.lanes), 0.0));
          continue;
        }
        Value base =
            e.pointer(pointers[group.operand(c.bias).getArgNumber()], f32, index[c.columnDim]);
        sums.push_back(e.loadVector(base, f32, e.constant(v.offset), v.lanes, v.active));
      }
    return sums;
  }

  /// Elements k to k + count, each to its own chain.
  SmallVector<Value> products(Value lhs, Value rhs, Value k, int64_t count,
                              ArrayRef<ColumnVector> vectors, ValueRange carried) {
    const Contraction::Reduce &r = c.reduce.front();
    SmallVector<Value> sums(carried);
    if (count == 0)
      return sums;
    Value x = advance(lhs, k, r.lhs), w = advance(rhs, k, r.rhs);
    for (int64_t chain = 0; chain < count; ++chain) {
      Value scalar = e.loadScalar(x, f32, e.constant(chain * r.lhs));
      for (auto [i, v] : llvm::enumerate(vectors)) {
        Type type = e.vectorType(f32, v.lanes);
        bool whole = packed && v.offset + v.lanes <= block;
        Value weight = e.loadVector(w, f32, e.constant(chain * r.rhs + v.offset), v.lanes,
                                    whole ? v.lanes : v.active);
        Value &sum = sums[chain * vectors.size() + i];
        sum = FloatMath(e, type).fma(e.splat(type, scalar), weight, sum);
      }
    }
    return sums;
  }

  const AnchoredGroup &group;
  const Contraction &c;
  ValueRange pointers;
  KernelEmitter &e;
  Epilogue epilogue;
  bool packed;
  int64_t block, blockPitch;
  Type f32;
};

class DenseFamily : public AnchoredFamily {
public:
  StringRef name() const override { return "dense"; }

  void candidates(nn::FusedOp fused, const TargetModel &target,
                  std::vector<Candidate> &out) const override {
    auto group = AnchoredGroup::match(fused.getBody().front());
    auto c = group ? match(*group) : std::nullopt;
    if (!c || group->operand(0) == group->operand(1))
      return;
    BlockArgument rhs = group->operand(1);
    auto type = cast<RankedTensorType>(rhs.getType());
    bool constant =
        isConstantOperand(fused.getInputs()[rhs.getArgNumber()]) && !group->usedByRest(rhs);
    int64_t lanes = target.lanes(),
            most = lanes * (target.vectorRegisters / 8 + (target.vectorRegisters < 32));
    auto vectors = columnVectors(std::max<int64_t>(1, c->columns), target);
    int64_t block = std::min(most, vectors.back().offset + vectors.back().lanes);
    Candidate candidate = group->candidate(c->columnDim);
    LayoutNeed &need = candidate.operands[rhs.getArgNumber()];
    if (constant)
      need.packed = packedMatrix(type, block);
    else
      need.unitDim = type.getRank() - 1;
    if (c->bias)
      candidate.operands[group->operand(c->bias).getArgNumber()].unitDim = 0;
    Builder b(fused.getContext());
    candidate.algorithm = constant ? "dense.packed" : "dense.streamed";
    candidate.tile = b.getDictionaryAttr(b.getNamedAttr(tileBlock, b.getI64IntegerAttr(block)));
    double bytes = 4.0 * c->outerCount() * c->depth() * c->columns;
    candidate.cycles = bytes / (bytes <= target.l1DataBytes ? target.l1BytesPerCycle
                                                            : target.streamedBytesPerCycle) +
                       50;
    out.push_back(std::move(candidate));
  }

  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers,
                         KernelEmitter &emitter) const override {
    auto group = AnchoredGroup::match(kernel.getBlock());
    auto lhs = [&](unsigned i) { return kernel.operandLayout(group->operand(i).getArgNumber()); };
    auto c =
        group && isa<nn::MatMulOp>(group->anchor) ? match(*group, lhs(0), lhs(1)) : std::nullopt;
    if (!c)
      return kernel.emitError("holds no matmul with one row");
    TileReader tile(kernel);
    int64_t block = tile.number(tileBlock, mostColumns);
    if (failed(tile.finish()))
      return failure();
    BlockArgument rhs = group->operand(1);
    if (isPacked(kernel) &&
        failed(
            checkPacking(kernel, rhs, packedMatrix(cast<RankedTensorType>(rhs.getType()), block))))
      return failure();
    DenseEmitter(*group, *c, kernel, block, pointers, emitter).emit();
    return success();
  }
};

} // namespace

std::unique_ptr<KernelFamily> createDenseFamily() { return std::make_unique<DenseFamily>(); }

} // namespace nnc
