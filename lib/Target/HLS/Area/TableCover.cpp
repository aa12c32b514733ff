//===- TableCover.cpp - Gates as lookup tables -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Priority cuts (Mishchenko, Cho, Chatterjee, Brayton: Combinational and Sequential
// Mapping with Priority Cuts, ICCAD 2007), as ABC's `if` has them. The costs are
// those that yosys gives it for Xilinx 7: a table of six inputs 5, of three 3, so
// that logic which could share a table with other logic is cheaper.
//
//===----------------------------------------------------------------------===//
#include "TableCover.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <algorithm>

using namespace llvm;

namespace nnc::hls {
namespace {

constexpr unsigned cutsKept = 8;
constexpr float costOfInputs[mostInputs + 1] = {0, 2, 2, 3, 5, 5, 5, 10, 20};
constexpr unsigned tablesOfInputs[mostInputs + 1] = {0, 1, 1, 1, 1, 1, 1, 2, 4};

/// A set of nodes that decides what a gate gives.
struct Cut {
  std::array<uint32_t, mostInputs> nodes; ///< ascending
  uint8_t size = 0;
  uint16_t depth = 0;
  float area = 0;
  uint64_t signature = 0;

  ArrayRef<uint32_t> leaves() const { return {nodes.data(), size}; }
};

bool contains(const Cut &large, const Cut &small) {
  return (small.signature & ~large.signature) == 0 &&
         std::includes(large.leaves().begin(), large.leaves().end(), small.leaves().begin(),
                       small.leaves().end());
}

/// False: together they have too many leaves.
bool unite(const Cut &a, const Cut &b, Cut &result) {
  result.signature = a.signature | b.signature;
  if (popcount(result.signature) > int(mostInputs))
    return false;
  unsigned i = 0, j = 0, size = 0;
  while (i < a.size || j < b.size) {
    if (size == mostInputs)
      return false;
    uint32_t x = i < a.size ? a.nodes[i] : ~0u, y = j < b.size ? b.nodes[j] : ~0u;
    result.nodes[size++] = std::min(x, y);
    i += x <= y, j += y <= x;
  }
  result.size = size;
  return true;
}

class Cover {
public:
  explicit Cover(const BitNetwork &network)
      : network(network), gates(network.gates), cuts(gates.size()), best(gates.size()),
        references(gates.size(), 0), weight(gates.size(), 1), required(gates.size(), 0) {
    collectRoots();
    markNeeded();
  }

  void run(unsigned spareDepth) {
    for (Round round : {Depth, DepthThenArea, Area, Flow, Exact, Exact}) {
      computeCuts(round);
      if (round == Depth) {
        for (uint32_t root : roots)
          deepest = std::max(deepest, best[root].depth);
        deepest += spareDepth;
      }
      derive();
    }
  }

  void forEachTable(function_ref<void(const Gate &, unsigned)> visit) const {
    for (uint32_t node = 1; node < gates.size(); ++node)
      if (isGate(node) && references[node])
        visit(gates[node], tablesOfInputs[best[node].size]);
  }

private:
  /// Rounds before `Flow` consider all cuts, whether they are in time or not: what a gate cannot
  /// take for itself may be the best below another.
  enum Round { Depth, DepthThenArea, Area, Flow, Exact };

  bool isGate(uint32_t node) const { return node && gates[node].kind != Gate::Leaf; }

  void collectRoots() {
    for (const Cell &cell : network.cells) {
      if (!cell.isLive)
        continue;
      size_t count =
          cell.kind == Cell::Chain ? 1 + 2 * size_t(cell.livePositions) : cell.inputs.size();
      for (size_t i = 0; i < count; ++i)
        if (isGate(cell.inputs[i].node()))
          roots.push_back(cell.inputs[i].node());
    }
  }

  /// Gates that nothing live reads cost nothing.
  void markNeeded() {
    needed.resize(gates.size());
    fanouts.assign(gates.size(), 0);
    for (uint32_t root : roots)
      needed[root] = true, ++fanouts[root];
    for (uint32_t node = gates.size(); --node;)
      if (needed[node] && isGate(node))
        for (Bit input : inputsOf(node))
          needed[input.node()] = true, ++fanouts[input.node()];
    for (uint32_t node = 0; node < gates.size(); ++node)
      weight[node] = std::max<float>(1, fanouts[node]);
  }

  ArrayRef<Bit> inputsOf(uint32_t node) const {
    return ArrayRef(gates[node].inputs).take_front(gates[node].kind == Gate::Mux ? 3 : 2);
  }

  static Cut trivial(uint32_t node) {
    Cut cut;
    cut.nodes[0] = node, cut.size = 1, cut.signature = uint64_t(1) << (node & 63);
    return cut;
  }

  //===--------------------------------------------------------------------===//
  // Cuts
  //===--------------------------------------------------------------------===//

  void evaluate(Cut &cut, uint32_t node, Round round) {
    cut.depth = 0;
    cut.area = costOfInputs[cut.size];
    for (uint32_t leaf : cut.leaves())
      if (isGate(leaf)) {
        cut.depth = std::max(cut.depth, best[leaf].depth);
        cut.area += best[leaf].area / weight[leaf];
      }
    ++cut.depth;
    if (round == Exact)
      cut.area = exactArea(cut);
  }

  bool isBetter(const Cut &a, const Cut &b, Round round) const {
    if (round == Depth)
      return std::tuple(a.depth, a.size, a.area) < std::tuple(b.depth, b.size, b.area);
    if (round == DepthThenArea)
      return std::tuple(a.depth, a.area, a.size) < std::tuple(b.depth, b.area, b.size);
    return std::tuple(a.area, a.depth, a.size) < std::tuple(b.area, b.depth, b.size);
  }

  bool isInTime(const Cut &cut, uint32_t node) const {
    return !required[node] || cut.depth <= required[node];
  }

  void insert(std::vector<Cut> &list, const Cut &cut, Round round) const {
    for (const Cut &other : list)
      if (contains(cut, other))
        return;
    erase_if(list, [&](const Cut &other) { return contains(other, cut); });
    auto at = find_if(list, [&](const Cut &other) { return isBetter(cut, other, round); });
    list.insert(at, cut);
    if (list.size() > cutsKept)
      list.pop_back();
  }

  void computeCuts(Round round) {
    std::vector<Cut> partial, merged;
    for (uint32_t node = 1; node < gates.size(); ++node) {
      if (!isGate(node) || !needed[node])
        continue;
      if (round == Exact && references[node])
        release(best[node]);
      partial.assign(1, Cut());
      for (Bit input : inputsOf(node)) {
        merged.clear();
        SmallVector<Cut, cutsKept + 1> choices;
        if (isGate(input.node()))
          choices.append(cuts[input.node()].begin(), cuts[input.node()].end());
        choices.push_back(trivial(input.node()));
        for (const Cut &a : partial)
          for (const Cut &b : choices) {
            Cut cut;
            if (!unite(a, b, cut))
              continue;
            evaluate(cut, node, round);
            if (round < Flow || isInTime(cut, node))
              insert(merged, cut, round);
          }
        partial.swap(merged);
      }
      // What was best stays a choice: no round makes the cover deeper than it may be.
      if (round != Depth) {
        Cut old = best[node];
        evaluate(old, node, round);
        if (partial.empty() || isBetter(old, partial.front(), round))
          partial.insert(partial.begin(), old);
      }
      if (isInTime(partial.front(), node))
        best[node] = partial.front();
      else
        evaluate(best[node], node, round);
      cuts[node] = partial;
      if (round == Exact && references[node])
        acquire(best[node]);
    }
  }

  //===--------------------------------------------------------------------===//
  // What is chosen
  //===--------------------------------------------------------------------===//

  float acquire(const Cut &cut) {
    float area = costOfInputs[cut.size];
    for (uint32_t leaf : cut.leaves())
      if (isGate(leaf) && references[leaf]++ == 0)
        area += acquire(best[leaf]);
    return area;
  }

  float release(const Cut &cut) {
    float area = costOfInputs[cut.size];
    for (uint32_t leaf : cut.leaves())
      if (isGate(leaf) && --references[leaf] == 0)
        area += release(best[leaf]);
    return area;
  }

  float exactArea(const Cut &cut) {
    float area = acquire(cut);
    release(cut);
    return area;
  }

  /// The tables that the best cuts lead to, and how late each may come.
  void derive() {
    std::fill(references.begin(), references.end(), 0);
    std::fill(required.begin(), required.end(), 0);
    auto need = [&](uint32_t node, uint16_t time) {
      required[node] = references[node]++ ? std::min(required[node], time) : time;
    };
    for (uint32_t root : roots)
      need(root, deepest);
    for (uint32_t node = gates.size(); --node;)
      if (isGate(node) && references[node])
        for (uint32_t leaf : best[node].leaves())
          if (isGate(leaf))
            need(leaf, required[node] - 1);
    for (uint32_t node = 1; node < gates.size(); ++node)
      weight[node] = std::max<float>(1, (2 * weight[node] + references[node]) / 3);
  }

  const BitNetwork &network;
  const std::vector<Gate> &gates;
  std::vector<std::vector<Cut>> cuts;
  std::vector<Cut> best;
  std::vector<uint32_t> references, fanouts, roots;
  std::vector<float> weight; ///< how many tables are expected to share one
  std::vector<uint16_t> required;
  std::vector<bool> needed;
  uint16_t deepest = 0;
};

} // namespace

void coverWithTables(const BitNetwork &network, unsigned spareDepth,
                     function_ref<void(const Gate &, unsigned)> visit) {
  Cover cover(network);
  cover.run(spareDepth);
  cover.forEachTable(visit);
}

} // namespace nnc::hls
