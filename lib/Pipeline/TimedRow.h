//===- TimedRow.h - Where the time of a compilation goes -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Pipeline/CompileOptions.h"

#include "llvm/ADT/StringRef.h"

#include <chrono>

namespace nnc {

/// -v: one row with the time from here to the end of the scope.
class TimedRow {
public:
  TimedRow(const CompileOptions &options, llvm::StringRef name) : options(options), name(name) {}
  ~TimedRow();
  TimedRow(const TimedRow &) = delete;
  TimedRow &operator=(const TimedRow &) = delete;

private:
  const CompileOptions &options;
  llvm::StringRef name;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

} // namespace nnc
