//===- Contract.cpp - The core that code is checked for --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/TargetModel.h"
#include "nnc/Verify/Verify.h"

using namespace llvm;

namespace nnc {

Contract::Contract() : cpuFeatures(cantFail(lookupTargetModel("x86", "x86-64-v4")).cpuFeatures) {}

void Contract::setCore(const TargetModel &core) {
  variableLatency = core.variableLatency;
  cpuFeatures = core.cpuFeatures;
}

} // namespace nnc
