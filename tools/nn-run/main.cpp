//===- main.cpp - nn-run: executes a network and compares ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Runner.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Option/Option.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace llvm::opt; // the generated table names its flags bare

namespace {

enum ID {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "RunOptions.inc"
#undef OPTION
};

#define PREFIX(NAME, VALUE)                                                                        \
  static constexpr StringLiteral NAME##_init[] = VALUE;                                            \
  static constexpr ArrayRef<StringLiteral> NAME(NAME##_init, std::size(NAME##_init) - 1);
#include "RunOptions.inc"
#undef PREFIX

constexpr OptTable::Info optionInfos[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "RunOptions.inc"
#undef OPTION
};

struct Table : GenericOptTable {
  Table() : GenericOptTable(optionInfos) {}
};

int usage(const Twine &what) {
  errs() << "nn-run: error: " << what << "\n";
  return 2;
}

std::vector<std::string> commaList(const InputArgList &args, unsigned id) {
  std::vector<std::string> names;
  for (const std::string &value : args.getAllArgValues(id))
    for (StringRef name : split(value, ','))
      if (!name.empty())
        names.push_back(name.str());
  return names;
}

/// MODEL, or the model of a folder that holds model.onnx.
std::string modelOf(StringRef path) {
  std::string inside = (path + "/model.onnx").str();
  return sys::fs::is_directory(path) && sys::fs::exists(inside) ? inside : path.str();
}

nnc::RunOptions readOptions(const InputArgList &args) {
  nnc::RunOptions o;
  o.compile.model = modelOf(args.getLastArgValue(OPT_INPUT));
  o.compile.cpu = args.getLastArgValue(OPT_cpu, "native").str();
  o.compile.shapes = args.getAllArgValues(OPT_shape);
  o.compile.constants = args.getAllArgValues(OPT_const);
  o.compile.inputs = commaList(args, OPT_inputs);
  o.compile.outputs = commaList(args, OPT_outputs);
  o.data = args.getLastArgValue(OPT_data).str();
  o.save = args.getLastArgValue(OPT_save).str();
  o.native = args.getLastArgValue(OPT_via) == "native";
  o.compare = args.hasArg(OPT_compare);
  o.layers = args.hasArg(OPT_layers);
  return o;
}

} // namespace

int main(int argc, char **argv) {
  Table table;
  unsigned missingIndex, missingCount;
  InputArgList args =
      table.ParseArgs(ArrayRef<const char *>(argv + 1, argc - 1), missingIndex, missingCount);
  if (missingCount)
    return usage("option '" + Twine(args.getArgString(missingIndex)) + "' needs a value");
  for (const Arg *arg : args.filtered(OPT_UNKNOWN)) {
    std::string nearest, text = arg->getAsString(args);
    bool close = table.findNearest(text, nearest) <= 2;
    return usage("unknown option '" + text + "'" +
                 (close ? "; did you mean '" + nearest + "'?" : "; -help lists all"));
  }
  if (args.hasArg(OPT_help)) {
    table.printHelp(outs(), "nn-run MODEL.onnx|MODEL.mlir|DIR [options]",
                    "runs a network and compares the answers");
    return 0;
  }
  StringRef via = args.getLastArgValue(OPT_via, "interpreter");
  if (via != "interpreter" && via != "native")
    return usage("-via: unknown value '" + via + "'; choose interpreter, native");
  if (args.getAllArgValues(OPT_INPUT).size() != 1)
    return usage("one model, please: nn-run MODEL.onnx [--data=DIR] [--via=native]");
  return nnc::run(readOptions(args)) ? 0 : 1;
}
