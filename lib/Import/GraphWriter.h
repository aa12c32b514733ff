//===- GraphWriter.h - Nodes, tensors and names of an ONNX graph ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "onnx/onnx_pb.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"

namespace nnc {

/// Builds a graph value by value; every name in it is used once.
class GraphWriter {
public:
  explicit GraphWriter(onnx::GraphProto &graph) : graph(graph) {}

  /// `wanted`, or the same with a number behind it.
  std::string uniqueName(llvm::StringRef wanted) { return uniqueIn(taken, wanted); }
  void setName(mlir::Value v, llvm::StringRef name) { names[v] = name.str(); }
  bool hasName(mlir::Value v) const { return names.count(v); }
  /// What readers of `v` call it; constants are written when they are first read.
  std::string nameOf(mlir::Value v);

  /// An initializer.
  std::string addTensor(llvm::StringRef wanted, llvm::ArrayRef<int64_t> shape, mlir::Type element,
                        llvm::ArrayRef<char> bytes);
  std::string addIntegers(llvm::StringRef wanted, llvm::ArrayRef<int64_t> values,
                          mlir::MLIRContext *context);

  /// A node for `op` that leaves its result.
  onnx::NodeProto &addNode(mlir::Operation *op, llvm::StringRef kind,
                           llvm::ArrayRef<std::string> inputs);
  /// The first ONNX name that `op` goes back to.
  static std::string baseName(mlir::Operation *op);

private:
  static std::string uniqueIn(llvm::StringSet<> &names, llvm::StringRef wanted);

  onnx::GraphProto &graph;
  llvm::StringSet<> taken, takenByNodes;
  llvm::DenseMap<mlir::Value, std::string> names;
};

void setInt(onnx::NodeProto &node, llvm::StringRef name, int64_t value);
void setInts(onnx::NodeProto &node, llvm::StringRef name, llvm::ArrayRef<int64_t> values);
void setFloat(onnx::NodeProto &node, llvm::StringRef name, float value);
void setString(onnx::NodeProto &node, llvm::StringRef name, llvm::StringRef value);

/// The node that `op` is, if it is one of one operator. Error: there is none.
llvm::Error writeOp(GraphWriter &graph, mlir::Operation *op);

} // namespace nnc
