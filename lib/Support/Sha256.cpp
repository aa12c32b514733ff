//===- Sha256.cpp - Fingerprints of files --------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/OutputFolder.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SHA256.h"

#include <vector>

using namespace llvm;

namespace nnc {

std::string sha256OfBytes(StringRef bytes) {
  return toHex(SHA256::hash(arrayRefFromStringRef(bytes)), /*LowerCase=*/true);
}

Expected<std::string> sha256OfFile(StringRef path) {
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(path);
  if (!file)
    return file.takeError();
  SHA256 hash;
  std::vector<char> chunk(1 << 20); // read and not mapped: the file may be hundreds of megabytes
  Error error = Error::success();
  while (true) {
    Expected<size_t> got = sys::fs::readNativeFile(*file, chunk);
    if (!got) {
      error = got.takeError();
      break;
    }
    if (*got == 0)
      break;
    hash.update(ArrayRef<uint8_t>(reinterpret_cast<uint8_t *>(chunk.data()), *got));
  }
  sys::fs::closeFile(*file);
  if (error)
    return std::move(error);
  return toHex(hash.final(), /*LowerCase=*/true);
}

} // namespace nnc
