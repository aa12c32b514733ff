//===- OpcodeTable.cpp - Facts of x86 opcodes by LLVM's names --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's X86 opcode enumeration is not an installed header, but its names are
// stable and regular: mnemonic, operand bits, operand forms ("ADD64rm").
// Whatever is not listed here follows the generic rule; what has effects that
// LLVM's description does not state is refused.
//
//===----------------------------------------------------------------------===//
#include "Decoder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace nnc::verify {
namespace {

struct IntegerRule {
  StringLiteral mnemonic;
  Op op;
  FlagsEffect flags;
};

constexpr IntegerRule integerRules[] = {
    {"MOV", Op::Move, FlagsEffect::None},
    {"MOVZX", Op::MoveZeroExtend, FlagsEffect::None},
    {"MOVSX", Op::MoveSignExtend, FlagsEffect::None},
    {"LEA", Op::LoadAddress, FlagsEffect::None},
    {"ADD", Op::Add, FlagsEffect::All},
    {"SUB", Op::Sub, FlagsEffect::All},
    {"AND", Op::And, FlagsEffect::All},
    {"ANDN", Op::AndNot, FlagsEffect::All},
    {"OR", Op::Or, FlagsEffect::All},
    {"XOR", Op::Xor, FlagsEffect::All},
    {"CMP", Op::Compare, FlagsEffect::All},
    {"TEST", Op::Test, FlagsEffect::All},
    {"INC", Op::Increment, FlagsEffect::KeepCarry},
    {"DEC", Op::Decrement, FlagsEffect::KeepCarry},
    {"NEG", Op::Negate, FlagsEffect::All},
    {"NOT", Op::Not, FlagsEffect::None},
    {"SHL", Op::ShiftLeft, FlagsEffect::Some},
    {"SHR", Op::ShiftRight, FlagsEffect::Some},
    {"SAR", Op::ShiftRightArithmetic, FlagsEffect::Some},
    {"SHLX", Op::ShiftLeft, FlagsEffect::None},
    {"SHRX", Op::ShiftRight, FlagsEffect::None},
    {"SARX", Op::ShiftRightArithmetic, FlagsEffect::None},
    {"IMUL", Op::Multiply, FlagsEffect::Some},
    {"BZHI", Op::ClearHighBits, FlagsEffect::Some},
    {"CMOV", Op::SelectIf, FlagsEffect::None},
};

/// Opcodes that are known by their full name.
const std::pair<StringLiteral, Op> wholeNames[] = {
    {"SETCCr", Op::SetIf},
    {"SETCCm", Op::SetIf},
    {"PUSH64r", Op::Push},
    {"PUSH64rmr", Op::Push},
    {"PUSH64i8", Op::Push},
    {"PUSH64i32", Op::Push},
    {"PUSH64rmm", Op::Push},
    {"POP64r", Op::Pop},
    {"POP64rmr", Op::Pop},
    {"LEAVE64", Op::Leave},
    {"CALL64pcrel32", Op::Call},
    {"JMP_1", Op::Jump},
    {"JMP_4", Op::Jump},
    {"JCC_1", Op::JumpIf},
    {"JCC_4", Op::JumpIf},
    {"RET64", Op::Return},
    {"VZEROUPPER", Op::ZeroUpper},
    {"LDMXCSR", Op::ControlWord},
    {"VLDMXCSR", Op::ControlWord},
    {"STMXCSR", Op::ControlWord},
    {"VSTMXCSR", Op::ControlWord},
    {"CPUID", Op::CpuQuery},
    {"XGETBV", Op::CpuQuery},
    {"CDQE", Op::SignExtendAccumulator},
    {"LDTILECFG", Op::MatrixShapes},
    {"TILERELEASE", Op::MatrixRelease},
    {"TILEZERO", Op::MatrixZero},
    {"TILELOADD", Op::MatrixLoad},
    {"TILESTORED", Op::MatrixStore},
    {"TDPBSSD", Op::MatrixMultiply},
    {"TDPBSUD", Op::MatrixMultiply},
    {"TDPBUSD", Op::MatrixMultiply},
    {"TDPBUUD", Op::MatrixMultiply},
};

bool isNop(StringRef name) {
  return name.starts_with("NOOP") || name == "ENDBR64" || name == "PAUSE" || name == "LFENCE";
}

bool isMaskMove(StringRef name) {
  return name.starts_with("KMOV") && name.size() >= 7 && !name.contains("_EVEX");
}

/// A whole-register move: what is copied keeps its identity.
bool isVectorMove(StringRef name) {
  static constexpr StringLiteral zeroExtending[] = {
      "VMOVSSrm",     "VMOVSSrm_alt",  "VMOVSSZrm",    "VMOVSSZrm_alt",
      "VMOVSDrm",     "VMOVSDrm_alt",  "VMOVSDZrm",    "VMOVSDZrm_alt",
      "VMOVQI2PQIrm", "VMOVQI2PQIZrm", "VMOVDI2PDIrm", "VMOVDI2PDIZrm"};
  if (is_contained(zeroExtending, name))
    return true;
  static constexpr StringLiteral moves[] = {"VMOVUPS",   "VMOVUPD",   "VMOVAPS",   "VMOVAPD",
                                            "VMOVDQU",   "VMOVDQA",   "VMOVDQU8",  "VMOVDQU16",
                                            "VMOVDQU32", "VMOVDQU64", "VMOVDQA32", "VMOVDQA64"};
  static constexpr StringLiteral forms[] = {
      "rr",      "rm",     "mr",     "rr_REV",  "Yrr",        "Yrm",       "Ymr",
      "Yrr_REV", "Zrr",    "Zrm",    "Zmr",     "Z256rr",     "Z256rm",    "Z256mr",
      "Z128rr",  "Z128rm", "Z128mr", "Zrr_REV", "Z256rr_REV", "Z128rr_REV"};
  return any_of(moves, [&](StringRef move) {
    return name.starts_with(move) && is_contained(forms, name.drop_front(move.size()));
  });
}

/// LLVM's name without width and operand forms: "VPXORD" of "VPXORDZ128rr".
StringRef stemOf(StringRef name) {
  StringRef stem = name.take_until([](char c) { return islower(c); });
  for (StringRef width : {"Z128", "Z256", "Z", "Y"})
    if (stem.consume_back(width))
      break;
  return stem;
}

/// The first word of the printed instruction, behind "{vex}" and prefixes that
/// say nothing to it. Comparisons are printed with their condition ("vcmpltps"), which counts as
/// an operand.
std::string mnemonicOf(StringRef name, StringRef printed) {
  printed = printed.trim();
  while (printed.starts_with("{"))
    printed = printed.split('}').second.ltrim();
  for (auto [word, rest] = printed.split(' ');
       is_contained({"data16", "cs", "ds"}, word) && !rest.empty();
       std::tie(word, rest) = printed.split(' '))
    printed = rest.ltrim();
  StringRef stem = stemOf(name), form = name.drop_front(stem.size());
  bool isComparison =
      stem.starts_with("CMP") || stem.starts_with("VCMP") || stem.starts_with("VPCMP");
  if (isComparison && none_of(stem, isDigit) && form.contains("i"))
    return stem.lower();
  return printed.take_until([](char c) { return isSpace(c); }).str();
}

/// Instructions that give a constant when both sources are one register.
Op sameSourceIdiom(StringRef name) {
  StringRef stem = stemOf(name);
  Op op = StringSwitch<Op>(stem)
              .Cases("VXORPS", "VXORPD", "VPXOR", "VPXORD", "VPXORQ", Op::VectorZero)
              .Cases("VPSUBB", "VPSUBW", "VPSUBD", "VPSUBQ", Op::VectorZero)
              .Cases("VPCMPEQB", "VPCMPEQW", "VPCMPEQD", "VPCMPEQQ", Op::VectorOnes)
              .Cases("KXORW", "KXORB", "KXORD", "KXORQ", Op::MaskZero)
              .Cases("KXNORW", "KXNORB", "KXNORD", "KXNORQ", Op::MaskOnes)
              .Default(Op::Generic);
  // Compares into a mask register and masked forms are not idioms.
  StringRef form = name.drop_front(std::min(name.size(), stem.size()));
  bool unmasked = form == "rr" || form == "Yrr" || form == "Zrr" || form == "Z256rr" ||
                  form == "Z128rr" || form == "kk";
  if (op == Op::VectorOnes && form.starts_with("Z"))
    return Op::Generic;
  return unmasked ? op : Op::Generic;
}

/// Splits "MOVZX32rm8" into mnemonic, 32 and 8.
void classifyInteger(StringRef name, OpcodeInfo &info) {
  StringRef mnemonic = name.take_until([](char c) { return isDigit(c); });
  StringRef rest = name.drop_front(mnemonic.size());
  const auto *rule =
      find_if(integerRules, [&](const IntegerRule &r) { return r.mnemonic == mnemonic; });
  unsigned width = 0;
  if (rule == std::end(integerRules) || rest.consumeInteger(10, width) ||
      (width != 8 && width != 16 && width != 32 && width != 64))
    return;
  if (rest.contains("_N") || rest.contains("_EVEX")) // APX forms
    return;
  info.flags = rule->flags;
  if (width < 32 && rule->op != Op::Compare && rule->op != Op::Test)
    return; // partial registers: generic rule, with these flags
  info.op = rule->op;
  info.width = info.sourceWidth = width;
  if (rule->op == Op::LoadAddress && rest.starts_with("_32"))
    info.width = 32; // LEA64_32r: 64-bit address, 32-bit result
  if (rule->op == Op::MoveZeroExtend || rule->op == Op::MoveSignExtend)
    rest.drop_front(2).consumeInteger(10, info.sourceWidth);
  static constexpr StringLiteral moves[] = {"rr", "rr_REV", "rm", "mr", "ri", "ri32", "mi", "mi32"};
  if (rule->op == Op::Move && !is_contained(moves, rest))
    info.op = Op::Generic; // segment, control and absolute forms
  if (rule->op == Op::Multiply && (rest == "r" || rest == "m"))
    info.op = Op::Generic; // two-register product
}

FlagsEffect otherFlags(StringRef name) {
  static constexpr StringLiteral all[] = {"COMIS", "UCOMIS", "VCOMIS", "VUCOMIS",
                                          "PTEST", "VPTEST", "VTESTP", "KORTEST",
                                          "KTEST", "POPCNT", "ADC",    "SBB"};
  if (any_of(all, [&](StringRef p) { return name.starts_with(p); }))
    return FlagsEffect::All;
  if (name.starts_with("BT") && name.size() > 2 && (isDigit(name[2]) || isDigit(name[3])))
    return FlagsEffect::CarryOnly;
  return FlagsEffect::Some;
}

unsigned printedBytes(StringRef text) {
  return StringSwitch<unsigned>(text.substr(0, text.find(" ptr")).rsplit(' ').second)
      .Case("byte", 1)
      .Case("word", 2)
      .Case("dword", 4)
      .Case("qword", 8)
      .Case("xmmword", 16)
      .Case("ymmword", 32)
      .Case("zmmword", 64)
      .Default(0);
}

/// Of `vpmovdb` and its kin, which may saturate: the last letter names what is stored. 0 for all
/// others.
unsigned narrowedElementBytes(StringRef mnemonic) {
  if (!mnemonic.consume_front("vpmov"))
    return 0;
  if (!mnemonic.consume_front("us"))
    mnemonic.consume_front("s");
  return StringSwitch<unsigned>(mnemonic)
      .Cases("qb", "db", "wb", 1)
      .Cases("qw", "dw", 2)
      .Case("qd", 4)
      .Default(0);
}

/// Of moves that touch exactly the lanes that their mask enables; 0 for all
/// others, whose lanes may be of another width than their memory operand's.
unsigned maskedElementBytes(StringRef mnemonic) {
  if (unsigned narrowed = narrowedElementBytes(mnemonic))
    return narrowed;
  static constexpr StringLiteral moves[] = {"vmovups", "vmovupd",  "vmovaps",  "vmovapd",
                                            "vmovdq",  "vmaskmov", "vpmaskmov"};
  if (none_of(moves, [&](StringRef m) { return mnemonic.starts_with(m); }))
    return 0;
  if (mnemonic.ends_with("32"))
    return 4;
  if (mnemonic.ends_with("64"))
    return 8;
  if (mnemonic.ends_with("16"))
    return 2;
  if (mnemonic.ends_with("8"))
    return 1;
  if (mnemonic.ends_with("ps") || mnemonic.ends_with("ss"))
    return 4;
  if (mnemonic.ends_with("pd") || mnemonic.ends_with("sd"))
    return 8;
  if (mnemonic.ends_with("maskmovd"))
    return 4;
  return mnemonic.ends_with("maskmovq") ? 8 : 0;
}

bool isGatherOrScatter(StringRef name) {
  return name.contains("GATHER") || name.contains("SCATTER");
}

/// A memory operand in the first place that is only read.
bool readsFirstOperand(StringRef name) {
  static constexpr StringLiteral readers[] = {"CMP",      "TEST", "PUSH",    "CALL", "JMP",
                                              "MUL",      "DIV",  "IMUL",    "IDIV", "LDMXCSR",
                                              "VLDMXCSR", "NOOP", "PREFETCH"};
  return any_of(readers, [&](StringRef p) { return name.starts_with(p); }) &&
         !name.starts_with("CMPXCHG");
}

void classifyMemory(StringRef name, StringRef printed, bool mayLoad, bool mayStore,
                    bool usesMaskRegister, OpcodeInfo &info) {
  if (info.memoryIndex < 0 || info.op == Op::LoadAddress || info.op == Op::Nop)
    return;
  if (is_contained({Op::MatrixShapes, Op::MatrixLoad, Op::MatrixStore}, info.op)) {
    // TransferMatrix.cpp knows their extents. Shapes are constants that the fingerprint has.
    info.memoryBytes = info.op == Op::MatrixShapes ? 64 : 0;
    return;
  }
  info.memoryBytes = printedBytes(printed);
  info.elementBytes = maskedElementBytes(info.mnemonic);
  if (info.op == Op::Prefetch)
    return;
  // Several forms lack LLVM's mayStore: the place of the operand decides.
  // Loads of MXCSR are said to store.
  info.stores = (mayStore && info.op != Op::ControlWord) ||
                (info.memoryIndex == 0 && !readsFirstOperand(name));
  if (name.ends_with("LDMXCSR")) // marked as a store because it changes state
    info.stores = false;
  info.loads = mayLoad || info.memoryIndex > 0 || !info.stores;
  if (isGatherOrScatter(name))
    info.memoryBytes = info.mnemonic.back() == 'q' || info.mnemonic.ends_with("pd") ? 8 : 4;
  if (info.memoryBytes == 0)
    info.refusal = "accesses memory of unknown extent";
  if (name.starts_with("VMASKMOV") || name.starts_with("VPMASKMOV") ||
      (isGatherOrScatter(name) && !usesMaskRegister))
    info.mask = MaskUse::VectorRegister;
  else if (usesMaskRegister && !name.starts_with("KMOV"))
    info.mask = MaskUse::MaskRegister;
  if (name.starts_with("BT") && name.ends_with("mr"))
    info.refusal = "addresses memory by a bit number";
}

/// Instructions with effects beyond their description that are harmless here.
bool sideEffectsAreKnown(StringRef name, Op op) {
  switch (op) {
  case Op::Nop:
  case Op::Prefix:
  case Op::Prefetch:
  case Op::ZeroUpper:
  case Op::ControlWord:
  case Op::CpuQuery:
  case Op::Return:
  case Op::Leave:
    return true;
  default:
    return isMatrixOp(op) || name.starts_with("VCOMPRESS") || name.starts_with("VPCOMPRESS") ||
           name.starts_with("VEXPAND") || name.starts_with("VPEXPAND") ||
           ((name.starts_with("DIV") || name.starts_with("IDIV")) && !name.contains("_F"));
  }
}

void classifyName(StringRef name, OpcodeInfo &info) {
  const auto *whole = find_if(wholeNames, [&](const auto &p) { return p.first == name; });
  if (whole != std::end(wholeNames))
    info.op = whole->second;
  else if (isNop(name))
    info.op = Op::Nop;
  else if (name == "DATA16_PREFIX" || name == "CS_PREFIX" || name == "DS_PREFIX")
    info.op = Op::Prefix;
  else if (name.starts_with("PREFETCH"))
    info.op = Op::Prefetch;
  else if (isMaskMove(name))
    info.op = Op::MaskMove;
  else if (isVectorMove(name))
    info.op = Op::VectorMove;
  else if (Op idiom = sameSourceIdiom(name); idiom != Op::Generic)
    info.op = idiom;
  else if (name.starts_with("VPTERNLOG") && name.ends_with("rri"))
    info.op = Op::TernaryLogic;
  else
    classifyInteger(name, info);
  if (info.op == Op::SignExtendAccumulator)
    info.width = 64;
  if (info.op == Op::MaskMove)
    info.width = StringSwitch<unsigned>(name.substr(4, 1))
                     .Case("B", 8)
                     .Case("W", 16)
                     .Case("D", 32)
                     .Default(64);
}

} // namespace

OpcodeInfo classifyOpcode(StringRef name, StringRef printed, int memoryIndex, bool mayLoad,
                          bool mayStore, bool sideEffects, bool usesFlags, bool definesFlags,
                          bool usesMaskRegister) {
  OpcodeInfo info;
  info.name = name.str();
  info.mnemonic = mnemonicOf(name, printed);
  info.memoryIndex = memoryIndex;
  info.readsFlags = usesFlags;
  classifyName(name, info);
  if (!definesFlags)
    info.flags = FlagsEffect::None;
  else if (info.flags == FlagsEffect::None)
    info.flags = otherFlags(name);
  classifyMemory(name, printed, mayLoad, mayStore, usesMaskRegister, info);
  bool implicitMemory = memoryIndex < 0 && (mayLoad || mayStore);
  bool known = info.op == Op::Push || info.op == Op::Pop || info.op == Op::Leave ||
               info.op == Op::Nop || info.op == Op::Call || info.op == Op::Return ||
               info.op == Op::MatrixRelease;
  if (implicitMemory && !known)
    info.refusal = "accesses memory through implied registers";
  if (sideEffects && !sideEffectsAreKnown(name, info.op))
    info.refusal = "has effects that the analysis does not know";
  if (name == "SYSCALL" || name == "SYSENTER" || name.starts_with("INT"))
    info.refusal = "leaves the program";
  if (memoryIndex < 0 && printed.contains('[') && info.op != Op::Nop)
    info.refusal = "addresses memory in a way that is not understood";
  static constexpr StringLiteral strings[] = {"MOVS", "STOS", "LODS", "CMPS", "SCAS", "REP"};
  if (any_of(strings, [&](StringRef s) {
        return name.starts_with(s) && (name.size() == 5 || name.ends_with("_PREFIX"));
      }))
    info.refusal = "is a string instruction, whose time depends on its operands";
  return info;
}

} // namespace nnc::verify
