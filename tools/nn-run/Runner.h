//===- Runner.h - Runs data sets and judges the answers ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Pipeline/Session.h"

namespace nnc {

struct RunOptions {
  CompileOptions compile;
  std::string data;    ///< folder or .npz; empty: see loadData
  std::string against; ///< another form of the network, for `layers`; empty: none
  std::string save;    ///< folder for output_J.pb; empty: nowhere
  Way way = Way::Interpreter;
  bool compare = false, layers = false;
};

/// False: something failed or differs; told on stderr.
bool run(const RunOptions &options);

} // namespace nnc
