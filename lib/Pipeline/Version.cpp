//===- Version.cpp - Who we are ------------------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Pipeline/Version.h"
#include "nnc/Support/TargetModel.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"

namespace nnc {

llvm::StringRef compilerVersion() { return "nn-compile " NNC_VERSION; }
llvm::StringRef numericSpecVersion() { return "1.6"; }

std::string versionText() {
  return (compilerVersion() + "\nLLVM " LLVM_VERSION_STRING "\nnumeric spec " +
          numericSpecVersion() + "\ntargets: " + llvm::join(knownTargets(), ", ") + "\n")
      .str();
}

} // namespace nnc
