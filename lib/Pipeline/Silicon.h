//===- Silicon.h - The road from integers to Verilog ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Compilation.h"
#include "nnc/Target/HLS/Package.h"

#include "llvm/Support/Error.h"

namespace nnc {

/// -input-format: notes the formats on the arguments of the imported network. False: one is
/// malformed or names no float input; reported.
bool noteInputFormats(Compilation &compilation);

/// Stage dataflow: the network's edges of floats go, scales are proved, engines chosen.
bool runDataflow(Compilation &compilation);

/// Stage rtl: engines become modules; fills `compilation.silicon`.
bool runWiring(Compilation &compilation);

/// Frames for the core and what the interpreter makes of them: those of -vectors=DATA, or ends of
/// the inputs' ranges and, of many by chance, those that come nearest to steps of results.
llvm::Expected<hls::GoldenVectors> makeVectors(const Compilation &compilation);

/// Adds to the engines of `compilation.silicon` what is known of the finished design: buses,
/// clocks, area.
void describeDesign(Compilation &compilation);

/// -luts, -brams, -dsps, -max-latency: a complaint for each that is not kept, the biggest users and
/// what would keep it.
llvm::Error checkSiliconBudgets(const Compilation &compilation);

/// From the finished design to the files of the output folder.
bool emitSilicon(Compilation &compilation);

} // namespace nnc
