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

def AddAxis : Pass<"nn-add-axis", "::nnc::rtl::DesignOp"> {
  let summary = "Puts the core of a design behind AXI4-Stream.";
  let description = [{
    Adds NAME_axis around the module NAME, which has the ports of a core
    (`include/nnc/Target/HLS/Core.h`), with a memory for results: a frame is let in
    only when that has room for all of its results. What the core promises is
    told by options. Before:

    ```mlir
    rtl.design @kws {
      rtl.module @kws(in %in_valid: i1, in %in_data: i8, out out_valid: i1, out out_data: i12) { … }
    }
    ```

    After `-nn-add-axis="latency=3"`:

    ```mlir
    rtl.design @kws {
      rtl.module @kws(…) { … }
      rtl.ram @kws_axis_memory : 6 x i12
      rtl.module @kws_axis_fifo(…) { … }
      rtl.module @kws_axis(in %s_axis_tdata: i8, in %s_axis_tvalid: i1, …, out m_axis_tdata: i16, …) { … }
    }
    ```
  }];
  let options = [
    Option<"inBeats", "in-beats", "unsigned", "1", "beats of a frame">,
    Option<"outBeats", "out-beats", "unsigned", "1", "beats of its result">,
    Option<"latency", "latency", "unsigned", "0", "clocks from the first beat to the first result">,
    Option<"pause", "pause", "unsigned", "0", "clocks without a beat between frames">];
}

def RegisterPorts : Pass<"nn-register-ports", "::nnc::rtl::DesignOp"> {
  let summary = "Puts registers at the ports of the core.";
  let description = [{
    The module that has the design's name takes its inputs from registers, or gives its outputs out of
    registers: a clock more each. Those of `in_valid` and `out_valid` are reset. Before:

    ```mlir
    rtl.module @kws(in %in_valid: i1, in %in_data: i8, out out_valid: i1, out out_data: i8) {
      rtl.output %in_valid, %in_data : i1, i8
    }
    ```

    After `-nn-register-ports="outputs"`:

    ```mlir
    rtl.module @kws(in %in_valid: i1, in %in_data: i8, out out_valid: i1, out out_data: i8) {
      %out_valid_reg = rtl.reg %in_valid reset 0 : i1
      %out_data_reg = rtl.reg %in_data : i8
      rtl.output %out_valid_reg, %out_data_reg : i1, i8
    }
    ```
  }];
  let options = [
    Option<"inputs", "inputs", "bool", "false", "registers at the inputs">,
    Option<"outputs", "outputs", "bool", "false", "registers at the outputs">];
}

def PrintArea : Pass<"nn-print-area", "::mlir::ModuleOp"> {
  let summary = "Prints what the module called as each rtl.design will take on a chip.";
  let description = [{
    Cells of a Xilinx 7 as yosys counts them, for the whole and for each layer, as
    `include/nnc/Target/HLS/Area.h` predicts them:

    ```
    kws: 21 LUT, 41 FF, 0 block RAM, 0 DSP
      dense1: 21 LUT, 41 FF, 0 block RAM, 0 DSP
    ```
  }];
  let dependentDialects = ["::nnc::rtl::RTLDialect"];
}

#endif
