//===- AssignStages.cpp - Pipelines from adder graphs -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/AssignStages.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace llvm;

namespace nnc::dataflow {

namespace {

/// By node, then bit: the last stage that reads it, or 0.
std::vector<std::vector<unsigned>> lastReads(const AdderGraph &graph, const Pipeline &pipeline) {
  std::vector<std::vector<unsigned>> last;
  for (const Node &node : graph.nodes)
    last.emplace_back(node.width);
  auto read = [&](const Bit &bit, unsigned stage) {
    if (!bit.isOne())
      last[bit.node][bit.index] = std::max(last[bit.node][bit.index], stage);
  };
  for (auto [node, stage] : llvm::zip_equal(graph.nodes, pipeline.stageOf))
    node.forEachBit([&](const Bit &bit, unsigned) { read(bit, stage); });
  for (const Output &output : graph.outputs)
    if (output.word)
      for (const std::optional<Bit> &bit : graph.words[*output.word].bits)
        if (bit)
          read(*bit, pipeline.stages - 1);
  return last;
}

} // namespace

Pipeline assignStages(const AdderGraph &graph, unsigned maxDepth) {
  unsigned depth = 1;
  for (const Node &node : graph.nodes)
    depth = std::max(depth, node.depth);
  Pipeline pipeline;
  pipeline.stages = divideCeil(depth, std::max(1u, maxDepth));
  pipeline.stageDepth = divideCeil(depth, pipeline.stages);
  for (const Node &node : graph.nodes)
    pipeline.stageOf.push_back(node.depth == 0 ? 0 : (node.depth - 1) / pipeline.stageDepth);
  for (auto [stage, bits] : llvm::zip_equal(pipeline.stageOf, lastReads(graph, pipeline)))
    for (unsigned last : bits)
      pipeline.registerBits += last > stage ? last - stage : 0;
  return pipeline;
}

} // namespace nnc::dataflow
