//===- Arguments.h - Reading a command line ------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/StringSaver.h"

#include <string>
#include <vector>

namespace nnc {

/// The first wrong thing on the command line; empty while all is well.
class Usage {
public:
  void fail(const llvm::Twine &what);
  explicit operator bool() const { return !text.empty(); }
  /// Says it on stderr; the exit status.
  int report(llvm::StringRef tool) const;

private:
  std::string text;
};

/// `value` if it is one of `choices`, else a complaint that lists them.
std::string choose(llvm::StringRef option, llvm::StringRef value,
                   llvm::ArrayRef<std::string> choices, Usage &usage);

/// "a, b, c"
std::string joinWords(llvm::ArrayRef<std::string> words);

/// The words of one command line. What is asked for and was given wrongly is
/// told to `usage`.
class Arguments {
public:
  /// Reads response files (@FILE), too. `later` are options of the interface
  /// that this version does not have.
  Arguments(const llvm::opt::OptTable &table, int argc, char **argv, Usage &usage,
            llvm::ArrayRef<llvm::StringLiteral> later = {});

  bool has(unsigned id) const { return list.hasArg(id); }
  /// The last value of an option, which must not be empty; `otherwise`: it is not there.
  std::string value(unsigned id, llvm::StringRef otherwise = "",
                    llvm::StringRef noun = "value") const;
  /// All values of a repeatable option.
  std::vector<std::string> values(unsigned id) const { return list.getAllArgValues(id); }
  /// A,B,C of all its occurrences; none may be empty.
  std::vector<std::string> words(unsigned id, llvm::StringRef noun,
                                 const llvm::Twine &hint = "") const;
  /// What is no option.
  std::vector<std::string> inputs() const;
  /// Null: the option was not given.
  const llvm::opt::Arg *last(unsigned id) const { return list.getLastArg(id); }

private:
  void checkUnknown(const llvm::opt::OptTable &table, llvm::ArrayRef<llvm::StringLiteral> later);

  llvm::BumpPtrAllocator memory;
  llvm::StringSaver saver{memory};
  llvm::SmallVector<const char *> texts;
  llvm::opt::InputArgList list;
  Usage &usage;
};

/// `-name`, as messages call an option.
std::string optionName(const llvm::opt::Arg &arg);

} // namespace nnc
