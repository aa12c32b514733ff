//===- Expressions.h - Values as Verilog expressions --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

#include <string>

namespace nnc::hls {

/// As many hexadecimal digits as the width needs.
std::string hexDigits(const llvm::APInt &value);

/// `8'h2a`, `1'b1`.
std::string literal(const llvm::APInt &value);

/// `[7:0] `; nothing for one bit.
std::string range(unsigned width);

/// How the values of a module are written: most as the name of their net; constants, and ops that
/// move bits, where they are used. Every expression is an operand as it stands: a name, a
/// part-select, a number or a concatenation. Remembers which bits of nets were written.
class Expressions {
public:
  /// Decides which values of `block` get no net.
  explicit Expressions(mlir::Block &block);

  bool isInlined(mlir::Value value) const { return inlined.contains(value); }

  /// Each value that is not inlined needs a name before it is written.
  void setName(mlir::Value value, llvm::StringRef name);
  llvm::StringRef nameOf(mlir::Value value) const { return nets.find(value)->second.name; }

  std::string text(mlir::Value value);

  /// What drives the net of a combinational op; `rtl.table` is none of them.
  std::string definition(mlir::Operation *op);

  /// All bits of nets that were never written, as part-selects.
  llvm::SmallVector<std::string> unread() const;

private:
  struct Net {
    std::string name;
    llvm::BitVector read;
  };
  std::string select(mlir::Value value, unsigned low, unsigned width);
  void appendParts(mlir::Value value, llvm::SmallVectorImpl<std::string> &parts);
  void appendWiring(mlir::Operation *op, llvm::SmallVectorImpl<std::string> &parts);
  std::string wiring(mlir::Operation *op);
  std::string addend(mlir::Value value);
  std::string product(rtl::MulOp op);

  llvm::DenseSet<mlir::Value> inlined;
  llvm::MapVector<mlir::Value, Net> nets;
};

} // namespace nnc::hls
