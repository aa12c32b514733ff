//===- IntegerSums.cpp - Operators whose results are accumulators ---------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Grids.h"

#include "dialects/NN/Values.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

using nn::typeOf;

LogicalResult importConvInteger(NodeImporter &node) {
  if (failed(expectRank(node, 1, 3, "the filter", "rank 3 or 4")))
    return failure();
  Value x = centered(node, 0, 2, 0), w = centered(node, 1, 3, 0);
  return x && w ? node.finish(node.via(importConv, {x, w})) : failure();
}

LogicalResult importMatMulInteger(NodeImporter &node) {
  if (failed(expectRank(node, 0, 1, "A", "rank 1 or more")) ||
      failed(expectRank(node, 1, 1, "B", "rank 1 or more")))
    return failure();
  Value a = centered(node, 0, 2, std::max<int64_t>(node.rank(0) - 2, 0));
  Value b = centered(node, 1, 3, node.rank(1) - 1);
  return a && b ? node.finish(node.via(importMatMul, {a, b})) : failure();
}

} // namespace nnc
