//===- KnownAnswer.cpp - What NAME_selftest compares with ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "KnownAnswer.h"

#include "Oracle.h"
#include "nnc/Support/Crc32c.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace llvm;

namespace nnc {

// The interpreter does some 10^8 multiply-accumulates a second; compiling
// should not wait for more than a fraction of one.
constexpr int64_t maxMacs = 16 << 20, maxBytes = 32 << 20;

using Range = std::pair<int64_t, int64_t>;

/// The lowest multiple of 64 at which `bytes` bytes meet none of `taken`.
static std::optional<int64_t> findRoom(ArrayRef<Range> taken, int64_t bytes, int64_t limit) {
  std::vector<int64_t> candidates = {0};
  for (auto [from, to] : taken)
    candidates.push_back(alignTo(to, 64));
  llvm::sort(candidates);
  for (int64_t at : candidates) {
    bool isFree = none_of(taken, [&](Range r) { return at < r.second && r.first < at + bytes; });
    if (isFree && at + bytes <= limit)
      return at;
  }
  return std::nullopt;
}

/// The first step that writes output number `index`.
static int64_t firstWriter(plan::ProgramOp program, size_t index) {
  for (auto [i, step] : enumerate(program.getBody().getOps<plan::StepOp>()))
    for (mlir::Value buffer : step.getWrites())
      if (auto output = buffer.getDefiningOp<plan::OutputOp>())
        if (output.getIndex() == index)
          return i;
  return 0;
}

/// Each output stands from its first write to the end of the run.
static bool placeOutputs(const Emission &e, KnownAnswer &answer) {
  std::vector<Range> outputs;
  for (auto [i, tensor] : enumerate(e.facts.outputs)) {
    std::vector<Range> taken = outputs;
    int64_t first = firstWriter(e.program, i);
    for (const SlotFacts &slot : e.facts.slots)
      if (slot.last >= first)
        taken.push_back({slot.offset, slot.offset + slot.bytes});
    std::optional<int64_t> at = findRoom(taken, tensor.bytes, e.facts.arenaBytes);
    if (!at || tensor.bytes == 0)
      return false;
    answer.outputOffsets.push_back(*at);
    outputs.push_back({*at, *at + tensor.bytes});
  }
  return true;
}

/// The first bytes of the packed constants.
static std::vector<char> packBeginning(const Emission &e, int64_t bytes) {
  std::vector<char> packed(bytes);
  consumeError(packConstants(e.constants, [&](int64_t offset, ArrayRef<char> piece) {
    if (offset < bytes)
      std::copy_n(piece.begin(), std::min<int64_t>(piece.size(), bytes - offset),
                  packed.begin() + offset);
    return Error::success();
  }));
  return packed;
}

/// Inputs one behind the other in the constants, from the start again where they end.
static bool placeInputs(const Emission &e, KnownAnswer &answer) {
  int64_t at = 0;
  for (const TensorFacts &tensor : e.facts.inputs) {
    if (tensor.dtype == "bool" || tensor.bytes > e.constants.bytes || tensor.bytes == 0)
      return false;
    if (at + tensor.bytes > e.constants.bytes)
      at = 0;
    answer.inputOffsets.push_back(at);
    at = alignTo(at + tensor.bytes, 64);
  }
  return true;
}

static bool hasNaN(const Tensor &tensor) {
  return tensor.getElementType().isF32() &&
         any_of(tensor.elements<float>(), [](float v) { return std::isnan(v); });
}

Expected<std::optional<KnownAnswer>> findKnownAnswer(const Emission &e) {
  KnownAnswer answer;
  int64_t moved = 0;
  for (const StepFacts &step : e.facts.steps)
    moved += step.bytesRead + step.bytesWritten;
  if (e.facts.macs() > maxMacs || moved > maxBytes || e.constants.bytes > maxBytes ||
      e.facts.outputs.empty() || !placeInputs(e, answer) || !placeOutputs(e, answer))
    return std::nullopt;
  std::vector<char> rom = packBeginning(e, e.constants.bytes);
  std::vector<Tensor> inputs;
  for (auto [i, port] : enumerate(inputPorts(e.c)))
    inputs.emplace_back(port.type,
                        ArrayRef<char>(rom).slice(answer.inputOffsets[i], e.facts.inputs[i].bytes));
  Expected<std::vector<Tensor>> outputs = interpretNetwork(e.c, inputs);
  if (!outputs)
    return outputs.takeError();
  for (const Tensor &output : *outputs) {
    if (hasNaN(output))
      return std::nullopt;
    Crc32c crc;
    crc.update(output.bytes());
    answer.outputCrcs.push_back(crc.value());
  }
  return answer;
}

} // namespace nnc
