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

bool isGroupable(Operation *anchor) {
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
  using Neighbours = MultiplyAccumulate::Neighbours;
  Neighbours neighbours = packed && isGroupable(anchor)          ? Neighbours::Both
                          : !packed && isa<nn::MatMulOp>(anchor) ? Neighbours::Lhs
                                                                 : Neighbours::None;
  return MultiplyAccumulate::choose(elementOf(anchor->getOperand(0)),
                                    elementOf(anchor->getOperand(1)), target, neighbours);
}

/// The dimension of the left operand that groups of factors run along: they need a stride of 1.
static int64_t groupDim(Operation *anchor) {
  auto conv = dyn_cast<nn::ConvOp>(anchor);
  int64_t rank = cast<RankedTensorType>(anchor->getOperand(0).getType()).getRank();
  bool alongWindow = conv && cast<RankedTensorType>(conv.getFilter().getType()).getDimSize(1) == 1;
  return !conv || alongWindow ? rank - 1 : 1;
}

Contraction contractionOf(Operation *anchor, int64_t taken, bool packed, plan::LayoutAttr lhs,
                          plan::LayoutAttr rhs) {
  Contraction c = *Contraction::of(anchor, lhs, rhs);
  c.lhsBytes = nn::elementByteSize(elementOf(anchor->getOperand(0)));
  c.stepBytes = taken * nn::elementByteSize(elementOf(anchor->getOperand(1)));
  c.groupReduce(taken, packed);
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

Contraction contractionOf(const AnchoredGroup &group, plan::KernelOp kernel, int64_t taken) {
  auto layout = [&](unsigned i) { return kernel.operandLayout(group.operand(i).getArgNumber()); };
  Contraction c = contractionOf(group.anchor, taken, isPacked(kernel), layout(0), layout(1));
  c.mergeReduce();
  collapseRows(c, group, kernel);
  return c;
}

//===----------------------------------------------------------------------===//
// As candidates
//===----------------------------------------------------------------------===//

std::optional<AnchoredGroup> matchContraction(nn::FusedOp fused) {
  auto group = AnchoredGroup::match(fused.getBody().front());
  if (!group || !isa<nn::ConvOp, nn::MatMulOp>(group->anchor) ||
      group->operand(0) == group->operand(1))
    return std::nullopt;
  if (isa<nn::ConvOp>(group->anchor) && group->usedByRest(group->operand(1)))
    return std::nullopt;
  return group;
}

bool canPack(const AnchoredGroup &group, nn::FusedOp fused) {
  BlockArgument rhs = group.operand(1);
  return isConstantOperand(fused.getInputs()[rhs.getArgNumber()]) && !group.usedByRest(rhs);
}

plan::LayoutAttr packingOf(const AnchoredGroup &group, int64_t block, int64_t taken) {
  auto type = cast<RankedTensorType>(group.operand(1).getType());
  return isa<nn::ConvOp>(group.anchor) ? packedFilter(type, block, taken)
                                       : packedMatrix(type, block, taken);
}

Candidate contractionCandidate(const AnchoredGroup &group, const Contraction &c, int64_t taken,
                               int64_t block, bool packed) {
  Candidate candidate = group.candidate(c.columnDim);
  LayoutNeed &lhsNeed = candidate.operands[group.operand(0).getArgNumber()],
             &rhsNeed = candidate.operands[group.operand(1).getArgNumber()];
  auto conv = dyn_cast<nn::ConvOp>(group.anchor);
  if (conv)
    convHalo(conv, lhsNeed);
  if (taken > 1)
    lhsNeed.unitDim = groupDim(group.anchor);
  int64_t rank = cast<RankedTensorType>(group.operand(1).getType()).getRank();
  if (packed)
    rhsNeed.packed = packingOf(group, block, taken);
  else
    rhsNeed.unitDim = conv ? 0 : rank - 1;
  if (c.bias)
    candidate.operands[group.operand(c.bias).getArgNumber()].unitDim = 0;
  Builder b(group.anchor->getContext());
  candidate.tile = b.getDictionaryAttr(b.getNamedAttr(tileBlock, b.getI64IntegerAttr(block)));
  return candidate;
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

/// Weights that come from memory are slower than the multiplications on the
/// first pass over a block, and idle on all others: each tile therefore fetches
/// its share of the next block, where that pays.
bool prefetchPays(const Contraction &c, int64_t block, int64_t tiles, const TargetModel &t) {
  int64_t panel = c.depth() * block * c.stepBytes, blocks = llvm::divideCeil(c.columns, block);
  bool fromMemory = panel * blocks * 4 > t.l2Bytes;
  return fromMemory && blocks > 1 && tiles > 1 && tiles <= 32;
}

int64_t bytesAheadPerRow(const Contraction &c, int64_t block) {
  int64_t panel = c.depth() * block * c.stepBytes, rows = c.rows[0].size * c.rows[1].size;
  return rows > 0 ? llvm::divideCeil(panel, rows) : 0;
}

//===----------------------------------------------------------------------===//
// As text
//===----------------------------------------------------------------------===//

/// Far more than any machine has registers for; a plan may be edited.
constexpr int64_t mostRows = 64;
constexpr StringLiteral rows0Name = "rows0", rows1Name = "rows1", prefetchName = "prefetch",
                        columnsOutsideName = "columns_outside";

int64_t takenBy(const AnchoredGroup &group, plan::KernelOp kernel, const TargetModel &target) {
  return MultiplyAccumulate::groupOf(formOf(group.anchor, target, isPacked(kernel)));
}

DictionaryAttr chooseContractionTile(const AnchoredGroup &group, plan::KernelOp kernel,
                                     const TargetModel &target) {
  Contraction c = contractionOf(group, kernel, takenBy(group, kernel, target));
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
  if (outside && isPacked(kernel) &&
      prefetchPays(c, block, c.rows[0].size * c.rows[1].size / (tile.rows0 * tile.rows1), target))
    parameters.set(prefetchName, b.getUnitAttr());
  return parameters.getDictionary(kernel.getContext());
}

LogicalResult checkContractionLayouts(const AnchoredGroup &group, plan::KernelOp kernel,
                                      int64_t block, int64_t taken) {
  bool packed = isPacked(kernel);
  Contraction c = *Contraction::of(group.anchor, {}, {});
  if (packed && failed(checkPacking(kernel, group.operand(1), packingOf(group, block, taken))))
    return failure();
  return checkNeighbours(kernel, contractionCandidate(group, c, taken, block, packed));
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
  if (failed(checkContractionLayouts(group, kernel, tile.block, takenBy(group, kernel, target))))
    return failure();
  return tile;
}

} // namespace nnc
