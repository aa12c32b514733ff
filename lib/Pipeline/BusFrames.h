//===- BusFrames.h - Tensors as frames on the bus of a core ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Pipeline/Session.h"
#include "nnc/Target/HLS/Core.h"

namespace nnc {

/// The integers that `tensors` are on `bus`, element by element. Floats that stand for integers are
/// rounded as ONNX's QuantizeLinear does, and kept within what a lane holds.
std::vector<int64_t> frameOf(const hls::Bus &bus, llvm::ArrayRef<Port> ports,
                             llvm::ArrayRef<Tensor> tensors);

/// The tensors of `ports` that a frame stands for.
std::vector<Tensor> tensorsOf(const hls::Bus &bus, llvm::ArrayRef<Port> ports,
                              llvm::ArrayRef<int64_t> frame);

} // namespace nnc
