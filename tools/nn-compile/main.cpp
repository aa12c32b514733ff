//===- main.cpp - nn-compile: from ONNX to a fixed program ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CommandLine.h"
#include "nnc/Pipeline/Compile.h"

int main(int argc, char **argv) {
  nnc::Request request = nnc::parseCommandLine(argc, argv);
  if (request.exitCode)
    return *request.exitCode;
  return nnc::compile(request.options) ? 0 : 1;
}
