//===- NodeImporter.h - What the import of one node needs -------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "OpTable.h"
#include "Tensor.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "llvm/ADT/StringSet.h"

namespace nnc {

/// Why no node of this operator has as many inputs and outputs as `node`; empty: it may.
std::string arityProblem(const OpEntry &entry, const onnx::NodeProto &node);

/// An operand that may be absent.
struct OptionalOperand {
  mlir::Value value;
  operator mlir::Value() const { return value; }
};

/// One ONNX node while it becomes nn ops. Every import function reads operands and
/// attributes here and leaves its results here. A reader that finds something wrong
/// reports it at once and returns the default, so that functions stay free of checks:
/// the node fails as a whole when anything was reported.
class NodeImporter {
public:
  /// `wanted` names the values that somebody reads.
  NodeImporter(onnx::NodeProto &proto, const OpEntry &entry, int opset, mlir::OpBuilder &builder,
               mlir::Location loc, TensorReader &tensors, const llvm::StringSet<> &wanted,
               llvm::ArrayRef<mlir::Value> operands)
      : proto(proto), entry(entry), opset(opset), builder(builder), loc(loc), tensors(tensors),
        wanted(wanted), ownOperands(operands), operands(operands), results(proto.output_size()) {}

  /// Checks what the table says, imports, checks that nothing was left over.
  mlir::LogicalResult run();

  llvm::ArrayRef<mlir::Value> getResults() const { return results; }

  /// The opset of the model.
  int getOpset() const { return opset; }

  /// Reports why this node cannot be imported, once; `help` says what the user can do.
  mlir::LogicalResult fail(const llvm::Twine &why, const llvm::Twine &help = "") {
    report(why, help);
    return mlir::failure();
  }
  void report(const llvm::Twine &why, const llvm::Twine &help = "");

  /// Something was reported already.
  bool hasFailed() const { return failed; }

  //===--- operands and results ---------------------------------------------===//

  size_t numInputs() const { return operands.size(); }
  bool has(size_t i) const { return i < operands.size() && operands[i]; }
  /// Operand `i`, null where it is absent.
  mlir::Value input(size_t i) const { return i < operands.size() ? operands[i] : mlir::Value(); }
  OptionalOperand optional(size_t i) const { return {input(i)}; }
  mlir::RankedTensorType type(size_t i) const {
    return mlir::cast<mlir::RankedTensorType>(operands[i].getType());
  }
  llvm::ArrayRef<int64_t> shape(size_t i) const { return type(i).getShape(); }
  int64_t rank(size_t i) const { return type(i).getRank(); }

  /// The value of operand `i` if it is known, else null.
  mlir::ElementsAttr known(size_t i) const;
  /// The numbers of integer operand `i`, called `what`, which must be constant and of rank 0 or 1.
  llvm::SmallVector<int64_t> ints(size_t i, llvm::StringRef what);
  /// The same of an operand of float32.
  llvm::SmallVector<float> floats(size_t i, llvm::StringRef what);

  size_t numOutputs() const { return results.size(); }
  /// Whether somebody reads result `i`; a name alone is no reader.
  bool wants(size_t i) const { return i < results.size() && wanted.contains(proto.output(i)); }
  mlir::LogicalResult finish(mlir::Value value, size_t i = 0) {
    if (!value)
      return mlir::failure();
    results[i] = value;
    return mlir::success();
  }

  /// What `import` makes of this node's attributes and other operands, its first result;
  /// the results themselves stay open. Null after a failure.
  mlir::Value via(llvm::LogicalResult (*import)(NodeImporter &),
                  llvm::ArrayRef<mlir::Value> otherOperands, std::optional<int> otherOpset = {});

  //===--- attributes -------------------------------------------------------===//

  bool hasAttr(llvm::StringRef name) { return find(name) != nullptr; }
  int64_t intAttr(llvm::StringRef name, int64_t otherwise);
  float floatAttr(llvm::StringRef name, float otherwise);
  std::string textAttr(llvm::StringRef name, llvm::StringRef otherwise);
  /// Empty if the attribute is absent.
  llvm::SmallVector<int64_t> intsAttr(llvm::StringRef name);
  llvm::SmallVector<float> floatsAttr(llvm::StringRef name);
  /// The value of a tensor attribute; null if it is absent or wrong.
  mlir::ElementsAttr tensorAttr(llvm::StringRef name);
  /// Accepts an attribute that does not change the results we compute.
  void ignoreAttr(llvm::StringRef name) { find(name); }

  /// `axis` counted from the end where it is negative; must lie in [0, rank).
  int64_t normalAxis(int64_t axis, int64_t rank);
  /// Ascending dimensions without repetition.
  llvm::SmallVector<int64_t> normalAxes(llvm::ArrayRef<int64_t> axes, int64_t rank);

  //===--- building ---------------------------------------------------------===//

  mlir::Type f32() { return builder.getF32Type(); }
  mlir::Value constant(mlir::ElementsAttr value) {
    return builder.create<nn::ConstantOp>(loc, value);
  }
  mlir::Value constant(llvm::ArrayRef<int64_t> values); ///< a list of int64
  mlir::Value scalar(float value);                      ///< a float of rank 0
  /// A tensor of `shape` with one value everywhere; `value` has one element.
  mlir::Value filled(mlir::DenseElementsAttr value, llvm::ArrayRef<int64_t> shape);
  mlir::Value reshape(mlir::Value value, llvm::ArrayRef<int64_t> shape);
  mlir::Value reshape(size_t i, llvm::ArrayRef<int64_t> shape) { return reshape(input(i), shape); }
  mlir::Value transpose(mlir::Value value, llvm::ArrayRef<int64_t> permutation);
  mlir::Value broadcast(mlir::Value value, llvm::ArrayRef<int64_t> shape);
  mlir::Value slice(mlir::Value value, llvm::ArrayRef<int64_t> starts,
                    llvm::ArrayRef<int64_t> steps, llvm::ArrayRef<int64_t> sizes);

  /// Builds `Op` of the given operands and attributes, its result type inferred, folded if it
  /// can be. Null if an operand is null (its making failed) or after what the dialect refuses
  /// has been reported; operands that may be absent are OptionalOperands.
  template <typename Op, typename... Args>
  mlir::Value create(Args &&...args) {
    if ((isMissing(args) || ...))
      return {};
    mlir::OperationState state(loc, Op::getOperationName());
    Op::build(builder, state, anyType(), std::forward<Args>(args)...);
    return finishOp(state, [](mlir::OperationState &state, auto &types) {
      return Op::inferReturnTypes(state.getContext(), state.location, state.operands,
                                  state.attributes.getDictionary(state.getContext()),
                                  state.getRawProperties(), state.regions, types);
    });
  }

  /// The same for an op whose result type is stated.
  template <typename Op, typename... Args>
  mlir::Value createTyped(llvm::ArrayRef<int64_t> shape, mlir::Type element, Args &&...args) {
    if ((isMissing(args) || ...) || !checkShape(shape))
      return {};
    mlir::OperationState state(loc, Op::getOperationName());
    Op::build(builder, state, mlir::RankedTensorType::get(shape, element),
              std::forward<Args>(args)...);
    return finishOp(state, nullptr);
  }

private:
  /// Whether an argument is an operand whose making failed.
  template <typename T>
  bool isMissing(const T &argument) {
    if constexpr (std::is_same_v<T, mlir::Value>)
      return !argument;
    else
      return false;
  }

  using Infer = llvm::function_ref<mlir::LogicalResult(mlir::OperationState &,
                                                       llvm::SmallVectorImpl<mlir::Type> &)>;

  mlir::ElementsAttr knownList(size_t i, llvm::StringRef what);
  const onnx::AttributeProto *find(llvm::StringRef name);
  const onnx::AttributeProto *find(llvm::StringRef name, onnx::AttributeProto::AttributeType type);
  mlir::LogicalResult checkTypes();
  mlir::LogicalResult checkLeftovers();
  bool checkShape(llvm::ArrayRef<int64_t> shape);
  mlir::Type anyType() { return mlir::RankedTensorType::get({}, builder.getF32Type()); }
  mlir::Value withoutElements(mlir::Operation *op);
  mlir::Value finishOp(mlir::OperationState &state, Infer infer);

  onnx::NodeProto &proto;
  const OpEntry &entry;
  int opset;
  mlir::OpBuilder &builder;
  mlir::Location loc;
  TensorReader &tensors;
  const llvm::StringSet<> &wanted;
  llvm::ArrayRef<mlir::Value> ownOperands; ///< as the node has them, which messages list
  llvm::ArrayRef<mlir::Value> operands;    ///< the same, or others: see via()
  llvm::SmallVector<mlir::Value> results;
  llvm::StringSet<> usedAttributes;
  bool failed = false;
};

} // namespace nnc
