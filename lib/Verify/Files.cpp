//===- Files.cpp - The ELF files in a file ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Files.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace nnc::verify {
namespace {

constexpr StringLiteral elfMagic = "\177ELF";

/// In the user's words: what a file is that cannot be checked.
Error notELF(StringRef contents) {
  StringRef start = contents.take_front(4096);
  if (contents.empty())
    return createStringError("is empty");
  if (identify_magic(contents) == file_magic::bitcode)
    return createStringError("is LLVM bitcode; only machine code can be checked");
  if (!all_of(start, [](char c) { return isPrint(c) || isSpace(c) || (c & 0x80); }))
    return createStringError("is not an ELF object, library or program");
  if (start.ltrim().starts_with("{"))
    return createStringError("is a text file, not an ELF object, library or program; a network's "
                             "description belongs behind -manifest=");
  return createStringError("is a text file, not an ELF object, library or program");
}

Expected<std::vector<ElfFile>> readArchive(StringRef path, MemoryBufferRef buffer) {
  Expected<std::unique_ptr<object::Archive>> archive = object::Archive::create(buffer);
  if (!archive)
    return archive.takeError();
  std::vector<ElfFile> files;
  Error walk = Error::success();
  for (const object::Archive::Child &child : (*archive)->children(walk)) {
    Expected<MemoryBufferRef> member = child.getMemoryBufferRef();
    if (!member) {
      consumeError(std::move(walk));
      return member.takeError();
    }
    if (!member->getBuffer().starts_with(elfMagic))
      continue;
    std::string name = (path + "(" + member->getBufferIdentifier() + ")").str();
    // ELF wants its headers aligned; members of archives are only even.
    files.push_back({name, MemoryBuffer::getMemBufferCopy(member->getBuffer(), name)});
  }
  if (walk)
    return std::move(walk);
  if (files.empty())
    return createStringError("is a library without an ELF object");
  return files;
}

} // namespace

Expected<std::vector<ElfFile>> readElfFiles(StringRef path) {
  sys::fs::file_status status;
  if (std::error_code code = sys::fs::status(path, status))
    return createStringError(code.message());
  if (status.type() != sys::fs::file_type::regular_file)
    return createStringError("is not a regular file");
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(buffer.getError().message());
  StringRef contents = (*buffer)->getBuffer();
  if (identify_magic(contents) == file_magic::archive)
    return readArchive(path, **buffer);
  if (!contents.starts_with(elfMagic))
    return notELF(contents);
  std::vector<ElfFile> files;
  files.push_back({path.str(), std::move(*buffer)});
  return files;
}

} // namespace nnc::verify
