//===- Passes.td - From fused networks to plans ----------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_SCHEDULE_PASSES
#define NNC_SCHEDULE_PASSES

include "mlir/Pass/PassBase.td"

def RecordLivenessPeak : Pass<"nn-record-liveness-peak", "::mlir::ModuleOp"> {
  let summary = "Note how much memory each network takes as it is written.";
  let description = [{
    Sets `plan.liveness_peak` on each function that has none: the largest sum of
    live tensors in file order, inputs and outputs counted, nothing in place,
    innermost dimensions rounded up to 16 elements and tensors to 64 bytes. Runs
    before anything is rewritten; AssignLayouts stays below it. Quantized networks
    get none, since as they are written they compute on floats: the peak of their
    steps, on integers, takes its place.
  }];
}

def AssignLayouts : Pass<"nn-assign-layouts", "::mlir::ModuleOp"> {
  let summary = "Choose an algorithm for every group and a layout for every tensor.";
  let description = [{
    Afterwards every group carries

    - `plan.algorithm`, `plan.tile`: the chosen candidate, its tile as far as it
      does not depend on layouts;
    - `plan.operands`, `plan.results`: one `#plan.layout` each;
    - `plan.alias`: operands that may share bytes with the first result;

    every mover left is a view (no bytes move), a concat left is a joint
    buffer that its inputs are written into (`plan.layout` on the concat), and
    every value returned can be written into the caller's buffer. Where layouts
    disagree, a group that only yields its argument copies.
  }];
  let dependentDialects = ["::nnc::nn::NNDialect", "::nnc::plan::PlanDialect"];
}

def OrderSteps : Pass<"nn-order-steps", "::mlir::ModuleOp"> {
  let summary = "Reorder groups where that needs less memory; else keep the file's order.";
  let description = [{
    Greedy: of all steps whose operands exist the one after which least memory is live, equals in
    the file's order; and the same with runs of steps, each made ready by the one before it, in
    place of single ones. The better is taken where the arena becomes smaller.
  }];
}

def PlanMemory : Pass<"nn-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Turn groups into kernels and steps over one packed arena.";
  let description = [{
    Groups become `plan.kernel` (equal ones once) and `plan.step`, buffers that
    live in the arena `plan.slot`: lifetimes in steps, results written in place
    of operands that die, offsets from several packing orders of which the
    smallest wins.
  }];
  let dependentDialects = ["::nnc::nn::NNDialect", "::nnc::plan::PlanDialect"];
}

def CompleteTiles : Pass<"nn-complete-tiles", "::mlir::ModuleOp"> {
  let summary = "State all that the code of each kernel will be made from.";
  let description = [{
    `tile` of each `plan.kernel` gets the parameters that depend on its layouts:
    rows of a tile, which loop is outside, what is fetched ahead. Code is made
    from what stands there; nothing is chosen afterwards.
  }];
}

def VerifyPlan : Pass<"nn-verify-plan", "::mlir::ModuleOp"> {
  let summary = "Check that steps stay inside of their buffers and read what was written.";
  let description = [{
    Checked: kernels exist and fit their steps; every byte a step may touch
    lies inside of the buffer (halo included); slots are used while live and
    written before they are read; constants and inputs are never written;
    every output is written. A step writes no byte that it reads or writes
    elsewhere too, except in place: result 0 with the layout and the origin of
    an operand, where the kernel's algorithm allows that.
  }];
}

#endif
