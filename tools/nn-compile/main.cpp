//===- main.cpp - nn-compile: from ONNX to a fixed program ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CommandLine.h"
#include "nnc/Pipeline/Compile.h"
#include "nnc/Support/StandardOutput.h"

int main(int argc, char **argv) {
  nnc::Request request = nnc::parseCommandLine(argc, argv);
  return nnc::finishOutput(request.exitCode ? *request.exitCode : !nnc::compile(request.options));
}
