//===- Program.cpp - Steps of a plan on real bytes -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Ops.h"
#include "nnc/Interpreter/Interpreter.h"

#include "llvm/ADT/DenseMap.h"

#include <cstring>
#include <random>

using namespace mlir;
using namespace nnc;
using namespace nnc::interpreter;

using Tensors = std::vector<Tensor>;

namespace {

/// A buffer's memory; writable where `mutableData` is set.
struct Memory {
  const char *data = nullptr;
  char *mutableData = nullptr;
  int64_t size = 0;
};

/// A tensor's place: origin and layout in a memory.
struct Place {
  Memory memory;
  int64_t offset; // bytes
  plan::LayoutAttr layout;
  RankedTensorType type;
};

/// The state of a program while it runs.
class Machine {
public:
  Machine(plan::ProgramOp program, ArrayRef<Tensor> inputs) : program(program), inputs(inputs) {}

  llvm::Error allocate();
  llvm::Error run(plan::StepOp step, StepObserver observer);
  Tensors takeOutputs() { return std::move(outputs); }

private:
  llvm::Error bindInput(plan::InputOp op);
  void bindConstant(plan::ConstantOp op);
  void addOutput(plan::OutputOp op);
  llvm::Expected<Memory> find(plan::StepOp step, Value buffer);

  plan::ProgramOp program;
  ArrayRef<Tensor> inputs;
  Tensors outputs;
  std::vector<char> arena;
  std::vector<std::vector<char>> constants;
  llvm::DenseMap<Value, Memory> buffers;
};

} // namespace

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

/// Memory that nobody has written holds noise, the same in every run, so that
/// a read too early or too far changes numbers.
static void fillWithNoise(MutableArrayRef<char> bytes) {
  std::minstd_rand random(1);
  for (char &byte : bytes)
    byte = static_cast<char>(random() >> 8);
}

llvm::Error Machine::bindInput(plan::InputOp op) {
  uint64_t index = op.getIndex();
  if (index >= inputs.size())
    return failure(op,
                   "has index " + Twine(index) + ", " + Twine(inputs.size()) + " inputs are given");
  if (inputs[index].getType() != op.getType())
    return failure(op, "has another type than the given tensor");
  ArrayRef<char> bytes = inputs[index].bytes();
  buffers[op.getBuffer()] = {bytes.data(), nullptr, static_cast<int64_t>(bytes.size())};
  return llvm::Error::success();
}

void Machine::addOutput(plan::OutputOp op) {
  uint64_t index = op.getIndex();
  if (outputs.size() <= index)
    outputs.resize(index + 1);
  outputs[index] = Tensor(::cast<RankedTensorType>(op.getType()));
  MutableArrayRef<char> bytes = outputs[index].mutableBytes();
  fillWithNoise(bytes);
  buffers[op.getBuffer()] = {bytes.data(), bytes.data(), static_cast<int64_t>(bytes.size())};
}

void Machine::bindConstant(plan::ConstantOp op) {
  std::vector<char> &bytes = constants.emplace_back(plan::packedBytes(op));
  plan::packConstant(op, bytes);
  buffers[op.getBuffer()] = {bytes.data(), nullptr, static_cast<int64_t>(bytes.size())};
}

llvm::Error Machine::allocate() {
  arena.resize(program.getArenaBytes());
  fillWithNoise(arena);
  for (Operation &op : program.getBody().front()) {
    if (auto input = dyn_cast<plan::InputOp>(op)) {
      if (llvm::Error error = bindInput(input))
        return error;
    } else if (auto output = dyn_cast<plan::OutputOp>(op)) {
      addOutput(output);
    } else if (auto constant = dyn_cast<plan::ConstantOp>(op)) {
      bindConstant(constant);
    } else if (auto slot = dyn_cast<plan::SlotOp>(op)) {
      char *data = arena.data() + slot.getOffset();
      buffers[slot.getBuffer()] = {data, data, static_cast<int64_t>(slot.getBytes())};
    }
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Tensors in buffers
//===----------------------------------------------------------------------===//

/// What index i of each dimension adds to an element's offset, i from -low on.
static SmallVector<std::vector<int64_t>> dimensionShares(const Place &place) {
  SmallVector<std::vector<int64_t>> shares(place.type.getRank());
  SmallVector<int64_t> index(place.type.getRank(), 0);
  for (auto [d, size] : llvm::enumerate(place.type.getShape())) {
    int64_t end = size + place.layout.highHalo(d);
    for (index[d] = -place.layout.lowHalo(d); index[d] < end; ++index[d])
      shares[d].push_back(place.layout.elementOffset(index));
    index[d] = 0;
  }
  return shares;
}

/// Fails if an element of the tensor or of its halo lies outside of the buffer.
static llvm::Error checkInside(plan::StepOp step, const Place &place) {
  if (place.type.getNumElements() == 0)
    return llvm::Error::success();
  int64_t size = nn::elementByteSize(place.type.getElementType());
  int64_t least = 0, greatest = 0;
  for (const std::vector<int64_t> &shares : dimensionShares(place)) {
    least += *llvm::min_element(shares);
    greatest += *llvm::max_element(shares);
  }
  int64_t first = place.offset + least * size, end = place.offset + (greatest + 1) * size;
  if (first >= 0 && end <= place.memory.size)
    return llvm::Error::success();
  return failure(step, "@" + step.getKernel() + " accesses bytes " + Twine(first) + " to " +
                           Twine(end) + " of a buffer of " + Twine(place.memory.size));
}

/// Calls fn(byte offset, isInside) for each element of the tensor and its halo,
/// row-major; isInside is false in the halo.
template <typename Fn>
static void forEachElement(const Place &place, Fn fn) {
  if (place.type.getNumElements() == 0)
    return;
  SmallVector<std::vector<int64_t>> shares = dimensionShares(place);
  int64_t size = nn::elementByteSize(place.type.getElementType());
  auto visit = [&](auto &self, size_t d, int64_t elements, bool isInside) -> void {
    if (d == shares.size())
      return fn(place.offset + elements * size, isInside);
    int64_t low = place.layout.lowHalo(d), count = place.type.getDimSize(d);
    for (auto [i, share] : llvm::enumerate(shares[d])) {
      int64_t at = static_cast<int64_t>(i) - low;
      self(self, d + 1, elements + share, isInside && at >= 0 && at < count);
    }
  };
  visit(visit, 0, 0, true);
}

/// Whether all of the tensor's halo holds what its layout says; the tensor itself may be anything.
static bool isHaloFilled(const Place &place) {
  int64_t size = nn::elementByteSize(place.type.getElementType());
  int64_t fill = place.layout.getFill(); // +0 of a float has the bits of 0
  bool isFilled = true;
  forEachElement(place, [&](int64_t offset, bool isInside) {
    isFilled &= isInside || std::memcmp(place.memory.data + offset, &fill, size) == 0;
  });
  return isFilled;
}

/// Kernels read the halo that an operand's layout states, so it must be there and hold its fill.
static llvm::Expected<Tensor> read(plan::StepOp step, unsigned number, const Place &place) {
  if (llvm::Error error = checkInside(step, place))
    return error;
  if (place.layout.hasHalo() && !isHaloFilled(place))
    return failure(step, "@" + step.getKernel() + " reads a halo that is not " +
                             (place.layout.getFill() ? Twine(place.layout.getFill()) : "+0") +
                             " as operand " + Twine(number));
  Tensor tensor(place.type);
  int64_t size = tensor.getElementSize();
  char *to = tensor.mutableBytes().data();
  forEachElement(place, [&](int64_t offset, bool isInside) {
    if (!isInside)
      return;
    std::memcpy(to, place.memory.data + offset, size);
    to += size;
  });
  return tensor;
}

/// Writes the tensor and its halo.
static llvm::Error write(plan::StepOp step, const Place &place, const Tensor &tensor) {
  if (!place.memory.mutableData)
    return failure(step, "@" + step.getKernel() + " writes to an input or a constant");
  if (llvm::Error error = checkInside(step, place))
    return error;
  int64_t size = tensor.getElementSize();
  int64_t fill = place.layout.getFill();
  const char *from = tensor.bytes().data();
  forEachElement(place, [&](int64_t offset, bool isInside) {
    if (!isInside) {
      std::memcpy(place.memory.mutableData + offset, &fill, size);
      return;
    }
    std::memcpy(place.memory.mutableData + offset, from, size);
    from += size;
  });
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

llvm::Expected<Memory> Machine::find(plan::StepOp step, Value buffer) {
  auto it = buffers.find(buffer);
  if (it == buffers.end())
    return failure(step, "@" + step.getKernel() + " uses what is no buffer of its program");
  return it->second;
}

llvm::Error Machine::run(plan::StepOp step, StepObserver observer) {
  plan::KernelOp kernel = step.lookupKernel();
  if (!kernel)
    return failure(step, "names the kernel @" + step.getKernel() + ", which does not exist");
  if (step.getReads().size() != kernel.getOperandLayouts().size() ||
      step.getWrites().size() != kernel.getResultLayouts().size())
    return failure(step, "@" + step.getKernel() + " has other operands than its kernel");
  Tensors operands;
  for (auto [i, buffer, offset] : llvm::enumerate(step.getReads(), step.getReadOffsets())) {
    auto memory = find(step, buffer);
    if (!memory)
      return memory.takeError();
    auto tensor = read(step, i, {*memory, offset, kernel.operandLayout(i), kernel.operandType(i)});
    if (!tensor)
      return tensor.takeError();
    operands.push_back(*tensor);
  }
  auto results = evaluateKernel(kernel, operands);
  if (!results)
    return results.takeError();
  for (auto [i, buffer, offset] : llvm::enumerate(step.getWrites(), step.getWriteOffsets())) {
    auto memory = find(step, buffer);
    if (!memory)
      return memory.takeError();
    if (llvm::Error error = write(
            step, {*memory, offset, kernel.resultLayout(i), kernel.resultType(i)}, (*results)[i]))
      return error;
  }
  if (observer)
    observer(step, *results);
  return llvm::Error::success();
}

llvm::Expected<Tensors> nnc::interpreter::evaluate(plan::ProgramOp program, ArrayRef<Tensor> inputs,
                                                   StepObserver observer) {
  Machine machine(program, inputs);
  if (llvm::Error error = machine.allocate())
    return error;
  for (auto step : program.getBody().front().getOps<plan::StepOp>())
    if (llvm::Error error = machine.run(step, observer))
      return error;
  return machine.takeOutputs();
}
