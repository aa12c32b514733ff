//===- ModelWriter.h - From the nn dialect back to ONNX ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Stands with the importer, the only room that sees protobuf: what it writes,
// the importer reads back as the same ops.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Error.h"

#include <string>

namespace nnc {

/// The bytes of an ONNX file with `network`, as it is before stage graph. Error: an op has no
/// ONNX operator of opset 17.
llvm::Expected<std::string> onnxModel(mlir::func::FuncOp network, llvm::StringRef producerVersion);

} // namespace nnc
