//===- AdderCost.cpp - What an adder graph takes on a chip ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/AdderCost.h"

using namespace llvm;

namespace nnc::dataflow {

AdderCost &AdderCost::operator+=(const AdderCost &other) {
  tables += other.tables;
  inverters += other.inverters;
  return *this;
}

AdderCost costOf(const Node &node) {
  if (node.addend.empty())
    return {}; // an input
  AdderCost cost;
  cost.inverters = node.carry && node.carry->inverted;
  for (unsigned column = 0; column < node.addend.size(); ++column) {
    const std::optional<Bit> &bit = node.addend[column];
    const Counter *counter = node.counterAt(column);
    cost.inverters += bit && bit->inverted;
    cost.tables += counter && (bit || counter->bits.size() > 1);
  }
  return cost;
}

AdderCost costOf(const AdderGraph &graph) {
  AdderCost cost;
  for (const Node &node : graph.nodes)
    cost += costOf(node);
  return cost;
}

} // namespace nnc::dataflow
