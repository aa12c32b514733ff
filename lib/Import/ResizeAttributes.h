//===- ResizeAttributes.h - What a Resize or Upsample says ------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "NodeImporter.h"
#include "ResizeTaps.h"

namespace nnc {

/// The longest dimension that is resized: its taps are all known when we compile.
inline constexpr int64_t maxResized = int64_t(1) << 20;

/// What the attributes and constant operands of a node say, all defaults written out.
struct ResizeAttributes {
  Interpolation how;
  llvm::SmallVector<ResizedAxis> axes; ///< every dimension of the input
  float extrapolation = 0;             ///< what stands outside of a crop
  bool isRoundingSure = true;          ///< or else the file may mean another than how.rounding
};

/// Reports what is wrong; then the result is empty.
std::optional<ResizeAttributes> readResize(NodeImporter &node);
std::optional<ResizeAttributes> readUpsample(NodeImporter &node);

} // namespace nnc
