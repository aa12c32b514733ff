//===- Options.td - The command line of nn-run ------------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
include "tools/common/ModelOptions.td"
include "tools/common/StyleOptions.td"

defm data : Value<"data", "DIR|FILE.npz", "inputs and expected outputs (default: test_data_set_* beside the model, else made up)">;
defm via : Value<"via", "WAY", "interpreter (default), native: compiled for this machine, or verilog: compiled to Verilog, in Verilator; compiled code runs as what it is">;
defm save : Value<"save", "DIR", "write output_J.pb there (a folder per data set if there are several)">;
defm cpu : Value<"cpu", "CPU", "as for nn-compile; default: native">;
defm exact : Value<"exact", "PROFILE", "as for nn-compile">;
def compare : Switch<"compare", "also run the other way and demand the same bits">;
def layers : Switch<"layers", "name the first step whose native result differs from the interpreter's">;
defm against : Value<"against", "MODEL", "with -layers: print how far each node is from this form of the network, float, QDQ or QOperator">;
