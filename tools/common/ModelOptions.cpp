//===- ModelOptions.cpp - Which network, and for which processor ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ModelOptions.h"

#include "nnc/Import/Import.h"
#include "nnc/Quantization/Profile.h"
#include "nnc/Support/TargetModel.h"

using namespace llvm;

namespace nnc {

void readModelOptions(const Arguments &args, const ModelOptionIDs &ids, CompileOptions &options,
                      Usage &usage) {
  options.shapes = args.values(ids.shape);
  options.constants = args.values(ids.constant);
  options.inputs = args.words(ids.inputs, "name");
  options.outputs = args.words(ids.outputs, "name");
  ImportOptions checked;
  for (const std::string &text : options.shapes)
    if (Error error = addShapeOption(text, checked))
      usage.fail(toString(std::move(error)));
  for (const std::string &text : options.constants)
    if (Error error = addConstOption(text, checked))
      usage.fail(toString(std::move(error)));
  options.nativeIO =
      choose("-io", args.value(ids.io, "model"), {"model", "native"}, usage) == "native";
  for (unsigned id : {ids.shape, ids.constant, ids.inputs, ids.outputs, ids.io})
    if (const opt::Arg *arg = args.last(id); arg && options.modelIsText())
      usage.fail(optionName(*arg) + " is for ONNX models; the inputs, outputs and shapes of '" +
                 options.model + "' are those of its text");
}

void readCpu(const Arguments &args, unsigned id, StringRef otherwise, CompileOptions &options,
             Usage &usage) {
  options.cpu = otherwise.str();
  if (!args.has(id) || usage)
    return;
  std::vector<std::string> choices = knownCPUs(options.target);
  choices.insert(choices.begin(), "native");
  options.cpu = choose("-cpu", args.last(id)->getValue(), choices, usage);
}

void readExact(const Arguments &args, unsigned id, CompileOptions &options, Usage &usage) {
  if (!args.has(id))
    return;
  auto names = map_range(quantization::profiles(),
                         [](quantization::Profile p) { return quantization::nameOf(p).str(); });
  options.exact = choose("-exact", args.last(id)->getValue(),
                         std::vector<std::string>(names.begin(), names.end()), usage);
}

unsigned readNumber(const Arguments &args, unsigned id, unsigned otherwise, unsigned least,
                    unsigned most, Usage &usage) {
  const opt::Arg *arg = args.last(id);
  if (!arg)
    return otherwise;
  unsigned number = 0;
  if (StringRef(arg->getValue()).getAsInteger(10, number) || number < least || number > most)
    usage.fail(optionName(*arg) + ": '" + arg->getValue() + "' is no number from " + Twine(least) +
               " to " + Twine(most));
  return number;
}

void readStyle(const Arguments &args, const StyleOptionIDs &ids, CompileOptions &options,
               Usage &usage) {
  options.style =
      choose("-style", args.value(ids.style, options.style), {"unrolled", "sequencer"}, usage);
  if (const opt::Arg *arg = args.last(options.isSequencer() ? ids.pipeline : ids.lanes))
    usage.fail(optionName(*arg) + " does nothing in -style=" + options.style);
  options.lanes = readNumber(args, ids.lanes, options.lanes, 1, 1024, usage);
  options.pipeline = readNumber(args, ids.pipeline, options.pipeline, 0, 64, usage);
  options.inputFormats = args.values(ids.inputFormat);
}

} // namespace nnc
