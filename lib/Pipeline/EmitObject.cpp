//===- EmitObject.cpp - The object and what is filled in afterwards ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Emission.h"
#include "KnownAnswer.h"
#include "TimedRow.h"

#include "nnc/Support/Crc32c.h"
#include "nnc/Support/Sha256.h"
#include "nnc/Target/CPU/LowerKernels.h"
#include "nnc/Target/X86/ObjectPatch.h"
#include "nnc/Target/X86/X86.h"

#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace nnc {

/// Kernels and entry functions as one optimised LLVM module.
static Error buildModule(Emission &e) {
  TimedRow row(e.c.options, "optimize");
  e.module = translateKernels(*e.c.code, e.c.target, e.context);
  if (!e.module)
    return createStringError("the kernels have no LLVM IR");
  e.module->setSourceFileName(e.c.name);
  auto hooks = x86::createEntryHooks(e.c.target);
  addEntryFunctions(*e.module, e.program, e.constants, e.facts, e.answer, e.c.target, *hooks);
  x86::addIsaNote(*e.module, e.c.target);
  return x86::optimize(*e.module, e.c.target);
}

static Error writeMachineCode(Emission &e) {
  TimedRow row(e.c.options, "codegen");
  std::error_code code;
  raw_fd_ostream os(e.object, code, sys::fs::OF_None);
  if (code)
    return createStringError(code, "cannot write '" + e.object + "': " + code.message());
  Error failed = x86::emit(*e.module, e.c.target, /*assembler=*/false, os);
  os.close();
  code = os.error();
  os.clear_error();
  if (code)
    return joinErrors(std::move(failed), createStringError(code, "cannot write '" + e.object +
                                                                     "': " + code.message()));
  return failed;
}

/// Packs the constants into the object, layer by layer, and notes their CRC.
static Error writeConstants(Emission &e, x86::ObjectPatch &patch) {
  Crc32c crc;
  std::string rom = romSymbol(e.c.name);
  Error failed = packConstants(e.constants, [&](int64_t offset, ArrayRef<char> bytes) {
    crc.update(bytes);
    return patch.write(rom, offset, bytes);
  });
  if (failed)
    return failed;
  e.facts.romCrc = crc.value();
  if (Error error = patch.writeValue(crcSymbol(e.c.name), 0, crc.value()))
    return error;
  if (e.answer)
    for (auto [i, value] : enumerate(e.answer->outputCrcs))
      if (Error error = patch.writeValue(crcSymbol(e.c.name), 4 * (i + 1), value))
        return error;
  return Error::success();
}

static Error fillConstants(Emission &e) {
  TimedRow row(e.c.options, "constants");
  Expected<x86::ObjectPatch> patch = x86::ObjectPatch::open(e.object);
  if (!patch)
    return patch.takeError();
  Error failed = writeConstants(e, *patch);
  return joinErrors(std::move(failed), patch->close());
}

/// The fingerprint of everything but itself.
static Expected<uint32_t> computeBuildId(const Emission &e) {
  Expected<std::string> hash = sha256OfFile(e.object);
  if (!hash)
    return hash.takeError();
  std::string text = *hash + e.facts.numericSpec + e.facts.compiler;
  for (const std::string &option : e.c.options.recorded)
    text += "\n" + option;
  uint32_t id = 0;
  StringRef(sha256OfBytes(text)).take_front(8).getAsInteger(16, id);
  return id;
}

static Error fillModel(Emission &e) {
  auto write = [&](auto &&fill) -> Error {
    Expected<x86::ObjectPatch> patch = x86::ObjectPatch::open(e.object);
    if (!patch)
      return patch.takeError();
    Error failed = fill(*patch);
    return joinErrors(std::move(failed), patch->close());
  };
  std::string model = modelSymbol(e.c.name);
  if (Error error = write([&](x86::ObjectPatch &p) {
        Error stack = p.writeValue<uint64_t>(model, ModelFields::stackBytes, e.facts.stackBytes);
        Error rom = p.writeValue<uint64_t>(model, ModelFields::romBytes, e.facts.romBytes);
        Error text = p.writeValue<uint64_t>(model, ModelFields::codeBytes, e.facts.codeBytes);
        return joinErrors(joinErrors(std::move(stack), std::move(rom)), std::move(text));
      }))
    return error;
  Expected<uint32_t> id = computeBuildId(e);
  if (!id)
    return id.takeError();
  e.facts.buildId = *id;
  return write([&](x86::ObjectPatch &p) {
    return p.writeValue<uint32_t>(model, ModelFields::buildId, *id);
  });
}

/// The interpreter answers, where that does not take long.
static Error takeKnownAnswer(Emission &e) {
  TimedRow row(e.c.options, "answer");
  Expected<std::optional<KnownAnswer>> answer = findKnownAnswer(e);
  if (!answer)
    return answer.takeError();
  e.answer = std::move(*answer);
  e.facts.selftestAnswer = e.answer.has_value();
  return Error::success();
}

Error emitObject(Emission &e) {
  if (Error error = takeKnownAnswer(e))
    return error;
  Expected<std::string> path = e.folder.temporary(e.c.name + ".o");
  if (!path)
    return path.takeError();
  e.object = *path;
  if (Error error = buildModule(e))
    return error;
  if (Error error = writeMachineCode(e))
    return error;
  if (Error error = fillConstants(e))
    return error;
  if (Error error = checkObject(e))
    return error;
  return fillModel(e);
}

} // namespace nnc
