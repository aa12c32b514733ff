//===- Convolution.cpp - Convolutions and their windows -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Window.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

int64_t Window::count(size_t i, int64_t size) const {
  // Negative where the window is larger than the padded input: rounded up, there may still be one.
  int64_t room = size + pads[i] + pads[kernel.size() + i] - extent(i);
  int64_t count =
      (ceil ? divideCeilSigned(room, strides[i]) : divideFloorSigned(room, strides[i])) + 1;
  // A window that would start in the end padding does not exist.
  if (ceil && (count - 1) * strides[i] >= size + pads[i])
    --count;
  return count;
}

/// Attribute `name`, one number of [least, 2^31) each for `count` dimensions; absent: all
/// `otherwise`.
static SmallVector<int64_t> sizes(NodeImporter &node, StringRef name, size_t count, int64_t least,
                                  int64_t otherwise) {
  SmallVector<int64_t> values = node.intsAttr(name);
  if (values.empty())
    values.assign(count, otherwise);
  if (values.size() != count)
    node.report(formatv("{0} has {1} entries, expected {2}", name, values.size(), count));
  for (int64_t value : values)
    if (value < least || value > INT32_MAX)
      node.report(formatv("{0} has the entry {1}, expected {2} or {3}", name, value,
                          value < least ? least : INT32_MAX, value < least ? "more" : "less"));
  return values;
}

/// Pads such that the window stands at every stride-th element.
static void padSame(Window &window, ArrayRef<int64_t> spatial, bool upper) {
  size_t n = spatial.size();
  for (size_t i = 0; i < n; ++i) {
    int64_t count = divideCeil(spatial[i], window.strides[i]);
    int64_t total =
        std::max<int64_t>(0, (count - 1) * window.strides[i] + window.extent(i) - spatial[i]);
    window.pads[i] = upper ? total / 2 : total - total / 2;
    window.pads[n + i] = total - window.pads[i];
  }
}

std::optional<Window> readWindow(NodeImporter &node, ArrayRef<int64_t> kernel) {
  ArrayRef<int64_t> spatial = node.shape(0).drop_front(2);
  size_t n = spatial.size();
  std::string mode = node.textAttr("auto_pad", "NOTSET");
  bool same = mode == "SAME_UPPER" || mode == "SAME_LOWER";
  if (!same && mode != "NOTSET" && mode != "VALID")
    node.report("auto_pad is '" + mode + "', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER");
  Window window;
  window.kernel.assign(kernel.begin(), kernel.end());
  window.strides = sizes(node, "strides", n, 1, 1);
  window.dilations = sizes(node, "dilations", n, 1, 1);
  window.pads = sizes(node, "pads", 2 * n, 0, 0);
  if (kernel.size() != n)
    node.report(
        formatv("the window has {0} dimensions, the input {1} spatial ones", kernel.size(), n));
  if (any_of(kernel, [](int64_t k) { return k < 1 || k > INT32_MAX; }))
    node.report("the window has an extent below 1");
  if (node.hasFailed())
    return std::nullopt;
  if (mode != "NOTSET")
    window.pads.assign(2 * n, 0);
  if (same)
    padSame(window, spatial, mode == "SAME_UPPER");
  SmallVector<int64_t> padded(node.shape(0));
  for (size_t i = 0; i < n; ++i)
    padded[2 + i] += window.pads[i] + window.pads[n + i];
  if (std::string problem = shapeProblem(padded); !problem.empty()) {
    node.report("the padded input " + problem);
    return std::nullopt;
  }
  return window;
}

LogicalResult importConv(NodeImporter &node) {
  int64_t rank = node.rank(0);
  if (rank < 3 || rank > 4)
    return node.fail(
        formatv("only 1-D and 2-D convolutions are supported, the input has rank {0}", rank));
  if (node.rank(1) != rank)
    return node.fail(formatv("input and filter have ranks {0} and {1}", rank, node.rank(1)));
  SmallVector<int64_t> kernel(node.shape(1).drop_front(2));
  if (SmallVector<int64_t> stated = node.intsAttr("kernel_shape");
      !stated.empty() && stated != kernel)
    return node.fail("kernel_shape differs from the shape of the filter");
  int64_t group = node.intAttr("group", 1);
  if (group < 1 || group > INT32_MAX)
    return node.fail(formatv("group is {0}, expected 1 or more", group));
  std::optional<Window> window = readWindow(node, kernel);
  if (!window)
    return failure();
  return node.finish(node.create<nn::ConvOp>(node.input(0), node.input(1), node.optional(2),
                                             window->strides, window->dilations, window->pads,
                                             group));
}

} // namespace nnc
