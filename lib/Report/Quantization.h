//===- Quantization.h - What the report says of quantization -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/QuantizationFacts.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace nnc {

/// A section of report.html: the outputs' errors, and all values that are stored as integers,
/// the worst first.
void writeQuantizationHtml(const QuantizationFacts &facts, llvm::raw_ostream &os);

/// The same in short, for NAME.json.
llvm::json::Object quantizationSummary(const QuantizationFacts &facts);

} // namespace nnc
