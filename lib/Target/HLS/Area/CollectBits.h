//===- CollectBits.h - From rtl to gates and cells ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "BitNetwork.h"
#include "dialects/RTL/RTLOps.h"

#include <string>

namespace nnc::hls {

/// A module with all that it contains, as one network of bits.
struct FlatDesign {
  BitNetwork network;
  std::vector<std::string> parts; ///< by number: ONNX nodes, or what the instance is called
};

FlatDesign collectBits(rtl::RTLModuleOp top);

} // namespace nnc::hls
