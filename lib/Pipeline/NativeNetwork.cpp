//===- NativeNetwork.cpp - Calls a compiled network ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "NativeNetwork.h"

#include "nnc/Support/TargetModel.h"
#include "runtime/nn_runtime.h"

#include "llvm/Support/MathExtras.h"

#include <sys/syscall.h>
#include <unistd.h>

using namespace llvm;

namespace nnc {

/// What NAME_request_matrices of a header does, if code for the core of `model` may need it.
static Error requestMatrices(const void *model) {
  Expected<TargetModel> core = lookupTargetModel("x86", static_cast<const nn_model *>(model)->cpu);
  if (!core)
    return core.takeError();
  constexpr long ask = 0x1023, matrixState = 18; // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  if (core->hasMatrixRegisters && syscall(SYS_arch_prctl, ask, matrixState) != 0)
    return createStringError("the operating system gives this process no matrix registers (AMX), "
                             "which cpu '" +
                             core->cpu + "' uses");
  return Error::success();
}

Expected<NativeNetwork> NativeNetwork::load(StringRef library, StringRef name,
                                            ArrayRef<Port> outputs, int64_t arenaBytes) {
  std::string message;
  auto handle = sys::DynamicLibrary::getPermanentLibrary(library.str().c_str(), &message);
  if (!handle.isValid())
    return createStringError("cannot load '" + library + "': " + message);
  auto symbol = [&](StringRef suffix) {
    return handle.getAddressOfSymbol((name + suffix).str().c_str());
  };
  NativeNetwork network;
  network.runV = reinterpret_cast<RunV>(symbol("_run_v"));
  network.steps = reinterpret_cast<RunSteps>(symbol("_run_steps"));
  auto cpuOk = reinterpret_cast<int (*)()>(symbol("_cpu_ok"));
  const void *model = symbol("_model");
  if (!network.runV || !network.steps || !cpuOk || !model)
    return createStringError("'" + library + "' holds no network '" + name + "'");
  if (!cpuOk())
    return createStringError("this processor lacks instructions that '" + name +
                             "' was compiled for; name another -cpu=");
  if (Error error = requestMatrices(model))
    return std::move(error);
  constexpr size_t alignment = 64;
  network.outputs.assign(outputs.begin(), outputs.end());
  network.memory.assign(arenaBytes + alignment, char(0xa5));
  auto address = reinterpret_cast<uintptr_t>(network.memory.data());
  network.aligned = alignTo(address, alignment) - address;
  return std::move(network);
}

std::vector<Tensor> NativeNetwork::makeOutputs() const {
  std::vector<Tensor> tensors;
  for (const Port &port : outputs)
    tensors.emplace_back(port.type);
  return tensors;
}

static Error statusError(int status) {
  return status == 0 ? Error::success()
                     : createStringError("the compiled code returned status " + Twine(status));
}

Error NativeNetwork::runSteps(ArrayRef<Tensor> inputs, MutableArrayRef<Tensor> results,
                              uint16_t first, uint16_t end) {
  std::vector<const void *> in;
  std::vector<void *> out;
  for (const Tensor &tensor : inputs)
    in.push_back(tensor.bytes().data());
  for (Tensor &tensor : results)
    out.push_back(tensor.mutableBytes().data());
  return statusError(steps(in.data(), out.data(), memory.data() + aligned, first, end));
}

Expected<std::vector<Tensor>> NativeNetwork::run(ArrayRef<Tensor> inputs) {
  std::vector<const void *> in;
  std::vector<void *> out;
  std::vector<Tensor> results = makeOutputs();
  for (const Tensor &tensor : inputs)
    in.push_back(tensor.bytes().data());
  for (Tensor &tensor : results)
    out.push_back(tensor.mutableBytes().data());
  if (Error error = statusError(runV(in.data(), out.data(), memory.data() + aligned)))
    return std::move(error);
  return results;
}

} // namespace nnc
