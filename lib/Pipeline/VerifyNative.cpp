//===- VerifyNative.cpp - -verify: the compiled code, run and compared ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Emission.h"
#include "NativeNetwork.h"
#include "Oracle.h"
#include "TimedRow.h"
#include "nnc/Pipeline/Judge.h"
#include "nnc/Target/X86/X86.h"

using namespace llvm;

namespace nnc {

/// A shared library of the object, for this process alone.
static Expected<std::string> linkForLoading(Emission &e) {
  std::string linker = x86::findLinker();
  if (linker.empty())
    return createStringError("-verify needs a linker: none of ld.bfd, ld, ld.lld is on the PATH");
  Expected<std::string> path = e.folder.temporary("verify-" + e.c.name + ".so");
  if (!path)
    return path.takeError();
  if (Error error = x86::linkSharedLibrary(linker, e.object, *path, e.c.name + ".so"))
    return std::move(error);
  return path;
}

static Error complain(const Complaints &complaints) {
  Error errors = Error::success();
  for (const std::string &text : complaints)
    errors = joinErrors(std::move(errors), createStringError("-verify: " + text));
  return errors;
}

/// What is proved stays proved: of numbers without a proof it is said that they were tested.
static void recordTest(json::Object &proofs, size_t dataSets) {
  json::Object test{{"method", "compiled code against the interpreter, bit for bit"},
                    {"data_sets", int64_t(dataSets)}};
  json::Object *exact = proofs.getObject("exact");
  if (exact && exact->getString("status") == "proved") {
    (*exact)["tested"] = std::move(test);
    return;
  }
  test["status"] = "tested";
  proofs["exact"] = std::move(test);
}

Error verifyNative(Emission &e) {
  TimedRow row(e.c.options, "run");
  std::vector<Port> outputs = outputPorts(e.c);
  Expected<std::vector<DataSet>> sets =
      loadData(e.c.options.verifyData, e.c.options.model, inputPorts(e.c), outputs, e.c.context);
  if (!sets)
    return sets.takeError();
  Expected<std::string> library = linkForLoading(e);
  if (!library)
    return library.takeError();
  Expected<NativeNetwork> network =
      NativeNetwork::load(*library, e.c.name, outputs, e.facts.arenaBytes);
  if (!network)
    return network.takeError();
  Error failed = Error::success();
  for (const DataSet &set : *sets) {
    Expected<std::vector<Tensor>> native = network->run(set.inputs);
    if (!native)
      return joinErrors(std::move(failed), native.takeError());
    Expected<std::vector<Tensor>> interpreted = interpretNetwork(e.c, set.inputs);
    if (!interpreted)
      return joinErrors(std::move(failed), interpreted.takeError());
    failed =
        joinErrors(std::move(failed), complain(judgeBits(set, outputs, *native, *interpreted)));
    failed = joinErrors(std::move(failed), complain(judgeCloseness(set, outputs, *native)));
  }
  if (!failed)
    recordTest(e.facts.proofs, sets->size());
  return failed;
}

} // namespace nnc
