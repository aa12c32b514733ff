//===- ModelOptions.h - Which network, and for which processor -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Arguments.h"
#include "nnc/Pipeline/CompileOptions.h"

namespace nnc {

/// How a tool's table numbers the options that say which network is meant.
struct ModelOptionIDs {
  unsigned shape, constant, inputs, outputs, io;
};

/// Reads them into `options`, whose model is known; a text takes none of them.
void readModelOptions(const Arguments &args, const ModelOptionIDs &ids, CompileOptions &options,
                      Usage &usage);

/// Reads -cpu for `options.target`; not given: `otherwise`.
void readCpu(const Arguments &args, unsigned id, llvm::StringRef otherwise, CompileOptions &options,
             Usage &usage);

/// How a tool's table numbers the options that say how a network becomes hardware.
struct StyleOptionIDs {
  unsigned style, lanes, pipeline, inputFormat;
};

/// Reads them into `options`.
void readStyle(const Arguments &args, const StyleOptionIDs &ids, CompileOptions &options,
               Usage &usage);

/// The number from `least` to `most` that an option has; not given: `otherwise`.
unsigned readNumber(const Arguments &args, unsigned id, unsigned otherwise, unsigned least,
                    unsigned most, Usage &usage);

/// Reads -exact into `options`.
void readExact(const Arguments &args, unsigned id, CompileOptions &options, Usage &usage);

} // namespace nnc
