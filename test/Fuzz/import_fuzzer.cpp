//===- import_fuzzer.cpp - Any bytes as a model: a module or diagnostics ----===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// cmake --preset asan -DNNC_FUZZ=ON; ninja -C build/asan import-fuzzer
// build/asan/bin/import-fuzzer -max_len=20000 -timeout=20 -rss_limit_mb=2048 FOLDER-OF-MODELS
//
//===----------------------------------------------------------------------===//
#include "nnc/Import/Import.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  bool reported = false;
  context.getDiagEngine().registerHandler([&](mlir::Diagnostic &diagnostic) {
    reported |= diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    return mlir::success();
  });
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  auto module = nnc::importOnnxBytes(bytes, "model.onnx", {}, context);
  // Refused in silence, accepted with an error, or not well formed: all bugs.
  if (static_cast<bool>(module) == reported || (module && mlir::failed(mlir::verify(*module))))
    std::abort();
  return 0;
}
