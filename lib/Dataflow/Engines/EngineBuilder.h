//===- EngineBuilder.h - One engine as an rtl module -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Flow/FlowOps.h"
#include "dialects/RTL/Wires.h"

namespace nnc::dataflow {

/// The name of the port that lets a module's registers move.
inline constexpr llvm::StringLiteral advancePort = "advance";

/// The module of an engine under construction.
class EngineBuilder : public rtl::ModuleBuilder {
public:
  /// Its inputs, and `advance` if it `pauses`. The name is the design's, and what `hint` says, made
  /// unique.
  EngineBuilder(rtl::DesignOp design, mlir::Location loc, const llvm::Twine &hint,
                llvm::ArrayRef<rtl::Named<unsigned>> inputs, bool pauses);
};

/// An instance of `module` at the end of what `wires` builds; inputs in the order of its ports,
/// `advance` last if it has that port.
llvm::SmallVector<mlir::Value> instantiate(rtl::Wires &wires, mlir::Operation *module,
                                           llvm::StringRef name, mlir::ValueRange inputs,
                                           mlir::Value advance = {});

/// A RAM in `design` with `depth` words, two or more.
rtl::RamOp buildMemory(rtl::DesignOp design, mlir::Location loc, llvm::StringRef hint,
                       int64_t depth, unsigned width);

/// A symbol in `design`: `<design>_<layer>_<hint>`, or with a number.
std::string uniqueModuleName(rtl::DesignOp design, mlir::Location loc, llvm::StringRef hint);

/// The lanes of a bus, of one width, the first one lowest.
llvm::SmallVector<mlir::Value> unpack(rtl::Wires &wires, mlir::Value bus, unsigned lanes);

} // namespace nnc::dataflow
