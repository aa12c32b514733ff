//===- MatrixTile.cpp - How a contraction is cut into matrix tiles ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "MatrixTile.h"

using namespace mlir;

namespace nnc {

SmallVector<RegisterPart, 2> registerParts(int64_t size) {
  SmallVector<RegisterPart, 2> parts;
  for (const Part &part : balancedParts(size, MatrixRegister::rows))
    for (int64_t i = 0; i < part.count; ++i)
      parts.push_back({part.start + i * part.size, part.size});
  return parts;
}

/// Columns fill one register after the other: that is how vectors take them up.
static int64_t columnRegisters(int64_t columns) {
  return llvm::divideCeil(columns, MatrixRegister::sums);
}

std::optional<Contraction> matrixContractionOf(const AnchoredGroup &group) {
  auto isByte = [&](unsigned i) {
    Type element = elementOf(group.operand(i));
    return isa<IntegerType>(element) && element.getIntOrFloatBitWidth() == 8;
  };
  if (!isByte(0) || !isByte(1) || !isGroupable(group.anchor))
    return std::nullopt;
  Contraction c = contractionOf(group.anchor, MatrixRegister::taken, /*packed=*/true, {},
                                packingOf(group, MatrixRegister::sums, MatrixRegister::taken));
  c.mergeReduce();
  return c;
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

/// The most groups of factors that divide the innermost reduction; 0: none do, or there is a rest.
static int64_t depthOf(const Contraction &c) {
  if (c.reduce.empty() || c.columns == 0 ||
      llvm::any_of(c.reduce, [](const Contraction::Reduce &r) { return r.rest || r.size == 0; }))
    return 0;
  int64_t depth = MatrixRegister::rows;
  while (c.reduce.back().size % depth)
    --depth;
  // Rows of factors stand side by side.
  return c.reduce.back().lhs == MatrixRegister::taken ? depth : 1;
}

/// Cycles of one tile. Products take their rows one after the other, and some cycles each (measured
/// on Sapphire Rapids: 10.7 for seven rows, 19.1 for sixteen).
static double tileCycles(const Contraction &c, const TargetModel &target, int64_t depth,
                         int64_t rows0, int64_t rows1, int64_t columns) {
  int64_t rowRegisters = rows0 * registerParts(rows1).size(), rows = rows0 * rows1;
  int64_t registers = columnRegisters(columns);
  double products = registers * (rowRegisters * 4.2 + rows * 0.93);
  double loads = double(rows + registers * depth) / target.loadsPerCycle;
  // One operand streams by while a tile of the other waits in the first cache, if it has room
  // there.
  double groupBytes = MatrixRegister::taken * double(c.depth());
  auto fetched = [&](double size, double of) { // bytes for one step
    return of * groupBytes <= 0.75 * target.l1DataBytes ? 0.0
                                                        : size * MatrixRegister::taken * depth;
  };
  double bytes =
      std::min(fetched(rows, c.rows[0].size * c.rows[1].size) + fetched(columns, columns),
               fetched(columns, c.columns) + fetched(rows, rows));
  double step = std::max({products, loads, bytes / target.l2BytesPerCycle});
  return double(c.depth()) / depth * step + rows * registers * 7 + 60;
}

std::optional<MatrixChoice> chooseMatrixTile(const Contraction &c, const TargetModel &target,
                                             int64_t block) {
  int64_t depth = depthOf(c), most = MatrixRegister::side * MatrixRegister::sums;
  if (!depth)
    return std::nullopt;
  std::optional<MatrixChoice> best;
  auto consider = [&](const RegisterTile &tile) {
    double cycles =
        c.outerCount() * sumOverTiles(c, tile, [&](int64_t rows0, int64_t rows1, int64_t columns) {
          return tileCycles(c, target, depth, rows0, rows1, columns);
        });
    if (best && best->cycles <= cycles)
      return;
    int64_t tiles =
        llvm::divideCeil(c.rows[0].size, tile.rows0) * llvm::divideCeil(c.rows[1].size, tile.rows1);
    bool prefetch = prefetchPays(c, tile.block, tiles, target);
    best = {{tile.block, tile.rows0, tile.rows1, depth, prefetch || columnsOutside(c, tile, target),
             prefetch},
            cycles};
  };
  for (int64_t size : block ? SmallVector<int64_t>{block} : blockSizes(c, target, most))
    for (int64_t rows0 = 1; rows0 <= std::min(MatrixRegister::side, c.rows[0].size); ++rows0)
      for (int64_t rows1 = 1;
           rows1 <= std::min(MatrixRegister::side * MatrixRegister::rows / rows0, c.rows[1].size);
           ++rows1)
        consider({rows0, rows1, size, 0});
  return best;
}

//===----------------------------------------------------------------------===//
// As text
//===----------------------------------------------------------------------===//

constexpr StringLiteral rows0Name = "rows0", rows1Name = "rows1", depthName = "depth",
                        columnsOutsideName = "columns_outside", prefetchName = "prefetch";

DictionaryAttr matrixTileAttr(const MatrixTile &tile, MLIRContext *context) {
  Builder b(context);
  NamedAttrList parameters;
  parameters.set(tileBlock, b.getI64IntegerAttr(tile.block));
  parameters.set(rows0Name, b.getI64IntegerAttr(tile.rows0));
  parameters.set(rows1Name, b.getI64IntegerAttr(tile.rows1));
  parameters.set(depthName, b.getI64IntegerAttr(tile.depth));
  if (tile.columnsOutside)
    parameters.set(columnsOutsideName, b.getUnitAttr());
  if (tile.prefetch)
    parameters.set(prefetchName, b.getUnitAttr());
  return parameters.getDictionary(context);
}

FailureOr<MatrixTile> readMatrixTile(const AnchoredGroup &group, plan::KernelOp kernel,
                                     const Contraction &c) {
  TileReader reader(kernel);
  MatrixTile tile;
  tile.block = reader.number(tileBlock, MatrixRegister::side * MatrixRegister::sums);
  tile.rows0 = reader.number(rows0Name, MatrixRegister::side);
  tile.rows1 = reader.number(rows1Name, MatrixRegister::side * MatrixRegister::rows / tile.rows0);
  tile.depth = reader.number(depthName, MatrixRegister::rows);
  tile.columnsOutside = reader.flag(columnsOutsideName);
  tile.prefetch = tile.columnsOutside && reader.flag(prefetchName);
  if (failed(reader.finish()))
    return failure();
  int64_t most = depthOf(c);
  if (most == 0 || (tile.depth > 1 && most == 1) || c.reduce.back().size % tile.depth)
    return kernel.emitError("what is reduced does not stand in steps of ")
           << tile.depth << " groups of four";
  if (failed(checkContractionLayouts(group, kernel, tile.block, MatrixRegister::taken)))
    return failure();
  return tile;
}

} // namespace nnc
