//===- TimedRow.cpp - Where the time of a compilation goes ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TimedRow.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

namespace nnc {

TimedRow::~TimedRow() {
  if (!options.verbose)
    return;
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  llvm::errs() << llvm::format("%-10s %8.3f s\n", name.data(), took.count());
}

} // namespace nnc
