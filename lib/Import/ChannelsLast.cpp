//===- ChannelsLast.cpp - Operators whose channels are the last dimension -===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Those of qonnx.custom_op.channels_last: the ones of ONNX between transpositions, which cancel
// where they meet.
//
//===----------------------------------------------------------------------===//
#include "ChannelsLast.h"
#include "NodeImporter.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

SmallVector<int64_t> toChannelsFirst(int64_t rank) {
  SmallVector<int64_t> permutation{0, rank - 1};
  for (int64_t d = 1; d < rank - 1; ++d)
    permutation.push_back(d);
  return permutation;
}

SmallVector<int64_t> toChannelsLast(int64_t rank) {
  SmallVector<int64_t> permutation{0};
  for (int64_t d = 2; d < rank; ++d)
    permutation.push_back(d);
  permutation.push_back(1);
  return permutation;
}

/// `import` on operands whose channels are moved from behind to dimension 1, the first `moved` of
/// them; the result's go back.
static LogicalResult importChannelsLast(NodeImporter &node, LogicalResult (*import)(NodeImporter &),
                                        size_t moved) {
  int64_t rank = node.rank(0);
  if (rank < 3 || rank > 4)
    return node.fail(formatv("the input has rank {0}, expected 3 or 4", rank));
  SmallVector<Value> operands;
  for (size_t i = 0; i < node.numInputs(); ++i) {
    if (i < moved && node.rank(i) != rank)
      return node.fail(formatv("input and filter have ranks {0} and {1}", rank, node.rank(i)));
    operands.push_back(i < moved ? node.transpose(node.input(i), toChannelsFirst(rank))
                                 : node.input(i));
  }
  Value result = node.via(import, operands);
  return node.finish(result ? node.transpose(result, toChannelsLast(rank)) : Value());
}

LogicalResult importChannelsLastConv(NodeImporter &node) {
  return importChannelsLast(node, importConv, 2);
}
LogicalResult importChannelsLastMaxPool(NodeImporter &node) {
  return importChannelsLast(node, importMaxPool, 1);
}
LogicalResult importChannelsLastBatchNormalization(NodeImporter &node) {
  return importChannelsLast(node, importBatchNormalization, 1);
}

} // namespace nnc
