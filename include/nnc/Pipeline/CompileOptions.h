//===- CompileOptions.h - What the caller of the compiler decides --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nnc {

/// The options of one compilation. Text forms are those of the command line.
struct CompileOptions {
  std::string model;        ///< path of MODEL.onnx or MODEL.mlir
  std::string name;         ///< C identifier of the network; empty: the model's stem
  std::string outputFolder; ///< empty: ./NAME
  std::string target = "x86";
  std::string cpu;            ///< empty: the target's default
  std::set<std::string> emit; ///< kinds of files; empty: the target's default
  std::string stopAfter;      ///< name of a stage; empty: compile to files

  std::vector<std::string> shapes;    ///< -shape= as written
  std::vector<std::string> constants; ///< -const= as written
  std::vector<std::string> inputs, outputs;

  bool nativeIO = false; ///< -io=native: integers instead of the floats that edge Q/DQ stand for

  std::string quantize;            ///< -quantize=: int8, int6, int4, int8w; empty: as the model is
  std::string calibrator = "auto"; ///< -calibrator=: how ranges follow from histograms
  std::vector<std::string> calibrate; ///< -calibrate=: .npz files and folders

  std::string exact;               ///< -exact=: whose rounding; empty: ort, or as a text states
  bool strictConstantTime = false; ///< -constant-time=strict
  std::optional<int64_t> ramBudget, flashBudget, stackBudget; ///< bytes

  // -target=hls
  std::string style = "unrolled"; ///< unrolled, sequencer
  unsigned lanes = 1;             ///< -lanes=: multipliers of a sequencer
  unsigned pipeline = 8;          ///< -pipeline=: carry chains between registers; 0: no registers
  std::vector<std::string> inputFormats; ///< -input-format= as written
  std::string reset = "sync", resetLevel = "high", romStyle = "file";
  std::optional<int64_t> lutBudget, bramBudget, dspBudget; ///< cells
  std::optional<int64_t> latencyBudget;                    ///< clocks
  unsigned clockMHz = 100;                                 ///< -clock=: what constraints ask for
  unsigned vectors = 0;   ///< -vectors=: frames of the testbenches; 0: by their work
  std::string vectorData; ///< -vectors=: folder or .npz that has them; empty: made up
  std::string registerIO; ///< -register-io=: in, out, both, none; empty: as the style has it

  bool isSequencer() const { return style == "sequencer"; }
  bool registerInputs() const { return registerIO == "in" || registerIO == "both"; }
  /// Engines end in logic, which a register keeps apart from what reads the results. A sequencer is
  /// for the smallest parts, where the register would cost more than it helps.
  bool registerOutputs() const {
    return registerIO.empty() ? !isSequencer() : registerIO == "out" || registerIO == "both";
  }

  bool verify = false;    ///< compare native code with the interpreter
  std::string verifyData; ///< folder or .npz; empty: made-up inputs
  bool debugInfo = false;
  bool verbose = false;
  bool quiet = false;
  bool depfile = false;
  std::string depfilePath; ///< empty: NAME.d in the output folder

  /// What NAME.json records, normalised and without folders, so that equal
  /// options give equal bytes: the options that shape the code, which are part
  /// of its build id, and those that choose and describe files only.
  std::vector<std::string> recorded, recordedOfFiles;

  /// Whether the model is IR, as -stop-after= prints it, and not ONNX.
  bool modelIsText() const {
    constexpr std::string_view ending = ".mlir";
    return model.size() >= ending.size() &&
           model.compare(model.size() - ending.size(), ending.size(), ending) == 0;
  }
};

} // namespace nnc
