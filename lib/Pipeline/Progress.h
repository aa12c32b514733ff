//===- Progress.h - How far a long loop is -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

namespace nnc {

/// One line on stderr that counts, where stderr is a terminal; it is gone in the end.
class Progress {
public:
  Progress(llvm::StringRef what, int64_t total, bool quiet)
      : what(what), total(total), shown(!quiet && llvm::sys::Process::StandardErrIsDisplayed()) {}
  ~Progress() {
    if (shown)
      llvm::errs() << "\r\x1b[K";
  }
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  void step() {
    ++done;
    if (shown)
      llvm::errs() << "\r" << what << " " << done << " of " << total;
  }

private:
  llvm::StringRef what;
  int64_t total, done = 0;
  bool shown;
};

} // namespace nnc
