//===- Options.td - The command line of nn-verify ---------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
include "tools/common/Options.td"

defm manifest : Value<"manifest", "NAME.json", "with FILE: the network's description: sizes of its buffers, its core, hashes of code and constants">;
defm name : Value<"name", "NAME", "which network, if DIR or FILE holds several">;
def json : Switch<"json", "the findings as JSON instead of text">;
