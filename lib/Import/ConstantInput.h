//===- ConstantInput.h - Values given by -const= ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Tensor.h"

namespace nnc {

/// Whether `text` is FILE.npy or FILE.pb, not numbers.
bool isTensorFile(llvm::StringRef text);

/// The value that `text` (a number, a list of numbers, FILE.npy or FILE.pb) gives to an input of
/// `type`, which may be null; it must fit the type as far as that is known. Numbers have `shape`
/// if that is given; one number fills it.
llvm::Expected<mlir::ElementsAttr>
readConstantInput(llvm::StringRef text, const onnx::TypeProto *type,
                  std::optional<llvm::SmallVector<int64_t>> shape, TensorReader &tensors,
                  mlir::MLIRContext *context);

/// The tensor in FILE.pb or FILE.npy.
llvm::Expected<mlir::ElementsAttr> readTensorFile(llvm::StringRef path, TensorReader &tensors,
                                                  mlir::MLIRContext *context);

/// The tensor in `data`, the bytes of an npy file; `path` is for messages.
llvm::Expected<mlir::ElementsAttr> readNpyBytes(llvm::StringRef data, llvm::StringRef path,
                                                TensorReader &tensors, mlir::MLIRContext *context);

} // namespace nnc
