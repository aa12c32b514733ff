//===- Pooling.cpp - NumericSpec 4, windows ------------------------------===//
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

namespace {

/// The taps of a pooling's windows.
struct Windows {
  ArrayRef<int64_t> kernel, strides, dilations, pads, input, output;

  template <typename Op>
  explicit Windows(Op op)
      : kernel(op.getKernel()), strides(op.getStrides()), dilations(op.getDilations()),
        pads(op.getPads()), input(op.getInput().getType().getShape().drop_front(2)),
        output(op.getType().getShape().drop_front(2)) {}

  /// fn(position) for each tap of output `pixel` inside the input, row-major.
  template <typename Fn>
  void forEachTap(ArrayRef<int64_t> pixel, Fn fn) const {
    forEachIndex(kernel, [&](ArrayRef<int64_t> window) {
      int64_t position = 0;
      for (size_t d = 0; d < kernel.size(); ++d) {
        int64_t at = pixel[d] * strides[d] + window[d] * dilations[d] - pads[d];
        if (at < 0 || at >= input[d])
          return;
        position = position * input[d] + at;
      }
      fn(position);
    });
  }

  /// Taps of output `pixel` inside the input or, if `withPads`, its pads.
  int64_t countTaps(ArrayRef<int64_t> pixel, bool withPads) const {
    int64_t count = 1;
    for (size_t d = 0; d < kernel.size(); ++d) {
      int64_t begin = withPads ? -pads[d] : 0, inside = 0;
      int64_t end = input[d] + (withPads ? pads[kernel.size() + d] : 0);
      for (int64_t w = 0; w < kernel[d]; ++w) {
        int64_t at = pixel[d] * strides[d] + w * dilations[d] - pads[d];
        inside += at >= begin && at < end;
      }
      count *= inside;
    }
    return count;
  }
};

} // namespace

/// out = fn(plane, pixel) for each output; `plane` is its channel's first input.
template <typename T, typename Fn>
static void forEachOutput(const Windows &windows, const Tensor &x, Tensor &out, Fn fn) {
  int64_t planes = out.getShape()[0] * out.getShape()[1];
  int64_t planeSize = ShapedType::getNumElements(windows.input);
  const T *from = x.elements<T>().data();
  T *to = out.mutableElements<T>().data();
  for (int64_t c = 0; c < planes; ++c)
    forEachIndex(windows.output,
                 [&](ArrayRef<int64_t> pixel) { *to++ = fn(from + c * planeSize, pixel); });
}

Tensor nnc::interpreter::maxPool(nn::MaxPoolOp op, const Tensor &x) {
  Windows windows(op);
  Tensor out(op.getType());
  bool defined = visitNumber(out.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    forEachOutput<T>(windows, x, out, [&](const T *plane, ArrayRef<int64_t> pixel) {
      T acc = leastValue<T>();
      windows.forEachTap(pixel, [&](int64_t at) { acc = plane[at] > acc ? plane[at] : acc; });
      return acc;
    });
  });
  return defined ? out : Tensor();
}

Tensor nnc::interpreter::averagePool(nn::AveragePoolOp op, const Tensor &x) {
  Windows windows(op);
  Tensor out(op.getType());
  bool defined = visitFloat(out.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    forEachOutput<T>(windows, x, out, [&](const T *plane, ArrayRef<int64_t> pixel) {
      T acc = 0, count = static_cast<T>(windows.countTaps(pixel, op.getCountIncludePad()));
      windows.forEachTap(pixel, [&](int64_t at) { acc = acc + floorOfSum(plane[at]); });
      return count == 0 ? T(0) : flush(acc * (T(1) / count));
    });
  });
  return defined ? out : Tensor();
}
