//===- Hardware.h - What the report says of hardware --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/HardwareFacts.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace nnc {

/// Sections of report.html: the area of each layer, the engines as a block diagram, and when each
/// of them works.
void writeHardwareHtml(const HardwareFacts &facts, llvm::raw_ostream &os);

/// Fields of NAME.json: `area` of the core, and `layers`.
void writeHardwareJson(const HardwareFacts &facts, llvm::json::OStream &out);

} // namespace nnc
