//===- Profile.h - Whose rounding quantized networks have ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace nnc::quantization {

/// The runtime whose bits a quantized network gives: -exact.
enum class Profile {
  ORT,          ///< ONNX Runtime, fused: float scales, halves to even
  TFLiteDouble, ///< LiteRT's reference kernels: contractions of matrices rounded once, all else
                ///< twice
  TFLMDouble,   ///< TFLM and CMSIS-NN: everything rounded twice
  TFLiteSingle, ///< TFLITE_SINGLE_ROUNDING: everything rounded once
};

/// All of them, the default first.
llvm::ArrayRef<Profile> profiles();
/// What the command line calls one.
llvm::StringRef nameOf(Profile profile);
std::optional<Profile> findProfile(llvm::StringRef name);

/// Attribute of a module: the profile that was resolved, from stage graph on.
inline constexpr llvm::StringLiteral profileAttr = "nn.exact";

} // namespace nnc::quantization
