//===- Options.td - The command line of nn-run ------------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
include "llvm/Option/OptParser.td"

defvar dashes = ["-", "--"];

/// `-NAME=VALUE`, `--NAME=VALUE`, `-NAME VALUE`, `--NAME VALUE`.
multiclass Value<string name, string meta, string help> {
  def NAME : Joined<dashes, name # "=">, MetaVarName<meta>, HelpText<help>;
  def NAME # _separate : Separate<dashes, name>, Alias<!cast<Option>(NAME)>;
}
class Switch<string name, string help> : Flag<dashes, name>, HelpText<help>;

defm data : Value<"data", "DIR|FILE.npz", "inputs and expected outputs (default: test_data_set_* beside the model, else made up)">;
defm via : Value<"via", "WAY", "interpreter (default) or native: compiled for this machine">;
defm save : Value<"save", "DIR", "write output_J.pb there (a folder per data set if there are several)">;
defm cpu : Value<"cpu", "CPU", "as for nn-compile; default: native">;
defm shape : Value<"shape", "INPUT:1x3x8|SYMBOL=8", "as for nn-compile">;
defm const : Value<"const", "INPUT[=VALUE|FILE]", "as for nn-compile">;
defm inputs : Value<"inputs", "A,B", "as for nn-compile">;
defm outputs : Value<"outputs", "C,D", "as for nn-compile">;
def compare : Switch<"compare", "also run the other way and demand the same bits">;
def layers : Switch<"layers", "name the first step whose native result differs from the interpreter's">;
def help : Switch<"help", "this text">;
def h : Flag<dashes, "h">, Alias<help>;
