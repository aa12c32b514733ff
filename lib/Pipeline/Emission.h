//===- Emission.h - From plan and code to files --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Compilation.h"
#include "nnc/Support/NetworkFacts.h"
#include "nnc/Support/OutputFolder.h"
#include "nnc/Target/CPU/EntryFunctions.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace nnc {

/// What the parts of an emission share, in the order in which it is filled.
struct Emission {
  Compilation &c;
  plan::ProgramOp program;
  ConstantSection constants;
  NetworkFacts facts;
  OutputFolder folder;
  std::optional<KnownAnswer> answer;
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module; ///< kernels and entries
  std::string object;                   ///< path of the finished object, a temporary

  bool wants(llvm::StringRef kind) const;
};

/// Emits the object, fills in the constants, checks the promises on it and
/// writes what became known into NAME_model.
llvm::Error emitObject(Emission &e);

/// Checks the promises on the object; fills proofs, stack and code bytes of
/// the facts. Error: a promise is broken; names the functions and places.
llvm::Error checkObject(Emission &e);

/// -verify: runs the object here on `options.verifyData` and compares with the
/// interpreter and with the outputs that the data expect. Error: they differ,
/// or a linker or this processor's instructions are missing.
llvm::Error verifyNative(Emission &e);

/// -emit=test: adds NAME_test.c and NAME_vectors.h to the folder.
llvm::Error emitTest(Emission &e);

} // namespace nnc
