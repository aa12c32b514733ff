//===- write-package.cpp - All files around a hand-written core ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// test-write-package DESIGN.mlir CORE.json FOLDER [OPTION…]
//
// CORE.json has the fields of a NAME.json that describe a core, `build_id` as a number, and
// `vectors {inputs, outputs}`. Writes the package, and a NAME.json that says what nn-run needs.
// Options: low async case.
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/OutputFolder.h"
#include "nnc/Target/HLS/Axis.h"
#include "nnc/Target/HLS/CoreJson.h"
#include "nnc/Target/HLS/Package.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace nnc;

static ExitOnError exitOnError("test-write-package: ");

static std::vector<std::vector<int64_t>> rowsOf(const json::Array &list) {
  std::vector<std::vector<int64_t>> rows;
  for (const json::Value &entry : list) {
    rows.emplace_back();
    for (const json::Value &value : *entry.getAsArray())
      rows.back().push_back(*value.getAsInteger());
  }
  return rows;
}

/// NAME.json, as far as nn-run needs it.
static std::string manifestOf(const json::Object &description, const hls::Core &core,
                              ArrayRef<OutputFile> files) {
  json::Object kinds;
  for (const OutputFile &file : files) {
    json::Value &list = kinds.try_emplace(file.kind, json::Array()).first->second;
    list.getAsArray()->push_back(
        json::Object{{"path", file.path}, {"bytes", int64_t(file.bytes)}, {"sha256", file.sha256}});
  }
  std::string text;
  raw_string_ostream os(text);
  json::OStream out(os, 2);
  out.object([&] {
    out.attribute("schema", 1);
    out.attribute("name", core.name);
    out.attribute("target", "hls");
    out.attribute("compiler", "nn-compile's tests");
    out.attribute("arena_bytes", 0);
    out.attribute("inputs", *description.get("inputs"));
    out.attribute("outputs", *description.get("outputs"));
    hls::describeCore(core, out);
    out.attribute("files", json::Value(std::move(kinds)));
  });
  return text + "\n";
}

int main(int argc, char **argv) {
  if (argc < 4)
    return 2;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<rtl::RTLDialect>();
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(argv[1], &context);
  auto text = MemoryBuffer::getFile(argv[2]);
  if (!module || !text)
    return 1;
  json::Value value = exitOnError(json::parse((*text)->getBuffer()));
  const json::Object &description = *value.getAsObject();
  hls::Core core = exitOnError(hls::readCore(description));
  const json::Object &rows = *description.getObject("vectors");
  hls::GoldenVectors vectors{rowsOf(*rows.getArray("inputs")), rowsOf(*rows.getArray("outputs"))};

  rtl::DesignOp design = *module->getOps<rtl::DesignOp>().begin();
  mlir::PassManager passes(&context);
  passes.addPass(mlir::createCanonicalizerPass());
  passes.addPass(mlir::createCSEPass());
  if (failed(hls::addAxis(design, core)) || failed(passes.run(*module)))
    return 1;
  hls::PackageOptions options;
  options.buildId = description.getInteger("build_id").value_or(0);
  for (StringRef option : ArrayRef(argv + 4, argc - 4)) {
    if (option == "low")
      options.verilog.resetLevel = hls::ResetLevel::Low;
    else if (option == "async")
      options.verilog.reset = hls::Reset::Async;
    else if (option == "case")
      options.verilog.romStyle = hls::RomStyle::Case;
    else
      return 2;
  }
  OutputFolder folder(argv[3], core.name);
  for (const hls::PackageFile &file : emitPackage(design, core, options, vectors)) {
    std::string path = file.path;
    if (!file.otherPath.empty())
      path = exitOnError(folder.ownName(path, file.otherPath));
    exitOnError(folder.write(file.kind, path, file.text));
  }
  exitOnError(folder.commit(
      [&](ArrayRef<OutputFile> files) { return manifestOf(description, core, files); }));
  return 0;
}
