//===- NetworkFacts.h - What is said about a compiled network ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain data between the stages that find things out and the writers of
// headers, manifests, reports and self-tests.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/HardwareFacts.h"
#include "nnc/Support/QuantizationFacts.h"

#include "llvm/Support/JSON.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nnc {

/// An input or output of the network as the C caller sees it.
struct TensorFacts {
  std::string name;  ///< in the model
  std::string cName; ///< a C identifier, unique among inputs and outputs
  std::string dtype; ///< numpy's spelling: "float32", "bool"
  std::string cType; ///< "float", "int64_t", "uint8_t" (bool, and bytes of several elements)
  int onnxType = 0;  ///< TensorProto.DataType
  std::vector<int64_t> shape;
  int64_t count = 1, bytes = 0, align = 1;
  float scale = 0; ///< of (q - zeroPoint) * scale, what its integers stand for; 0: not quantized
  int32_t zeroPoint = 0;
  std::string rounding; ///< of floats to these integers, by its name; empty: halves to even
  std::vector<std::string> leftToCaller; ///< the ONNX nodes between it and the model's output
};

/// The integer sums of one step.
struct SumFacts {
  int64_t accumulators = 0;    ///< sums in one run
  bool isBounded = false;      ///< the next two are known
  int64_t least = 0, most = 0; ///< of sums of any products, with and without bias
};

/// How the sums of one step are scaled.
struct RequantizationFacts {
  int64_t channels = 0;        ///< of which something is proved
  int64_t affine = 0;          ///< proved equal to (sum * M + R) >> s
  int64_t fixedPoint = 0;      ///< others that are defined in integers
  int64_t unproved = 0;        ///< ops whose scale is known at run time only
  int64_t least = 0, most = 0; ///< the sums that are reached

  int64_t emulated() const { return channels - affine - fixedPoint; }
};

/// Floats between integers in one step.
struct IslandFacts {
  int64_t proved = 0;                 ///< results with an integer form, proved for all pairs
  std::vector<std::string> obstacles; ///< why others have none
};

/// One step of the plan.
struct StepFacts {
  std::string kernel, algorithm, tile;
  std::vector<std::string> nodes; ///< ONNX nodes
  std::vector<std::string> ops;   ///< nn ops of the body, in order
  std::string shape;              ///< of the first result
  std::string note;               ///< why what reads its result is not part of it; may be empty
  int64_t macs = 0;
  int64_t bytesRead = 0, bytesWritten = 0, bytesConstant = 0;
  std::optional<SumFacts> sums;                      ///< where integers are summed
  std::optional<RequantizationFacts> requantization; ///< where they are scaled
  std::optional<IslandFacts> islands;                ///< where they are floats in between
};

/// Bytes [offset, offset + bytes) of the arena during steps first to last.
struct SlotFacts {
  int64_t offset = 0, bytes = 0, first = 0, last = 0;
  std::string writer; ///< the node whose result it is
};

/// Where read-only bytes go: one packed constant.
struct ConstantFacts {
  int64_t offset = 0, bytes = 0;
  std::string node; ///< first node that reads it
};

struct NetworkFacts {
  std::string name, modelFile, modelSha256;
  std::string target, cpu, numerics = "strict", numericSpec, compiler;
  std::string exactProfile; ///< whose rounding quantized operators have
  std::vector<std::string> cpuFeatures, options;
  bool usesMatrixRegisters = false; ///< so that callers must ask the operating system for them
  uint32_t buildId = 0;

  std::vector<TensorFacts> inputs, outputs;
  std::vector<StepFacts> steps;
  std::vector<SlotFacts> slots;
  std::vector<ConstantFacts> constants;

  int64_t arenaBytes = 0, arenaAlign = 1, stackBytes = 0, stateBytes = 0;
  int64_t romBytes = 0, codeBytes = 0;
  uint32_t romCrc = 0;         ///< CRC-32C of the constants
  bool selftestAnswer = false; ///< NAME_selftest also checks a known answer

  llvm::json::Object proofs; ///< each {"status": …, evidence}
  std::vector<std::string> assumptions;
  std::optional<QuantizationFacts> quantization; ///< -quantize
  std::optional<HardwareFacts> hardware;         ///< -target=hls
  /// Fields of NAME.json that only one kind of target has; may be empty.
  std::function<void(llvm::json::OStream &)> describeTarget;

  int64_t macs() const {
    int64_t sum = hardware ? hardware->macs : 0;
    for (const StepFacts &step : steps)
      sum += step.macs;
    return sum;
  }
  int64_t ramBytes() const { return arenaBytes + stateBytes + stackBytes; }
  int64_t flashBytes() const { return romBytes + codeBytes; }
};

} // namespace nnc
