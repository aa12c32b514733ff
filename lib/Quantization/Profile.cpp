//===- Profile.cpp - Whose rounding quantized networks have --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Quantization/Profile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

namespace nnc::quantization {

llvm::ArrayRef<Profile> profiles() {
  static constexpr Profile all[] = {Profile::ORT, Profile::TFLiteDouble, Profile::TFLMDouble,
                                    Profile::TFLiteSingle};
  return all;
}

llvm::StringRef nameOf(Profile profile) {
  switch (profile) {
  case Profile::ORT:
    return "ort";
  case Profile::TFLiteDouble:
    return "tflite-double";
  case Profile::TFLMDouble:
    return "tflm-double";
  case Profile::TFLiteSingle:
    return "tflite-single";
  }
  llvm_unreachable("a profile without a name");
}

std::optional<Profile> findProfile(llvm::StringRef name) {
  auto found = llvm::find_if(profiles(), [&](Profile p) { return nameOf(p) == name; });
  return found == profiles().end() ? std::nullopt : std::optional(*found);
}

} // namespace nnc::quantization
