//===- EmitFiles.cpp - The output folder ---------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "DependencyFile.h"
#include "Describe.h"
#include "Diagnostics.h"
#include "Emission.h"
#include "TimedRow.h"
#include "nnc/Report/Report.h"
#include "nnc/Support/CIdentifier.h"
#include "nnc/Support/RuntimeHeader.h"
#include "nnc/Support/Sha256.h"
#include "nnc/Target/CPU/Header.h"
#include "nnc/Target/X86/X86.h"

#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace nnc {

/// What is written when no -emit= asks for anything.
static constexpr StringLiteral defaultKinds[] = {"obj", "lib", "so", "report"};

bool Emission::wants(StringRef kind) const {
  return c.options.emit.empty() ? is_contained(defaultKinds, kind)
                                : c.options.emit.count(kind.str()) > 0;
}

/// Whether any file asked for is code, or made to stand beside it.
static bool wantsCode(const Emission &e) {
  return any_of(std::initializer_list<StringRef>{"obj", "lib", "so", "asm", "llvm", "test"},
                [&](StringRef kind) { return e.wants(kind); });
}

/// Texts are for reading: what is known last goes straight into the object.
static constexpr StringLiteral readOnlyNote =
    "Zeros in this text: constants and their checksums, stack_bytes, rom_bytes, code_bytes and "
    "build_id. Their values stand in the object file alone.\n";

static Error writeModuleText(Emission &e) {
  if (e.wants("llvm")) {
    std::string text = ("; " + readOnlyNote).str();
    raw_string_ostream os(text);
    e.module->print(os, nullptr);
    if (Error error = e.folder.write("llvm", e.c.name + ".ll", text))
      return error;
  }
  if (!e.wants("asm"))
    return Error::success();
  SmallString<0> text;
  raw_svector_ostream os(text);
  os << "# " << readOnlyNote;
  if (Error error = x86::emit(*e.module, e.c.target, /*assembler=*/true, os))
    return error;
  return e.folder.write("asm", e.c.name + ".s", text);
}

static Error writeStatic(Emission &e) {
  std::string name = "lib" + e.c.name + ".a";
  Expected<std::string> path = e.folder.temporary(name);
  if (!path)
    return path.takeError();
  if (Error error = x86::writeStaticLibrary(*path, e.object, e.c.name + ".o"))
    return error;
  e.folder.add("lib", name, *path);
  return Error::success();
}

/// Without a linker the shared library is left out, unless it was asked for by name.
static Error writeShared(Emission &e) {
  std::string linker = x86::findLinker();
  if (linker.empty()) {
    if (!e.c.options.emit.empty())
      return createStringError(
          "-emit=so needs a linker: none of ld.bfd, ld, ld.lld is on the PATH");
    mlir::emitRemark(mlir::UnknownLoc::get(&e.c.context))
        << "lib" << e.c.name << ".so is left out: none of ld.bfd, ld, ld.lld is on the PATH";
    return Error::success();
  }
  std::string name = "lib" + e.c.name + ".so";
  Expected<std::string> path = e.folder.temporary(name);
  if (!path)
    return path.takeError();
  if (Error error = x86::linkSharedLibrary(linker, e.object, *path, name))
    return error;
  e.folder.add("so", name, *path);
  return Error::success();
}

/// -lm shall go on to mean the mathematics.
static void remarkOnLibraryName(const Emission &e) {
  if ((e.wants("lib") || e.wants("so")) && isSystemLibrary(e.c.name))
    mlir::emitRemark(mlir::UnknownLoc::get(&e.c.context))
        << "lib" << e.c.name << " is the name of a library of the system, too: -l" << e.c.name
        << " may find either; choose another -name=";
}

/// The object, and what stands beside it because there is one.
static Error writeCode(Emission &e) {
  remarkOnLibraryName(e);
  if (Error error = writeModuleText(e))
    return error;
  if (e.wants("lib"))
    if (Error error = writeStatic(e))
      return error;
  if (e.wants("so"))
    if (Error error = writeShared(e))
      return error;
  if (e.wants("obj"))
    e.folder.add("obj", e.c.name + ".o", e.object);
  if (!e.c.planText.empty())
    if (Error error = e.folder.write("plan", e.c.name + ".plan.mlir", e.c.planText))
      return error;
  if (e.wants("test"))
    if (Error error = emitTest(e))
      return error;
  if (Error error = e.folder.write("header", e.c.name + ".h", headerText(e.facts)))
    return error;
  return e.folder.write("runtime", "nn_runtime.h", runtimeHeaderText());
}

/// The network as -quantize made it. Its name tells it from the model that it was made of.
static Error writeOnnx(Emission &e) {
  if (!e.wants("onnx"))
    return Error::success();
  std::string name = e.c.name + "_" + e.c.options.quantize + ".onnx";
  return e.folder.write("onnx", name, e.c.onnxModel);
}

/// -MD, -MF: what must change before the network is worth compiling again.
static Error prepareDependencies(const Emission &e, DependencyFile &file) {
  if (!e.c.options.depfile)
    return Error::success();
  std::string stem = e.folder.path() + "/" + e.c.name;
  std::string target = stem + (e.wants("obj") ? ".o" : ".json");
  std::vector<std::string> files = {e.c.options.model};
  files.insert(files.end(), e.c.pathsRead.begin(), e.c.pathsRead.end());
  std::string text = dependencyText(target, files);
  if (!e.c.options.depfilePath.empty())
    return file.prepare(e.c.options.depfilePath, text);
  std::string path = stem + ".d";
  if (sys::fs::exists(path) && !isDependencyFile(path, {e.c.name + ".o", e.c.name + ".json"}))
    return createStringError("'" + path +
                             "' is in the way: it is no dependency file of this "
                             "network; name another with -MF, or remove it");
  return file.prepare(path, text);
}

Error writeReport(const NetworkFacts &facts, OutputFolder &folder) {
  Expected<std::string> name = folder.ownName("report.html", facts.name + ".report.html");
  if (!name)
    return name.takeError();
  return folder.write("report", *name, reportHtml(facts));
}

/// No file is published before all are written and the budgets are kept.
static Error writeAll(Emission &e) {
  TimedRow row(e.c.options, "files");
  if (wantsCode(e))
    if (Error error = writeCode(e))
      return error;
  if (Error error = writeOnnx(e))
    return error;
  Error over = Error::success();
  Budgets budgets{e.c.options.ramBudget, e.c.options.flashBudget, e.c.options.stackBudget};
  for (const std::string &complaint : budgetErrors(e.facts, budgets))
    over = joinErrors(std::move(over), createStringError(complaint));
  if (over)
    return over;
  if (e.wants("report"))
    if (Error error = writeReport(e.facts, e.folder))
      return error;
  DependencyFile dependencies;
  if (Error error = prepareDependencies(e, dependencies))
    return error;
  if (Error error =
          e.folder.commit([&](ArrayRef<OutputFile> files) { return manifestText(e.facts, files); }))
    return error;
  return dependencies.publish();
}

/// The object is made and checked whatever is asked for: sizes, proofs and budgets are facts of it.
static Error emitAll(Emission &e) {
  if (Error error = emitObject(e))
    return error;
  if (e.c.options.verify)
    if (Error error = verifyNative(e))
      return error;
  return writeAll(e);
}

/// What is known of the plan before there is code. False: refused, and reported.
static bool describe(Emission &e) {
  TimedRow row(e.c.options, "describe");
  std::optional<NetworkFacts> facts = describeProgram(e.c, e.program, e.constants);
  if (!facts)
    return false;
  e.facts = std::move(*facts);
  Expected<std::string> hash = sha256OfFile(e.c.options.model);
  if (!hash)
    return reportErrors(hash.takeError(), e.c.context), false;
  e.facts.modelSha256 = *hash;
  return true;
}

static void warnOfUnclaimed(const Emission &e) {
  for (const auto &[promise, why] : unclaimedPromises(e.facts))
    mlir::emitWarning(mlir::UnknownLoc::get(&e.c.context)) << promise << " is not claimed: " << why;
}

bool emitFiles(Compilation &c) {
  plan::ProgramOp program = *c.module->getOps<plan::ProgramOp>().begin();
  std::string folder = c.options.outputFolder.empty() ? c.name : c.options.outputFolder;
  Emission e{c, program, layoutConstants(program), {}, {folder, c.name}, {}, {}, {}, {}};
  if (!describe(e))
    return false;
  if (Error failed = emitAll(e))
    return reportErrors(std::move(failed), c.context), false;
  warnOfUnclaimed(e);
  if (!c.options.quiet) {
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - c.start;
    printSummary(e.facts, {c.options.ramBudget, c.options.flashBudget, c.options.stackBudget},
                 folder, e.folder.names(), took.count(), errs());
  }
  return true;
}

} // namespace nnc
