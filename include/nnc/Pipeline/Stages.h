//===- Stages.h - The road from model to object --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace nnc {

struct Compilation;

/// One stop. `-stop-after=` and the pipeline itself read the same table.
struct Stage {
  llvm::StringLiteral name;
  llvm::StringLiteral description;
  /// Takes the compilation there; false: failed, and reported.
  bool (*run)(Compilation &);
};

/// The road to `target`.
llvm::ArrayRef<Stage> stages(llvm::StringRef target);

/// The table of docs/Ops.md: every operator that the importer takes.
std::string importedOperators();

} // namespace nnc
