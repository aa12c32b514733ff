//===- Passes.td - From integer networks to wires ----------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_DATAFLOW_PASSES
#define NNC_DATAFLOW_PASSES

include "mlir/Pass/PassBase.td"

def GenerateModules : Pass<"flow-generate-modules", "::mlir::ModuleOp"> {
  let summary = "Makes a module of each engine that takes beats for themselves.";
  let description = [{
    Constant matrices become adder graphs, which are verified against the weights, and those rtl ops.
    An engine's `latency` is known from then on.

    ```
    flow.matrix %x by …   ==>   flow.matrix %x by … {module = @net::@net_dense1, latency = 2}
                                rtl.design @net { rtl.module @net_dense1(in %x: i128, out y: i64) { … } }
    ```
  }];
  let dependentDialects = ["::nnc::flow::FlowDialect", "::nnc::rtl::RTLDialect"];
}

def ScheduleStreams : Pass<"flow-schedule", "::mlir::ModuleOp"> {
  let summary = "Finds the clock in which each beat of each stream is there.";
  let description = [{
    Every engine's results come a known number of clocks behind its operands, so starts are the longest ways from the
    input, and what two ways need to be alike is a `flow.delay` on the shorter. Refuses windows
    whose padding would need more clocks than there are.

    ```
    %1 = flow.window %0 …       ==>   %1 = flow.window %0 … {latency = 10, schedule = [10, 8, 1]}
    %2 = flow.lanes %1, %0            %d = flow.delay %0 by 10 holds 10
                                      %2 = flow.lanes %1, %d {schedule = [10, 8, 1]}
    ```
  }];
  let dependentDialects = ["::nnc::flow::FlowDialect"];
}

def WireNetwork : Pass<"flow-to-rtl", "::mlir::ModuleOp"> {
  let summary = "Makes the network's own module, in which engines are instances.";
  let description = [{
    Its ports are `in_valid`, `in_data`, `out_valid` and `out_data`. Beside the data of a stream
    goes one wire that says when there is a beat, driven by counters and registers that no data reach.

    ```
    flow.network "net" { … }   ==>   rtl.design @net { rtl.module @net(in %in_valid: i1, …) { … } }
    ```
  }];
  let options = [Option<"registerOutputs", "register-outputs", "bool", "true",
                        "results come out of registers, which takes one clock more">];
  let dependentDialects = ["::nnc::flow::FlowDialect", "::nnc::rtl::RTLDialect"];
}

#endif
