//===- Clocking.h - Which modules get the clock and the reset -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Target/HLS/Verilog.h"

#include "llvm/ADT/DenseMap.h"

namespace nnc::hls {

/// The clock and the reset as ports of modules: whatever holds state, or contains what does.
class Clocking {
public:
  Clocking(rtl::DesignOp design, const VerilogOptions &options);

  /// Names of the ports that `target`, a module or memory by its name, has; empty: it has none.
  llvm::StringRef clockOf(mlir::StringAttr target) const {
    return ports.find(target)->second.clock;
  }
  llvm::StringRef resetOf(mlir::StringAttr target) const {
    return ports.find(target)->second.reset;
  }

  /// What an instance of `target` in `module` has at its reset: `rst`, or `!aresetn` where the two
  /// reset at different levels.
  std::string resetFor(mlir::StringAttr target, rtl::RTLModuleOp module) const;

  /// `posedge clk` and what else wakes up registers of `module`, with or without a reset.
  std::string event(rtl::RTLModuleOp module, bool hasReset) const;
  /// `rst` or `!rst_n`.
  std::string condition(rtl::RTLModuleOp module) const;

private:
  struct Ports {
    llvm::StringRef clock, reset;
    bool isLow = false; ///< the level that resets
  };
  Ports portsOf(rtl::RTLModuleOp module) const;

  VerilogOptions options;
  llvm::DenseMap<mlir::StringAttr, Ports> ports;
};

} // namespace nnc::hls
