//===- Passes.h - Integers instead of quantized floats ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "nnc/Quantization/Profile.h"

#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
}

namespace nnc::quantization {

/// Of an argument: bits, and how many of them are behind the point; see nn-quantize-inputs.
inline constexpr llvm::StringLiteral formatAttr = "nn.format";
/// Of an output of integers: the names of the nodes behind it that nn-split-floats left off.
inline constexpr llvm::StringLiteral leftOffAttr = "nn.left_off";

#define GEN_PASS_DECL
#include "nnc/Quantization/Passes.h.inc"

/// Appends the passes that give quantized operators their integer meaning, rounded as in
/// `profile`: what stage graph begins with. Runs on a module.
void buildResolution(mlir::OpPassManager &pm, Profile profile = Profile::ORT);

#define GEN_PASS_REGISTRATION
#include "nnc/Quantization/Passes.h.inc"

} // namespace nnc::quantization
