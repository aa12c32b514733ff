//===- ContractionTile.cpp - How a contraction is cut into tiles -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ContractionTile.h"

using namespace mlir;

namespace nnc {

Type elementOf(Value v) { return getElementTypeOrSelf(v.getType()); }

/// Neighbours along what is reduced can be taken together if the other operand is packed for it.
static bool isGroupable(Operation *anchor) {
  auto conv = dyn_cast<nn::ConvOp>(anchor);
  if (!conv)
    return true;
  ArrayRef<int64_t> filter = cast<RankedTensorType>(conv.getFilter().getType()).getShape();
  if (filter[1] > 1)
    return true;
  // Along the window's last dimension. A layout leaves the stride open of an input of one element.
  return filter.back() > 1 && conv.getInput().getType().getShape().back() > 1 &&
         conv.getGroup() == 1 && conv.getDilations().back() == 1;
}

MultiplyAccumulate::Form formOf(Operation *anchor, const TargetModel &target, bool packed) {
  return MultiplyAccumulate::choose(elementOf(anchor->getOperand(0)),
                                    elementOf(anchor->getOperand(1)), target,
                                    packed && isGroupable(anchor));
}

int64_t groupDim(Operation *anchor) {
  auto conv = dyn_cast<nn::ConvOp>(anchor);
  int64_t rank = cast<RankedTensorType>(anchor->getOperand(0).getType()).getRank();
  bool alongWindow = conv && cast<RankedTensorType>(conv.getFilter().getType()).getDimSize(1) == 1;
  return !conv || alongWindow ? rank - 1 : 1;
}

Contraction contractionOf(Operation *anchor, MultiplyAccumulate::Form form, plan::LayoutAttr lhs,
                          plan::LayoutAttr rhs) {
  Contraction c = *Contraction::of(anchor, lhs, rhs);
  int64_t group = MultiplyAccumulate::groupOf(form);
  c.lhsBytes = nn::elementByteSize(elementOf(anchor->getOperand(0)));
  c.stepBytes = group * nn::elementByteSize(elementOf(anchor->getOperand(1)));
  c.groupReduce(group);
  return c;
}

/// Two row dimensions become one where all tensors allow it: tiles then divide their product.
static void collapseRows(Contraction &c, const AnchoredGroup &group, plan::KernelOp kernel) {
  Contraction::Row &outside = c.rows[0], &inside = c.rows[1];
  if (outside.dim < 0 || inside.dim < 0 || outside.size == 1)
    return;
  if (outside.lhs != inside.size * inside.lhs ||
      !group.collapsible(kernel, outside.dim, inside.dim))
    return;
  inside.size *= outside.size;
  outside = {1, -1, 0};
}

Contraction contractionOf(const AnchoredGroup &group, plan::KernelOp kernel,
                          const TargetModel &target) {
  auto layout = [&](unsigned i) { return kernel.operandLayout(group.operand(i).getArgNumber()); };
  Contraction c = contractionOf(group.anchor, formOf(group.anchor, target, isPacked(kernel)),
                                layout(0), layout(1));
  c.mergeReduce();
  collapseRows(c, group, kernel);
  return c;
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

/// Which operand to read again and again: estimated cycles to fetch it from
/// the cache that holds it.
static bool columnsOutside(const Contraction &c, const RegisterTile &tile, const TargetModel &t) {
  auto fetch = [&](double bytes, double of) {
    double perCycle = of <= 0.6 * t.l2Bytes ? t.l2BytesPerCycle : t.memoryBytesPerCycle;
    return of <= 0.6 * t.l1DataBytes ? 0.0 : bytes / perCycle;
  };
  double depth = c.depth() * c.stepBytes, rows = c.rows[0].size * c.rows[1].size;
  double blocks = llvm::divideCeil(c.columns, tile.block), tiles = rows / (tile.rows0 * tile.rows1);
  double panel = depth * tile.block, weights = depth * c.columns;
  // A window's rows overlap: what is read from memory is about the input itself.
  double window =
      c.reduce.empty()
          ? 1.0
          : std::max<double>(1, double(c.depth()) / std::max<int64_t>(1, c.reduce.back().size));
  double input = rows * depth / window;
  double outside = blocks * fetch(input, input) + tiles * blocks * fetch(panel, panel);
  double inside = tiles * fetch(weights, weights) + fetch(input, input);
  return outside <= inside;
}

/// Weights that come from memory are slower than the multiplications on the
/// first pass over a block, and idle on all others: each tile therefore fetches
/// its share of the next block, where that pays.
static bool prefetchPays(const Contraction &c, const RegisterTile &tile, const TargetModel &t) {
  int64_t tiles = c.rows[0].size * c.rows[1].size / (tile.rows0 * tile.rows1);
  int64_t panel = c.depth() * tile.block * c.stepBytes,
          blocks = llvm::divideCeil(c.columns, tile.block);
  bool fromMemory = panel * blocks * 4 > t.l2Bytes;
  return fromMemory && blocks > 1 && tiles > 1 && tiles <= 32;
}

int64_t bytesAheadPerRow(const Contraction &c, const ContractionTile &tile) {
  int64_t panel = c.depth() * tile.block * c.stepBytes, rows = c.rows[0].size * c.rows[1].size;
  return tile.prefetch && rows > 0 ? llvm::divideCeil(panel, rows) : 0;
}

//===----------------------------------------------------------------------===//
// As text
//===----------------------------------------------------------------------===//

/// Far more than any machine has registers for; a plan may be edited.
constexpr int64_t mostRows = 64;
constexpr StringLiteral rows0Name = "rows0", rows1Name = "rows1", prefetchName = "prefetch",
                        columnsOutsideName = "columns_outside";

DictionaryAttr chooseContractionTile(const AnchoredGroup &group, plan::KernelOp kernel,
                                     const TargetModel &target) {
  Contraction c = contractionOf(group, kernel, target);
  int64_t block = kernel.getTile().getAs<IntegerAttr>(tileBlock).getInt();
  RegisterTile tile{1, 1, block, 0};
  if (group.type().getNumElements() > 0)
    tile = chooseTile(c, target, block);
  bool outside = columnsOutside(c, tile, target);
  Builder b(kernel.getContext());
  NamedAttrList parameters;
  parameters.set(tileBlock, b.getI64IntegerAttr(block));
  parameters.set(rows0Name, b.getI64IntegerAttr(tile.rows0));
  parameters.set(rows1Name, b.getI64IntegerAttr(tile.rows1));
  if (outside)
    parameters.set(columnsOutsideName, b.getUnitAttr());
  if (outside && isPacked(kernel) && prefetchPays(c, tile, target))
    parameters.set(prefetchName, b.getUnitAttr());
  return parameters.getDictionary(kernel.getContext());
}

/// As the candidate had it packed.
static plan::LayoutAttr packingOf(const AnchoredGroup &group, int64_t block,
                                  const TargetModel &target) {
  auto type = cast<RankedTensorType>(group.operand(1).getType());
  int64_t taken = MultiplyAccumulate::groupOf(formOf(group.anchor, target, /*packed=*/true));
  return isa<nn::ConvOp>(group.anchor) ? packedFilter(type, block, taken)
                                       : packedMatrix(type, block, taken);
}

FailureOr<ContractionTile> readContractionTile(const AnchoredGroup &group, plan::KernelOp kernel,
                                               const TargetModel &target) {
  TileReader reader(kernel);
  ContractionTile tile;
  tile.block = reader.number(tileBlock, mostColumns);
  tile.rows0 = reader.number(rows0Name, mostRows);
  tile.rows1 = reader.number(rows1Name, mostRows / tile.rows0);
  tile.columnsOutside = reader.flag(columnsOutsideName);
  tile.prefetch = isPacked(kernel) && tile.columnsOutside && reader.flag(prefetchName);
  if (failed(reader.finish()))
    return failure();
  if (isPacked(kernel) &&
      failed(checkPacking(kernel, group.operand(1), packingOf(group, tile.block, target))))
    return failure();
  return tile;
}

} // namespace nnc
