//===- Options.td - Options that all tools have -----------------*- tablegen -*-===//
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

def help : Switch<"help", "this text">;
def h : Flag<dashes, "h">, Alias<help>;
def version : Switch<"version", "the version of nn-compile and of what its answers depend on">;
