//===- Diagnostics.h - How the user reads an error -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Error.h"

namespace nnc {

/// Prints diagnostics to stderr as `FILE: error: 'NODE' text`, each one
/// printable line, the ONNX node taken from the location. Remarks are dropped
/// if `quiet`.
class DiagnosticPrinter : public mlir::ScopedDiagnosticHandler {
public:
  DiagnosticPrinter(mlir::MLIRContext *context, llvm::StringRef model, bool quiet);

private:
  void print(mlir::Diagnostic &diagnostic);
  std::string model;
  bool quiet;
};

/// `type` as the IR spells it: tensor<1x4xf32>.
std::string irText(mlir::Type type);

/// Each of the joined errors as a diagnostic of its own, about the model as a whole.
void reportErrors(llvm::Error errors, mlir::MLIRContext &context);

} // namespace nnc
