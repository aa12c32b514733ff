//===- CommandLine.cpp - From arguments to CompileOptions ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CommandLine.h"
#include "nnc/Pipeline/Stages.h"
#include "nnc/Pipeline/Version.h"
#include "nnc/Quantization/Calibrate/ChooseRange.h"
#include "nnc/Support/CIdentifier.h"
#include "nnc/Support/TargetModel.h"
#include "tools/common/ModelOptions.h"
#include "tools/common/OptionTable.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

using namespace llvm;

namespace nnc {
namespace {

/// Options of the interface that this version does not have.
constexpr StringLiteral laterOptions[] = {"state", "threads", "min-rate", "clock", "device"};
constexpr StringLiteral laterTargets[] = {"arm", "riscv", "c", "cuda"};

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// 4096, 64K, 2M, 1G.
std::optional<int64_t> parseBytes(StringRef text) {
  constexpr uint64_t most = 1ull << 60;
  uint64_t unit = 1, count;
  for (auto [suffix, bytes] : {std::pair("K", 1ull << 10), {"M", 1ull << 20}, {"G", 1ull << 30}})
    if (text.consume_back(suffix)) {
      unit = bytes;
      break;
    }
  if (text.getAsInteger(10, count) || count > most / unit)
    return std::nullopt;
  return static_cast<int64_t>(count * unit);
}

std::optional<int64_t> readBudget(const Arguments &args, unsigned id, Usage &usage) {
  const opt::Arg *arg = args.last(id);
  if (!arg)
    return std::nullopt;
  std::optional<int64_t> bytes = parseBytes(arg->getValue());
  if (!bytes)
    usage.fail(optionName(*arg) + ": '" + arg->getValue() +
               "' is no number of bytes; write 65536, 64K, 1M or 1G");
  return bytes;
}

/// Cells or clocks.
std::optional<int64_t> readCount(const Arguments &args, unsigned id, Usage &usage) {
  const opt::Arg *arg = args.last(id);
  uint64_t count;
  if (!arg)
    return std::nullopt;
  if (StringRef(arg->getValue()).getAsInteger(10, count) || count > INT64_MAX) {
    usage.fail(optionName(*arg) + ": '" + arg->getValue() + "' is no number");
    return std::nullopt;
  }
  return static_cast<int64_t>(count);
}

std::vector<std::string> targetNames() { return {knownTargets().begin(), knownTargets().end()}; }

std::vector<std::string> stageNames(StringRef target) {
  auto names = map_range(stages(target), [](const Stage &stage) { return stage.name.str(); });
  return {names.begin(), names.end()};
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

void readTarget(const Arguments &args, CompileOptions &options, Usage &usage) {
  if (!args.has(OPT_target))
    return options.stopAfter.empty() ? usage.fail("no -target=; choose " + joinWords(targetNames()))
                                     : void();
  options.target = args.last(OPT_target)->getValue();
  if (is_contained(laterTargets, options.target))
    return usage.fail("-target=" + options.target + " is not available in this version; choose " +
                      joinWords(targetNames()));
  choose("-target", options.target, targetNames(), usage);
}

void readEmit(const Arguments &args, CompileOptions &options, Usage &usage) {
  const std::vector<std::string> kinds =
      options.target == "hls"
          ? std::vector<std::string>{"verilog", "report", "test", "onnx"}
          : std::vector<std::string>{"obj", "lib", "so", "asm", "llvm", "onnx", "report", "test"};
  static constexpr StringLiteral later[] = {"c", "ptx", "cubin", "verilog"};
  for (const std::string &kind : args.words(OPT_emit, "kind", "; choose " + joinWords(kinds))) {
    if (is_contained(later, kind) && !is_contained(kinds, kind))
      usage.fail("-emit=" + kind + " is not available for -target=" + options.target + "; choose " +
                 joinWords(kinds));
    options.emit.insert(choose("-emit", kind, kinds, usage));
  }
  if (options.emit.count("onnx") && options.quantize.empty())
    usage.fail("-emit=onnx writes the network that -quantize made; add -quantize=int8");
}

/// -quantize and what only it reads.
void readQuantization(const Arguments &args, CompileOptions &options, Usage &usage) {
  const opt::Arg *scheme = args.last(OPT_quantize);
  if (!scheme) {
    for (unsigned id : {OPT_calibrate, OPT_calibrator})
      if (const opt::Arg *arg = args.last(id))
        usage.fail(optionName(*arg) + " would do nothing without -quantize");
    return;
  }
  const std::vector<std::string> schemes = {"int8", "int6", "int4", "int8w"};
  options.quantize = scheme->getValue();
  choose("-quantize", options.quantize, schemes, usage);
  (void)args.value(OPT_calibrate, "", "data"); // no empty one
  options.calibrate = args.values(OPT_calibrate);
  std::vector<std::string> calibrators = {"auto"};
  for (quantization::Calibrator calibrator : quantization::calibrators())
    calibrators.push_back(quantization::nameOf(calibrator).str());
  options.calibrator =
      choose("-calibrator", args.value(OPT_calibrator, options.calibrator), calibrators, usage);
  if (const opt::Arg *calibrator = args.last(OPT_calibrator);
      calibrator && options.quantize == "int8w")
    usage.fail(optionName(*calibrator) +
               " would do nothing: -quantize=int8w leaves activations as they are");
  if (options.quantize != "int8w" && options.calibrate.empty())
    usage.fail("-quantize=" + options.quantize +
               " measures the ranges of values on typical inputs; give some with "
               "-calibrate=FILE.npz (one array per input) or a test_data_set folder, or quantize "
               "weights only: -quantize=int8w");
}

/// -stop-after prints text and is done: what speaks of files would be ignored.
void readStage(const Arguments &args, CompileOptions &options, Usage &usage) {
  const opt::Arg *stage = args.last(OPT_stop_after);
  if (!stage)
    return;
  options.stopAfter = choose("-stop-after", stage->getValue(),
                             stageNames(args.value(OPT_target, options.target)), usage);
  for (unsigned id :
       {OPT_o, OPT_emit, OPT_verify, OPT_verify_data, OPT_ram, OPT_flash, OPT_stack, OPT_luts,
        OPT_brams, OPT_dsps, OPT_max_latency, OPT_clock, OPT_depfile, OPT_depfile_path})
    if (const opt::Arg *arg = args.last(id))
      usage.fail(optionName(*arg) + " would do nothing: -stop-after writes no file");
  if (const opt::Arg *io = args.last(OPT_io);
      io && is_contained({"import", "quantize"}, options.stopAfter))
    usage.fail(optionName(*io) + " would do nothing: it acts in stage graph");
}

/// How many frames testbenches play, or where these are.
void readVectors(const Arguments &args, CompileOptions &options, Usage &usage) {
  std::string value = args.value(OPT_vectors);
  bool isNumber = all_of(value, isDigit);
  if (!isNumber && (StringRef(value).ends_with(".npz") || sys::fs::is_directory(value)))
    options.vectorData = value;
  else
    options.vectors = readNumber(args, OPT_vectors, options.vectors, 1, 1'000'000, usage);
}

/// What only -target=hls reads, and what it does not read.
void readSilicon(const Arguments &args, CompileOptions &options, Usage &usage) {
  if (options.target != "hls") {
    for (unsigned id : {OPT_style, OPT_lanes, OPT_pipeline, OPT_input_format, OPT_reset,
                        OPT_reset_level, OPT_register_io, OPT_rom, OPT_vectors, OPT_luts, OPT_brams,
                        OPT_dsps, OPT_max_latency, OPT_clock})
      if (const opt::Arg *arg = args.last(id))
        usage.fail(optionName(*arg) + " speaks of hardware; it goes with -target=hls");
    return;
  }
  for (unsigned id : {OPT_cpu, OPT_ram, OPT_flash, OPT_stack, OPT_debug, OPT_verify,
                      OPT_verify_data, OPT_constant_time, OPT_depfile, OPT_depfile_path})
    if (const opt::Arg *arg = args.last(id))
      usage.fail(optionName(*arg) + " would do nothing for -target=hls");
  readStyle(args, {OPT_style, OPT_lanes, OPT_pipeline, OPT_input_format}, options, usage);
  options.reset = choose("-reset", args.value(OPT_reset, options.reset), {"sync", "async"}, usage);
  options.resetLevel = choose("-reset-level", args.value(OPT_reset_level, options.resetLevel),
                              {"high", "low"}, usage);
  options.romStyle = choose("-rom", args.value(OPT_rom, options.romStyle), {"file", "case"}, usage);
  if (args.has(OPT_register_io))
    options.registerIO = choose("-register-io", args.last(OPT_register_io)->getValue(),
                                {"in", "out", "both", "none"}, usage);
  readVectors(args, options, usage);
  options.clockMHz = readNumber(args, OPT_clock, options.clockMHz, 1, 10'000, usage);
  options.lutBudget = readCount(args, OPT_luts, usage);
  options.bramBudget = readCount(args, OPT_brams, usage);
  options.dspBudget = readCount(args, OPT_dsps, usage);
  options.latencyBudget = readCount(args, OPT_max_latency, usage);
  options.nativeIO = true;
}

void readName(const Arguments &args, CompileOptions &options, Usage &usage) {
  if (!args.has(OPT_name))
    return;
  options.name = args.last(OPT_name)->getValue();
  bool valid = !options.name.empty() && !isDigit(options.name[0]) &&
               all_of(options.name, [](char c) { return isAlnum(c) || c == '_'; });
  if (std::string problem = networkNameProblem(options.name); !problem.empty())
    usage.fail("-name: " + problem);
  if (!valid || isReservedIdentifier(options.name))
    usage.fail("-name: '" + options.name +
               "' is no C identifier of your own; use letters, digits and '_'");
}

/// -const without the folder of its file.
std::string withoutFolder(StringRef constant) {
  auto [input, file] = constant.split('=');
  bool isFile = file.contains('/') || file.ends_with(".pb") || file.ends_with(".npy");
  return isFile ? (input + "=" + sys::path::filename(file)).str() : constant.str();
}

/// The value of an option as NAME.json records it.
std::string withoutPath(unsigned id, StringRef value) {
  if (id == OPT_const)
    return withoutFolder(value);
  bool isPath = id == OPT_calibrate || id == OPT_vectors;
  return isPath ? sys::path::filename(value.rtrim('/')).str() : value.str();
}

/// The options as NAME.json records them: in one order, each once, without paths.
void record(const Arguments &args, CompileOptions &options) {
  auto values = [&](unsigned id) {
    std::set<std::string> sorted;
    for (const std::string &value : args.values(id))
      sorted.insert(optionName(*args.last(id)) + "=" + withoutPath(id, value));
    return sorted;
  };
  options.recorded = {"-target=" + options.target};
  for (unsigned id :
       {OPT_shape, OPT_const, OPT_inputs, OPT_outputs, OPT_quantize, OPT_calibrate, OPT_calibrator,
        OPT_exact, OPT_constant_time, OPT_style, OPT_lanes, OPT_pipeline, OPT_input_format,
        OPT_reset, OPT_reset_level, OPT_register_io, OPT_rom})
    append_range(options.recorded, values(id));
  if (options.nativeIO && options.target != "hls")
    options.recorded.push_back("-io=native");
  if (options.debugInfo)
    options.recorded.push_back("-g");
  if (!options.emit.empty())
    options.recordedOfFiles.push_back("-emit=" + join(options.emit, ","));
  for (unsigned id : {OPT_ram, OPT_flash, OPT_stack, OPT_vectors, OPT_luts, OPT_brams, OPT_dsps,
                      OPT_max_latency, OPT_clock})
    append_range(options.recordedOfFiles, values(id));
  if (options.verify)
    options.recordedOfFiles.push_back("-verify");
}

CompileOptions readOptions(const Arguments &args, StringRef model, Usage &usage) {
  CompileOptions o;
  o.model = model.str();
  readStage(args, o, usage);
  readTarget(args, o, usage);
  readCpu(args, OPT_cpu, "", o, usage);
  readQuantization(args, o, usage);
  readExact(args, OPT_exact, o, usage);
  readEmit(args, o, usage);
  readName(args, o, usage);
  readModelOptions(args, {OPT_shape, OPT_const, OPT_inputs, OPT_outputs, OPT_io}, o, usage);
  readSilicon(args, o, usage);
  o.outputFolder = args.value(OPT_o, "", "folder");
  for (unsigned id : {OPT_numerics, OPT_constant_time})
    if (const opt::Arg *arg = args.last(id))
      choose(optionName(*arg), arg->getValue(), {"strict"}, usage);
  o.strictConstantTime = args.has(OPT_constant_time);
  o.ramBudget = readBudget(args, OPT_ram, usage);
  o.flashBudget = readBudget(args, OPT_flash, usage);
  o.stackBudget = readBudget(args, OPT_stack, usage);
  o.verifyData = args.value(OPT_verify_data, "", "data");
  o.verify = args.has(OPT_verify) || args.has(OPT_verify_data);
  o.debugInfo = args.has(OPT_debug);
  o.verbose = args.has(OPT_verbose);
  o.quiet = args.has(OPT_quiet);
  o.depfilePath = args.value(OPT_depfile_path, "", "file");
  o.depfile = args.has(OPT_depfile) || args.has(OPT_depfile_path);
  record(args, o);
  return o;
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

void printLines(ArrayRef<std::string> lines) {
  for (const std::string &line : lines)
    outs() << line << "\n";
}

void printList(const Arguments &args, Usage &usage) {
  std::string target = args.value(OPT_target, "x86");
  choose("-target", target, targetNames(), usage);
  std::string what = choose("-print", args.last(OPT_print)->getValue(),
                            {"targets", "cpus", "ops", "stages"}, usage);
  if (usage)
    return;
  if (what == "targets")
    printLines(targetNames());
  else if (what == "cpus")
    printLines(knownCPUs(target));
  else if (what == "ops")
    outs() << importedOperators();
  else
    for (const Stage &stage : stages(target))
      outs() << left_justify(stage.name, 12) << stage.description << "\n";
}

} // namespace

Request parseCommandLine(int argc, char **argv) {
  Table table;
  Usage usage;
  Arguments args(table, argc, argv, usage, laterOptions);
  auto done = [&] { return Request{{}, usage ? usage.report("nn-compile") : 0}; };
  if (usage)
    return done();
  if (args.has(OPT_help)) {
    table.printHelp(outs(), "nn-compile MODEL.onnx|MODEL.mlir -target=TARGET [options]",
                    "compiles a trained network to code with a fixed schedule");
    return done();
  }
  if (args.has(OPT_version)) {
    outs() << versionText();
    return done();
  }
  if (args.has(OPT_print)) {
    printList(args, usage);
    return done();
  }
  std::vector<std::string> models = args.inputs();
  CompileOptions options = readOptions(args, models.empty() ? "" : models.front(), usage);
  if (models.size() != 1)
    usage.fail(models.empty() ? "no model; usage: nn-compile MODEL.onnx -target=x86"
                              : "one model at a time, got " + Twine(models.size()));
  if (usage)
    return done();
  return {std::move(options), std::nullopt};
}

} // namespace nnc
