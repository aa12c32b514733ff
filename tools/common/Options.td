//===- Options.td - Options that several tools have -------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// An option table and not cl::opt: libLLVM registers options of the same names
// (stop-after, threads, …) and would abort at start.
include "llvm/Option/OptParser.td"

defvar dashes = ["-", "--"];

/// `-NAME=VALUE`, `--NAME=VALUE`, `-NAME VALUE`, `--NAME VALUE`.
multiclass Value<string name, string meta, string help> {
  def NAME : Joined<dashes, name # "=">, MetaVarName<meta>, HelpText<help>;
  def NAME # _separate : Separate<dashes, name>, Alias<!cast<Option>(NAME)>;
}
class Switch<string name, string help> : Flag<dashes, name>, HelpText<help>;

defm shape : Value<"shape", "INPUT:1x3x8|SYMBOL=8", "fix a symbolic dimension or an input's shape; repeatable">;
defm const : Value<"const", "INPUT[=VALUE|FILE]", "make a graph input a compile-time constant; one VALUE fills it; repeatable">;
defm inputs : Value<"inputs", "A,B", "take the subgraph that begins at these tensors">;
defm outputs : Value<"outputs", "C,D", "take the subgraph that ends at these tensors">;
defm io : Value<"io", "model|native", "types of inputs and outputs: the model's (default), or the integers that edge Q/DQ stand for">;
def help : Switch<"help", "this text">;
def h : Flag<dashes, "h">, Alias<help>;
def version : Switch<"version", "versions of nn-compile, LLVM and the numeric spec">;
