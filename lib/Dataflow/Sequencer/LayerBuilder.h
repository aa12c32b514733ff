//===- LayerBuilder.h - Ops as layers -----------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Results.h"

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

/// The error for elements that no few loops visit.
mlir::LogicalResult refuseOrder(mlir::Operation *op);

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
  /// A layer that sends a tensor out, if it can as an image, whose channels come together; which
  /// element comes when, or none if that cannot be.
  std::vector<uint32_t> addOutput(mlir::Value value, bool asImage);

private:
  mlir::LogicalResult addConv(mlir::Operation *op);
  mlir::LogicalResult addMatMul(mlir::Operation *op);
  mlir::LogicalResult addMaxPool(mlir::Operation *op);
  mlir::LogicalResult addReduction(mlir::Operation *op);
  mlir::LogicalResult addSum(mlir::Operation *op);
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
  /// The layer whose taps are an element of `left` and the same one of `right`, perhaps of copies
  /// that take their places; none: refused at `op`.
  std::optional<PendingLayer> visitPair(mlir::Operation *op, View &left, View &right,
                                        std::vector<int64_t> &places);
  View withChannelsInside(mlir::Location loc, const View &view);
  PendingLayer copyOf(mlir::Location loc, const View &view, std::vector<int64_t> &places,
                      bool asImage);

  unsigned lanes;
};

} // namespace nnc::sequencer
