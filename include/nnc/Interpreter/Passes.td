//===- Passes.td - The interpreter as a pass ---------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_INTERPRETER_PASSES
#define NNC_INTERPRETER_PASSES

include "mlir/Pass/PassBase.td"

def Evaluate : Pass<"nn-evaluate", "::mlir::ModuleOp"> {
  let summary = "Evaluates functions without arguments and prints their results.";
  let description = [{
    Each `func.func` without arguments is evaluated in the order of the file;
    a `plan.program` takes the results of the function before it as its inputs.
    What cannot be evaluated is a diagnostic. For tests: floats are printed as
    the shortest decimal that reads back as the same bits.

    ```
    @relu: tensor<3xf32> = [0, -0, nan]
    ```
  }];
  let dependentDialects = ["::nnc::nn::NNDialect", "::nnc::plan::PlanDialect"];
}

#endif
