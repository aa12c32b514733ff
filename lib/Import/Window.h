//===- Window.h - Windows of convolutions and poolings ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "NodeImporter.h"

namespace nnc {

/// A window sliding over the spatial dimensions, all defaults written out.
struct Window {
  llvm::SmallVector<int64_t> kernel, strides, dilations;
  llvm::SmallVector<int64_t> pads; ///< all begins, then all ends
  bool ceil = false;               ///< the last window may reach past the end padding

  /// Elements that one window spans in dimension `i`.
  int64_t extent(size_t i) const { return (kernel[i] - 1) * dilations[i] + 1; }
  /// Positions of the window in dimension `i` of `size` elements; below 1 if it does not fit.
  int64_t count(size_t i, int64_t size) const;
};

/// The window of `node` over operand 0 with this kernel; an auto_pad has become pads.
/// Reports what is wrong; then the result is empty.
std::optional<Window> readWindow(NodeImporter &node, llvm::ArrayRef<int64_t> kernel);

} // namespace nnc
