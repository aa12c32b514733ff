//===- TileReader.cpp - The parameters that a plan states for a kernel ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TileReader.h"

using namespace mlir;

namespace nnc {

int64_t TileReader::number(StringRef name, int64_t most) {
  known.push_back(name);
  auto value = dyn_cast_or_null<IntegerAttr>(kernel.getTile().get(name));
  if (value && value.getType().isSignlessInteger(64) && value.getInt() >= 1 &&
      value.getInt() <= most)
    return value.getInt();
  if (isGood)
    kernel.emitError("tile ") << kernel.getTile() << " needs a `" << name << "` of 1 to " << most;
  isGood = false;
  return 1;
}

bool TileReader::flag(StringRef name) {
  known.push_back(name);
  Attribute value = kernel.getTile().get(name);
  if (value && !isa<UnitAttr>(value)) {
    if (isGood)
      kernel.emitError("tile ") << kernel.getTile() << " gives `" << name
                                << "` a value; it has none";
    isGood = false;
  }
  return static_cast<bool>(value);
}

LogicalResult TileReader::finish() {
  for (NamedAttribute parameter : kernel.getTile())
    if (isGood && !llvm::is_contained(known, parameter.getName())) {
      kernel.emitError("tile ") << kernel.getTile() << " states `" << parameter.getName().getValue()
                                << "`, which " << kernel.getAlgorithm() << " does not have";
      isGood = false;
    }
  return success(isGood);
}

/// The same elements in the same places: strides of dimensions of one element say nothing.
static bool samePacking(plan::LayoutAttr a, plan::LayoutAttr b, ArrayRef<int64_t> shape) {
  if (a.getBlocks() != b.getBlocks() || a.getBlockStrides() != b.getBlockStrides() || a.hasHalo())
    return false;
  for (auto [d, size] : llvm::enumerate(shape))
    if (size != 1 && a.getStrides()[d] != b.getStrides()[d])
      return false;
  return true;
}

LogicalResult checkPacking(plan::KernelOp kernel, BlockArgument operand, plan::LayoutAttr needed) {
  plan::LayoutAttr stated = kernel.operandLayout(operand.getArgNumber());
  if (samePacking(stated, needed, cast<RankedTensorType>(operand.getType()).getShape()))
    return success();
  return kernel.emitError("operand ")
         << operand.getArgNumber() << " is packed as " << stated << "; its tile, on this machine, "
         << "reads " << needed;
}

LogicalResult checkNeighbours(plan::KernelOp kernel, const Candidate &needed) {
  auto check = [&](StringRef what, unsigned i, RankedTensorType type, plan::LayoutAttr layout,
                   int64_t dim) -> LogicalResult {
    if (dim < 0 || type.getNumElements() == 0 || type.getDimSize(dim) == 1 ||
        layout.getStrides()[dim] == 1)
      return success();
    return kernel.emitError(what) << " " << i << " stands as " << layout << "; "
                                  << kernel.getAlgorithm()
                                  << " needs a stride of 1 along dimension " << dim;
  };
  for (auto [i, need] : llvm::enumerate(needed.operands))
    if (failed(check("operand", i, kernel.operandType(i), kernel.operandLayout(i), need.unitDim)))
      return failure();
  for (auto [i, need] : llvm::enumerate(needed.results))
    if (failed(check("result", i, kernel.resultType(i), kernel.resultLayout(i), need.unitDim)))
      return failure();
  return success();
}

} // namespace nnc
