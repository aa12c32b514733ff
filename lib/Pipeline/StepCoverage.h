//===- StepCoverage.h - Which frames show where results step -------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>
#include <random>
#include <vector>

namespace nnc {

/// Hardware that is wrong by little answers wrongly only for few sums, mostly those next to a step
/// of the result behind them. So frames are good that reach such sums: for each channel of each
/// narrow integer, and each two neighbouring levels of it, the sums seen on both sides of the step
/// should be as close to it as can be. Then sums should be many different ones.
class StepCoverage {
public:
  explicit StepCoverage(mlir::func::FuncOp network);

  /// Whether observe() wants to know of it.
  bool watches(mlir::Value value) const { return siteOf.contains(value) || seen.contains(value); }
  /// A value of the frame at hand, sums before what is made of them. Elements are row-major.
  void observe(mlir::Value value, std::vector<int64_t> elements);
  void endFrame();
  /// A frame that some others next to it may be better than: of a channel by chance, one that came
  /// nearest to a step without reaching it, or that reached furthest. There has been a frame.
  size_t promisingFrame(std::mt19937_64 &random) const;
  /// Of all frames the `count` that show steps best, in ascending order; the first two always.
  std::vector<size_t> bestFrames(size_t count) const;

private:
  /// Sums seen at one level, and the first frames that had them.
  struct Reach {
    int64_t least, most;
    size_t leastFrame, mostFrame;
  };
  using Channel = std::map<int64_t, Reach>; ///< by level
  struct Site {
    mlir::Value sums; ///< of the same shape; null: levels are all that is known
    std::vector<Channel> channels;
    uint32_t firstChannel; ///< its number among those of all sites
  };
  using Sum = std::pair<uint32_t, int64_t>; ///< a channel's number and a sum of it

  void reach(Site &site, size_t channel, int64_t level, int64_t sum);
  std::vector<double> worthOfSums() const;

  std::vector<Site> sites;
  llvm::DenseMap<mlir::Value, size_t> siteOf;
  llvm::DenseMap<mlir::Value, std::vector<int64_t>> seen; ///< sums of this frame
  llvm::DenseMap<Sum, uint32_t> numbers;                  ///< of all sums
  std::vector<std::vector<uint32_t>> frames = {{}};       ///< their sums; the one at hand is last
};

} // namespace nnc
