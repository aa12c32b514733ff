//===- RTLOps.h - The rtl dialect in C++ -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace nnc::rtl {

/// The attribute that says what to call an op's result in Verilog.
inline constexpr llvm::StringLiteral nameAttr = "rtl.name";

/// What every tool that reads Verilog takes as the width of a vector (IEEE 1364-2005, 4.3.1).
inline constexpr unsigned maxWidth = 65536;

/// Tables and memories with more words than this are no hardware.
inline constexpr int64_t maxTableIndexWidth = 16, maxMemoryDepth = int64_t(1) << 24;

/// What ports are called where `rtl.module` does not say.
inline constexpr llvm::StringLiteral clockName = "clk", resetName = "rst", lowResetName = "rst_n";

bool isBits(mlir::Type type);
inline unsigned widthOf(mlir::Type type) { return type.getIntOrFloatBitWidth(); }
inline unsigned widthOf(mlir::Value value) { return widthOf(value.getType()); }

/// Bits of an address for `depth` words, two or more.
unsigned addressWidth(int64_t depth);

/// Bits are moved, nothing is computed.
template <typename Op>
class Wiring : public mlir::OpTrait::TraitBase<Op, Wiring> {};

struct Port {
  llvm::StringRef name;
  mlir::Type type;
};

/// What an instance connects.
struct Signature {
  llvm::SmallVector<Port> inputs, outputs;
};

/// The ports of an `rtl.module`, `rtl.rom` or `rtl.ram`, without clock and reset.
Signature signatureOf(mlir::Operation *target);

} // namespace nnc::rtl

#include "dialects/RTL/RTLDialect.h.inc"
#include "dialects/RTL/RTLEnums.h.inc"
#define GET_OP_CLASSES
#include "dialects/RTL/RTLOps.h.inc"

namespace nnc::rtl {

/// The modules of a design, each after those it contains.
llvm::SmallVector<RTLModuleOp> modulesBottomUp(DesignOp design);

} // namespace nnc::rtl
