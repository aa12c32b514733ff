//===- ObjectPatch.cpp - Bytes that an object gets after it was written --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/X86/ObjectPatch.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace nnc::x86 {

Expected<ObjectPatch> ObjectPatch::open(StringRef path) {
  ObjectPatch patch;
  patch.path = path.str();
  std::error_code code;
  patch.file = std::make_unique<raw_fd_ostream>(path, code, sys::fs::CD_OpenExisting,
                                                sys::fs::FA_Write, sys::fs::OF_None);
  if (code)
    return createStringError(code, "cannot open '" + path + "': " + code.message());
  return std::move(patch);
}

/// Where the data of `symbol` begins in the file.
Expected<uint64_t> ObjectPatch::fileOffset(StringRef symbol) {
  for (auto &[name, offset] : symbols)
    if (name == symbol)
      return offset;
  auto binary = object::ObjectFile::createObjectFile(path);
  if (!binary)
    return binary.takeError();
  for (const object::SymbolRef &s : (*binary).getBinary()->symbols()) {
    Expected<StringRef> name = s.getName();
    if (!name)
      return name.takeError();
    if (*name != symbol)
      continue;
    auto section = s.getSection();
    if (!section)
      return section.takeError();
    auto value = s.getValue();
    if (!value)
      return value.takeError();
    symbols.push_back({symbol.str(), object::ELFSectionRef(**section).getOffset() + *value});
    return symbols.back().second;
  }
  return createStringError("the object has no symbol '" + symbol + "'");
}

Error ObjectPatch::write(StringRef symbol, uint64_t offset, ArrayRef<char> bytes) {
  Expected<uint64_t> at = fileOffset(symbol);
  if (!at)
    return at.takeError();
  file->pwrite(bytes.data(), bytes.size(), *at + offset);
  return Error::success();
}

Error ObjectPatch::close() {
  file->close();
  std::error_code code = file->error();
  file->clear_error();
  return code ? createStringError(code, "cannot write '" + path + "': " + code.message())
              : Error::success();
}

} // namespace nnc::x86
