//===- StandardOutput.cpp - What a program says last ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/StandardOutput.h"

#include "llvm/Support/raw_ostream.h"

namespace nnc {

int finishOutput(int status) {
  llvm::raw_fd_ostream &os = llvm::outs();
  os.flush();
  if (!os.has_error())
    return status;
  llvm::errs() << "error: cannot write to standard output: " << os.error().message() << "\n";
  os.clear_error(); // else the stream's destructor would abort
  return status == 0 ? 1 : status;
}

} // namespace nnc
