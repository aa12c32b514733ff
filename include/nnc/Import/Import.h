//===- Import.h - From ONNX files to the nn dialect ------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only room that sees protobuf. One table (OpTable.cpp) says which
// operators, opsets and element types are imported; all that stands in the
// way of a model is reported in one pass.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace nnc {

/// How a model is read. The text forms are those of the command line.
struct ImportOptions {
  /// Name of the function that holds the network; empty: "main".
  std::string name;
  /// -shape=INPUT:1x3x224x224.
  std::map<std::string, std::vector<int64_t>> inputShapes;
  /// -shape=SYMBOL=8.
  std::map<std::string, int64_t> symbols;
  /// -const=INPUT[=VALUE|FILE.npy|FILE.pb]: input to the text after '='.
  std::map<std::string, std::string> constants;
  /// -inputs=A,B and -outputs=C,D: the subgraph between these values; empty: the model's own.
  std::vector<std::string> inputs, outputs;
  /// If set, receives the paths of all files read besides the model, for depfiles.
  std::vector<std::string> *pathsRead = nullptr;
};

/// Adds one -shape= to `options`: `INPUT:1x3x8`, split at the last colon (`INPUT:` is a
/// scalar), or `SYMBOL=8`. Fails on text that is neither.
llvm::Error addShapeOption(llvm::StringRef text, ImportOptions &options);

/// Adds one -const= to `options`: `INPUT`, `INPUT=VALUE`, `INPUT=FILE.npy` or `INPUT=FILE.pb`.
llvm::Error addConstOption(llvm::StringRef text, ImportOptions &options);

/// The network of the ONNX file at `path` as a module with one function. On failure every
/// obstacle has been emitted as a diagnostic of `context` and the result is null.
mlir::OwningOpRef<mlir::ModuleOp> importOnnx(llvm::StringRef path, const ImportOptions &options,
                                             mlir::MLIRContext &context);

/// The same for a file's bytes; external data is looked for beside `path`.
mlir::OwningOpRef<mlir::ModuleOp> importOnnxBytes(llvm::StringRef bytes, llvm::StringRef path,
                                                  const ImportOptions &options,
                                                  mlir::MLIRContext &context);

/// docs/Ops.md: every imported operator with its opsets, element types and limits.
std::string opsMarkdown();

} // namespace nnc
