//===- FlowBuilder.h - An integer network becomes engines ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Views.h"
#include "dialects/NN/Bilinear.h"
#include "nnc/Dataflow/MatchSoftmax.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace nnc::dataflow {

/// Builds the flow.network of a function. What has no engine is refused with a diagnostic at its
/// op, each once; what follows from it is not looked at.
class FlowBuilder {
public:
  FlowBuilder(mlir::func::FuncOp function, std::optional<unsigned> pipeline);

  mlir::LogicalResult run();

private:
  // Ports (FlowBuilder.cpp)
  void addInput(mlir::BlockArgument argument);
  void addOutputs(mlir::Operation *terminator);

  // One op each; false: refused.
  bool add(mlir::Operation *op);
  // BuildContractions.cpp
  bool addConv(nn::ConvOp op);
  bool addMatMul(nn::MatMulOp op);
  // BuildWindows.cpp
  bool addMaxPool(nn::MaxPoolOp op);
  bool addReduceMax(nn::ReduceMaxOp op);
  bool addReduceSum(nn::ReduceSumOp op);
  // BuildSteps.cpp
  bool addRequantize(mlir::Operation *op, mlir::Value input, mlir::Value zeroPoint);
  bool addThreshold(nn::ThresholdOp op);
  bool addFactor(nn::MulOp op);
  bool addClip(mlir::Operation *op, int64_t least, int64_t most);
  bool addLookup(nn::LookupOp op);
  bool addCast(nn::CastOp op);
  bool addOffset(mlir::Operation *op, int64_t sign);
  // BuildMovement.cpp
  bool addMovement(mlir::Operation *op);
  bool addConcat(nn::ConcatOp op);
  // BuildPairs.cpp
  bool addMax(nn::MaxOp op);
  bool addIsland(nn::QuantizeOp op);
  bool refuseIsland(mlir::Operation *op);
  bool addBilinear(nn::QuantizeOp op, llvm::ArrayRef<mlir::Value> operands,
                   const nn::Bilinear &form);
  bool addTable(nn::QuantizeOp op, llvm::ArrayRef<mlir::Value> operands,
                mlir::DenseIntElementsAttr results);
  // BuildRows.cpp
  bool addArgMax(nn::ArgMaxOp op);
  bool addSoftmax(nn::ProportionOp op);

  bool refuse(mlir::Operation *op, const llvm::Twine &why);
  /// Whether a beat may have so many lanes as wide as the tensor's; else refused at `op`, where
  /// `what` takes too much.
  bool fitsBeat(mlir::Operation *op, mlir::Value tensor, int64_t lanes, llvm::StringRef what = "");
  /// The same of all of the tensor at once, before wholeOf().
  bool fitsWhole(mlir::Operation *op, mlir::Value tensor, llvm::StringRef what = "");
  /// Whether a result of the function can leave; else refused at its terminator.
  bool fitsOutput(mlir::OpOperand &output);

  /// Whether `op`, if it is a step of each element, has not too many of them in a beat.
  bool fitsSteps(mlir::Operation *op);
  /// Whether the network's adders stay within what can be made when `op` multiplies the tensor's
  /// elements by `weights`, `times` times; else refused at `op`, where it is the first.
  bool fitsAdders(mlir::Operation *op, mlir::Value tensor, llvm::ArrayRef<int64_t> weights,
                  int64_t times);
  /// For each lane of `tensor` the element of a constant of `shape` that broadcasts to it. Where
  /// these are others in other beats, the tensor comes whole from here on. None: refused at `op`.
  std::optional<llvm::SmallVector<int64_t>> laneConstants(mlir::Operation *op, mlir::Value tensor,
                                                          llvm::ArrayRef<int64_t> shape);
  /// The views of two tensors of one shape whose elements come together, in one order; false:
  /// refused at `op`.
  bool alignPair(mlir::Operation *op, mlir::Value left, mlir::Value right, View &x, View &y);

  /// The tensor's stream; sums are built now.
  mlir::Value streamOf(mlir::Value tensor);
  flow::StreamType typeOf(mlir::Value tensor);
  mlir::Value build(const Sums &sums, llvm::ArrayRef<int64_t> raster);

  /// The stream of `tensor` pixel by pixel, all channels of a pixel in a beat, in their order.
  /// Null: it comes otherwise.
  mlir::Value pixelsOf(mlir::Value tensor);
  /// All of `tensor` in one beat, in any order, which the view tells.
  View &wholeOf(mlir::Value tensor);
  /// Lanes of one beat type rearranged; the same value if nothing changes.
  mlir::Value takeLanes(mlir::ValueRange streams, llvm::ArrayRef<int64_t> map, mlir::Location loc);
  /// All lanes of several streams, one stream's behind the other's.
  mlir::Value sideBySide(mlir::ValueRange streams, mlir::Location loc);
  mlir::Value makeWindow(mlir::Value stream, llvm::ArrayRef<int64_t> kernel,
                         llvm::ArrayRef<int64_t> strides, llvm::ArrayRef<int64_t> dilations,
                         llvm::ArrayRef<int64_t> pads, int64_t fill, llvm::ArrayRef<int64_t> raster,
                         mlir::Location loc);
  /// The stream of `tensor` where all that is taken together along `axes` is in one beat: element
  /// i of group g in lane i * groups + g. Its view, without the stream. Null: refused at `op`.
  mlir::Value rowsOf(mlir::Operation *op, mlir::Value tensor, llvm::ArrayRef<int64_t> axes,
                     View &view, int64_t &groups);
  /// For each element of `stream` the one of `values` that stands for it, from the least on.
  mlir::Value makeTable(mlir::Value stream, llvm::ArrayRef<int32_t> values, mlir::Location loc);
  mlir::Value reduceBeats(mlir::Value stream, flow::ReduceKind kind, mlir::Location loc);
  /// Sums of `input` with their bounds.
  Sums makeSums(mlir::Value input, std::vector<int64_t> weights, std::vector<int64_t> constants,
                mlir::Location loc);
  /// The sums behind `tensor` if nothing else reads them, else the stream by itself.
  Sums takeSums(mlir::Value tensor, mlir::Location loc);
  /// Whether the sums that `op` makes stay within its type; else refused, for there they wrap.
  bool fitsType(mlir::Operation *op, const Sums &sums);
  void set(mlir::Value tensor, View view) { views[tensor] = std::move(view); }

  mlir::func::FuncOp function;
  mlir::OpBuilder builder;
  flow::NetworkOp network;
  llvm::DenseMap<mlir::Value, View> views;
  int64_t addedBits = 0;                                ///< that weights up to here bring into sums
  llvm::DenseMap<mlir::Operation *, Softmax> softmaxes; ///< by the op that ends them
  llvm::DenseSet<mlir::Operation *> insideSoftmax;
  bool good = true;
};

} // namespace nnc::dataflow
