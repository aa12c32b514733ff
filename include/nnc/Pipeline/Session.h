//===- Session.h - A network that runs in several ways -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "nnc/Interpreter/Tensor.h"
#include "nnc/Pipeline/CompileOptions.h"

#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace nnc {

using interpreter::Tensor;

/// An input or output of a network.
struct Port {
  std::string name;
  mlir::RankedTensorType type;
  /// What the model says that it is: elements below eight bits, which the bytes of `type` hold.
  /// Null: `type`.
  mlir::RankedTensorType packed = {};
  float scale = 0; ///< of (q - zeroPoint) * scale, what its integers stand for; 0: not quantized
  int32_t zeroPoint = 0;
  nn::RoundingMode rounding = nn::RoundingMode::HalfEven; ///< of floats to these integers
};

/// `tensor`, which `port` takes or gives, as the model says that it is: unpacked.
Tensor elementsOf(const Port &port, const Tensor &tensor);

/// What `to` takes where `from` has `value`: the same bits, or integers instead of the floats that
/// they stand for, or the reverse. Error: the ports are of other shapes or types.
llvm::Expected<Tensor> convert(const Tensor &value, const Port &from, const Port &to);

/// The floats that an ONNX node computed.
struct Layer {
  std::string node;
  Tensor value;
};

/// Inputs, and the outputs that are expected of them (null tensors where none are known).
struct DataSet {
  std::string name;
  std::vector<Tensor> inputs, expected;
  std::vector<std::string> files = {}; ///< that the inputs were read from
};

/// The model that `path` means: itself, model.onnx in the folder `path`, or the
/// NAME.json of the one network that nn-compile wrote into that folder.
llvm::Expected<std::string> findModel(llvm::StringRef path);
/// Whether `path` is a NAME.json, which describes compiled code.
bool isManifest(llvm::StringRef path);
/// Whether the NAME.json at `path` describes Verilog.
bool describesVerilog(llvm::StringRef path);

/// How a network is run.
enum class Way { Interpreter, Native, Verilog };

/// One network, evaluated by the interpreter, as native code and as Verilog in a simulator.
/// Diagnostics go to stderr as nn-compile prints them. A NAME.json as the model runs as what it
/// describes only.
class Session {
public:
  /// `options` as for compile(); the output folder is a temporary one.
  explicit Session(CompileOptions options);
  ~Session();

  /// Imports and brings the network to the reference point.
  bool load();
  const std::vector<Port> &inputs() const;
  const std::vector<Port> &outputs() const;
  mlir::MLIRContext &context();

  /// The outputs by the interpreter, at the reference point.
  llvm::Expected<std::vector<Tensor>> interpret(llvm::ArrayRef<Tensor> inputs);
  /// Compiles for this machine (once) and calls the code.
  llvm::Expected<std::vector<Tensor>> runNative(llvm::ArrayRef<Tensor> inputs);
  /// Compiles to Verilog (once) and simulates it.
  llvm::Expected<std::vector<Tensor>> runVerilog(llvm::ArrayRef<Tensor> inputs);
  llvm::Expected<std::vector<Tensor>> run(Way way, llvm::ArrayRef<Tensor> inputs);
  /// Text that names the first step whose native result differs from the
  /// interpreter's, element and values; empty: all steps agree.
  llvm::Expected<std::string> firstDifference(llvm::ArrayRef<Tensor> inputs);
  /// What each node computed by the interpreter, on the network as it was imported: floats between
  /// integers, whichever way the model spells quantization. In the model's order; nodes without a
  /// result of floats are left out.
  llvm::Expected<std::vector<Layer>> layers(llvm::ArrayRef<Tensor> inputs);

private:
  bool loadCompiled();
  bool loadCompiledVerilog();
  llvm::Error compileNative();
  llvm::Error compileVerilog();
  llvm::Error loadImported();
  struct State;
  std::unique_ptr<State> state;
};

/// Data of `path`: a folder with input_0.pb …, a folder of such test_data_set_*
/// folders, or a .npz file with the inputs' names, one sample or several along a
/// leading axis. Empty: the test_data_set_* folders beside the model if there
/// are any, else made-up data.
llvm::Expected<std::vector<DataSet>> loadData(llvm::StringRef path, llvm::StringRef model,
                                              llvm::ArrayRef<Port> inputs,
                                              llvm::ArrayRef<Port> outputs,
                                              mlir::MLIRContext &context);

/// The kinds of made-up inputs.
enum class Pattern { Random, Zeros, Extremes };
/// Made-up inputs, the same on every machine.
std::vector<Tensor> makeInputs(llvm::ArrayRef<Port> inputs, Pattern pattern);

} // namespace nnc
