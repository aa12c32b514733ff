//===- Passes.td - Designs to Verilog --------------------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_TARGET_HLS_PASSES
#define NNC_TARGET_HLS_PASSES

include "mlir/Pass/PassBase.td"

def PrintVerilog : Pass<"nn-print-verilog", "::mlir::ModuleOp"> {
  let summary = "Prints each rtl.design as Verilog.";
  let description = [{
    For tests and for reading. File after file, each behind a line with its name;
    `split-file` makes files of them. `-canonicalize -cse` first keep the text
    lean and free of what linters warn of.

    ```
    nn-opt kws.mlir -canonicalize -cse -nn-print-verilog -o /dev/null > kws.txt && split-file kws.txt kws
    ```
  }];
  let dependentDialects = ["::nnc::rtl::RTLDialect"];
  let options = [
    Option<"reset", "reset", "::nnc::hls::Reset", "::nnc::hls::Reset::Sync", "when a reset takes effect", [{
      ::llvm::cl::values(clEnumValN(::nnc::hls::Reset::Sync, "sync", "at the clock"),
                         clEnumValN(::nnc::hls::Reset::Async, "async", "at once"))}]>,
    Option<"resetLevel", "reset-level", "::nnc::hls::ResetLevel", "::nnc::hls::ResetLevel::High",
           "the level that resets", [{
      ::llvm::cl::values(clEnumValN(::nnc::hls::ResetLevel::High, "high", "rst"),
                         clEnumValN(::nnc::hls::ResetLevel::Low, "low", "rst_n"))}]>,
    Option<"rom", "rom", "::nnc::hls::RomStyle", "::nnc::hls::RomStyle::File", "where the words of a ROM stand", [{
      ::llvm::cl::values(clEnumValN(::nnc::hls::RomStyle::File, "file", "in an image, NAME.hex"),
                         clEnumValN(::nnc::hls::RomStyle::Case, "case", "in the module"))}]>];
}

#endif
