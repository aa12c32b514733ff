//===- StandardOutput.h - What a program says last ------------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

namespace nnc {

/// Flushes standard output at the end of `main`. The exit status: `status`, or that of an error,
/// which is reported, where not all of it could be written (a full disk).
int finishOutput(int status);

} // namespace nnc
