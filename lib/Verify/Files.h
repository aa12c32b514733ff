//===- Files.h - The ELF files in a file -------------------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>
#include <vector>

namespace nnc::verify {

/// An ELF file, or one that is a member of a static library.
struct ElfFile {
  std::string name; ///< the path, "libkws.a(kws.o)" for a member
  std::unique_ptr<llvm::MemoryBuffer> buffer;
};

/// What `path` holds; members of libraries that are no ELF files are left out.
/// Error: unreadable, or neither an ELF file nor a library of such.
llvm::Expected<std::vector<ElfFile>> readElfFiles(llvm::StringRef path);

} // namespace nnc::verify
