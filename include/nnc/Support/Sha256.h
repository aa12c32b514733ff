//===- Sha256.h - SHA-256 as fast as the processor can ---------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>

namespace nnc {

/// The SHA-256 of what was given so far. LLVM's own takes a second for 100 MB,
/// and weights are more than that.
class Sha256 {
public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256 &) = delete;
  Sha256 &operator=(const Sha256 &) = delete;

  void update(llvm::StringRef bytes);
  void update(llvm::ArrayRef<uint8_t> bytes);
  /// Hexadecimal digits; ends it.
  std::string hex();

private:
  struct Context;
  std::unique_ptr<Context> context;
};

/// Lower-case hexadecimal SHA-256 of a file's bytes, or of these.
llvm::Expected<std::string> sha256OfFile(llvm::StringRef path);
std::string sha256OfBytes(llvm::StringRef bytes);

} // namespace nnc
