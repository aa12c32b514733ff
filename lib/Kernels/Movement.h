//===- Movement.h - Kernels that copy elements ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelEmitter.h"

#include <optional>

namespace nnc {

/// The variant that computes a group which yields its operand or holds one
/// movement op: `move`, or for nn.gather `gather_constant` (indices known at
/// compile time), `gather_scan` (a small table read whole, rows taken by
/// select) and `gather_lookup` (the address depends on the index). `unpack` and
/// `pack` for the ops of these names. None if the group is something else.
std::optional<llvm::StringRef> movementVariant(nn::FusedOp group, int64_t scannedTableBytes);

/// Tables of at most this many rows are scanned, so that no address depends on data.
inline constexpr int64_t scannedRows = 256;

llvm::LogicalResult generateMovement(plan::KernelOp kernel, mlir::ValueRange pointers,
                                     KernelEmitter &emitter);
llvm::LogicalResult generateGather(plan::KernelOp kernel, nn::GatherOp gather,
                                   mlir::ValueRange pointers, KernelEmitter &emitter);

/// Indices of `rows` rows: negative ones count from the end, what is out of range is clamped. No
/// branch.
mlir::Value indexInRange(KernelEmitter &emitter, mlir::Value index, int64_t rows);

/// Both work on rows without gaps.
void generateUnpack(plan::KernelOp kernel, mlir::ValueRange pointers, KernelEmitter &emitter);
void generatePack(plan::KernelOp kernel, mlir::ValueRange pointers, KernelEmitter &emitter);

} // namespace nnc
