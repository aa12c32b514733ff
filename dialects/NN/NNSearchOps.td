//===- NNSearchOps.td - Ops of the nn dialect that find elements -*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_NN_SEARCH_OPS
#define NNC_NN_SEARCH_OPS

include "dialects/NN/NNDialect.td"

def NN_ArgMaxOp : NN_InferredOp<"arg_max"> {
  let summary = "Which element along an axis is the greatest.";
  let description = [{
    Its index, the least one of several that are equal, or with `last` the greatest. NaN is not greater than anything.
    `keepdims` leaves the axis with one element.

    ```mlir
    %i = nn.arg_max %x {axis = 1 : i64, keepdims = false, last = false} : (tensor<2x8xi8>) -> tensor<2xi64>
    ```
  }];
  let arguments = (ins NN_Tensor:$input, I64Attr:$axis, BoolAttr:$keepdims, BoolAttr:$last);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

#endif
