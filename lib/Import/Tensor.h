//===- Tensor.h - ONNX tensors and types ------------------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "mlir/IR/AsmState.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"

#include "dialects/NN/ElementTypes.h"
#include "onnx/onnx_pb.h"

#include <memory>
#include <set>

namespace nnc {

using nn::maxElements;
using nn::maxRank;
using nn::shapeProblem;

/// The name of an ONNX element type, e.g. "float16"; "number 77" if there is none.
std::string dataTypeName(int32_t dataType);

/// `f32[1,3,8,8]`, as diagnostics show types.
std::string typeText(mlir::Type type);

/// The element type, or an error that names what is not supported.
llvm::Expected<mlir::Type> elementType(int32_t dataType, mlir::MLIRContext *context);

/// Reads tensors, once each: large ones become resource blobs that own their bytes.
class TensorReader {
public:
  /// External data is looked for beside the model at `modelPath`.
  TensorReader(llvm::StringRef modelPath, mlir::MLIRContext *context)
      : modelPath(modelPath), context(context) {}

  /// The value of `tensor`, whose data is moved out of it; `nameHint` names the blob.
  llvm::Expected<mlir::ElementsAttr> read(onnx::TensorProto &tensor, llvm::StringRef nameHint);

  /// Whether `tensor` holds as much data as it says; files beside the model are not looked at.
  llvm::Error check(const onnx::TensorProto &tensor);

  /// A constant of `type` that owns `bytes` (row-major, bool one byte an element).
  mlir::ElementsAttr own(mlir::RankedTensorType type, std::unique_ptr<std::string> bytes,
                         llvm::StringRef nameHint);

  /// Remembers that the result depends on the file at `path`.
  void noteRead(llvm::StringRef path) { paths.insert(path.str()); }
  /// The files read beside the model: external data and those of -const.
  const std::set<std::string> &pathsRead() const { return paths; }

private:
  using File = std::shared_ptr<llvm::sys::fs::mapped_file_region>;
  /// A piece of a mapped file; the file is null if it is empty.
  struct Mapped {
    File file;
    llvm::ArrayRef<char> bytes;
  };

  llvm::Expected<mlir::RankedTensorType> type(const onnx::TensorProto &tensor);
  llvm::Expected<Mapped> external(const onnx::TensorProto &tensor, int64_t bytes);
  llvm::Expected<File> open(llvm::StringRef location);
  mlir::ElementsAttr share(mlir::RankedTensorType type, Mapped mapped, llvm::StringRef nameHint);
  mlir::ElementsAttr blob(mlir::RankedTensorType type, llvm::ArrayRef<char> data,
                          mlir::AsmResourceBlob::DeleterFn deleter, llvm::StringRef nameHint);

  std::string modelPath;
  mlir::MLIRContext *context;
  llvm::StringMap<File> files; ///< by location, as the model spells it
  std::set<std::string> paths;
};

} // namespace nnc
