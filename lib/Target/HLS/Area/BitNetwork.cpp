//===- BitNetwork.cpp - A design as gates between cells --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BitNetwork.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace nnc::hls {

BitNetwork::BitNetwork() { gates.emplace_back(); }

//===----------------------------------------------------------------------===//
// Gates
//===----------------------------------------------------------------------===//

Bit BitNetwork::makeGate(Gate::Kind kind, std::array<Bit, 3> inputs) {
  auto [at, isNew] = known.try_emplace({kind, inputs[0], inputs[1], inputs[2]}, gates.size());
  if (isNew)
    gates.push_back({kind, inputs, currentPart});
  return Bit::of(at->second);
}

Bit BitNetwork::both(Bit a, Bit b) {
  if (b < a)
    std::swap(a, b);
  if (a == zeroBit || a == !b)
    return zeroBit;
  if (a == oneBit || a == b)
    return b;
  return makeGate(Gate::And, {a, b, zeroBit});
}

Bit BitNetwork::differ(Bit a, Bit b) {
  bool inverted = a.isInverted() != b.isInverted();
  a = Bit::of(a.node()), b = Bit::of(b.node());
  if (b < a)
    std::swap(a, b);
  Bit result = a == b ? zeroBit : a == zeroBit ? b : makeGate(Gate::Xor, {a, b, zeroBit});
  return inverted ? !result : result;
}

Bit BitNetwork::choose(Bit condition, Bit onTrue, Bit onFalse) {
  if (condition.isConstant())
    return condition == oneBit ? onTrue : onFalse;
  if (onTrue == onFalse)
    return onTrue;
  if (onTrue == !onFalse)
    return differ(condition, onFalse);
  if (onTrue.isConstant() || onTrue == condition || onTrue == !condition)
    return onTrue == oneBit || onTrue == condition ? either(condition, onFalse)
                                                   : both(!condition, onFalse);
  if (onFalse.isConstant() || onFalse == condition || onFalse == !condition)
    return onFalse == zeroBit || onFalse == condition ? both(condition, onTrue)
                                                      : either(!condition, onTrue);
  if (condition.isInverted())
    condition = !condition, std::swap(onTrue, onFalse);
  if (onTrue.isInverted())
    return !makeGate(Gate::Mux, {condition, !onTrue, !onFalse});
  return makeGate(Gate::Mux, {condition, onTrue, onFalse});
}

Bit BitNetwork::multiplex(Bit condition, Bit onTrue, Bit onFalse) {
  Bit result = choose(condition, onTrue, onFalse);
  if (result.isConstant() || result == onTrue || result == onFalse)
    return result; // no multiplexer
  if (onTrue.isConstant() && !onFalse.isConstant())
    forced.try_emplace(result.code, Forced{condition, onFalse, onTrue == oneBit});
  else if (onFalse.isConstant() && !onTrue.isConstant())
    forced.try_emplace(result.code, Forced{!condition, onTrue, onFalse == oneBit});
  return result;
}

/// The leaves that `bit` depends on, ascending; only itself if they are more than tables take.
BitNetwork::Support BitNetwork::supportOf(Bit bit) const {
  Support leaves;
  SmallDenseSet<uint32_t, 32> seen;
  SmallVector<uint32_t> open{bit.node()};
  while (!open.empty() && leaves.size() <= mostInputs) {
    uint32_t node = open.pop_back_val();
    if (node == 0 || !seen.insert(node).second)
      continue;
    if (gates[node].kind == Gate::Leaf)
      leaves.insert(lower_bound(leaves, node), node);
    else
      for (Bit input : gates[node].inputs)
        open.push_back(input.node());
  }
  return leaves.size() <= mostInputs ? leaves : Support{bit.node()};
}

Bit BitNetwork::all(Bits bits) {
  struct Group {
    Support support;
    Bit joined;
  };
  for (bool first = true; bits.size() > 1; first = false) {
    std::vector<Group> groups;
    for (Bit bit : bits) {
      Support support = first ? supportOf(bit) : Support{bit.node()}, bestUnion;
      Group *best = nullptr;
      size_t leastGrowth = mostInputs;
      for (Group &group : groups) {
        Support both;
        std::set_union(support.begin(), support.end(), group.support.begin(), group.support.end(),
                       std::back_inserter(both));
        size_t growth = both.size() - group.support.size();
        if (both.size() <= mostInputs && growth < leastGrowth)
          best = &group, leastGrowth = growth, bestUnion = std::move(both);
      }
      if (best)
        *best = {std::move(bestUnion), both(best->joined, bit)};
      else
        groups.push_back({std::move(support), bit});
    }
    bits.clear();
    for (const Group &group : groups)
      bits.push_back(group.joined);
  }
  return bits.empty() ? oneBit : bits.front();
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

uint32_t BitNetwork::addCell(Cell::Kind kind, uint32_t outputs) {
  uint32_t number = cells.size();
  cells.push_back({kind, currentPart});
  cells.back().firstLeaf = gates.size();
  cells.back().leaves = outputs;
  gates.insert(gates.end(), outputs, {Gate::Leaf, {}, number});
  return number;
}

Bits BitNetwork::addCarries(ArrayRef<Bit> select, ArrayRef<Bit> data, Bit carry) {
  Bits inputs{carry};
  for (auto [s, d] : zip_equal(select, data))
    inputs.insert(inputs.end(), {s, d});
  auto [at, isNew] = knownChains.try_emplace(inputs, cells.size());
  if (isNew) {
    addCell(Cell::Chain, select.size() + 1);
    cells.back().inputs = std::move(inputs);
  }
  Bits outputs;
  for (uint32_t i = 0; i <= select.size(); ++i)
    outputs.push_back(leaf(at->second, i));
  return outputs;
}

Bits BitNetwork::addChain(ArrayRef<Bit> a, ArrayRef<Bit> b, Bit carry) {
  Bits select;
  for (auto [x, y] : zip_equal(a, b))
    select.push_back(differ(x, y));
  return addCarries(select, a, carry);
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

void BitNetwork::absorbResets() {
  for (uint32_t number = 0; number < cells.size(); ++number) {
    if (cells[number].kind != Cell::Register)
      continue;
    Bit next = cells[number].inputs[0], enable = cells[number].inputs[1];
    Bit reset = cells[number].inputs[2];
    bool isReset = reset != zeroBit, toOne = cells[number].resetsToOne;
    if (isReset && enable != oneBit) // a reset comes before an enable, what is fed behind it
      continue;
    for (auto at = forced.find(next.code); at != forced.end(); at = forced.find(next.code)) {
      if (isReset && at->second.value != toOne)
        break;
      reset = either(reset, at->second.condition);
      next = at->second.other;
      isReset = true, toOne = at->second.value;
    }
    if (next == cells[number].inputs[0])
      continue;
    cells[number].inputs = {next, enable, both(reset, enable)};
    cells[number].resetsToOne = toOne;
  }
}

namespace {

/// What leaves are replaced by.
using Replacements = DenseMap<uint32_t, Bit>;

/// The outputs of registers that never change, or are given what an earlier one is.
Replacements findRedundant(const BitNetwork &network) {
  std::map<std::pair<Bits, bool>, Bit> representative;
  Replacements replaced;
  for (uint32_t number = 0; number < network.cells.size(); ++number) {
    const Cell &cell = network.cells[number];
    if (cell.kind != Cell::Register)
      continue;
    Bit next = cell.inputs[0], output = network.leaf(number, 0);
    bool resets = cell.inputs[2] != zeroBit;
    if (next.isConstant() && (!resets || next == (cell.resetsToOne ? oneBit : zeroBit))) {
      replaced[output.node()] = next;
      continue;
    }
    auto [at, isNew] = representative.try_emplace({cell.inputs, cell.resetsToOne}, output);
    if (!isNew)
      replaced[output.node()] = at->second;
  }
  return replaced;
}

/// Builds a network anew, with some registers replaced.
class Copier {
public:
  Copier(const BitNetwork &from, BitNetwork &to)
      : from(from), to(to), images(from.gates.size(), zeroBit) {}

  void run(const Replacements &replaced) {
    // Leaves of cells with a state first: gates in front of them may read them.
    for (uint32_t number = 0; number < from.cells.size(); ++number) {
      const Cell &cell = from.cells[number];
      bool isGone = cell.kind == Cell::Register && replaced.contains(cell.firstLeaf);
      if (cell.kind != Cell::Chain && !isGone)
        copyCell(number);
    }
    for (auto [leaf, bit] : replaced)
      images[leaf] = imageOf(bit);
    for (uint32_t node = 1; node < from.gates.size(); ++node)
      if (from.gates[node].kind == Gate::Leaf)
        copyChainAt(node);
      else
        copyGate(node);
    for (auto [here, there] : copied)
      to.cells[there].inputs = imagesOf(from.cells[here].inputs);
  }

private:
  Bit imageOf(Bit bit) const {
    Bit image = images[bit.node()];
    return bit.isInverted() ? !image : image;
  }

  Bits imagesOf(ArrayRef<Bit> bits) const {
    Bits result;
    for (Bit bit : bits)
      result.push_back(imageOf(bit));
    return result;
  }

  /// Without its inputs, which are there only when all gates are.
  void copyCell(uint32_t number) {
    const Cell &cell = from.cells[number];
    to.setPart(cell.part);
    uint32_t there = to.addCell(cell.kind, cell.leaves);
    Cell &copy = to.cells[there];
    copy.resetsToOne = cell.resetsToOne, copy.tables = cell.tables, copy.blocks = cell.blocks;
    copied.push_back({number, there});
    for (uint32_t i = 0; i < cell.leaves; ++i)
      images[cell.firstLeaf + i] = to.leaf(there, i);
  }

  /// Chains stand where their first output does: their inputs are there already.
  void copyChainAt(uint32_t node) {
    const Cell &cell = from.cells[from.gates[node].owner];
    if (cell.kind != Cell::Chain || node != cell.firstLeaf)
      return;
    to.setPart(cell.part);
    Bits inputs = imagesOf(cell.inputs), select, data;
    for (size_t i = 1; i < inputs.size(); i += 2)
      select.push_back(inputs[i]), data.push_back(inputs[i + 1]);
    for (auto [i, output] : enumerate(to.addCarries(select, data, inputs[0])))
      images[cell.firstLeaf + i] = output;
  }

  void copyGate(uint32_t node) {
    const Gate &gate = from.gates[node];
    to.setPart(gate.owner);
    Bit a = imageOf(gate.inputs[0]), b = imageOf(gate.inputs[1]), c = imageOf(gate.inputs[2]);
    images[node] = gate.kind == Gate::And   ? to.both(a, b)
                   : gate.kind == Gate::Xor ? to.differ(a, b)
                                            : to.choose(a, b, c);
  }

  const BitNetwork &from;
  BitNetwork &to;
  Bits images;                                       ///< by node of `from`
  std::vector<std::pair<uint32_t, uint32_t>> copied; ///< cells of `from`, and of `to`
};

} // namespace

/// One round: what each register is given may become equal to what another one is given only by
/// the round before.
bool BitNetwork::mergeOnce() {
  Replacements replaced = findRedundant(*this);
  if (replaced.empty())
    return false;
  BitNetwork next;
  Copier(*this, next).run(replaced);
  next.currentPart = currentPart;
  *this = std::move(next);
  return true;
}

void BitNetwork::mergeRegisters() {
  while (mergeOnce())
    ;
}

//===----------------------------------------------------------------------===//
// Liveness
//===----------------------------------------------------------------------===//

void BitNetwork::markLive() {
  std::vector<bool> seen(gates.size());
  std::vector<uint32_t> open;
  auto reach = [&](Bit bit) {
    if (!seen[bit.node()]) {
      seen[bit.node()] = true;
      open.push_back(bit.node());
    }
  };
  auto reachCell = [&](Cell &cell, uint32_t output) {
    if (cell.kind == Cell::Chain) {
      uint32_t positions = std::min(output + 1, cell.leaves - 1);
      for (uint32_t i = cell.isLive ? 1 + 2 * cell.livePositions : 0; i < 1 + 2 * positions; ++i)
        reach(cell.inputs[i]);
      cell.livePositions = std::max(cell.livePositions, positions);
    } else if (!cell.isLive) {
      for (Bit input : cell.inputs)
        reach(input);
    }
    cell.isLive = true;
  };
  for (Cell &cell : cells)
    if (cell.kind == Cell::Result)
      reachCell(cell, 0);
  while (!open.empty()) {
    uint32_t node = open.back();
    open.pop_back();
    const Gate &gate = gates[node];
    if (node == 0)
      continue;
    if (gate.kind == Gate::Leaf)
      reachCell(cells[gate.owner], node - cells[gate.owner].firstLeaf);
    else
      for (Bit input : gate.inputs)
        reach(input);
  }
}

} // namespace nnc::hls
