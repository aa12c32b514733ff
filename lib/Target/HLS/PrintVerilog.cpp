//===- PrintVerilog.cpp - Designs to Verilog, for tests -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/HLS/Passes.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace nnc::hls {
#define GEN_PASS_DEF_PRINTVERILOG
#include "nnc/Target/HLS/Passes.h.inc"

namespace {

struct PrintVerilog : impl::PrintVerilogBase<PrintVerilog> {
  using PrintVerilogBase::PrintVerilogBase;

  void runOnOperation() override {
    for (auto design : getOperation().getOps<rtl::DesignOp>())
      for (const TextFile &file : emitVerilog(design, {reset, resetLevel, rom, ""}))
        llvm::outs() << "//--- " << file.name << "\n" << file.text;
  }
};

} // namespace
} // namespace nnc::hls
