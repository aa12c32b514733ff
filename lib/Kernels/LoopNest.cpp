//===- LoopNest.cpp - Loops over a box of elements -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// Order and merging
//===----------------------------------------------------------------------===//

/// Dimensions of more than one element, widest stride of the first access first.
static SmallVector<int64_t> walkingOrder(ArrayRef<int64_t> sizes, const Access &first) {
  SmallVector<int64_t> order;
  for (auto [d, size] : llvm::enumerate(sizes))
    if (size != 1)
      order.push_back(d);
  llvm::stable_sort(order, [&](int64_t a, int64_t b) {
    return std::abs(first.strides[a]) > std::abs(first.strides[b]);
  });
  return order;
}

LoopNest::LoopNest(KernelEmitter &emitter, ArrayRef<int64_t> allSizes, std::vector<Access> all,
                   bool byElement)
    : emitter(emitter), byElement(byElement), accesses(std::move(all)) {
  SmallVector<int64_t> order = walkingOrder(allSizes, accesses.front());
  std::vector<SmallVector<int64_t>> strides(accesses.size());
  for (int64_t d : order) {
    // A dimension continues the one before it if every access steps on without a gap.
    bool continues = !sizes.empty();
    for (auto [merged, access] : llvm::zip(strides, accesses))
      continues &= !merged.empty() && merged.back() == access.strides[d] * allSizes[d];
    if (continues) {
      sizes.back() *= allSizes[d];
      for (auto [merged, access] : llvm::zip(strides, accesses))
        merged.back() = access.strides[d];
      continue;
    }
    sizes.push_back(allSizes[d]);
    for (auto [merged, access] : llvm::zip(strides, accesses))
      merged.push_back(access.strides[d]);
  }
  if (sizes.empty()) { // one element, or none
    sizes.push_back(ShapedType::getNumElements(allSizes));
    for (auto &merged : strides)
      merged.push_back(1);
  }
  for (auto [merged, access] : llvm::zip(strides, accesses))
    access.strides = merged;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

SmallVector<Value> LoopNest::advance(ArrayRef<Value> offsets, size_t depth, Value index) {
  SmallVector<Value> next;
  for (auto [offset, access] : llvm::zip(offsets, accesses)) {
    bool repeats = access.period && depth + 1 == sizes.size();
    int64_t stride = repeats ? 0 : access.strides[depth];
    next.push_back(stride == 0 ? offset : emitter.add(offset, emitter.mul(index, stride)));
  }
  return next;
}

void LoopNest::emitFrom(size_t depth, ArrayRef<Value> offsets,
                        function_ref<void(const Lane &)> body) {
  if (results && depth + 2 == sizes.size())
    return emitSquares(offsets, body);
  int64_t size = sizes[depth];
  if (period && depth + 1 == sizes.size())
    return emitPeriods(offsets, body);
  if (depth + 1 < sizes.size()) {
    emitter.loop(0, size, 1,
                 [&](Value i) { emitFrom(depth + 1, advance(offsets, depth, i), body); });
    return;
  }
  // Never a vector of one: LLVM would make scalars of it, and branches of their selects.
  int64_t lanes =
      std::min<int64_t>(emitter.lanes(), std::max<int64_t>(4, llvm::PowerOf2Ceil(size)));
  if (byElement)
    lanes = 1;
  auto vectors = [&](int64_t from, int64_t width) {
    int64_t end = from + (size - from) / width * width;
    emitter.loop(from, end, width, [&](Value i) {
      body(Lane{advance(offsets, depth, i), width, width});
    });
    return end;
  };
  int64_t filled = ofBytes && !byElement ? vectors(0, 4 * lanes) : 0;
  int64_t whole = vectors(filled, lanes);
  if (whole < size)
    body(Lane{advance(offsets, depth, emitter.constant(whole)), lanes, size - whole});
}

void LoopNest::emit(function_ref<void(const Lane &)> body) {
  if (llvm::is_contained(sizes, 0))
    return;
  SmallVector<Value> offsets;
  for (const Access &access : accesses)
    offsets.push_back(emitter.constant(access.offset));
  emitFrom(0, offsets, body);
}

//===----------------------------------------------------------------------===//
// Periods: some operands repeat along the last dimension
//===----------------------------------------------------------------------===//

/// Vectors from one place in a period to the same place in another.
static int64_t vectorsPerRound(int64_t period, int64_t lanes) {
  return period / std::gcd(period, lanes);
}

void LoopNest::mayRepeat() {
  constexpr int64_t mostVectors = 8;            // each is code of its own
  if (byElement || results || sizes.size() < 2) // squares have rows of their own
    return;
  size_t last = sizes.size() - 1;
  int64_t count = sizes[last];
  auto stepsOn = [&](const Access &a) { return a.strides[last - 1] == count * a.strides[last]; };
  bool pays = count < emitter.lanes() && sizes[last - 1] * count >= emitter.lanes() &&
              vectorsPerRound(count, emitter.lanes()) <= mostVectors;
  if (!pays || !llvm::all_of(accesses, [&](const Access &a) {
        return stepsOn(a) || a.strides[last - 1] == 0;
      }))
    return;
  period = count;
  sizes.pop_back();
  sizes.back() *= count;
  for (Access &access : accesses) {
    access.period = stepsOn(access) ? 0 : count;
    access.strides.erase(access.strides.begin() + last - 1);
  }
}

void LoopNest::emitPeriods(ArrayRef<Value> offsets, function_ref<void(const Lane &)> body) {
  int64_t lanes = emitter.lanes(), size = sizes.back(), depth = sizes.size() - 1;
  int64_t round = vectorsPerRound(period, lanes) * lanes, whole = size / round * round;
  auto vectors = [&](Value start, int64_t count) {
    for (int64_t at = 0; at < count; at += lanes)
      body(Lane{advance(offsets, depth, emitter.add(start, at)), lanes, std::min(lanes, count - at),
                at % period});
  };
  emitter.loop(0, whole, round, [&](Value start) { vectors(start, round); });
  if (whole < size)
    vectors(emitter.constant(whole), size - whole);
}

//===----------------------------------------------------------------------===//
// Squares: rows are vectors along the last but one dimension, columns are stored
//===----------------------------------------------------------------------===//

/// Rows of a square that are better interleaved than transposed: the channels of an image.
constexpr int64_t mostInterleaved = 4;

void LoopNest::mayTranspose(unsigned count) {
  size_t last = sizes.size() - 1;
  int64_t columns = sizes[last];
  bool fits =
      columns <= mostInterleaved || columns >= emitter.lanes() || llvm::isPowerOf2_64(columns);
  for (const Access &access : ArrayRef(accesses).take_front(count))
    fits &= access.strides[last] == 1 && !access.element.isInteger(1);
  if (byElement || period || !fits || columns < 2)
    return;
  for (size_t d = 0; d < last; ++d) {
    bool pays = sizes[d] >= 4 &&
                llvm::any_of(ArrayRef(accesses).drop_front(count), [&](const Access &access) {
                  return access.strides[d] == 1 && access.strides[last] != 0;
                });
    if (!pays)
      continue;
    std::rotate(sizes.begin() + d, sizes.begin() + d + 1, sizes.end() - 1);
    for (Access &access : accesses)
      std::rotate(access.strides.begin() + d, access.strides.begin() + d + 1,
                  access.strides.end() - 1);
    results = count;
    pending.resize(count);
    return;
  }
}

void LoopNest::emitSquares(ArrayRef<Value> offsets, function_ref<void(const Lane &)> body) {
  size_t last = sizes.size() - 1;
  int64_t columns = sizes[last], length = sizes[last - 1], lanes = emitter.lanes();
  if (columns > mostInterleaved)
    lanes = std::min(lanes, columns);
  lanes = std::min<int64_t>(lanes, std::max<int64_t>(4, llvm::PowerOf2Ceil(length)));
  int64_t rows = columns <= mostInterleaved ? columns : lanes;
  auto along = [&](Value column, int64_t count) {
    SmallVector<Value> start = advance(offsets, last, column);
    int64_t whole = length / lanes * lanes;
    emitter.loop(0, whole, lanes, [&](Value i) {
      emitSquare(advance(start, last - 1, i), count, Lane{{}, lanes, lanes}, body);
    });
    if (whole < length)
      emitSquare(advance(start, last - 1, emitter.constant(whole)), count,
                 Lane{{}, lanes, length - whole}, body);
  };
  int64_t whole = columns / rows * rows;
  emitter.loop(0, whole, rows, [&](Value column) { along(column, rows); });
  if (whole < columns)
    along(emitter.constant(whole), columns - whole);
}

void LoopNest::emitSquare(ArrayRef<Value> offsets, int64_t rows, const Lane &lane,
                          function_ref<void(const Lane &)> body) {
  for (auto &values : pending)
    values.clear();
  for (int64_t row = 0; row < rows; ++row)
    body(Lane{advance(offsets, sizes.size() - 1, emitter.constant(row)), lane.lanes, lane.active});
  Lane square{SmallVector<Value>(offsets), lane.lanes, lane.active};
  for (unsigned i = 0; i < results; ++i)
    storeSquare(i, pending[i], square);
}

/// The elements `indices` of all rows, one behind the other.
static Value pick(KernelEmitter &emitter, ArrayRef<Value> rows, ArrayRef<int64_t> indices) {
  ImplicitLocOpBuilder &b = emitter.builder();
  if (rows.size() == 1)
    return b.create<vector::ShuffleOp>(rows[0], rows[0], indices);
  SmallVector<Value> joined;
  int64_t lanes = cast<VectorType>(rows[0].getType()).getNumElements();
  auto all = llvm::to_vector(llvm::seq<int64_t>(0, 2 * lanes));
  for (size_t i = 0; i < rows.size(); i += 2)
    joined.push_back(
        b.create<vector::ShuffleOp>(rows[i], rows[std::min(i + 1, rows.size() - 1)], all));
  return pick(emitter, joined, indices);
}

/// Columns of a square of 2^n rows: n times, halves of the rows are interleaved.
static SmallVector<Value> transposed(KernelEmitter &emitter, SmallVector<Value> rows) {
  ImplicitLocOpBuilder &b = emitter.builder();
  int64_t count = rows.size();
  SmallVector<int64_t> low, high;
  for (int64_t i = 0; i < count / 2; ++i) {
    low.append({i, count + i});
    high.append({count / 2 + i, count + count / 2 + i});
  }
  for (int64_t step = 1; step < count; step *= 2) {
    SmallVector<Value> next;
    for (int64_t i = 0; i < count / 2; ++i)
      for (ArrayRef<int64_t> half : {ArrayRef<int64_t>(low), ArrayRef<int64_t>(high)})
        next.push_back(b.create<vector::ShuffleOp>(rows[i], rows[i + count / 2], half));
    rows = next;
  }
  return rows;
}

void LoopNest::storeSquare(unsigned i, ArrayRef<Value> rows, const Lane &lane) {
  const Access &to = accesses[i];
  int64_t count = rows.size(), stride = laneStride(i), lanes = lane.lanes;
  Value offset = lane.offsets[i];
  if (count == sizes.back() && count <= mostInterleaved && stride == count) {
    // One run: all rows of a column, then those of the next one.
    for (int64_t at = 0; at < count * lane.active; at += lanes) {
      SmallVector<int64_t> indices;
      for (int64_t k = at; k < at + lanes; ++k)
        indices.push_back(k % count * lanes + k / count);
      emitter.storeVector(pick(emitter, rows, indices), to.base, emitter.add(offset, at),
                          std::min(lanes, count * lane.active - at));
    }
  } else if (count == lanes) {
    SmallVector<Value> columns = transposed(emitter, SmallVector<Value>(rows));
    for (int64_t column = 0; column < lane.active; ++column)
      emitter.storeVector(columns[column], to.base, emitter.add(offset, column * stride), lanes);
  } else {
    for (auto [row, value] : llvm::enumerate(rows))
      storeStrided(emitter, value, to.base, emitter.add(offset, static_cast<int64_t>(row)), stride,
                   lane.active);
  }
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

Value loadStrided(KernelEmitter &emitter, Value base, Type element, Value offset, int64_t stride,
                  int64_t lanes, int64_t active) {
  auto type = VectorType::get(lanes, element);
  if (stride == 1)
    return emitter.loadVector(base, element, offset, lanes, active);
  if (stride == 0)
    return emitter.splat(type, emitter.loadScalar(base, element, offset));
  Value vector = emitter.splat(type, 0.0);
  for (int64_t lane = 0; lane < active; ++lane) {
    Value scalar = emitter.loadScalar(base, element, emitter.add(offset, lane * stride));
    vector = emitter.builder().create<vector::InsertOp>(scalar, vector, lane);
  }
  return vector;
}

void storeStrided(KernelEmitter &emitter, Value value, Value base, Value offset, int64_t stride,
                  int64_t active) {
  if (stride == 1)
    return emitter.storeVector(value, base, offset, active);
  for (int64_t lane = 0; lane < active; ++lane) {
    Value scalar = emitter.builder().create<vector::ExtractOp>(value, lane);
    emitter.storeScalar(scalar, base, emitter.add(offset, lane * stride));
  }
}

Value LoopNest::load(unsigned i, const Lane &lane) {
  if (int64_t count = accesses[i].period) {
    int64_t held = std::max<int64_t>(4, llvm::PowerOf2Ceil(count));
    Value once = loadStrided(emitter, accesses[i].base, accesses[i].element, lane.offsets[i],
                             laneStride(i), held, count);
    SmallVector<int64_t> order;
    for (int64_t k = 0; k < lane.lanes; ++k)
      order.push_back((lane.first + k) % count);
    return emitter.builder().create<vector::ShuffleOp>(once, once, order);
  }
  return loadStrided(emitter, accesses[i].base, accesses[i].element, lane.offsets[i], laneStride(i),
                     lane.lanes, lane.active);
}

void LoopNest::store(Value value, unsigned i, const Lane &lane) {
  if (results) {
    pending[i].push_back(value);
    return;
  }
  storeStrided(emitter, value, accesses[i].base, lane.offsets[i], laneStride(i), lane.active);
}

Access broadcastAccess(Value base, RankedTensorType type, plan::LayoutAttr layout,
                       ArrayRef<int64_t> shape) {
  Access access{base, registerType(type.getElementType()), 0,
                SmallVector<int64_t>(shape.size(), 0)};
  size_t lead = shape.size() - type.getRank();
  for (auto [d, size] : llvm::enumerate(type.getShape()))
    if (size != 1)
      access.strides[lead + d] = layout.getStrides()[d];
  return access;
}

} // namespace nnc
