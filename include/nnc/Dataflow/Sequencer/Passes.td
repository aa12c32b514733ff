//===- Passes.td - Networks as sequencers ----------------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_DATAFLOW_SEQUENCER_PASSES
#define NNC_DATAFLOW_SEQUENCER_PASSES

include "mlir/Pass/PassBase.td"

def Sequencer : Pass<"nn-sequencer", "::mlir::ModuleOp"> {
  let summary = "Makes each network of integers a sequencer: one machine that runs layer after layer.";
  let description = [{
    Weights and scales stand in ROMs in the order of their use, activations in a RAM. Lanes
    multiply one activation by the weights of as many output channels in each clock; one
    requantizer empties their sums while they go on. Everything is counted, nothing is asked: the
    design's attribute `core` says after how many clocks results come, and a remark
    says why.

    ```
    func.func @net(%x : 1x16xi8) -> 1x4xi32   ==>   rtl.design @net {
      %y = nn.matmul %x, %w, %b                       rtl.rom @net_weights = ...
      return %y                                       rtl.rom @net_scales = ...
                                                      rtl.ram @net_activations : 16 x i8
                                                      rtl.module @net(in %in_valid: i1, in %in_data: i8,
                                                                      out out_valid: i1, out out_data: i20)
    ```
  }];
  let dependentDialects = ["::nnc::rtl::RTLDialect"];
  let options = [Option<"lanes", "lanes", "unsigned", "1", "output channels at a time">,
                 Option<"multiplierBlocks", "multiplier-blocks", "bool", "false",
                        "lanes multiply by *, for parts that have blocks for it">];
}

#endif
