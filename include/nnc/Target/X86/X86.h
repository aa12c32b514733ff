//===- X86.h - Objects and libraries for x86-64 Linux --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/TargetModel.h"
#include "nnc/Target/CPU/EntryFunctions.h"

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <string>

namespace nnc::x86 {

/// MXCSR around the steps, CPUID for NAME_cpu_ok, the crc32 instruction.
std::unique_ptr<EntryHooks> createEntryHooks(const TargetModel &target);

/// The ELF note by which the loader refuses a program on a lesser machine.
void addIsaNote(llvm::Module &module, const TargetModel &target);

/// Optimises `module` in place: scalar clean-up and loop-invariant motion; no
/// pass that makes a branch of a select, unrolls, or vectorises.
llvm::Error optimize(llvm::Module &module, const TargetModel &target);

/// Writes the module as an object or as assembler text. A failure inside of
/// LLVM is an error that names the function it was compiling.
llvm::Error emit(llvm::Module &module, const TargetModel &target, bool assembler,
                 llvm::raw_pwrite_stream &os);

/// Writes `member` (a file) into a static library at `path`, under the name `memberName`.
llvm::Error writeStaticLibrary(llvm::StringRef path, llvm::StringRef member,
                               llvm::StringRef memberName);

/// Path of the system's linker; empty if there is none.
std::string findLinker();

/// Links `object` into a shared library with `linker`.
llvm::Error linkSharedLibrary(llvm::StringRef linker, llvm::StringRef object, llvm::StringRef path,
                              llvm::StringRef soname);

} // namespace nnc::x86
