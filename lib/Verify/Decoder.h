//===- Decoder.h - x86-64 instructions as the analysis sees them -*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "State.h"

#include "nnc/Verify/Verify.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/MC/MCInst.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace nnc::verify {

/// Instructions with a rule of their own; every other one follows the generic
/// rule "each result depends on each operand and its number is unknown".
enum class Op : uint8_t {
  Generic,
  Move,
  MoveZeroExtend,
  MoveSignExtend,
  LoadAddress,
  Add,
  Sub,
  And,
  AndNot,
  Or,
  Xor,
  Compare,
  Test,
  Increment,
  Decrement,
  Negate,
  Not,
  ShiftLeft,
  ShiftRight,
  ShiftRightArithmetic,
  Multiply,
  SelectIf,
  SetIf,
  ClearHighBits,
  SignExtendAccumulator,
  MaskMove,
  VectorMove,
  VectorZero,
  VectorOnes,
  MaskZero,
  MaskOnes,
  TernaryLogic,
  Push,
  Pop,
  Leave,
  Call,
  Jump,
  JumpIf,
  Return,
  IndirectBranch,
  Nop,
  Prefetch,
  Prefix,
  ZeroUpper,
  ControlWord,
  CpuQuery,
  MatrixShapes,
  MatrixRelease,
  MatrixZero,
  MatrixLoad,
  MatrixStore,
  MatrixMultiply
};
/// On matrix registers (AMX), the last of the list.
constexpr bool isMatrixOp(Op op) { return op >= Op::MatrixShapes; }

/// How an instruction changes the two halves of EFLAGS.
enum class FlagsEffect : uint8_t {
  None,
  All,       ///< every flag anew
  KeepCarry, ///< all but the carry anew
  CarryOnly, ///< the carry anew, the others as before
  Some       ///< not told apart: new and old flags mix
};

/// One x86 condition, numbered as in the encoding.
enum Condition : uint8_t {
  CondO,
  CondNO,
  CondB,
  CondAE,
  CondE,
  CondNE,
  CondBE,
  CondA,
  CondS,
  CondNS,
  CondP,
  CondNP,
  CondL,
  CondGE,
  CondLE,
  CondG
};

/// Where an instruction's predicate acts.
enum class MaskUse : uint8_t { None, MaskRegister, VectorRegister };

/// Facts of one LLVM opcode, found once.
struct OpcodeInfo {
  std::string name;     ///< LLVM's name, "ADD64rm"
  std::string mnemonic; ///< Intel syntax, of comparisons without their condition
  Op op = Op::Generic;
  uint8_t width = 0;       ///< operand bits of the integer rules
  uint8_t sourceWidth = 0; ///< bits before an extension
  FlagsEffect flags = FlagsEffect::None;
  bool readsFlags = false;
  int memoryIndex = -1; ///< MCInst operand where the address starts
  bool loads = false, stores = false;
  unsigned memoryBytes = 0;  ///< 0 if the address is not accessed
  unsigned elementBytes = 0; ///< granularity of masked accesses, 0 if unknown
  MaskUse mask = MaskUse::None;
  bool variableLatency = false;
  bool readsFloatMode = false; ///< rounds, flushes or compares as MXCSR says
  unsigned isaLevel = 1;       ///< least psABI level that has it
  std::string refusal;         ///< why the analysis does not accept it, if so
};

/// base + index * scale + displacement.
struct Address {
  uint8_t base = NoLocation, index = NoLocation;
  uint8_t scale = 1;
  bool ripRelative = false;
  int64_t displacement = 0;
};

/// One source operand or the destination.
struct Operand {
  enum Kind : uint8_t { None, Register, Immediate, Memory } kind = None;
  uint8_t location = NoLocation;
  uint8_t bits = 0; ///< register width
  bool highByte = false;
  int64_t immediate = 0;
};

/// A decoded instruction.
struct Instruction {
  uint64_t address = 0;
  uint8_t size = 0;
  bool mergesVector = false; ///< legacy SSE: keeps the upper vector bits
  Condition condition = CondO;
  const OpcodeInfo *info = nullptr;
  Operand destination;
  llvm::SmallVector<Operand, 4> sources;
  Address memory;
  uint8_t maskLocation = NoLocation;
  LocationSet uses = 0;        ///< read, as a whole or in part
  LocationSet lowByteUses = 0; ///< of general registers only the low byte is read
  LocationSet defs = 0;
  LocationSet partialDefs = 0; ///< of these, some bits stay as they were
  LocationSet lowByteDefs = 0; ///< of these, only the low byte is written
  LocationSet wordDefs = 0;    ///< of these, only the low 16 bits are written
  std::string refusal;         ///< of this form: segment override, odd register, …
  uint64_t target = 0;         ///< of a direct branch or call

  Op op() const { return info->op; }
  uint64_t end() const { return address + size; }
  /// Both sources are the same register.
  bool repeatsSource() const {
    return sources.size() == 2 && sources[0].kind == Operand::Register &&
           sources[1].kind == Operand::Register && sources[0].location == sources[1].location;
  }
  bool isTerminator() const {
    return op() == Op::Jump || op() == Op::JumpIf || op() == Op::Return ||
           op() == Op::IndirectBranch;
  }
};

/// Disassembles and classifies.
class Decoder {
public:
  /// For the core of `contract`.
  static llvm::Expected<std::unique_ptr<Decoder>> create(const Contract &contract);
  ~Decoder();

  /// False if the bytes are no instruction.
  bool decode(llvm::ArrayRef<uint8_t> bytes, uint64_t address, Instruction &result);
  /// Intel syntax.
  std::string print(llvm::ArrayRef<uint8_t> bytes, uint64_t address) const;

private:
  struct Machine;
  explicit Decoder(const Contract &contract);
  const OpcodeInfo &infoOf(const llvm::MCInst &inst, llvm::ArrayRef<uint8_t> bytes,
                           uint64_t address);
  void readOperands(const llvm::MCInst &inst, Instruction &result) const;
  void readAddress(const llvm::MCInst &inst, Instruction &result) const;
  void addImplicit(const llvm::MCInst &inst, Instruction &result) const;
  void useRegister(unsigned reg, bool isDef, Instruction &result) const;

  std::unique_ptr<Machine> machine;
  std::vector<std::unique_ptr<OpcodeInfo>> infos;
  std::vector<std::string> variableLatency;
};

/// Fills rule, widths, flag and memory effects from LLVM's name and
/// description of the opcode. `printed` is an example in Intel syntax.
OpcodeInfo classifyOpcode(llvm::StringRef name, llvm::StringRef printed, int memoryIndex,
                          bool mayLoad, bool mayStore, bool sideEffects, bool usesFlags,
                          bool definesFlags, bool usesMaskRegister);

} // namespace nnc::verify
