//===- Reduction.cpp - NumericSpec 4, axes -------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Arithmetic.h"
#include "ElementTypes.h"
#include "Ops.h"
#include "RowWalk.h"

using namespace mlir;
using namespace nnc;
using namespace nnc::interpreter;

static constexpr int64_t partials = 32;

/// The 32 partials of one output, joined pair by pair.
template <typename T, typename Join>
static T joinPartials(T *p, Join join) {
  for (int64_t half = partials / 2; half > 0; half /= 2)
    for (int64_t j = 0; j < half; ++j)
      p[j] = join(p[j], p[j + half]);
  return p[0];
}

/// out = reduction over `axes`: element i of an output goes to partial i mod 32
/// by step(partial, element), then the tree, then finish(result).
template <typename T, typename Step, typename Join, typename Finish>
static void reduce(const Tensor &x, ArrayRef<int64_t> axes, Tensor &out, T start, Step step,
                   Join join, Finish finish) {
  SmallVector<int64_t> strides = rowMajorStrides(x.getShape());
  SmallVector<int64_t> keptShape, keptStrides, reducedShape, reducedStrides;
  for (int64_t d = 0; d < x.getRank(); ++d) {
    bool isReduced = llvm::is_contained(axes, d);
    (isReduced ? reducedShape : keptShape).push_back(x.getShape()[d]);
    (isReduced ? reducedStrides : keptStrides).push_back(strides[d]);
  }
  RowWalk<1> outputs(keptShape, {keptStrides}), elements(reducedShape, {reducedStrides});
  const T *from = x.elements<T>().data();
  T *to = out.mutableElements<T>().data();
  auto one = [&](const T *origin) {
    T p[partials];
    std::fill_n(p, partials, start);
    elements.forEachRow([&](int64_t first, auto at, int64_t count, auto stride) {
      for (int64_t i = 0; i < count; ++i) {
        T &partial = p[(first + i) % partials];
        partial = step(partial, origin[at[0] + i * stride[0]]);
      }
    });
    return finish(joinPartials(p, join));
  };
  outputs.forEachRow([&](int64_t first, auto at, int64_t count, auto stride) {
    for (int64_t i = 0; i < count; ++i)
      to[first + i] = one(from + at[0] + i * stride[0]);
  });
}

template <typename T, typename Finish>
static void reduceBySum(const Tensor &x, ArrayRef<int64_t> axes, Tensor &out, Finish finish) {
  reduce<T>(
      x, axes, out, T(0), [](T p, T e) { return sum(p, floorOfSum(e)); },
      [](T a, T b) { return sum(a, b); }, finish);
}

Tensor nnc::interpreter::reduceSum(const Tensor &x, ArrayRef<int64_t> axes, RankedTensorType type) {
  Tensor out(type);
  bool defined = visitNumber(type.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    reduceBySum<T>(x, axes, out, [](T total) { return total; });
  });
  return defined ? out : Tensor();
}

Tensor nnc::interpreter::reduceMean(const Tensor &x, ArrayRef<int64_t> axes,
                                    RankedTensorType type) {
  int64_t count = 1;
  for (int64_t axis : axes)
    count *= x.getShape()[axis];
  Tensor out(type);
  bool defined = visitNumber(type.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    reduceBySum<T>(x, axes, out, [&](T total) {
      if constexpr (std::is_floating_point_v<T>)
        return flush(total * static_cast<T>(1.0 / static_cast<double>(count)));
      else
        return quotient(total, static_cast<T>(count));
    });
  });
  return defined ? out : Tensor();
}

Tensor nnc::interpreter::reduceMax(const Tensor &x, ArrayRef<int64_t> axes, RankedTensorType type) {
  Tensor out(type);
  bool defined = visitElementType(type.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    auto greater = [](T p, T e) { return e > p ? e : p; };
    reduce<T>(x, axes, out, leastValue<T>(), greater, greater, [](T greatest) { return greatest; });
  });
  return defined ? out : Tensor();
}

Tensor nnc::interpreter::argMax(nn::ArgMaxOp op, const Tensor &x) {
  Tensor out(op.getType());
  auto axis = static_cast<size_t>(op.getAxis());
  int64_t count = x.getShape()[axis], inner = rowMajorStrides(x.getShape())[axis];
  MutableArrayRef<int64_t> to = out.mutableElements<int64_t>();
  bool defined = visitElementType(x.getElementType(), [&](auto zero) {
    ArrayRef<decltype(zero)> from = x.elements<decltype(zero)>();
    for (auto [at, index] : llvm::enumerate(to)) {
      auto first =
          static_cast<int64_t>(at) / inner * inner * count + static_cast<int64_t>(at) % inner;
      auto element = [&](int64_t i) { return from[first + i * inner]; };
      index = 0;
      for (int64_t i = 1; i < count; ++i)
        if (element(i) > element(index) || (op.getLast() && element(i) == element(index)))
          index = i;
    }
  });
  return defined ? out : Tensor();
}
