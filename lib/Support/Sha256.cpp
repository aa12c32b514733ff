//===- Sha256.cpp - Fingerprints of files --------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/OutputFolder.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

#include <memory>
#include <openssl/evp.h>
#include <vector>

using namespace llvm;

namespace nnc {
namespace {

/// libcrypto's, which uses the processor's SHA instructions: a model of half a
/// gigabyte is hashed several times.
class Sha256 {
public:
  Sha256() : context(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  }
  void update(StringRef bytes) { EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()); }
  std::string hex() {
    uint8_t digest[32];
    EVP_DigestFinal_ex(context.get(), digest, nullptr);
    return toHex(digest, /*LowerCase=*/true);
  }

private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context;
};

} // namespace

std::string sha256OfBytes(StringRef bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

Expected<std::string> sha256OfFile(StringRef path) {
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(path);
  if (!file)
    return createStringError("cannot read '" + path + "': " + toString(file.takeError()));
  Sha256 hash;
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
    hash.update(StringRef(chunk.data(), *got));
  }
  sys::fs::closeFile(*file);
  if (error)
    return std::move(error);
  return hash.hex();
}

} // namespace nnc
