//===- Package.cpp - All files around a core ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Clocking.h"
#include "Expressions.h"
#include "PackageFacts.h"

#include "nnc/Support/RuntimeHeader.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace nnc::hls {

std::string fillTemplate(StringRef text, ArrayRef<std::pair<StringRef, std::string>> values) {
  std::string filled;
  while (!text.empty()) {
    auto [before, rest] = text.split('@');
    filled += before;
    if (before.size() == text.size())
      break;
    auto [key, after] = rest.split('@');
    auto value = find_if(values, [&](const auto &v) { return v.first == key; });
    if (value == values.end()) { // an at sign of the text's own
      filled += '@';
      text = rest;
      continue;
    }
    filled += value->second;
    text = after;
  }
  return filled;
}

std::string beatsText(const Bus &bus, ArrayRef<int64_t> frame) {
  std::string text;
  for (unsigned beat = 0; beat < bus.beats; ++beat) {
    APInt word(bus.width(), 0);
    for (unsigned lane = 0; lane < bus.lanes; ++lane)
      word.insertBits(APInt(64, frame[size_t(beat) * bus.lanes + lane]).zextOrTrunc(bus.laneBits),
                      lane * bus.laneBits);
    text += hexDigits(word) + "\n";
  }
  return text;
}

static std::string beatsText(const Bus &bus, const std::vector<std::vector<int64_t>> &frames) {
  std::string text;
  for (const std::vector<int64_t> &frame : frames)
    text += beatsText(bus, frame);
  return text;
}

/// Each ROM's image is looked for where the tools are started: beside NAME.f.
static constexpr StringLiteral rtlFolder = "rtl/";

static std::vector<PackageFile> verilogFiles(rtl::DesignOp design, VerilogOptions options) {
  std::vector<PackageFile> files;
  options.imageFolder = rtlFolder.str();
  for (TextFile &file : emitVerilog(design, options))
    files.push_back({StringRef(file.name).ends_with(".v") ? "verilog" : "image",
                     (rtlFolder + file.name).str(), std::move(file.text)});
  return files;
}

static PackageFacts factsOf(rtl::DesignOp design, const Core &core, const PackageOptions &options,
                            const GoldenVectors &vectors, ArrayRef<PackageFile> verilog) {
  PackageFacts facts{core, options, {}, {}, {}, {}, {}, vectors.inputs.size()};
  Clocking clocking(design, options.verilog);
  auto name = mlir::StringAttr::get(design.getContext(), core.name);
  facts.clock = clocking.clockOf(name).str();
  facts.reset = clocking.resetOf(name).str();
  facts.isResetLow = options.verilog.resetLevel == ResetLevel::Low;
  for (const PackageFile &file : verilog)
    (file.kind == "verilog" ? facts.sources : facts.images).push_back(file.path);
  return facts;
}

std::vector<PackageFile> emitPackage(rtl::DesignOp design, const Core &core,
                                     const PackageOptions &options, const GoldenVectors &vectors) {
  std::vector<PackageFile> files = verilogFiles(design, options.verilog);
  PackageFacts facts = factsOf(design, core, options, vectors, files);
  const std::string &name = core.name, tests = "tb/" + name;
  files.push_back({"test", tests + "_tb.v", verilogTestbench(facts)});
  files.push_back({"test", tests + "_tb.cpp", verilatorTestbench(facts)});
  files.push_back({"test", tests + "_stimuli.hex", beatsText(core.input, vectors.inputs)});
  files.push_back({"test", tests + "_golden.hex", beatsText(core.output, vectors.outputs)});
  files.push_back({"parameters", "rtl/" + name + "_params.vh", parameterHeader(facts)});
  files.push_back({"list", name + ".f", fileList(facts)});
  files.push_back({"pack", name + "_pack.h", packHeader(facts)});
  files.push_back({"runtime", "nn_runtime.h", runtimeHeaderText().str()});
  files.push_back({"ip", name + ".core", fuseSocCore(facts)});
  files.push_back({"ip", "component.xml", ipXact(facts), name + ".component.xml"});
  append_range(files, synthesisFiles(facts));
  return files;
}

} // namespace nnc::hls
