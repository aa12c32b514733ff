//===- main.cpp - nn-run: executes a network and compares ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Runner.h"

#include "nnc/Pipeline/Session.h"
#include "nnc/Pipeline/Version.h"
#include "nnc/Support/Printable.h"
#include "nnc/Support/StandardOutput.h"
#include "tools/common/ModelOptions.h"
#include "tools/common/OptionTable.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace {

/// Compiled code is what it is: nothing can be chosen any more, and its oracle is not there.
void checkCompiled(const nnc::Arguments &args, nnc::RunOptions &options, nnc::Usage &usage) {
  for (unsigned id :
       {OPT_cpu, OPT_shape, OPT_const, OPT_inputs, OPT_outputs, OPT_io, OPT_exact, OPT_compare,
        OPT_layers, OPT_against, OPT_style, OPT_lanes, OPT_pipeline, OPT_input_format})
    if (const Arg *arg = args.last(id))
      usage.fail(nnc::optionName(*arg) + " needs the model; '" + options.compile.model +
                 "' describes compiled code");
  nnc::Way way =
      nnc::describesVerilog(options.compile.model) ? nnc::Way::Verilog : nnc::Way::Native;
  if (args.has(OPT_via) && options.way != way)
    usage.fail(("-via=" + StringRef(args.last(OPT_via)->getValue()) + " needs the model; '" +
                options.compile.model + "' describes " +
                (way == nnc::Way::Verilog ? "Verilog" : "compiled code"))
                   .str());
  options.way = way;
}

nnc::Way readWay(const nnc::Arguments &args, nnc::Usage &usage) {
  if (!args.has(OPT_via))
    return nnc::Way::Interpreter;
  std::string way = nnc::choose("-via", args.last(OPT_via)->getValue(),
                                {"interpreter", "native", "verilog"}, usage);
  return StringSwitch<nnc::Way>(way)
      .Case("native", nnc::Way::Native)
      .Case("verilog", nnc::Way::Verilog)
      .Default(nnc::Way::Interpreter);
}

/// What only -via=verilog reads.
void readHardware(const nnc::Arguments &args, nnc::RunOptions &options, nnc::Usage &usage) {
  if (options.way == nnc::Way::Verilog)
    readStyle(args, {OPT_style, OPT_lanes, OPT_pipeline, OPT_input_format}, options.compile, usage);
  else
    for (unsigned id : {OPT_style, OPT_lanes, OPT_pipeline, OPT_input_format})
      if (const Arg *arg = args.last(id))
        usage.fail(nnc::optionName(*arg) + " speaks of hardware; it goes with -via=verilog");
  // Inputs of a format are integers on the bus, for the interpreter too.
  options.compile.nativeIO |= !options.compile.inputFormats.empty();
  if (options.way == nnc::Way::Verilog && options.compile.nativeIO)
    options.compile.target = "hls";
}

nnc::RunOptions readOptions(const nnc::Arguments &args, StringRef model, nnc::Usage &usage) {
  nnc::RunOptions o;
  o.compile.model = model.str();
  o.way = readWay(args, usage);
  readCpu(args, OPT_cpu, "native", o.compile, usage);
  readExact(args, OPT_exact, o.compile, usage);
  readModelOptions(args, {OPT_shape, OPT_const, OPT_inputs, OPT_outputs, OPT_io}, o.compile, usage);
  o.data = args.value(OPT_data, "", "data");
  o.save = args.value(OPT_save, "", "folder");
  o.compare = args.has(OPT_compare);
  o.layers = args.has(OPT_layers);
  o.against = args.value(OPT_against, "", "model");
  if (!o.against.empty() && !o.layers)
    usage.fail("-against compares layers: add -layers");
  if (nnc::isManifest(o.compile.model))
    checkCompiled(args, o, usage);
  else
    readHardware(args, o, usage);
  return o;
}

int runTool(int argc, char **argv) {
  Table table;
  nnc::Usage usage;
  nnc::Arguments args(table, argc, argv, usage);
  if (usage)
    return usage.report("nn-run");
  if (args.has(OPT_help)) {
    table.printHelp(outs(), "nn-run MODEL.onnx|MODEL.mlir|NAME.json|DIR [options]",
                    "runs a network and compares the answers; DIR holds model.onnx, or is an "
                    "output folder of nn-compile, whose NAME.json describes compiled code");
    return 0;
  }
  if (args.has(OPT_version)) {
    outs() << nnc::versionText();
    return 0;
  }
  std::vector<std::string> models = args.inputs();
  if (models.size() != 1) {
    usage.fail("one model, please: nn-run MODEL.onnx [--data=DIR] [--via=native]");
    return usage.report("nn-run");
  }
  Expected<std::string> model = nnc::findModel(models.front());
  if (!model) {
    errs() << "nn-run: error: " << nnc::printable(toString(model.takeError())) << "\n";
    return 1;
  }
  nnc::RunOptions options = readOptions(args, *model, usage);
  if (usage)
    return usage.report("nn-run");
  return nnc::run(options) ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) { return nnc::finishOutput(runTool(argc, argv)); }
