//===- EmitTest.cpp - -emit=test: a C program that knows the answers ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Emission.h"
#include "Oracle.h"
#include "nnc/Target/CPU/TestProgram.h"

using namespace llvm;

namespace nnc {

static std::vector<std::vector<char>> bytesOf(ArrayRef<Tensor> tensors) {
  std::vector<std::vector<char>> bytes;
  for (const Tensor &tensor : tensors)
    bytes.push_back(tensor.bytes().vec());
  return bytes;
}

Error emitTest(Emission &e) {
  static constexpr std::pair<StringLiteral, Pattern> patterns[] = {
      {"random", Pattern::Random}, {"zeros", Pattern::Zeros}, {"extremes", Pattern::Extremes}};
  std::vector<TestVector> vectors;
  for (auto [name, pattern] : patterns) {
    std::vector<Tensor> inputs = makeInputs(inputPorts(e.c), pattern);
    Expected<std::vector<Tensor>> outputs = interpretNetwork(e.c, inputs);
    if (!outputs)
      return outputs.takeError();
    vectors.push_back({name.str(), bytesOf(inputs), bytesOf(*outputs)});
  }
  if (Error error =
          e.folder.write("test", e.c.name + "_test.c", testSourceText(e.facts, vectors.size())))
    return error;
  return e.folder.write("test", e.c.name + "_vectors.h", testVectorsText(e.facts, vectors));
}

} // namespace nnc
