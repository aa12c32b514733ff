//===- CommandLine.cpp - From arguments to CompileOptions ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CommandLine.h"
#include "nnc/Import/Import.h"
#include "nnc/Pipeline/Stages.h"
#include "nnc/Pipeline/Version.h"
#include "nnc/Support/CIdentifier.h"
#include "nnc/Support/TargetModel.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Option/Option.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace llvm::opt; // the generated table names its flags bare

namespace nnc {
namespace {

enum ID {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

#define PREFIX(NAME, VALUE)                                                                        \
  static constexpr StringLiteral NAME##_init[] = VALUE;                                            \
  static constexpr ArrayRef<StringLiteral> NAME(NAME##_init, std::size(NAME##_init) - 1);
#include "Options.inc"
#undef PREFIX

constexpr opt::OptTable::Info optionInfos[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

struct Table : opt::GenericOptTable {
  Table() : GenericOptTable(optionInfos) {}
};

/// Options of the interface that this version does not have.
constexpr StringLiteral laterOptions[] = {
    "quantize", "calibrate",    "exact",    "io",          "state",       "threads",     "luts",
    "brams",    "dsps",         "min-rate", "clock",       "device",      "max-latency", "style",
    "lanes",    "input-format", "reset",    "reset-level", "register-io", "gpu-check"};
constexpr StringLiteral laterTargets[] = {"arm", "riscv", "c", "cuda", "hls"};

/// The first wrong thing on the command line; empty while all is well.
class Usage {
public:
  void fail(const Twine &what) {
    if (text.empty())
      text = what.str();
  }
  explicit operator bool() const { return !text.empty(); }
  StringRef message() const { return text; }

private:
  std::string text;
};

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// 4096, 64K, 2M.
std::optional<int64_t> parseBytes(StringRef text) {
  int64_t unit = text.ends_with("K") ? 1024 : text.ends_with("M") ? 1024 * 1024 : 1;
  uint64_t count;
  if ((unit > 1 ? text.drop_back() : text).getAsInteger(10, count) || count > (1ull << 40))
    return std::nullopt;
  return static_cast<int64_t>(count) * unit;
}

template <typename Range>
std::string joinWords(const Range &words) {
  return join(std::begin(words), std::end(words), ", ");
}

/// `value` if it is one of `choices`, else a complaint that lists them.
template <typename Range>
StringRef choose(StringRef option, StringRef value, const Range &choices, Usage &usage) {
  if (is_contained(choices, value))
    return value;
  StringRef nearest;
  unsigned best = 3;
  for (StringRef choice : choices)
    if (unsigned distance = value.edit_distance(choice); distance < best)
      best = distance, nearest = choice;
  usage.fail("-" + option + ": unknown value '" + value + "'; choose " + joinWords(choices) +
             (nearest.empty() ? "" : "; did you mean '" + nearest.str() + "'?"));
  return value;
}

std::optional<int64_t> budget(const opt::InputArgList &args, unsigned id, StringRef option,
                              Usage &usage) {
  const opt::Arg *arg = args.getLastArg(id);
  if (!arg)
    return std::nullopt;
  std::optional<int64_t> bytes = parseBytes(arg->getValue());
  if (!bytes)
    usage.fail("-" + option + ": '" + arg->getValue() +
               "' is no number of bytes; write 65536, 64K or 1M");
  return bytes;
}

std::vector<std::string> commaList(const opt::InputArgList &args, unsigned id) {
  std::vector<std::string> names;
  for (const std::string &value : args.getAllArgValues(id))
    for (StringRef name : split(value, ','))
      if (!name.empty())
        names.push_back(name.str());
  return names;
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

void checkUnknown(const Table &table, const opt::InputArgList &args, Usage &usage) {
  for (const opt::Arg *arg : args.filtered(OPT_UNKNOWN)) {
    std::string text = arg->getAsString(args);
    StringRef bare = StringRef(text).ltrim('-').split('=').first;
    if (is_contained(laterOptions, bare)) {
      usage.fail("option '" + text + "' is not available in this version");
      continue;
    }
    std::string nearest;
    bool close = table.findNearest(text, nearest) <= 2;
    usage.fail("unknown option '" + text + "'" +
               (close ? "; did you mean '" + nearest + "'?" : "; -help lists all"));
  }
}

void readTarget(const opt::InputArgList &args, CompileOptions &options, Usage &usage) {
  const opt::Arg *arg = args.getLastArg(OPT_target);
  if (!arg)
    return options.stopAfter.empty()
               ? usage.fail("no -target=; choose " + join(knownTargets(), ", "))
               : void();
  options.target = arg->getValue();
  if (is_contained(laterTargets, options.target))
    return usage.fail("-target=" + options.target + " is not available in this version; choose " +
                      join(knownTargets(), ", "));
  choose("target", options.target, knownTargets(), usage);
}

void readCpu(const opt::InputArgList &args, CompileOptions &options, Usage &usage) {
  options.cpu = args.getLastArgValue(OPT_cpu).str();
  if (!args.hasArg(OPT_cpu) || usage)
    return;
  std::vector<std::string> choices = knownCPUs(options.target);
  choices.insert(choices.begin(), "native");
  choose("cpu", options.cpu, choices, usage);
}

void readEmit(const opt::InputArgList &args, CompileOptions &options, Usage &usage) {
  static constexpr StringLiteral kinds[] = {"obj", "lib", "so", "asm", "llvm", "report", "test"};
  static constexpr StringLiteral later[] = {"c", "onnx", "ptx", "cubin", "verilog"};
  std::vector<std::string> chosen = commaList(args, OPT_emit);
  if (chosen.empty() && args.hasArg(OPT_emit))
    usage.fail("-emit: no kind given; choose " + joinWords(kinds));
  for (const std::string &kind : chosen) {
    if (is_contained(later, kind))
      usage.fail("-emit=" + kind + " is not available for -target=" + options.target + "; choose " +
                 joinWords(kinds));
    options.emit.insert(choose("emit", kind, kinds, usage).str());
  }
}

void readStage(const opt::InputArgList &args, CompileOptions &options, Usage &usage) {
  options.stopAfter = args.getLastArgValue(OPT_stop_after).str();
  if (!args.hasArg(OPT_stop_after))
    return;
  std::vector<std::string> names;
  for (const Stage &stage : stages())
    names.push_back(stage.name.str());
  choose("stop-after", options.stopAfter, names, usage);
}

void readName(const opt::InputArgList &args, CompileOptions &options, Usage &usage) {
  options.name = args.getLastArgValue(OPT_name).str();
  if (!args.hasArg(OPT_name))
    return;
  bool valid = !options.name.empty() && !isDigit(options.name[0]) &&
               all_of(options.name, [](char c) { return isAlnum(c) || c == '_'; });
  if (options.name == "nn_runtime")
    usage.fail("-name: 'nn_runtime' would overwrite nn_runtime.h");
  if (!valid || isReservedIdentifier(options.name))
    usage.fail("-name: '" + options.name +
               "' is no C identifier of your own; use letters, digits and '_'");
}

/// The options as NAME.json records them: in one order, without paths.
std::vector<std::string> record(const opt::InputArgList &args, const CompileOptions &options) {
  std::vector<std::string> out = {"-target=" + options.target};
  for (unsigned id : {OPT_shape, OPT_const, OPT_inputs, OPT_outputs, OPT_constant_time, OPT_ram,
                      OPT_flash, OPT_stack})
    for (const opt::Arg *arg : args.filtered(id)) {
      std::string value = arg->getValue();
      auto [input, file] = StringRef(value).split('=');
      if (id == OPT_const &&
          (file.contains('/') || file.ends_with(".pb") || file.ends_with(".npy")))
        value = (input + "=" + sys::path::filename(file)).str();
      std::string name = arg->getOption().getName().ltrim('-').rtrim('=').str();
      out.push_back("-" + name + "=" + value);
    }
  if (options.debugInfo)
    out.push_back("-g");
  return out;
}

CompileOptions readOptions(const opt::InputArgList &args, Usage &usage) {
  CompileOptions o;
  readStage(args, o, usage);
  readTarget(args, o, usage);
  readCpu(args, o, usage);
  readEmit(args, o, usage);
  readName(args, o, usage);
  o.outputFolder = args.getLastArgValue(OPT_o).str();
  if (o.outputFolder.empty() && args.hasArg(OPT_o))
    usage.fail("-o: no folder given");
  o.shapes = args.getAllArgValues(OPT_shape);
  o.constants = args.getAllArgValues(OPT_const);
  ImportOptions checked;
  for (const std::string &text : o.shapes)
    if (Error error = addShapeOption(text, checked))
      usage.fail(toString(std::move(error)));
  for (const std::string &text : o.constants)
    if (Error error = addConstOption(text, checked))
      usage.fail(toString(std::move(error)));
  o.inputs = commaList(args, OPT_inputs);
  o.outputs = commaList(args, OPT_outputs);
  if (const opt::Arg *arg = args.getLastArg(OPT_numerics))
    choose("numerics", arg->getValue(), ArrayRef<StringLiteral>{"strict"}, usage);
  if (const opt::Arg *arg = args.getLastArg(OPT_constant_time))
    choose("constant-time", arg->getValue(), ArrayRef<StringLiteral>{"strict"}, usage);
  o.strictConstantTime = args.hasArg(OPT_constant_time);
  o.ramBudget = budget(args, OPT_ram, "ram", usage);
  o.flashBudget = budget(args, OPT_flash, "flash", usage);
  o.stackBudget = budget(args, OPT_stack, "stack", usage);
  o.verifyData = args.getLastArgValue(OPT_verify_data).str();
  o.verify = args.hasArg(OPT_verify, OPT_verify_data);
  o.debugInfo = args.hasArg(OPT_debug);
  o.verbose = args.hasArg(OPT_verbose);
  o.quiet = args.hasArg(OPT_quiet);
  o.depfilePath = args.getLastArgValue(OPT_depfile_path).str();
  o.depfile = args.hasArg(OPT_depfile, OPT_depfile_path);
  o.recorded = record(args, o);
  return o;
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

bool printList(StringRef what, StringRef target, Usage &usage) {
  if (what == "targets")
    for (StringRef name : knownTargets())
      outs() << name << "\n";
  else if (what == "cpus")
    for (const std::string &name : knownCPUs(target.empty() ? "x86" : target))
      outs() << name << "\n";
  else if (what == "ops")
    outs() << importedOperators();
  else if (what == "stages")
    for (const Stage &stage : stages())
      outs() << left_justify(stage.name, 12) << stage.description << "\n";
  else if (what == "ops")
    outs() << opsMarkdown();
  else
    choose("print", what, ArrayRef<StringLiteral>{"targets", "cpus", "ops", "stages"}, usage);
  return !usage;
}

int fail(const Usage &usage) {
  errs() << "nn-compile: error: " << usage.message() << "\n";
  return 2;
}

} // namespace

Request parseCommandLine(int argc, char **argv) {
  BumpPtrAllocator memory;
  StringSaver saver(memory);
  SmallVector<const char *> words(argv, argv + argc);
  cl::ExpandResponseFiles(saver, cl::TokenizeGNUCommandLine, words);
  Table table;
  unsigned missingIndex, missingCount;
  opt::InputArgList args =
      table.ParseArgs(ArrayRef<const char *>(words).drop_front(), missingIndex, missingCount);
  Usage usage;
  if (missingCount)
    usage.fail("option '" + Twine(args.getArgString(missingIndex)) + "' needs a value");
  checkUnknown(table, args, usage);
  if (usage)
    return {{}, fail(usage)};
  if (args.hasArg(OPT_help)) {
    table.printHelp(outs(), "nn-compile MODEL.onnx|MODEL.mlir -target=TARGET [options]",
                    "compiles a trained network to code with a fixed schedule");
    return {{}, 0};
  }
  if (args.hasArg(OPT_version)) {
    outs() << versionText();
    return {{}, 0};
  }
  if (const opt::Arg *arg = args.getLastArg(OPT_print))
    return {{},
            printList(arg->getValue(), args.getLastArgValue(OPT_target), usage) ? 0 : fail(usage)};

  std::vector<std::string> models = args.getAllArgValues(OPT_INPUT);
  CompileOptions options = readOptions(args, usage);
  if (models.size() != 1)
    usage.fail(models.empty() ? "no model; usage: nn-compile MODEL.onnx -target=x86"
                              : "one model at a time, got " + Twine(models.size()));
  if (usage)
    return {{}, fail(usage)};
  options.model = models.front();
  return {std::move(options), std::nullopt};
}

} // namespace nnc
