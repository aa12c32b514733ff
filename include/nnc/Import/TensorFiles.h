//===- TensorFiles.h - Tensors in .pb, .npy and .npz files ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace nnc {

/// A tensor with the name it has in its file; empty where files have none.
struct NamedTensor {
  std::string name;
  mlir::ElementsAttr value;
};

/// The tensor in an ONNX .pb file or a numpy .npy file.
llvm::Expected<mlir::ElementsAttr> readTensor(llvm::StringRef path, mlir::MLIRContext &context);

/// The tensors of a numpy .npz file, stored or deflated, as savez and savez_compressed write them.
llvm::Expected<std::vector<NamedTensor>> readNpz(llvm::StringRef path, mlir::MLIRContext &context);

/// How many tensors of `shape` an array of shape `array` holds: one, or several along a leading
/// axis that is either the batch or stands before it. None: it is no array of them.
std::optional<int64_t> countSamples(llvm::ArrayRef<int64_t> array, llvm::ArrayRef<int64_t> shape);

/// An ONNX .pb file with one tensor of these row-major bytes.
llvm::Error writeTensor(llvm::StringRef path, llvm::StringRef name, mlir::RankedTensorType type,
                        llvm::ArrayRef<char> bytes);

} // namespace nnc
