//===- ModelOptions.td - Options of tools that read models ------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
include "tools/common/Options.td"

defm shape : Value<"shape", "INPUT:1x3x8|SYMBOL=8", "fix a symbolic dimension or an input's shape; repeatable">;
defm const : Value<"const", "INPUT[=VALUE|FILE]", "make a graph input a compile-time constant; one VALUE fills it; repeatable">;
defm inputs : Value<"inputs", "A,B", "take the subgraph that begins at these tensors">;
defm outputs : Value<"outputs", "C,D", "take the subgraph that ends at these tensors">;
defm io : Value<"io", "model|native", "types of inputs and outputs: the model's (default), or the integers that edge Q/DQ stand for">;
