//===- Import.cpp - Reading the file and its options --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Import/Import.h"

#include "GraphImporter.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <google/protobuf/stubs/logging.h>

using namespace llvm;
using namespace mlir;

namespace nnc {

/// The same twice is no harm; two values for one name are.
template <typename Map, typename Value>
static Error addOnce(Map &map, StringRef option, StringRef name, const Value &value) {
  auto [it, isNew] = map.try_emplace(name.str(), value);
  if (!isNew && it->second != value)
    return createStringError(option + ": '" + name + "' has another value already");
  return Error::success();
}

Error addShapeOption(StringRef text, ImportOptions &options) {
  auto bad = [&] {
    return createStringError("-shape=" + text + ": expected INPUT:1x3x224x224 or SYMBOL=8");
  };
  // The last colon splits, since names may hold colons; a symbol's value is a number.
  size_t colon = text.rfind(':'), equals = text.rfind('=');
  if (equals != StringRef::npos && (colon == StringRef::npos || equals > colon)) {
    int64_t size;
    if (equals == 0 || text.drop_front(equals + 1).getAsInteger(10, size) || size < 1)
      return bad();
    return addOnce(options.symbols, "-shape=" + text.str(), text.take_front(equals), size);
  }
  if (colon == StringRef::npos || colon == 0)
    return bad();
  SmallVector<StringRef> parts;
  if (StringRef sizes = text.drop_front(colon + 1); !sizes.empty())
    sizes.split(parts, 'x');
  std::vector<int64_t> shape;
  for (StringRef part : parts)
    if (part.getAsInteger(10, shape.emplace_back()) || shape.back() < 0)
      return bad();
  return addOnce(options.inputShapes, "-shape=" + text.str(), text.take_front(colon), shape);
}

Error addConstOption(StringRef text, ImportOptions &options) {
  auto [name, value] = text.split('=');
  if (name.empty() || (value.empty() && text.contains('=')))
    return createStringError("-const=" + text +
                             ": expected INPUT, INPUT=VALUE, INPUT=FILE.npy or INPUT=FILE.pb");
  return addOnce(options.constants, "-const=" + text.str(), name, value.str());
}

/// Why the file cannot be read, or its bytes.
static Expected<std::unique_ptr<MemoryBuffer>> readFile(StringRef path) {
  sys::fs::file_status status;
  if (std::error_code error = sys::fs::status(path, status))
    return createStringError("cannot read the model: " + error.message());
  if (status.type() != sys::fs::file_type::regular_file)
    return createStringError("cannot read the model: not a regular file");
  if (status.getSize() > INT32_MAX)
    return createStringError("the model has more than 2 GiB; keep its weights as external data");
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot read the model: " + buffer.getError().message());
  return std::move(*buffer);
}

static Expected<std::unique_ptr<onnx::ModelProto>> parse(StringRef bytes) {
  google::protobuf::LogSilencer silencer;
  auto model = std::make_unique<onnx::ModelProto>();
  if (!model->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return createStringError("the file is no ONNX model (damaged, cut off, or nested too deep)");
  if (!model->has_graph())
    return createStringError("the file is no ONNX model (it holds no graph)");
  return model;
}

static OwningOpRef<ModuleOp> refuse(StringRef path, Error error, MLIRContext &context) {
  emitError(FileLineColLoc::get(&context, sys::path::filename(path), 0, 0))
      << toString(std::move(error));
  return nullptr;
}

static OwningOpRef<ModuleOp> importModel(std::unique_ptr<onnx::ModelProto> model, StringRef path,
                                         const ImportOptions &options, MLIRContext &context) {
  context.loadDialect<nn::NNDialect, func::FuncDialect>();
  return GraphImporter(*model, path, options, context).run();
}

OwningOpRef<ModuleOp> importOnnxBytes(StringRef bytes, StringRef path, const ImportOptions &options,
                                      MLIRContext &context) {
  auto model = parse(bytes);
  if (!model)
    return refuse(path, model.takeError(), context);
  return importModel(std::move(*model), path, options, context);
}

OwningOpRef<ModuleOp> importOnnx(StringRef path, const ImportOptions &options,
                                 MLIRContext &context) {
  auto file = readFile(path);
  if (!file)
    return refuse(path, file.takeError(), context);
  auto model = parse((*file)->getBuffer());
  file->reset(); // the model holds its own copy
  if (!model)
    return refuse(path, model.takeError(), context);
  return importModel(std::move(*model), path, options, context);
}

} // namespace nnc
