//===- NativeNetwork.h - Calls a compiled network ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Pipeline/Session.h"

#include "llvm/Support/DynamicLibrary.h"

namespace nnc {

/// A shared library that nn-compile wrote, with an arena of its own.
class NativeNetwork {
public:
  /// Error: it cannot be loaded, or this processor lacks its instructions.
  static llvm::Expected<NativeNetwork> load(llvm::StringRef library, llvm::StringRef name,
                                            llvm::ArrayRef<Port> outputs, int64_t arenaBytes);

  llvm::Expected<std::vector<Tensor>> run(llvm::ArrayRef<Tensor> inputs);
  /// Runs steps [first, end) into `outputs`, which persist between calls.
  llvm::Error runSteps(llvm::ArrayRef<Tensor> inputs, llvm::MutableArrayRef<Tensor> outputs,
                       uint16_t first, uint16_t end);
  const char *arena() const { return memory.data() + aligned; }
  std::vector<Tensor> makeOutputs() const;

private:
  using RunSteps = int (*)(const void *const *, void *const *, void *, uint16_t, uint16_t);
  using RunV = int (*)(const void *const *, void *const *, void *);
  RunV runV = nullptr;
  RunSteps steps = nullptr;
  std::vector<Port> outputs;
  std::vector<char> memory;
  size_t aligned = 0;
};

} // namespace nnc
