//===- StyleOptions.td - How a network becomes hardware ---------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Included behind ModelOptions.td.

defm style : Value<"style", "STYLE", "hls: unrolled, one result a clock (default), or sequencer, the smallest">;
defm lanes : Value<"lanes", "P", "hls: multipliers of a sequencer (default: 1)">;
defm pipeline : Value<"pipeline", "N", "hls: carry chains between registers of unrolled matrices; 0: no registers (default: 8)">;
defm input_format : Value<"input-format", "NAME:BITS.FRACTION", "hls: fixed-point format of a float input; repeatable">;
