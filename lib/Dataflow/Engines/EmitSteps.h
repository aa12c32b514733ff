//===- EmitSteps.h - Sums brought to a narrower range, as rtl ops ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "EmitAdders.h"
#include "dialects/Flow/StepForms.h"

namespace nnc::dataflow {

/// What is added to sum * factor so that dropping bits rounds as the form says, up to ties: its
/// offset, and next to a half.
int64_t roundingOffset(const flow::StepForm &form);

/// The form's result, `width` bits, for a number that is sum * factor + roundingOffset already.
mlir::Value emitRounding(rtl::Wires &wires, const Number &product, const flow::StepForm &form,
                         unsigned width);

/// What is subtracted from a sum beforehand, so that its sign is the first comparison.
int64_t middleThreshold(llvm::ArrayRef<int64_t> thresholds);

/// `least` and the number of thresholds that a sum reaches, `width` bits; `sum` is less by
/// middleThreshold already. One comparison for each bit of the count.
mlir::Value emitThresholds(rtl::Wires &wires, const Number &sum, llvm::ArrayRef<int64_t> thresholds,
                           int64_t least, unsigned width);

} // namespace nnc::dataflow
