//===- Description.h - What files say about a network ------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NAME.json, the macros of NAME.h, the data of NAME_model and what was measured
// on the code state the same facts. Each is read into values by name; whoever
// sizes a buffer by one of them may rely on the others.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Image.h"

#include "nnc/Verify/Verify.h"

namespace nnc::verify {

/// An input or output, as far as its source says.
struct TensorStatement {
  std::optional<std::string> name, dtype;
  std::optional<std::vector<int64_t>> shape;
  std::optional<int64_t> count, bytes;
  float scale = 0; ///< 0, and a zero point of 0: not quantized
  int64_t zeroPoint = 0;
};

/// Nine digits, which tell any two floats apart.
std::string floatText(float value);

/// Adds `list`[`i`], and what in it contradicts itself.
void addTensor(Description &description, llvm::StringRef list, size_t i,
               const TensorStatement &tensor);

/// numpy's spelling of an element type of nn_runtime.h; empty: none has that
/// number.
llvm::StringRef dtypeName(uint64_t number);

/// As NAME.json and the header write it: eight digits in lower case.
std::string buildIdText(uint64_t id);

/// "[1, 3, 224, 224]".
std::string shapeText(llvm::ArrayRef<int64_t> shape);

/// What NAME.json says, as far as it is of the right types.
Description describeManifest(const llvm::json::Object &root);

/// What NAME_model says; empty if there is none of this layout. What leads out
/// of the image is left out.
Description describeModel(const Image &image, llvm::StringRef name);

/// What was measured: code and constants of an object, the stack of any file.
Description describeFindings(const Findings &findings);

/// What the macros of a header say about the fields of `stated`. An error for
/// each that is defined twice, undefined or dependent on conditions.
Description describeHeader(llvm::StringRef text, llvm::StringRef name, llvm::StringRef file,
                           const Description &stated, std::vector<std::string> &errors);

/// What a field of NAME.json is called in a header or in NAME_model; empty: it
/// is not there.
std::string headerSpelling(llvm::StringRef name, llvm::StringRef field);
std::string modelSpelling(llvm::StringRef name, llvm::StringRef field);

/// An error for each field of `stated` that `file` states otherwise or, where it
/// has a spelling there, not at all. `source` is who states: "the description
/// says".
void compare(const Description &stated, llvm::StringRef source, const Description &found,
             llvm::StringRef file, llvm::function_ref<std::string(llvm::StringRef field)> spelling,
             std::vector<std::string> &errors);

} // namespace nnc::verify
