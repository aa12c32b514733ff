//===- MatrixFamily.cpp - conv and matmul of bytes in matrix registers -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Up to two registers of rows times two of columns (AMX):
//
//     for blocks of columns, for rows            (or the other way round)
//       sums[rows][columns] = bias
//       for reduce                                one load per register of factors
//         sums += lhs[rows][group] * rhs[group][columns]
//       sums to the frame; from there, row by row: epilogue, store
//
// Sums wrap like those of vectors, so that they have the same bits.
//
//===----------------------------------------------------------------------===//
#include "ContractionWalk.h"
#include "MatrixTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace nnc {
namespace {

class MatrixEmitter : ContractionWalk {
public:
  MatrixEmitter(const AnchoredGroup &group, plan::KernelOp kernel, const MatrixTile &tile,
                const Contraction &c, ValueRange pointers, KernelEmitter &e);
  void emit();

private:
  /// The rows that one register holds: from `row1` of row `row0` of the tile on.
  struct RowPart {
    int64_t row0, row1, size;
  };
  // The numbers of the registers.
  int64_t sumRegister(size_t rows, size_t columns) const {
    return rows * MatrixRegister::side + columns;
  }
  int64_t lhsRegister(size_t rows) const {
    return MatrixRegister::side * MatrixRegister::side + rows;
  }
  int64_t rhsRegister(size_t columns) const { return lhsRegister(MatrixRegister::side + columns); }

  void emitRun(const Run &run, const TileSize &size, PlaceAt at) override;
  void takeSize(const TileSize &taken, bool load);
  void loadShapes();
  Value constantBytes(ArrayRef<uint8_t> bytes);
  void toFrame();
  void start(const Place &place);
  void reduceFrom(size_t depth, const Place &place);
  void step(const Place &at);
  void finish(const Place &place);
  void finishRows(const Place &place, int64_t count, Value sums);

  /// An instruction without result; integers among its operands are immediate.
  void instruct(StringRef name, ArrayRef<int64_t> registers, ValueRange operands = {});
  Value address(Value base, int64_t bytes);

  plan::KernelOp kernel;
  Epilogue epilogue;
  MatrixTile tile;
  StringRef product;      ///< the instruction for signed and unsigned factors
  Value frame;            ///< the sums of one tile, row by row
  bool areShaped = false; ///< all tiles have the shapes that were loaded first

  // The tile that is being emitted.
  TileSize size = {};
  int64_t perStep = 0; ///< bytes of the next block that each step of the reduction fetches
  SmallVector<RowPart, 2> rowParts;
  SmallVector<RegisterPart, 2> columnParts;
};

StringRef productOf(Type lhs, Type rhs) {
  if (lhs.isUnsignedInteger())
    return rhs.isUnsignedInteger() ? "llvm.x86.tdpbuud" : "llvm.x86.tdpbusd";
  return rhs.isUnsignedInteger() ? "llvm.x86.tdpbsud" : "llvm.x86.tdpbssd";
}

MatrixEmitter::MatrixEmitter(const AnchoredGroup &group, plan::KernelOp kernel,
                             const MatrixTile &tile, const Contraction &c, ValueRange pointers,
                             KernelEmitter &e)
    : ContractionWalk(group, kernel, c,
                      {tile.block, tile.rows0, tile.rows1, tile.columnsOutside,
                       tile.prefetch ? bytesAheadPerRow(c, tile.block) : 0},
                      /*packed=*/true, pointers, e),
      kernel(kernel), epilogue(group, kernel, pointers, c.columnDim, e), tile(tile),
      product(productOf(lhsType, rhsType)) {}

void MatrixEmitter::instruct(StringRef name, ArrayRef<int64_t> registers, ValueRange operands) {
  ImplicitLocOpBuilder &b = e.builder();
  SmallVector<Value> all;
  for (int64_t number : registers)
    all.push_back(b.create<arith::ConstantOp>(b.getI8IntegerAttr(number)));
  llvm::append_range(all, operands);
  b.create<LLVM::CallIntrinsicOp>(TypeRange(), name, all);
}

Value MatrixEmitter::address(Value base, int64_t bytes) {
  return advanceBytes(base, e.constant(1), bytes);
}

void MatrixEmitter::emit() {
  ImplicitLocOpBuilder &b = e.builder();
  frame = b.create<LLVM::AllocaOp>(LLVM::LLVMPointerType::get(b.getContext()), b.getI32Type(),
                                   e.constant(tile.rows0 * tile.rows1 * tile.block),
                                   MatrixRegister::rowBytes);
  epilogue.fillHalos();
  std::optional<TileSize> only = onlySize();
  if (only)
    takeSize(*only, /*load=*/true);
  areShaped = only.has_value();
  emitTiles();
  instruct("llvm.x86.tilerelease", {});
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

/// What stands in which registers for tiles of this size. `load`: and tells them, which takes some
/// hundred cycles.
void MatrixEmitter::takeSize(const TileSize &taken, bool load) {
  size = taken;
  rowParts.clear();
  for (int64_t row0 = 0; row0 < size.rows[0]; ++row0)
    for (const RegisterPart &part : registerParts(size.rows[1]))
      rowParts.push_back({row0, part.start, part.size});
  columnParts.clear();
  for (int64_t start = 0; start < size.columns; start += MatrixRegister::sums)
    columnParts.push_back({start, std::min(MatrixRegister::sums, size.columns - start)});
  perStep = aheadPerStep(size.rows[0] * size.rows[1]);
  if (load)
    loadShapes();
}

/// The rows and columns of all registers as LDTILECFG wants them: palette 1, from byte 16 on the
/// bytes of a row (16 bits each), from byte 48 on the rows.
void MatrixEmitter::loadShapes() {
  std::array<uint8_t, 64> shapes = {1};
  auto set = [&](int64_t number, int64_t rows, int64_t sums) {
    shapes[16 + 2 * number] = 4 * sums;
    shapes[48 + number] = rows;
  };
  for (auto [r, row] : llvm::enumerate(rowParts)) {
    set(lhsRegister(r), row.size, tile.depth);
    for (auto [k, column] : llvm::enumerate(columnParts))
      set(sumRegister(r, k), row.size, column.size);
  }
  for (auto [k, column] : llvm::enumerate(columnParts))
    set(rhsRegister(k), tile.depth, column.size);
  instruct("llvm.x86.ldtilecfg", {}, {constantBytes(shapes)});
}

/// Their address in read-only memory.
Value MatrixEmitter::constantBytes(ArrayRef<uint8_t> bytes) {
  ImplicitLocOpBuilder &b = e.builder();
  auto type = LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size());
  auto value = DenseElementsAttr::get(
      RankedTensorType::get(static_cast<int64_t>(bytes.size()), b.getI8Type()), bytes);
  auto module = b.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  std::string name;
  for (int64_t i = 0; name.empty() || module.lookupSymbol(name); ++i)
    name = (kernel.getSymName() + "_shapes" + Twine(i)).str();
  OpBuilder::InsertPoint here = b.saveInsertionPoint();
  b.setInsertionPointToStart(module.getBody());
  auto global = b.create<LLVM::GlobalOp>(type, /*isConstant=*/true, LLVM::Linkage::Internal, name,
                                         value, MatrixRegister::rowBytes);
  b.restoreInsertionPoint(here);
  return b.create<LLVM::AddressOfOp>(global);
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

void MatrixEmitter::emitRun(const Run &run, const TileSize &size, PlaceAt at) {
  takeSize(size, /*load=*/!areShaped);
  e.loop(run.from, run.end(), run.step, [&](Value i) {
    Place place = at(i);
    start(place);
    reduceFrom(0, place);
    toFrame();
    finish(place);
  });
}

/// The sums of a tile, row by row.
void MatrixEmitter::toFrame() {
  for (auto [r, row] : llvm::enumerate(rowParts))
    for (auto [k, column] : llvm::enumerate(columnParts)) {
      int64_t sum = (row.row0 * size.rows[1] + row.row1) * tile.block + column.start;
      instruct("llvm.x86.tilestored64", {sumRegister(r, k)},
               {address(frame, 4 * sum), e.constant(4 * tile.block)});
    }
}

/// The bias in each row, by a stride of 0, or 0.
void MatrixEmitter::start(const Place &place) {
  Value bias;
  if (c.bias) {
    Value column = place.index[c.columnDim] ? place.index[c.columnDim] : e.constant(0);
    bias =
        e.pointer(pointers[group.operand(c.bias).getArgNumber()], e.builder().getI32Type(), column);
  }
  for (size_t r = 0; r < rowParts.size(); ++r)
    for (auto [k, column] : llvm::enumerate(columnParts)) {
      if (bias)
        instruct("llvm.x86.tileloadd64", {sumRegister(r, k)},
                 {address(bias, 4 * column.start), e.constant(0)});
      else
        instruct("llvm.x86.tilezero", {sumRegister(r, k)});
    }
}

void MatrixEmitter::reduceFrom(size_t depth, const Place &place) {
  const Contraction::Reduce &r = c.reduce[depth];
  bool innermost = depth + 1 == c.reduce.size();
  e.loop(0, r.size, innermost ? tile.depth : 1, [&](Value k) {
    Place next = along(depth, place, k, perStep);
    innermost ? step(next) : reduceFrom(depth + 1, next);
  });
}

void MatrixEmitter::step(const Place &at) {
  fetchAhead(at, perStep * tile.depth, Cache::Second);
  auto load = [&](int64_t number, Value base, int64_t stride) {
    instruct("llvm.x86.tileloadd64", {number}, {base, e.constant(stride)});
  };
  for (auto [r, row] : llvm::enumerate(rowParts)) {
    load(lhsRegister(r), address(at.lhs, row.row0 * c.rows[0].lhs + row.row1 * c.rows[1].lhs),
         c.rows[1].lhs);
    for (auto [k, column] : llvm::enumerate(columnParts)) {
      if (r == 0)
        load(rhsRegister(k), address(at.rhs, MatrixRegister::taken * column.start),
             MatrixRegister::taken * tile.block);
      instruct(product, {sumRegister(r, k), lhsRegister(r), rhsRegister(k)});
    }
  }
}

//===----------------------------------------------------------------------===//
// The epilogue
//===----------------------------------------------------------------------===//

/// Rows that are finished together: what they share is loaded once.
constexpr int64_t rowsTogether = 4;

void MatrixEmitter::finish(const Place &place) {
  const std::array<int64_t, 2> &rows = size.rows;
  int64_t together = group.isLong() ? 1 : std::min(rowsTogether, rows[1]);
  e.loop(0, rows[0], 1, [&](Value row0) {
    Place outer = place;
    if (c.rows[0].dim >= 0)
      outer.index[c.rows[0].dim] = addIndex(place.index[c.rows[0].dim], row0);
    Value line = advanceBytes(frame, row0, 4 * rows[1] * tile.block);
    for (const Part &part : blockParts(rows[1], together))
      e.loop(part.start, part.start + part.count * part.size, part.size, [&](Value row1) {
        Place inner = outer;
        if (c.rows[1].dim >= 0)
          inner.index[c.rows[1].dim] = addIndex(outer.index[c.rows[1].dim], row1);
        finishRows(inner, part.size, advanceBytes(line, row1, 4 * tile.block));
      });
  });
}

/// `count` rows from `place` on, whose sums stand at `sums`.
void MatrixEmitter::finishRows(const Place &place, int64_t count, Value sums) {
  epilogue.moveTo(place.index);
  Type i32 = e.builder().getI32Type();
  SmallVector<Epilogue::Part> parts;
  for (int64_t row = 0; row < count; ++row)
    for (const ColumnVector &v : columnVectors(size.columns, e.target())) {
      SmallVector<int64_t> delta(group.type().getRank(), 0);
      if (c.rows[1].dim >= 0)
        delta[c.rows[1].dim] += row;
      delta[c.columnDim] += v.offset;
      Value accumulator =
          e.loadVector(sums, i32, e.constant(row * tile.block + v.offset), v.lanes, v.active);
      parts.push_back({accumulator, delta, v.active});
    }
  epilogue.finish(parts);
}

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

class MatrixFamily : public AnchoredFamily {
public:
  StringRef name() const override { return "matrix"; }

  void candidates(nn::FusedOp fused, const TargetModel &target,
                  std::vector<Candidate> &out) const override {
    auto group = target.hasMatrixRegisters ? matchContraction(fused) : std::nullopt;
    if (!group || !canPack(*group, fused) || group->type().getNumElements() == 0)
      return;
    auto c = matrixContractionOf(*group);
    auto choice = c ? chooseMatrixTile(*c, target) : std::nullopt;
    if (!choice)
      return;
    Candidate candidate = contractionCandidate(*group, *c, MatrixRegister::taken,
                                               choice->tile.block, /*packed=*/true);
    candidate.algorithm = "matrix.packed";
    candidate.cycles = choice->cycles;
    out.push_back(std::move(candidate));
  }

  DictionaryAttr completeTile(plan::KernelOp kernel, const TargetModel &target) const override {
    auto group = AnchoredGroup::match(kernel.getBlock());
    Contraction c = contractionOf(*group, kernel, MatrixRegister::taken);
    int64_t block = kernel.getTile().getAs<IntegerAttr>(tileBlock).getInt();
    return matrixTileAttr(chooseMatrixTile(c, target, block)->tile, kernel.getContext());
  }

  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers,
                         KernelEmitter &emitter) const override {
    auto group = AnchoredGroup::match(kernel.getBlock());
    if (!group || !isa<nn::ConvOp, nn::MatMulOp>(group->anchor) || !matrixContractionOf(*group))
      return kernel.emitError("holds no contraction of bytes");
    if (!isPacked(kernel))
      return kernel.emitError("reads factors that are packed only: its algorithm is matrix.packed");
    if (!emitter.target().hasMatrixRegisters)
      return kernel.emitError("this core has no matrix registers");
    Contraction c = contractionOf(*group, kernel, MatrixRegister::taken);
    auto tile = readMatrixTile(*group, kernel, c);
    if (failed(tile))
      return failure();
    // What the epilogue reads of constants stays in registers from row to row.
    auto function = cast<func::FuncOp>(emitter.builder().getInsertionBlock()->getParentOp());
    for (unsigned i = 0, n = kernel.getOperandLayouts().size(); i < n; ++i)
      if (!mayAlias(kernel, i))
        function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(),
                            UnitAttr::get(kernel.getContext()));
    MatrixEmitter(*group, kernel, *tile, c, pointers, emitter).emit();
    return success();
  }
};

} // namespace

std::unique_ptr<KernelFamily> createMatrixFamily() { return std::make_unique<MatrixFamily>(); }

} // namespace nnc
