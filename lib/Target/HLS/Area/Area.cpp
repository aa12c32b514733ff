//===- Area.cpp - What a design takes on a chip --------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/HLS/Area.h"

#include "CollectBits.h"
#include "TableCover.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace nnc::hls {
namespace {

/// Registers that only hand on to another one, three or more in a row, are shift registers in
/// tables.
class ShiftRegisters {
public:
  explicit ShiftRegisters(const BitNetwork &network)
      : n(network), readers(network.gates.size(), 0) {
    auto read = [&](Bit bit) { ++readers[bit.node()]; };
    for (const Gate &gate : n.gates)
      for (Bit input : gate.inputs)
        read(input);
    for (const Cell &cell : n.cells)
      if (cell.isLive)
        for_each(cell.inputs, read);
    for (uint32_t cell = 0; cell < n.cells.size(); ++cell)
      if (isPlain(cell) && previous(cell))
        continued.insert(*previous(cell));
  }

  /// Calls `visit` for each one with its last register and the number of all.
  void forEach(function_ref<void(uint32_t, ArrayRef<uint32_t>)> visit) const {
    constexpr size_t shortest = 3;
    for (uint32_t cell = 0; cell < n.cells.size(); ++cell) {
      if (!isPlain(cell) || continued.contains(cell))
        continue;
      SmallVector<uint32_t> row{cell};
      while (std::optional<uint32_t> before = previous(row.back()))
        row.push_back(*before);
      if (row.size() >= shortest)
        visit(cell, row);
    }
  }

private:
  bool isPlain(uint32_t number) const {
    const Cell &cell = n.cells[number];
    return cell.isLive && cell.kind == Cell::Register && cell.inputs[2] == zeroBit;
  }

  /// The register that hands on to `number` and to nobody else.
  std::optional<uint32_t> previous(uint32_t number) const {
    Bit next = n.cells[number].inputs[0];
    if (next.isConstant() || next.isInverted() || n.gates[next.node()].kind != Gate::Leaf)
      return std::nullopt;
    uint32_t before = n.gates[next.node()].owner;
    bool good = before != number && isPlain(before) && readers[next.node()] == 1 &&
                n.cells[before].inputs[1] == n.cells[number].inputs[1];
    return good ? std::optional(before) : std::nullopt;
  }

  const BitNetwork &n;
  std::vector<uint32_t> readers;
  DenseSet<uint32_t> continued;
};

} // namespace

AreaEstimate estimateArea(rtl::RTLModuleOp top) {
  FlatDesign design = collectBits(top);
  BitNetwork &network = design.network;
  network.absorbResets();
  network.mergeRegisters();
  network.markLive();

  std::vector<Area> areas(design.parts.size());
  for (const Cell &cell : network.cells)
    if (cell.isLive) {
      areas[cell.part].ff += cell.kind == Cell::Register;
      areas[cell.part].lut += cell.tables;
      areas[cell.part].bram += cell.blocks;
    }
  ShiftRegisters(network).forEach([&](uint32_t last, ArrayRef<uint32_t> row) {
    constexpr size_t longest = 32;
    for (uint32_t cell : row)
      --areas[network.cells[cell].part].ff;
    areas[network.cells[last].part].lut += divideCeil(row.size(), longest);
  });
  // It hangs on the order of cells whether ABC finds the flattest form or one that is a table
  // deeper and takes fewer: the mean of both.
  std::vector<unsigned> ofBoth(design.parts.size());
  for (unsigned spareDepth : {0, 1})
    coverWithTables(network, spareDepth,
                    [&](const Gate &gate, unsigned tables) { ofBoth[gate.owner] += tables; });
  for (auto [area, tables] : zip_equal(areas, ofBoth))
    area.lut += divideCeil(tables, 2);

  AreaEstimate estimate;
  for (auto [part, area] : zip_equal(design.parts, areas)) {
    estimate.total += area;
    if (area.lut || area.ff || area.bram || area.dsp)
      estimate.parts.push_back({part, area});
  }
  return estimate;
}

} // namespace nnc::hls
