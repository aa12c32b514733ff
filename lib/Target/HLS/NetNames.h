//===- NetNames.h - What things are called in a Verilog module ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <string>

namespace nnc::hls {

/// The ONNX nodes of a location as text of a comment: one line, printable.
std::string layerOf(mlir::Location location);

/// Names of one module: legal, each once. The first ONNX node of the location stands in front, so
/// that a layer's nets are found by its name.
class NetNames {
public:
  /// A name that others must not take, a port's.
  void reserve(llvm::StringRef name) { taken.insert(name); }

  /// A net called `hint`, with a number where that is taken.
  std::string unique(mlir::Location location, llvm::StringRef hint);
  /// A net called after the kind of its op, always with a number.
  std::string numbered(mlir::Location location, llvm::StringRef kind);
  /// `rtl.name` if there is one, else after its kind.
  std::string of(mlir::Operation *op);
  /// For bits that nobody reads; linters take what is called so for unused.
  std::string sink();

private:
  bool take(llvm::StringRef name);
  std::string takeNumbered(const std::string &base);

  llvm::StringSet<> taken;
  llvm::StringMap<unsigned> next;
};

} // namespace nnc::hls
