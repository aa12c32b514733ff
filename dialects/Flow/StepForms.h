//===- StepForms.h - Sums brought to a narrower range --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/Ties.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>

namespace nnc::flow {

using nnc::Ties;

/// clamp(round((x * factor + offset) / 2^shift), least, most), in 64 bits.
struct StepForm {
  static constexpr unsigned numbers = 6;

  int64_t factor = 1, offset = 0, shift = 0;
  Ties ties = Ties::Down;
  int64_t least = 0, most = 0;

  static StepForm read(llvm::ArrayRef<int64_t> row) {
    return {row[0], row[1], row[2], Ties(row[3]), row[4], row[5]};
  }
  llvm::SmallVector<int64_t, numbers> row() const {
    return {factor, offset, shift, int64_t(ties), least, most};
  }
  int64_t operator()(int64_t x) const;
  /// Before the clamp.
  int64_t rounded(int64_t x) const;
};

} // namespace nnc::flow
