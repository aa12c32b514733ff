//===- StepCoverage.h - Which frames show where results step -------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "FindSteps.h"
#include "RandomFrames.h"
#include "Trace.h"

#include <map>
#include <optional>
#include <vector>

namespace nnc {

/// Hardware that is wrong by little answers wrongly only for few sums. Its results rise or fall
/// with sums as they should, so that they are right everywhere if they are right next to each step,
/// on both sides. Frames are wanted that show these numbers in each channel, each number that a
/// table is asked for, and much and little in each channel that is multiplied by weights. A number
/// is shown if the network's results were others with what little errors make of it; of the many
/// that follow from others it is enough that they are there.
class StepCoverage {
public:
  StepCoverage(mlir::func::FuncOp network, Trace &trace);
  /// Takes the frame that `trace` has as the one at hand.
  void look();

  /// What is wanted, within what kept frames reached and somewhat further.
  llvm::Error findWanted();

  /// A number of a channel.
  struct Target {
    size_t site, channel;
    int64_t number, wrong; ///< what a little error makes of the number
  };
  /// By chance, of what no kept frame shows, and when all is shown again, twice. None: frames
  /// enough.
  std::optional<Target> chooseTarget(RandomFrames &random);

  /// Whether it is one of the many that follow from others.
  bool isLast(const Target &target) { return aimOf(target).isLast; }

  /// How good the frame at hand is.
  struct Worth {
    bool isShown = false;         ///< the target
    int64_t distance = INT64_MAX; ///< to its number
    size_t found = 0;             ///< numbers that are wanted
    bool isLessThan(const Worth &other) const;
  };
  llvm::Expected<Worth> worth(const Target &target, size_t element);
  /// The kept frame that is closest to the target.
  size_t closestFrame(const Target &target) const;
  /// Of the frame at hand the element that is closest to the target, and the number there.
  size_t closestElement(const Target &target) const;
  int64_t numberAt(const Target &target, size_t element) const {
    return sites[target.site].now[element];
  }
  /// Whether the frame at hand shows something that is wanted, and is no longer. After `most`
  /// evaluations, whatever it has counts as shown.
  llvm::Expected<bool> shows(int64_t most);
  /// Keeps the frame at hand.
  void keep(size_t frame);
  /// A frame for it was looked for; after a few times in vain it is wanted no longer.
  void tried(const Target &target);

private:
  /// What is wanted of a number.
  struct Aim {
    bool isLast = false; ///< only when all others are shown
    bool isShown = false;
    int tries = 0; ///< in vain
    bool isWanted() const;
  };
  using Aims = std::map<std::pair<int64_t, int64_t>, Aim>; ///< by number and what is wrong
  struct Channel {
    std::map<int64_t, size_t> frames; ///< by number: a kept frame that has it
    Aims aims;
  };
  struct Site {
    mlir::Value value;   ///< whose elements are the numbers
    mlir::Value changed; ///< whose elements are wrong; none: whatever is wrong shows
    Channels layout;
    std::vector<StepChain> chains;      ///< results that step
    std::vector<int32_t> table = {};    ///< that is asked for the numbers
    std::vector<Channel> channels = {}; ///< of the layout
    std::vector<int64_t> now = {};      ///< elements of the frame at hand
  };

  struct Found {
    Site &site;
    size_t element;
    int64_t wrong;
    Aim &aim;
  };

  void addSite(mlir::Value value, mlir::Value changed, Channels layout,
               llvm::ArrayRef<int32_t> table);
  void addChain(const StepChain &chain);
  llvm::Error wantSteps(Site &site);
  static void wantSteps(Channel &channel, llvm::ArrayRef<Step> steps, Interval reached);
  void wantEntries(Site &site);
  void wantQuestions(Site &site);
  void wantEnds(Site &site);
  std::optional<Target> chooseLeft(RandomFrames &random, bool isLast) const;
  void wantAgain();
  std::vector<Found> found(bool lastOnes);
  llvm::Expected<bool> isSeen(const Site &site, size_t element, int64_t wrong, bool isLast);
  Aim &aimOf(const Target &target) {
    return sites[target.site].channels[target.channel].aims[{target.number, target.wrong}];
  }

  Trace &trace;
  int rounds = 0;        ///< in which all was shown
  bool lastOnes = false; ///< are looked for, as all others are shown
  std::vector<Site> sites;
};

} // namespace nnc
