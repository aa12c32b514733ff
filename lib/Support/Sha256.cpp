//===- Sha256.cpp - Fingerprints of files --------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/Sha256.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

#include <openssl/evp.h>
#include <vector>

using namespace llvm;

namespace nnc {

struct Sha256::Context {
  EVP_MD_CTX *evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

Sha256::Sha256() : context(std::make_unique<Context>()) {
  EVP_DigestInit_ex(context->evp, EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

void Sha256::update(StringRef bytes) { EVP_DigestUpdate(context->evp, bytes.data(), bytes.size()); }

void Sha256::update(ArrayRef<uint8_t> bytes) { update(toStringRef(bytes)); }

std::string Sha256::hex() {
  uint8_t digest[32];
  EVP_DigestFinal_ex(context->evp, digest, nullptr);
  return toHex(digest, /*LowerCase=*/true);
}

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
