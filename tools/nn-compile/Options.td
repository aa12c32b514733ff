//===- Options.td - The command line of nn-compile --------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
include "tools/common/ModelOptions.td"
include "tools/common/StyleOptions.td"

defm target : Value<"target", "TARGET", "what to compile for: x86, hls">;
defm cpu : Value<"cpu", "CPU", "native, x86-64-v3 (default), x86-64-v4, znver4, ... (-print=cpus)">;
defm o : Value<"o", "DIR", "output folder (default: ./NAME)">;
defm name : Value<"name", "ID", "C identifier of the network (default: the file's stem)">;
defm emit : Value<"emit", "KIND,...", "x86: obj, lib, so, asm, llvm, onnx, report, test (default: obj, lib, so, report); hls: verilog, report, test, onnx (default: verilog, report)">;
defm quantize : Value<"quantize", "int8|int6|int4|int8w", "quantize a float network: weights and activations, or weights only">;
defm calibrate : Value<"calibrate", "FILE.npz|DIR", "inputs that -quantize measures ranges on; repeatable">;
defm calibrator : Value<"calibrator", "METHOD", "how ranges follow from them: minmax, percentile, mse, entropy, auto: the best of them (default)">;
defm numerics : Value<"numerics", "strict", "one answer on every target (strict)">;
defm exact : Value<"exact", "PROFILE", "whose rounding a quantized network has: ort (default), tflite-double, tflm-double, tflite-single">;
defm constant_time : Value<"constant-time", "strict", "refuse what would need data-dependent addresses">;
defm ram : Value<"ram", "BYTES", "fail if arena + state + stack need more (K = 1024, M = 1024K, G = 1024M)">;
defm flash : Value<"flash", "BYTES", "fail if constants + code need more (K, M, G as above)">;
defm stack : Value<"stack", "BYTES", "fail if the stack needs more (K, M, G as above)">;
defm luts : Value<"luts", "N", "hls: fail if the core is predicted to need more lookup tables">;
defm brams : Value<"brams", "N", "hls: the same for block RAMs">;
defm dsps : Value<"dsps", "N", "hls: the same for multiplier blocks">;
defm max_latency : Value<"max-latency", "N", "hls: fail if the first result comes later than N clocks after the first input">;
defm reset : Value<"reset", "sync|async", "hls: when the reset acts (default: sync)">;
defm reset_level : Value<"reset-level", "high|low", "hls: the level at which it does (default: high)">;
defm clock : Value<"clock", "MHZ", "hls: the clock that NAME.sdc asks for (default: 100)">;
defm register_io : Value<"register-io", "in|out|both|none", "hls: ports of the core that have registers of their own (default: out; none for -style=sequencer)">;
defm rom : Value<"rom", "file|case", "hls: words of memories in images or in modules (default: file)">;
defm vectors : Value<"vectors", "N|DATA", "hls: how many frames the testbenches play (default: by the work that they are), or a test_data_set folder or .npz file of them">;
defm stop_after : Value<"stop-after", "STAGE", "print the IR after a stage (-print=stages) to stdout">;
defm print : Value<"print", "LIST", "print targets, cpus, ops or stages">;
def verify : Switch<"verify", "run the compiled code here and compare it with the interpreter">;
def verify_data : Joined<dashes, "verify=">, MetaVarName<"DATA">,
                  HelpText<"as -verify, on a test_data_set folder or .npz file">;
def debug : Switch<"g", "keep line tables that lead to NAME.plan.mlir (of a text: to its own lines)">;
def verbose : Switch<"v", "stages, and what follows them, with their times">;
def quiet : Switch<"q", "no summary; warnings and errors only">;
def depfile : Switch<"MD", "write NAME.d: what the output depends on, for make and ninja">;
defm depfile_path : Value<"MF", "FILE", "the same, to FILE">;
