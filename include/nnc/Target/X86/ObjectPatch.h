//===- ObjectPatch.h - Bytes that an object gets after it was written ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <string>

namespace nnc::x86 {

/// Overwrites data of an ELF object file in place. LLVM sees weights as zeros
/// and never holds them; they go from the model into the file layer by layer.
class ObjectPatch {
public:
  static llvm::Expected<ObjectPatch> open(llvm::StringRef path);

  /// Writes `bytes` at `offset` of the data of `symbol`, which must be defined.
  llvm::Error write(llvm::StringRef symbol, uint64_t offset, llvm::ArrayRef<char> bytes);
  template <typename T>
  llvm::Error writeValue(llvm::StringRef symbol, uint64_t offset, T value) {
    return write(symbol, offset, {reinterpret_cast<const char *>(&value), sizeof value});
  }
  /// Ends the patching; reports what the disk did not take.
  llvm::Error close();

private:
  llvm::Expected<uint64_t> fileOffset(llvm::StringRef symbol);

  std::string path;
  std::unique_ptr<llvm::raw_fd_ostream> file;
  std::vector<std::pair<std::string, uint64_t>> symbols; ///< file offsets found so far
};

} // namespace nnc::x86
