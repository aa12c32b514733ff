//===- ConstantInput.h - Values given by -const= ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Tensor.h"

namespace nnc {

/// The value that `text` (a number, a list of numbers, FILE.npy or FILE.pb) gives to an input of
/// `type`, which may be null; it must fit the type as far as that is known.
llvm::Expected<mlir::ElementsAttr> readConstantInput(llvm::StringRef text,
                                                     const onnx::TypeProto *type,
                                                     TensorReader &tensors,
                                                     mlir::MLIRContext *context);

} // namespace nnc
