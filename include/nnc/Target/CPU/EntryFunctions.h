//===- EntryFunctions.h - The functions that the C caller sees -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/NetworkFacts.h"
#include "nnc/Support/TargetModel.h"
#include "nnc/Target/CPU/Constants.h"
#include "runtime/nn_runtime.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

#include <cstddef>
#include <optional>

namespace nnc {

/// How a known answer is computed inside of the arena alone: inputs are read
/// from the constants, outputs stand where no step of the plan needs the bytes.
struct KnownAnswer {
  std::vector<int64_t> inputOffsets;  ///< in the constants, one per input
  std::vector<int64_t> outputOffsets; ///< in the arena, one per output
  std::vector<uint32_t> outputCrcs;   ///< CRC-32C of the right outputs
};

/// What a target adds around the steps.
struct EntryHooks {
  virtual ~EntryHooks() = default;
  /// Sets the floating-point mode that kernels run in; returns what restores it.
  virtual llvm::Value *enter(llvm::IRBuilder<> &builder) const = 0;
  virtual void leave(llvm::IRBuilder<> &builder, llvm::Value *saved) const = 0;
  /// The body of `i32 NAME_cpu_ok()`, the return included.
  virtual void cpuOk(llvm::IRBuilder<> &builder) const = 0;
  /// CRC-32C (i64) of `bytes` (i64 or i8) more after `crc`.
  virtual llvm::Value *crc(llvm::IRBuilder<> &builder, llvm::Value *crc,
                           llvm::Value *bytes) const = 0;
};

/// Symbols whose bytes are filled in after the object was written.
std::string romSymbol(llvm::StringRef name); ///< the packed constants
std::string crcSymbol(llvm::StringRef name); ///< u32: CRC-32C of the constants, then of each output
                                             ///< of the known answer
std::string modelSymbol(llvm::StringRef name); ///< NAME_model

/// Byte offsets of fields of nn_model that are known late.
struct ModelFields {
  static_assert(sizeof(void *) == 8, "offsets are taken here for targets with 64-bit pointers");
  static constexpr uint64_t buildId = offsetof(nn_model, build_id),
                            stackBytes = offsetof(nn_model, stack_bytes),
                            romBytes = offsetof(nn_model, rom_bytes),
                            codeBytes = offsetof(nn_model, code_bytes);
};

/// Adds NAME_run, NAME_run_v, NAME_run_steps, NAME_selftest, NAME_cpu_ok and
/// NAME_model to `module`, which holds the kernels of `program`.
void addEntryFunctions(llvm::Module &module, plan::ProgramOp program,
                       const ConstantSection &constants, const NetworkFacts &facts,
                       const std::optional<KnownAnswer> &answer, const TargetModel &target,
                       const EntryHooks &hooks);

/// What every function promises: no calls out, no tables, an exact stack.
void setCodeAttributes(llvm::Function &function, const TargetModel &target);

} // namespace nnc
