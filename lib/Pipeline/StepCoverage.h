//===- StepCoverage.h - Which frames show where results step -------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "FindSteps.h"
#include "RandomFrames.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>
#include <optional>
#include <vector>

namespace nnc {

/// Hardware that is wrong by little answers wrongly only for few sums. Its results rise or fall
/// with sums as they should, so that they are right everywhere if they are right next to each step,
/// on both sides. Frames are wanted that show these numbers in each channel, each number that a
/// table is asked for, and much and little in each channel that is multiplied by weights.
class StepCoverage {
public:
  explicit StepCoverage(mlir::func::FuncOp network);

  /// Whether observe() wants to know of it.
  bool watches(mlir::Value value) const { return siteOf.contains(value); }
  /// A value of the frame at hand. Elements are row-major.
  void observe(mlir::Value value, std::vector<int64_t> elements);

  /// What is wanted, within what kept frames reached and somewhat further.
  llvm::Error findWanted();

  /// A number of a channel.
  struct Target {
    size_t site, channel;
    int64_t number;
  };
  /// By chance, of what no kept frame has, and when all is shown again, twice: not everything that
  /// is wrong in a layer is seen behind the last one. None: frames enough.
  std::optional<Target> chooseTarget(RandomFrames &random);
  /// At least 1: the frame at hand shows something that is wanted. More is better, the target most
  /// of all; less, the closer to it.
  double worth(const Target &target) const;
  /// The kept frame that is closest to the target.
  size_t closestFrame(const Target &target) const;
  /// Of the frame at hand the element that is closest to the target, and the number there.
  size_t closestElement(const Target &target) const;
  int64_t numberAt(const Target &target, size_t element) const {
    return sites[target.site].now[element];
  }
  /// Keeps the frame at hand: what it shows is wanted no longer.
  void keep(size_t frame);
  /// A frame for it was looked for; after a few times in vain it is wanted no longer.
  void tried(const Target &target);

private:
  struct Channel {
    std::map<int64_t, size_t> shown; ///< numbers, and a kept frame that has them
    std::map<int64_t, int> wanted;   ///< numbers, and how often each was looked for in vain
    std::vector<int64_t> all;        ///< numbers that were wanted at first
  };
  struct Site {
    mlir::Value value;
    Channels layout;
    std::vector<StepChain> chains; ///< results that step
    bool isIndex;                  ///< a table is asked for its numbers
    bool isOperand;                ///< it is multiplied by weights
    std::vector<Channel> channels;
    std::vector<int64_t> now; ///< elements of the frame at hand
  };

  /// What was shown in any channel.
  static Interval endsOf(const Site &site);
  std::optional<Target> chooseLeft(RandomFrames &random) const;
  void wantAgain();
  Site &siteFor(mlir::Value value);

  int rounds = 0; ///< in which all was shown
  std::vector<Site> sites;
  llvm::DenseMap<mlir::Value, size_t> siteOf;
};

} // namespace nnc
