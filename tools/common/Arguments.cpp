//===- Arguments.cpp - Reading a command line ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Arguments.h"

#include "nnc/Support/Printable.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/Option.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace nnc {

void Usage::fail(const Twine &what) {
  if (text.empty())
    text = what.str();
}

int Usage::report(StringRef tool) const {
  errs() << tool << ": error: " << printable(text) << "\n";
  return 2;
}

std::string joinWords(ArrayRef<std::string> words) { return join(words, ", "); }

std::string choose(StringRef option, StringRef value, ArrayRef<std::string> choices, Usage &usage) {
  if (is_contained(choices, value))
    return value.str();
  StringRef nearest;
  unsigned best = 3;
  for (StringRef choice : choices)
    if (unsigned distance = value.edit_distance(choice); distance < best)
      best = distance, nearest = choice;
  usage.fail(option + ": unknown value '" + value + "'; choose " + joinWords(choices) +
             (nearest.empty() ? "" : "; did you mean '" + nearest.str() + "'?"));
  return value.str();
}

std::string optionName(const opt::Arg &arg) {
  return ("-" + arg.getOption().getName().rtrim('=')).str();
}

Arguments::Arguments(const opt::OptTable &table, int argc, char **argv, Usage &usage,
                     ArrayRef<StringLiteral> later)
    : texts(argv, argv + argc), usage(usage) {
  cl::ExpandResponseFiles(saver, cl::TokenizeGNUCommandLine, texts);
  unsigned missingIndex, missingCount;
  list = table.ParseArgs(ArrayRef(texts).drop_front(), missingIndex, missingCount);
  if (missingCount)
    usage.fail("option '" + Twine(list.getArgString(missingIndex)) + "' needs a value");
  for (StringRef input : inputs()) // a response file that is there is not there any more
    if (input.starts_with("@"))
      usage.fail("cannot read the file of options '" + input.drop_front() + "'");
  checkUnknown(table, later);
}

void Arguments::checkUnknown(const opt::OptTable &table, ArrayRef<StringLiteral> later) {
  for (const opt::Arg *arg : list) {
    if (arg->getOption().getKind() != opt::Option::UnknownClass)
      continue;
    std::string text = arg->getAsString(list), nearest;
    if (is_contained(later, StringRef(text).ltrim('-').split('=').first))
      usage.fail("option '" + text + "' is not available in this version");
    else if (table.findNearest(text, nearest) <= 2)
      usage.fail("unknown option '" + text + "'; did you mean '" + nearest + "'?");
    else
      usage.fail("unknown option '" + text + "'; -help lists all");
  }
}

std::string Arguments::value(unsigned id, StringRef otherwise, StringRef noun) const {
  const opt::Arg *arg = last(id);
  if (!arg)
    return otherwise.str();
  if (StringRef(arg->getValue()).empty())
    usage.fail(optionName(*arg) + ": no " + noun + " given");
  return arg->getValue();
}

std::vector<std::string> Arguments::words(unsigned id, StringRef noun, const Twine &hint) const {
  std::vector<std::string> words;
  for (const opt::Arg *arg : list.filtered(id))
    for (StringRef text = arg->getValue(); StringRef word : split(text, ',')) {
      if (word.empty())
        usage.fail(optionName(*arg) + ": no " + noun + " given" +
                   (text.empty() ? "" : " beside a comma of '" + text.str() + "'") + hint);
      words.push_back(word.str());
    }
  return words;
}

std::vector<std::string> Arguments::inputs() const {
  std::vector<std::string> inputs;
  for (const opt::Arg *arg : list)
    if (arg->getOption().getKind() == opt::Option::InputClass)
      inputs.push_back(arg->getValue());
  return inputs;
}

} // namespace nnc
