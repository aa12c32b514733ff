//===- GraphImporter.h - From a checked model to a function -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "NodeImporter.h"

#include "dialects/NN/Packing.h"
#include "nnc/Import/Import.h"

#include <optional>

namespace nnc {

/// Builds the function of one model. Everything that stands in the way is reported before
/// the import as a whole fails.
class GraphImporter {
public:
  GraphImporter(onnx::ModelProto &model, llvm::StringRef path, const ImportOptions &options,
                mlir::MLIRContext &context);

  mlir::OwningOpRef<mlir::ModuleOp> run();

private:
  /// Where a value comes from: one of the three, or an input of the function.
  struct Source {
    onnx::TensorProto *initializer = nullptr;
    int node = -1;
    const onnx::ValueInfoProto *input = nullptr;
  };

  // Model.cpp: what is wrong with the model as a whole.
  bool checkVersions();
  bool collectNames();
  bool addSource(llvm::StringRef name, Source source, llvm::StringRef what);
  bool checkOptions();
  bool checkPortName(llvm::StringRef name, llvm::StringRef what);
  bool checkPortCount();

  // Inputs.cpp: the function's arguments.
  bool addInputs();
  bool addInput(llvm::StringRef name, const onnx::ValueInfoProto *info);
  mlir::Value addArgument(llvm::StringRef name, mlir::RankedTensorType type);
  bool addConstantInput(llvm::StringRef name, const onnx::ValueInfoProto *info,
                        llvm::StringRef text);
  bool takesItsShape(llvm::StringRef name, const onnx::TypeProto *type);
  std::optional<llvm::SmallVector<int64_t>> inputShape(llvm::StringRef name,
                                                       const onnx::TypeProto *type);
  bool fillDimensions(llvm::StringRef name, const onnx::TensorShapeProto &proto,
                      llvm::MutableArrayRef<int64_t> shape);
  bool failUnknown(llvm::StringRef name, const onnx::TensorShapeProto &proto,
                   llvm::ArrayRef<int64_t> shape);
  bool checkGivenShape(llvm::StringRef name, const onnx::TensorShapeProto &proto,
                       llvm::ArrayRef<int64_t> shape);
  bool isBatch(llvm::StringRef symbol, llvm::ArrayRef<int64_t> shape) const;
  const onnx::ValueInfoProto *valueInfo(llvm::StringRef name) const;

  // GraphImporter.cpp: the function's body.
  std::vector<std::string> outputNames() const;
  std::optional<std::vector<int>> orderNodes();
  bool checkSources(const llvm::BitVector &needed);
  bool checkUnread(const llvm::BitVector &needed);
  llvm::BitVector neededNodes();
  void reportCycle(llvm::ArrayRef<int> pending);
  void importNode(int index);
  bool importKnownNode(int index, const OpEntry &entry, llvm::ArrayRef<mlir::Value> operands);
  const OpEntry *checkOperator(int index);
  std::string refusal(const onnx::NodeProto &node, const OpEntry *entry) const;
  std::string wayAround(const onnx::NodeProto &node);
  mlir::Value value(llvm::StringRef name);
  mlir::Location nodeLoc(int index);
  bool returnOutputs();
  mlir::Value packed(llvm::StringRef name, mlir::Value result, mlir::NamedAttrList &attributes);
  void remarkOnShape(llvm::StringRef name, const onnx::TypeProto &stated,
                     mlir::RankedTensorType computed);

  mlir::InFlightDiagnostic error(const llvm::Twine &message);
  bool fail(const llvm::Twine &message, const llvm::Twine &help = "");

  onnx::ModelProto &model;
  onnx::GraphProto &graph;
  const ImportOptions &options;
  mlir::MLIRContext *context;
  std::string path;
  mlir::Location fileLoc;
  TensorReader tensors;
  mlir::OpBuilder builder;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::func::FuncOp function;
  int opset = 0;
  llvm::StringMap<Source> sources;
  llvm::StringSet<> wanted;            ///< what an output or a needed node reads
  llvm::StringMap<mlir::Value> values; ///< null: could not be imported, was reported
  std::vector<mlir::NamedAttrList> argumentAttributes;
  unsigned refusedNodes = 0;                  ///< reported one by one up to a limit
  llvm::StringMap<unsigned> unlistedRefusals; ///< by operator, beyond the limit
};

} // namespace nnc
