//===- EmitSilicon.cpp - The output folder of -target=hls --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Diagnostics.h"
#include "Silicon.h"
#include "TimedRow.h"
#include "dialects/NN/ElementTypes.h"
#include "nnc/Pipeline/Version.h"
#include "nnc/Report/Report.h"
#include "nnc/Support/Sha256.h"
#include "nnc/Target/HLS/CoreJson.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace nnc {

static hls::VerilogOptions verilogOptions(const CompileOptions &options) {
  hls::VerilogOptions verilog;
  verilog.reset = options.reset == "async" ? hls::Reset::Async : hls::Reset::Sync;
  verilog.resetLevel = options.resetLevel == "low" ? hls::ResetLevel::Low : hls::ResetLevel::High;
  verilog.romStyle = options.romStyle == "case" ? hls::RomStyle::Case : hls::RomStyle::File;
  return verilog;
}

/// The fingerprint of the design and of what shapes it.
static uint32_t buildIdOf(const Compilation &c) {
  std::string text;
  raw_string_ostream os(text);
  c.module.get()->print(os);
  for (const std::string &option : c.options.recorded)
    os << "\n" << option;
  os << numericSpecVersion() << compilerVersion();
  uint32_t id = 0;
  StringRef(sha256OfBytes(os.str())).take_front(8).getAsInteger(16, id);
  return id;
}

static TensorFacts factsOf(const hls::PortTensor &tensor) {
  TensorFacts facts;
  facts.name = tensor.name;
  facts.cName = tensor.cName;
  facts.dtype = tensor.dtype;
  facts.shape = tensor.shape;
  facts.count = tensor.order.size();
  if (const nn::ElementType *element = nn::findElementType(StringRef(tensor.dtype)))
    facts.bytes = (facts.count * element->bits + 7) / 8;
  facts.scale = tensor.scale.value_or(0);
  facts.zeroPoint = tensor.zeroPoint;
  if (tensor.rounding != nn::RoundingMode::HalfEven)
    facts.rounding = nn::stringifyRoundingMode(tensor.rounding);
  facts.leftToCaller = tensor.leftToCaller;
  return facts;
}

static Expected<NetworkFacts> describeSilicon(const Compilation &c) {
  NetworkFacts facts;
  facts.name = c.name;
  facts.modelFile = sys::path::filename(c.options.model).str();
  facts.target = "hls";
  facts.exactProfile = nameOf(profileOf(c)).str();
  facts.numericSpec = numericSpecVersion().str();
  facts.compiler = compilerVersion().str();
  facts.options = c.options.recorded;
  append_range(facts.options, c.options.recordedOfFiles);
  facts.quantization = c.quantizationFacts;
  const hls::Core &core = c.silicon->core;
  for (const hls::PortTensor &tensor : core.input.tensors)
    facts.inputs.push_back(factsOf(tensor));
  for (const hls::PortTensor &tensor : core.output.tensors)
    facts.outputs.push_back(factsOf(tensor));
  facts.buildId = buildIdOf(c);
  facts.hardware = c.silicon->hardware;
  facts.describeTarget = [&core](json::OStream &out) { hls::describeCore(core, out); };
  facts.assumptions = {"the clock is one that the placed and routed design keeps"};
  Expected<std::string> hash = sha256OfFile(c.options.model);
  if (!hash)
    return hash.takeError();
  facts.modelSha256 = *hash;
  return facts;
}

static void printSummary(const Compilation &c, const OutputFolder &folder, double seconds) {
  const HardwareFacts &hardware = c.silicon->hardware;
  const CompileOptions &options = c.options;
  raw_ostream &os = errs();
  auto against = [](std::optional<int64_t> budget) {
    return budget ? " of " + groupDigits(*budget) : "";
  };
  os << c.name << ": hls, " << hardware.style << "\n";
  os << "  in       " << hardware.busIn << "\n  out      " << hardware.busOut << "\n";
  os << "  latency  " << groupDigits(hardware.latency) << " cycles"
     << against(options.latencyBudget) << ", a frame every " << groupDigits(hardware.interval)
     << "\n";
  if (!hardware.formula.empty())
    os << "  cycles   " << hardware.formula << "\n";
  os << "  area     " << groupDigits(hardware.area.lut) << against(options.lutBudget) << " LUT, "
     << groupDigits(hardware.area.ff) << " FF, " << groupDigits(hardware.area.bram)
     << against(options.bramBudget) << " block RAM, " << groupDigits(hardware.area.dsp)
     << against(options.dspBudget) << " DSP, predicted\n";
  std::vector<std::string> names = folder.names();
  os << "  files    " << names.size() << " in " << folder.path() << ", " << format("%.1f", seconds)
     << " s\n";
}

static bool wants(const Compilation &c, StringRef kind) {
  static constexpr StringLiteral defaultKinds[] = {"verilog", "report"};
  return c.options.emit.empty() ? is_contained(defaultKinds, kind)
                                : c.options.emit.count(kind.str()) > 0;
}

/// -emit=test alone: the testbenches, and what they play with.
static bool belongsToTest(const hls::PackageFile &file) {
  return !is_contained({"synthesis", "ip"}, file.kind);
}

static Error writePackage(Compilation &c, uint32_t buildId, OutputFolder &folder) {
  TimedRow row(c.options, "vectors");
  auto design = *c.module->getOps<rtl::DesignOp>().begin();
  Expected<hls::GoldenVectors> vectors = makeVectors(c);
  if (!vectors)
    return vectors.takeError();
  hls::PackageOptions options;
  options.verilog = verilogOptions(c.options);
  options.buildId = buildId;
  options.clockMHz = c.options.clockMHz;
  for (const hls::PackageFile &file :
       hls::emitPackage(design, c.silicon->core, options, *vectors)) {
    if (!wants(c, "verilog") && !belongsToTest(file))
      continue;
    Expected<std::string> path = file.otherPath.empty() ? Expected<std::string>(file.path)
                                                        : folder.ownName(file.path, file.otherPath);
    if (!path)
      return path.takeError();
    if (Error error = folder.write(file.kind, *path, file.text))
      return error;
  }
  return Error::success();
}

static Error writeFolder(Compilation &c, OutputFolder &folder) {
  {
    TimedRow row(c.options, "area");
    describeDesign(c);
  }
  if (Error error = checkSiliconBudgets(c))
    return error;
  Expected<NetworkFacts> facts = describeSilicon(c);
  if (!facts)
    return facts.takeError();
  if (wants(c, "verilog") || wants(c, "test"))
    if (Error error = writePackage(c, facts->buildId, folder))
      return error;
  if (wants(c, "onnx"))
    if (Error error =
            folder.write("onnx", c.name + "_" + c.options.quantize + ".onnx", c.onnxModel))
      return error;
  if (wants(c, "report"))
    if (Error error = writeReport(*facts, folder))
      return error;
  return folder.commit([&](ArrayRef<OutputFile> files) { return manifestText(*facts, files); });
}

bool emitSilicon(Compilation &c) {
  OutputFolder folder(c.options.outputFolder.empty() ? c.name : c.options.outputFolder, c.name);
  if (Error failed = writeFolder(c, folder))
    return reportErrors(std::move(failed), c.context), false;
  if (!c.options.quiet) {
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - c.start;
    printSummary(c, folder, took.count());
  }
  return true;
}

} // namespace nnc
