//===- SimplifyForm.h - The same steps with a smaller factor ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Flow/StepForms.h"

#include <optional>

namespace nnc::dataflow {

/// A form that rounds down and gives what `form`, which does too, gives for all numbers from
/// `least` to `most`, and whose factor takes fewer adders, if there is one: a product with a
/// constant of few signed digits, as few bits dropped as can be.
flow::StepForm simplifyForm(const flow::StepForm &form, int64_t least, int64_t most);

/// A form that gives `first` and one more at each of the ascending `positions`, for all numbers
/// from `least` to `most`; none if none of few adders was found. Positions beyond `most` are never
/// reached, those up to `least` always.
std::optional<flow::StepForm> fitForm(llvm::ArrayRef<int64_t> positions, int64_t first,
                                      int64_t least, int64_t most);

} // namespace nnc::dataflow
