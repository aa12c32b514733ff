//===- EntryHooks.cpp - What x86 adds around the steps -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/X86/X86.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;

namespace nnc::x86 {
namespace {

/// CPUID bits that one psABI level adds to the one below.
struct FeatureBits {
  uint32_t leaf;
  unsigned index; ///< 0 eax, 1 ebx, 2 ecx, 3 edx
  uint32_t bits;
};

constexpr uint32_t bit(unsigned n) { return 1u << n; }

// x86-64-v2: SSE3, SSSE3, CX16, SSE4.1, SSE4.2, POPCNT; LAHF
constexpr FeatureBits v2Bits[] = {{1, 2, bit(0) | bit(9) | bit(13) | bit(19) | bit(20) | bit(23)},
                                  {0x80000001, 2, bit(0)}};
// x86-64-v3: FMA, MOVBE, OSXSAVE, AVX, F16C; BMI1, AVX2, BMI2; LZCNT
constexpr FeatureBits v3Bits[] = {{1, 2, bit(12) | bit(22) | bit(27) | bit(28) | bit(29)},
                                  {7, 1, bit(3) | bit(5) | bit(8)},
                                  {0x80000001, 2, bit(5)}};
// x86-64-v4: AVX512 F, DQ, CD, BW, VL
constexpr FeatureBits v4Bits[] = {{7, 1, bit(16) | bit(17) | bit(28) | bit(30) | bit(31)}};

/// 1 to 4: the psABI level of TargetModel::isaLevel.
unsigned levelOf(const TargetModel &target) {
  StringRef level = target.isaLevel;
  return level.consume_front("x86-64-v") ? level.front() - '0' : 1;
}

/// A feature beyond the levels, by its name in NAME.json.
struct ExtraFeature {
  StringLiteral name;
  uint32_t subleaf;
  FeatureBits bits;
};
constexpr ExtraFeature extraFeatures[] = {{"amx-int8", 0, {7, 3, bit(24) | bit(25)}},
                                          {"avx512vbmi", 0, {7, 2, bit(1)}},
                                          {"avx512vnni", 0, {7, 2, bit(11)}},
                                          {"avxvnni", 1, {7, 0, bit(4)}}};

// State that the operating system must save: XMM, YMM; opmask and ZMM; matrix registers.
constexpr uint32_t v3State = 0x06, v4State = 0xe6, matrixState = 0x60000;

// All exceptions masked, round to nearest, flush-to-zero and denormals-are-zero:
// for speed only, since the numeric spec leaves no subnormal to be flushed.
constexpr uint32_t kernelMxcsr = 0x9fc0;

class X86Hooks : public EntryHooks {
public:
  explicit X86Hooks(const TargetModel &target)
      : level(levelOf(target)), hasMatrixRegisters(target.hasMatrixRegisters),
        features(target.cpuFeatures) {}

  Value *enter(IRBuilder<> &b) const override {
    // In the entry block, or it would be a dynamic allocation.
    BasicBlock &entry = b.GetInsertBlock()->getParent()->getEntryBlock();
    Value *saved = IRBuilder<>(&entry, entry.begin()).CreateAlloca(b.getInt32Ty());
    b.CreateIntrinsic(Intrinsic::x86_sse_stmxcsr, {}, {saved});
    Module *module = b.GetInsertBlock()->getModule();
    Constant *word = b.getInt32(kernelMxcsr);
    auto *mode = new GlobalVariable(*module, word->getType(), true, GlobalValue::InternalLinkage,
                                    word, "mxcsr");
    b.CreateIntrinsic(Intrinsic::x86_sse_ldmxcsr, {}, {mode});
    return saved;
  }

  void leave(IRBuilder<> &b, Value *saved) const override {
    b.CreateIntrinsic(Intrinsic::x86_sse_ldmxcsr, {}, {saved});
  }

  Value *crc(IRBuilder<> &b, Value *crc, Value *bytes) const override {
    if (level < 2)
      return crcByBits(b, crc, bytes);
    if (bytes->getType()->isIntegerTy(64))
      return b.CreateIntrinsic(Intrinsic::x86_sse42_crc32_64_64, {}, {crc, bytes});
    Value *low = b.CreateTrunc(crc, b.getInt32Ty());
    return b.CreateZExt(b.CreateIntrinsic(Intrinsic::x86_sse42_crc32_32_8, {}, {low, bytes}),
                        b.getInt64Ty());
  }

  void cpuOk(IRBuilder<> &b) const override {
    if (level == 1) { // every x86-64 is
      b.CreateRet(b.getInt32(1));
      return;
    }
    auto *no = BasicBlock::Create(b.getContext(), "", b.GetInsertBlock()->getParent());
    requireAtLeast(b, 0, level >= 3 ? 7 : 1, no);
    requireAtLeast(b, 0x80000000, 0x80000001, no);
    const ArrayRef<FeatureBits> levels[] = {v2Bits, v3Bits, v4Bits};
    for (ArrayRef<FeatureBits> added : ArrayRef(levels).take_front(level - 1))
      for (const FeatureBits &f : added)
        require(b, f, no);
    for (const ExtraFeature &extra : extraFeatures)
      if (is_contained(features, extra.name)) {
        if (extra.subleaf > 0)
          requireSubleaf(b, extra, no);
        require(b, extra.bits, no, extra.subleaf);
      }
    if (level >= 3) {
      uint32_t state = level >= 4 ? v4State : v3State;
      if (hasMatrixRegisters)
        state |= matrixState;
      branchUnless(b, b.CreateICmpEQ(b.CreateAnd(readXcr0(b), state), b.getInt32(state)), no);
    }
    b.CreateRet(b.getInt32(1));
    b.SetInsertPoint(no);
    b.CreateRet(b.getInt32(0));
  }

private:
  /// CRC-32C without its instruction, a bit at a time: a table would be read at addresses made of
  /// data.
  static Value *crcByBits(IRBuilder<> &b, Value *crc, Value *bytes) {
    Type *word = b.getInt64Ty();
    constexpr uint64_t polynomial = 0x82f63b78; // reflected
    Value *state = b.CreateXor(crc, b.CreateZExt(bytes, word));
    for (unsigned i = 0; i < bytes->getType()->getIntegerBitWidth(); ++i) {
      Value *mask = b.CreateNeg(b.CreateAnd(state, 1));
      state = b.CreateXor(b.CreateLShr(state, 1), b.CreateAnd(mask, polynomial));
    }
    return state;
  }

  static void branchUnless(IRBuilder<> &b, Value *condition, BasicBlock *no) {
    auto *next = BasicBlock::Create(b.getContext(), "", no->getParent());
    b.CreateCondBr(condition, next, no);
    b.SetInsertPoint(next);
  }

  /// {eax, ebx, ecx, edx} of CPUID.
  static Value *cpuid(IRBuilder<> &b, uint32_t leaf, uint32_t subleaf = 0) {
    Type *i32 = b.getInt32Ty();
    auto *result = StructType::get(i32, i32, i32, i32);
    auto *call = InlineAsm::get(FunctionType::get(result, {i32, i32}, false), "cpuid",
                                "={ax},={bx},={cx},={dx},0,2,~{dirflag},~{fpsr},~{flags}",
                                /*hasSideEffects=*/true);
    return b.CreateCall(call, {b.getInt32(leaf), b.getInt32(subleaf)});
  }

  static Value *readXcr0(IRBuilder<> &b) {
    Type *i32 = b.getInt32Ty();
    auto *call = InlineAsm::get(FunctionType::get(StructType::get(i32, i32), {i32}, false),
                                "xgetbv", "={ax},={dx},{cx},~{dirflag},~{fpsr},~{flags}",
                                /*hasSideEffects=*/true);
    return b.CreateExtractValue(b.CreateCall(call, {b.getInt32(0)}), 0);
  }

  static void requireAtLeast(IRBuilder<> &b, uint32_t leaf, uint32_t least, BasicBlock *no) {
    Value *highest = b.CreateExtractValue(cpuid(b, leaf), 0);
    branchUnless(b, b.CreateICmpUGE(highest, b.getInt32(least)), no);
  }

  /// The leaf says in eax how many subleaves it has.
  static void requireSubleaf(IRBuilder<> &b, const ExtraFeature &extra, BasicBlock *no) {
    Value *highest = b.CreateExtractValue(cpuid(b, extra.bits.leaf), 0);
    branchUnless(b, b.CreateICmpUGE(highest, b.getInt32(extra.subleaf)), no);
  }

  static void require(IRBuilder<> &b, const FeatureBits &f, BasicBlock *no, uint32_t subleaf = 0) {
    Value *word = b.CreateExtractValue(cpuid(b, f.leaf, subleaf), f.index);
    branchUnless(b, b.CreateICmpEQ(b.CreateAnd(word, f.bits), b.getInt32(f.bits)), no);
  }

  unsigned level;
  bool hasMatrixRegisters;
  std::vector<std::string> features;
};

} // namespace

std::unique_ptr<EntryHooks> createEntryHooks(const TargetModel &target) {
  return std::make_unique<X86Hooks>(target);
}

void addIsaNote(Module &module, const TargetModel &target) {
  // GNU_PROPERTY_X86_ISA_1_NEEDED: baseline, v2, v3 and v4 are bits 0 to 3.
  int needed = (1 << levelOf(target)) - 1;
  module.appendModuleInlineAsm(".section .note.gnu.property,\"a\",@note\n"
                               ".p2align 3\n"
                               ".long 4, 16, 5\n"
                               ".asciz \"GNU\"\n"
                               ".long 0xc0008002, 4, " +
                               std::to_string(needed) + ", 0\n");
}

} // namespace nnc::x86
