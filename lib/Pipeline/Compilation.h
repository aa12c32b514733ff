//===- Compilation.h - What the stages of one compilation share ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelFamily.h"
#include "nnc/Pipeline/CompileOptions.h"
#include "nnc/Quantization/Profile.h"
#include "nnc/Support/HardwareFacts.h"
#include "nnc/Support/NetworkFacts.h"
#include "nnc/Support/OutputFolder.h"
#include "nnc/Support/QuantizationFacts.h"
#include "nnc/Support/TargetModel.h"
#include "nnc/Target/HLS/Core.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringSet.h"

#include <chrono>
#include <optional>

namespace nnc {

/// -constant-time=strict: tables up to this size are read whole.
inline constexpr int64_t strictTableBytes = 64 << 10;

/// -target=hls: what is known of a design besides its IR.
struct SiliconFacts {
  hls::Core core;
  HardwareFacts hardware;
};

/// The state that the stages pass on.
struct Compilation {
  const CompileOptions &options;
  mlir::MLIRContext &context;
  TargetModel target = {};
  std::string name = {};                              ///< C identifier of the network
  std::unique_ptr<KernelRegistry> registry = nullptr; ///< the kernel families of the target
  mlir::OwningOpRef<mlir::ModuleOp> module = {};      ///< nn, from `schedule` on plan
  std::optional<QuantizationFacts> quantizationFacts = {};
  mlir::OwningOpRef<mlir::ModuleOp> reference = {}; ///< what `schedule` began with
  mlir::OwningOpRef<mlir::ModuleOp> code = {};      ///< the kernels as functions

  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

  llvm::StringSet<> floatPorts = {}; ///< inputs and outputs that the model has as floats
  std::unique_ptr<SiliconFacts> silicon = nullptr;

  std::string onnxModel = {};              ///< -emit=onnx: the bytes of the quantized network
  std::string planText = {};               ///< -g: the file that line tables lead to; may be empty
  std::vector<std::string> pathsRead = {}; ///< files read besides the model

  /// Index of the first stage still to run; a loaded .mlir begins later.
  size_t nextStage = 0;
};

/// Registers what the compiler reads and writes.
void prepareContext(mlir::MLIRContext &context);

/// Chooses target and name, loads a model that is IR. False: failed, and reported.
bool beginCompilation(Compilation &compilation);

/// All stages that are still to run, up to `last` (none if the network is past that); empty: all.
/// Prints the IR where the options say stop.
bool runStages(Compilation &compilation, llvm::StringRef last = "");

/// Loads `options.model`, ONNX or .mlir, and sets `module` and `nextStage`.
bool loadModel(Compilation &compilation);

/// Whose rounding quantized operators have: what the module states, else -exact, else ort.
quantization::Profile profileOf(const Compilation &compilation);

/// -quantize: brings the float network `module` into QDQ form, from which it goes on like one
/// that was imported so; nothing without the option. False: refused, and reported.
bool quantizeNetwork(Compilation &compilation);

/// Runs the passes that `build` adds on `module`. False: one failed, and reported.
bool runPasses(mlir::ModuleOp module, llvm::function_ref<void(mlir::OpPassManager &)> build);

/// -g: sets `planText` to the plan, and the locations of `plan` to its lines
/// there, unless they lead to lines of a text already.
void preparePlanText(Compilation &compilation, mlir::ModuleOp plan);

/// report.html, unless another network of the folder has that already.
llvm::Error writeReport(const NetworkFacts &facts, OutputFolder &folder);

/// From the finished plan and code to the files of the output folder.
bool emitFiles(Compilation &compilation);

} // namespace nnc
