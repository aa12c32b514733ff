//===- Passes.td - From integer networks to wires ----------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_DATAFLOW_PASSES
#define NNC_DATAFLOW_PASSES

include "mlir/Pass/PassBase.td"

def BuildFlow : Pass<"nn-build-flow", "::mlir::ModuleOp"> {
  let summary = "Gives each op of an integer network its engine, all at work at the same time.";
  let description = [{
    Style unrolled: constant matrices are wires and adders, one beat per clock. Convolutions and pools see
    their input pixel by pixel through `flow.window`; what narrows sums goes into the matrix that they come from.
    All that has no engine is refused at once.

    ```
    func.func @net(%x: tensor<1x4xi8>) …    ==>   flow.network "net" {
      %1 = nn.matmul %x, %w, %b                     %0 = flow.input "x" : !flow.stream<[] x 4, -128, 127>
      %2 = nn.requantize %1, %s, %z                 %1 = flow.matrix %0 by … plus … forms …
      return %2                                     flow.output %1 }
    ```
  }];
  let options = [Option<"pipeline", "pipeline", "unsigned", "0",
                        "carry chains that may follow each other between registers; 0: no registers">];
  let dependentDialects = ["::nnc::flow::FlowDialect"];
}

def GenerateModules : Pass<"nn-generate-modules", "::mlir::ModuleOp"> {
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

def ScheduleStreams : Pass<"nn-schedule-streams", "::mlir::ModuleOp"> {
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

def WireNetwork : Pass<"nn-wire-network", "::mlir::ModuleOp"> {
  let summary = "Makes the network's own module, in which engines are instances.";
  let description = [{
    Its ports are `in_valid`, `in_data`, `out_valid` and `out_data`. Beside the data of a stream
    goes one wire that says when there is a beat, driven by counters and registers that no data reach.

    ```
    flow.network "net" { … }   ==>   rtl.design @net { rtl.module @net(in %in_valid: i1, …) { … } }
    ```
  }];
  let dependentDialects = ["::nnc::flow::FlowDialect", "::nnc::rtl::RTLDialect"];
}

#endif
