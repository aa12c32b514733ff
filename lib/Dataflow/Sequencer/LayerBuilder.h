//===- LayerBuilder.h - Ops as layers -----------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Results.h"
#include "dialects/NN/Bilinear.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace nnc::sequencer {

/// A layer whose addresses count from its buffers' bases on.
struct PendingLayer {
  Layer layer;
  int source = -1, second = -1; ///< buffers that are read; the second one where there are pairs
  int target = -1;              ///< -1: the output
  struct Operand {
    Interval range;
    int64_t coefficient = 0;
  };
  std::array<Operand, 2> operands; ///< of Accumulation::Digits
};

/// The errors for elements that no few loops visit, and for those that are no image.
mlir::LogicalResult refuseOrder(mlir::Operation *op);
mlir::LogicalResult refuseLayout(mlir::Operation *op);

/// Adds layers for ops, one after another.
class LayerBuilder {
public:
  explicit LayerBuilder(unsigned lanes) : lanes(lanes) {}

  std::vector<PendingLayer> layers;
  std::vector<Buffer> buffers;
  llvm::DenseMap<mlir::Value, View> views;
  llvm::DenseSet<mlir::Operation *> done; ///< part of a layer already

  /// Whether a layer or view for `op` was made; fails with an error at an op otherwise.
  mlir::LogicalResult add(mlir::Operation *op);
  /// Its elements are within `range`.
  void addInput(mlir::Value value, Interval range);
  /// A layer that sends a tensor out, if it can with all elements along `axis` together; which
  /// element comes when, or none if that cannot be.
  std::vector<uint32_t> addOutput(mlir::Value value, std::optional<size_t> axis);

private:
  mlir::LogicalResult addConv(mlir::Operation *op);
  mlir::LogicalResult addMatMul(mlir::Operation *op);
  mlir::LogicalResult addMaxPool(mlir::Operation *op);
  mlir::LogicalResult addPad(mlir::Operation *op);
  mlir::LogicalResult addReduction(mlir::Operation *op);
  /// What is computed in floats of `operands` and becomes integers with `op`: a weighted sum, or a
  /// table.
  mlir::LogicalResult addIsland(mlir::Operation *op);
  mlir::LogicalResult refuseIsland(mlir::Operation *op);
  mlir::LogicalResult addSum(mlir::Operation *op, llvm::ArrayRef<mlir::Value> operands,
                             const nn::Bilinear &form);
  mlir::LogicalResult addTable(mlir::Operation *op, llvm::ArrayRef<mlir::Value> operands,
                               mlir::DenseIntElementsAttr table);
  mlir::LogicalResult addMax(mlir::Operation *op);
  mlir::LogicalResult addCopy(mlir::Operation *op);
  mlir::LogicalResult addConcat(mlir::Operation *op);
  mlir::LogicalResult addView(mlir::Operation *op);

  PendingLayer begin(mlir::Location loc, const View &source);
  int newBuffer(int64_t size);
  /// What is read counts as read by the next layer.
  void reads(int buffer) { buffers[buffer].lastRead = static_cast<int>(layers.size()); }
  /// Adds the layer whose results are `results`; `places` says where their elements stand in its
  /// target, a buffer of `size` unless it has one.
  void finish(PendingLayer layer, Results &results, std::vector<int64_t> places, int64_t size);
  mlir::LogicalResult contract(mlir::Operation *op, PendingLayer layer, const View &input,
                               std::vector<int64_t> weights, mlir::Value bias,
                               int64_t groupChannels, std::vector<int64_t> places);
  mlir::LogicalResult findGreatest(mlir::Operation *op, PendingLayer layer, const View &input,
                                   std::vector<int64_t> places);
  /// The layer whose taps are an element of `left` and the same one of `right`, which are broadcast
  /// to the shape of `op`'s result, or copies that take their places; none: refused at `op`.
  std::optional<PendingLayer> visitPair(mlir::Operation *op, View &left, View &right,
                                        std::vector<int64_t> &places);
  /// The layer that takes elements as they are.
  PendingLayer copyOf(mlir::Location loc, const View &view, const Visit &visit);
  /// A copy in which all along `axis` stand next to each other, if they do not yet and it can be.
  View arranged(mlir::Location loc, const View &view, size_t axis);
  /// The tensor as an image; if its elements stand otherwise, a copy takes its place.
  std::optional<Image> takeImage(mlir::Location loc, mlir::Value tensor);

  unsigned lanes;
};

} // namespace nnc::sequencer
