//===- DecomposeRows.h - Rows as neighbours plus corrections ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "LinearForms.h"

namespace nnc::dataflow {

/// The forms of a matrix over `inputs`, by its rows: each row as the digits of its weights or,
/// where that puts fewer bits into the sum, as plus or minus another row and the digits of the
/// difference. At most `maxDepth` rows build on each other in this way.
LinearForms decomposeRows(llvm::ArrayRef<std::vector<int64_t>> rows, llvm::ArrayRef<Input> inputs,
                          unsigned maxDepth);

} // namespace nnc::dataflow
