//===- IntegerProofs.cpp - What was proved of integers, as facts ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "IntegerProofs.h"

#include "dialects/NN/Contractions.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// From attributes to facts
//===----------------------------------------------------------------------===//

/// The numbers of an attribute with `columns` columns; empty where it is none such.
static SmallVector<int64_t> numbers(Attribute attribute, int64_t columns) {
  auto elements = dyn_cast_or_null<DenseIntElementsAttr>(attribute);
  if (!elements || !elements.getElementType().isInteger(64) ||
      elements.getNumElements() % columns != 0)
    return {};
  return llvm::to_vector(elements.getValues<int64_t>());
}

static std::optional<SumFacts> describeSums(plan::StepOp step, bool isProved) {
  SumFacts facts;
  SmallVector<int64_t> bounds =
      isProved ? numbers(step->getDiscardableAttr(nn::partialSumsAttr), 2) : SmallVector<int64_t>();
  for (Operation &op : step.lookupKernel().getBlock().without_terminator()) {
    // Of other sums only those that were widened are bounded.
    bool counts = nn::isSumOfProducts(&op) || (!bounds.empty() && isa<nn::ReduceSumOp>(op));
    if (counts)
      facts.accumulators += cast<RankedTensorType>(op.getResult(0).getType()).getNumElements();
  }
  if (facts.accumulators == 0)
    return std::nullopt;
  if (bounds.size() == 2) {
    facts.isBounded = true;
    facts.least = bounds[0];
    facts.most = bounds[1];
  }
  return facts;
}

/// Adds what is proved of one `op`: rows of sums, rows of affine forms.
static void addChannels(RequantizationFacts &facts, Operation *op, DictionaryAttr proved) {
  SmallVector<int64_t> sums = numbers(proved.get("accumulators"), 2);
  SmallVector<int64_t> affine = numbers(proved.get("affine"), 3);
  if (sums.empty() || sums.size() / 2 != affine.size() / 3) {
    ++facts.unproved;
    return;
  }
  for (size_t i = 0; i < sums.size(); i += 2) {
    bool isFirst = facts.channels++ == 0;
    facts.least = isFirst ? sums[i] : std::min(facts.least, sums[i]);
    facts.most = isFirst ? sums[i + 1] : std::max(facts.most, sums[i + 1]);
  }
  for (size_t i = 0; i < affine.size(); i += 3) {
    bool isAffine = affine[i + 2] >= 0;
    facts.affine += isAffine;
    facts.fixedPoint += !isAffine && isa<nn::RescaleOp>(op);
  }
}

static std::optional<RequantizationFacts> describeScaling(plan::StepOp step, bool isProved) {
  RequantizationFacts facts;
  SmallVector<Operation *> ops;
  for (Operation &op : step.lookupKernel().getBlock())
    if (nn::isRequantization(&op))
      ops.push_back(&op);
  auto proved = step->getAttrOfType<ArrayAttr>(nn::requantizationsAttr);
  if (ops.empty())
    return std::nullopt;
  if (!isProved || !proved || proved.size() != ops.size()) {
    facts.unproved = static_cast<int64_t>(ops.size());
    return facts;
  }
  for (auto [op, one] : llvm::zip_equal(ops, proved))
    addChannels(facts, op, cast<DictionaryAttr>(one));
  return facts;
}

static std::optional<IslandFacts> describeIslands(plan::StepOp step) {
  auto known = step->getAttrOfType<ArrayAttr>(nn::islandsAttr);
  if (!known)
    return std::nullopt;
  IslandFacts facts;
  for (auto island : known.getAsRange<DictionaryAttr>()) {
    if (auto obstacle = island.getAs<StringAttr>("obstacle"))
      facts.obstacles.push_back(obstacle.str());
    else if (island.contains("bilinear"))
      ++facts.proved;
  }
  return facts;
}

void describeIntegers(plan::StepOp step, bool isProved, StepFacts &facts) {
  facts.sums = describeSums(step, isProved);
  facts.requantization = describeScaling(step, isProved);
  if (isProved)
    facts.islands = describeIslands(step);
}

//===----------------------------------------------------------------------===//
// From facts to promises
//===----------------------------------------------------------------------===//

static llvm::json::Object notClaimed(StringRef reason) {
  return llvm::json::Object{{"status", "not_claimed"}, {"reason", reason.str()}};
}

/// The promise is about integers, and there are none.
static llvm::json::Object nothingToProve(StringRef reason) {
  llvm::json::Object proof = notClaimed(reason);
  proof["nothing_to_prove"] = true;
  return proof;
}

/// Bits of the narrowest signed integer that holds both.
static int64_t bitsFor(int64_t least, int64_t most) {
  auto bits = [](int64_t n) { return 65 - llvm::countl_zero(uint64_t(n < 0 ? ~n : n)); };
  return std::max(bits(least), bits(most));
}

llvm::json::Object overflowProof(const NetworkFacts &facts) {
  int64_t accumulators = 0, least = 0, most = 0;
  bool isBounded = true;
  llvm::json::Array exceptions;
  for (const StepFacts &step : facts.steps) {
    if (!step.sums)
      continue;
    const SumFacts &sums = *step.sums;
    accumulators += sums.accumulators;
    isBounded &= sums.isBounded;
    least = std::min(least, sums.least);
    most = std::max(most, sums.most);
    if (sums.least < INT32_MIN || sums.most > INT32_MAX)
      exceptions.push_back(
          llvm::json::Object{{"nodes", llvm::json::Array(step.nodes)},
                             {"partial_sums", llvm::json::Array{sums.least, sums.most}}});
  }
  if (accumulators == 0)
    return nothingToProve("no integer accumulators");
  if (!isBounded)
    return notClaimed("the model is a plan: what it states of its sums is not proved again");
  llvm::json::Object proof{
      {"status", exceptions.empty() ? "proved" : "excepted"},
      {"method", "bounds of all partial sums in any order, from weights, biases and input ranges"},
      {"accumulators", accumulators},
      {"largest_magnitude", std::max(-least, most)},
      {"bits", bitsFor(least, most)}};
  if (!exceptions.empty())
    proof["exceptions"] = std::move(exceptions);
  return proof;
}

/// Where nothing was proved: each step by the first of its nodes.
static std::string unprovedNodes(const NetworkFacts &facts) {
  std::vector<std::string> names;
  for (const StepFacts &step : facts.steps)
    if (step.requantization && step.requantization->unproved)
      names.push_back("'" + (step.nodes.empty() ? step.kernel : step.nodes.front()) + "'");
  constexpr size_t shown = 5;
  std::string text = llvm::join(llvm::ArrayRef(names).take_front(shown), ", ");
  if (names.size() > shown)
    text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

llvm::json::Object exactProof(const NetworkFacts &facts) {
  int64_t channels = 0, affine = 0, fixedPoint = 0, unproved = 0, pairs = 0, islands = 0;
  for (const StepFacts &step : facts.steps) {
    if (step.islands) {
      pairs += step.islands->proved;
      islands += static_cast<int64_t>(step.islands->obstacles.size());
    }
    if (!step.requantization)
      continue;
    channels += step.requantization->channels;
    affine += step.requantization->affine;
    fixedPoint += step.requantization->fixedPoint;
    unproved += step.requantization->unproved;
  }
  llvm::json::Object proof;
  if (channels + unproved + pairs == 0)
    proof = nothingToProve(islands ? "all that is scaled is scaled in floats, as the spec has it"
                                   : "no requantization");
  else if (unproved)
    proof = notClaimed(
        unprovedNodes(facts) +
        ": scales are known at run time only or are no finite numbers, or the model is a plan");
  else
    proof["status"] = "proved";
  if (channels + unproved + pairs + islands == 0)
    return proof;
  proof["method"] = "integer forms against the formula of the numeric spec, at every sum where a "
                    "level begins, and for every pair of bytes; for other pairs, that no float is "
                    "rounded before the last";
  proof["channels"] = channels;
  proof["affine"] = affine;
  proof["emulated"] = channels - affine - fixedPoint;
  proof["fixed_point"] = fixedPoint;
  proof["bilinear"] = pairs;
  proof["float_islands"] = islands;
  return proof;
}

} // namespace nnc
