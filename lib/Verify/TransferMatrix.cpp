//===- TransferMatrix.cpp - Matrix registers (AMX) -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A matrix register has as many rows and bytes as LDTILECFG said last. So
// shapes come from constants alone, which are read here, and a load or store
// is one access for each row. What a register holds counts as data, always.
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"

#include "llvm/Support/Endian.h"

using namespace llvm;

namespace nnc::verify {
namespace {

/// One register, as the 64 bytes of a configuration give it.
struct Shape {
  unsigned rows = 0, bytes = 0;
};

constexpr unsigned configurationBytes = 64, registers = 8;

Shape shapeOf(ArrayRef<uint8_t> configuration, unsigned number) {
  return {configuration[48 + number],
          support::endian::read16le(configuration.data() + 16 + 2 * number)};
}

/// Whether the core takes it: palette 1, from the first row on, what is reserved 0, nothing too
/// large.
bool isValid(ArrayRef<uint8_t> configuration) {
  auto isZero = [&](size_t from, size_t to) {
    return all_of(configuration.slice(from, to - from), [](uint8_t byte) { return byte == 0; });
  };
  if (configuration[0] != 1 || !isZero(1, 16) || !isZero(16 + 2 * registers, 48) ||
      !isZero(48 + registers, configurationBytes))
    return false;
  for (unsigned i = 0; i < registers; ++i)
    if (Shape s = shapeOf(configuration, i);
        s.rows > 16 || s.bytes > 64 || (s.rows == 0) != (s.bytes == 0))
      return false;
  return true;
}

/// The number of the matrix register among the operands, the `n`-th from 0 on.
unsigned matrixOperand(const Instruction &inst, unsigned n) {
  if (inst.destination.kind == Operand::Register && isMatrix(inst.destination.location) && n-- == 0)
    return inst.destination.location - FirstMatrix;
  for (const Operand &source : inst.sources)
    if (source.kind == Operand::Register && isMatrix(source.location) && n-- == 0)
      return source.location - FirstMatrix;
  return registers;
}

} // namespace

void Transfer::reportMatrix(const Instruction &inst, const Twine &reason) {
  for (Promise promise : {Promise::InstructionTrace, Promise::AddressTrace, Promise::Memory})
    context.report(inst, promise, reason.str());
}

/// LDTILECFG: only from constants, or the shapes could be data.
void Transfer::loadShapes(const Instruction &inst) {
  Value address = addressOf(inst);
  checkBounds(inst, address, configurationBytes, /*isStore=*/false);
  const Image &image = context.analysis.image;
  bool exact = address.region.kind == Region::Image && address.count == 0 &&
               address.lo == address.hi && !address.tainted;
  const Section *section = exact ? image.sectionAt(address.lo) : nullptr;
  ArrayRef<uint8_t> bytes;
  if (section && !section->writable && !image.relocatedIn(address.lo, configurationBytes))
    bytes = image.bytes(address.lo, configurationBytes);
  if (bytes.size() == configurationBytes && isValid(bytes)) {
    s.matrixShapes = address.lo;
    return;
  }
  s.matrixShapes = State::unknownShapes;
  reportMatrix(inst, "gives matrix registers shapes that are no valid constant");
}

/// One access for each row: base, and the index register as the distance.
void Transfer::accessRows(const Instruction &inst, unsigned rows, unsigned bytes, bool isStore) {
  const Address &a = inst.memory;
  Value stride = a.index == NoLocation ? Value::constant(0) : s.gpr[a.index];
  if (!stride.isConstant() || stride.tainted)
    return reportMatrix(inst, "accesses rows at a distance that is not known");
  Instruction first = inst;
  first.memory.index = NoLocation;
  Value address = addressOf(first);
  uint64_t distance = uint64_t(stride.lo) * a.scale; // wraps, as addresses do
  for (unsigned row = 0; row < rows; ++row) {
    Value at = addConstant(address, int64_t(row * distance));
    if (at.region.kind != Region::Stack)
      checkBounds(inst, at, bytes, isStore);
    else if (checkStack(inst, at, bytes, isStore) && isStore)
      s.storeSlot(at.region.index, at.lo, bytes, Value::unknown(/*tainted=*/true));
  }
}

void Transfer::stepMatrix(const Instruction &inst) {
  if (inst.op() == Op::MatrixRelease) {
    s.matrixShapes = State::noShapes;
    return;
  }
  if (inst.op() == Op::MatrixShapes)
    return loadShapes(inst);
  if (s.matrixShapes < 0)
    return reportMatrix(inst, "uses matrix registers of unknown shape");
  ArrayRef<uint8_t> configuration =
      context.analysis.image.bytes(s.matrixShapes, configurationBytes);
  auto shape = [&](unsigned n) {
    unsigned number = matrixOperand(inst, n);
    return number < registers ? shapeOf(configuration, number) : Shape();
  };
  Shape to = shape(0);
  if (to.rows == 0)
    return reportMatrix(inst, "uses a matrix register that has no rows");
  if (inst.op() == Op::MatrixLoad || inst.op() == Op::MatrixStore)
    return accessRows(inst, to.rows, to.bytes, inst.op() == Op::MatrixStore);
  if (inst.op() != Op::MatrixMultiply)
    return; // zeroed
  // The sums are the first source, too.
  unsigned sums = matrixOperand(inst, 0), left = matrixOperand(inst, 2),
           right = matrixOperand(inst, 3);
  if (sums == left || sums == right || left == right)
    reportMatrix(inst, "multiplies with one matrix register in two places");
  Shape lhs = shape(2), rhs = shape(3);
  if (lhs.rows != to.rows || rhs.bytes != to.bytes || lhs.bytes != 4 * rhs.rows || to.bytes % 4)
    reportMatrix(inst, "multiplies matrices whose shapes do not fit");
}

} // namespace nnc::verify
