//===- CalibrationData.h - Inputs that ranges are measured on ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Pipeline/Session.h"

namespace nnc {

/// The samples of -calibrate=, cut out of their arrays one by one: together they
/// may be much larger than what a network needs at once.
class CalibrationData {
public:
  /// Of the .npz files and folders `paths`. Error: what is wrong, naming file and input.
  static llvm::Expected<CalibrationData>
  load(llvm::ArrayRef<std::string> paths, llvm::ArrayRef<Port> inputs, mlir::MLIRContext &context);

  int64_t size() const { return samples; }
  /// The files that the samples came from.
  llvm::ArrayRef<std::string> pathsRead() const { return paths; }
  /// One tensor per input of the network.
  std::vector<Tensor> sample(int64_t i) const;

private:
  /// Arrays, one per input, of `samples` samples each.
  struct Source {
    std::vector<Tensor> arrays;
    int64_t samples = 0;
  };
  static llvm::Expected<Source> readArrays(llvm::StringRef path, llvm::ArrayRef<Port> inputs,
                                           mlir::MLIRContext &context);
  llvm::Error addFolder(llvm::StringRef path, mlir::MLIRContext &context);

  std::vector<Port> inputs;
  std::vector<Source> sources;
  std::vector<std::string> paths;
  int64_t samples = 0;
};

} // namespace nnc
