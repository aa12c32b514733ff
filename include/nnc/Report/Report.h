//===- Report.h - What people and scripts read about a network -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/NetworkFacts.h"
#include "nnc/Support/OutputFolder.h"

#include "llvm/Support/raw_ostream.h"

#include <optional>

namespace nnc {

/// The text of NAME.json.
std::string manifestText(const NetworkFacts &facts, llvm::ArrayRef<OutputFile> files);

/// The text of report.html: one file, no script or picture from elsewhere.
std::string reportHtml(const NetworkFacts &facts);

/// Budgets in bytes; none: not asked for.
struct Budgets {
  std::optional<int64_t> ram, flash, stack;
};

/// The ten lines that a compilation ends with.
void printSummary(const NetworkFacts &facts, const Budgets &budgets, llvm::StringRef folder,
                  llvm::ArrayRef<std::string> files, double seconds, llvm::raw_ostream &os);

/// Promises that are not claimed for this network, and why, in words.
std::vector<std::pair<std::string, std::string>> unclaimedPromises(const NetworkFacts &facts);

/// One complaint per budget that is exceeded: the biggest users and what would do.
std::vector<std::string> budgetErrors(const NetworkFacts &facts, const Budgets &budgets);

/// "a 9 216, b 17": the five biggest of numbers and whose they are.
std::string biggestUsers(std::vector<std::pair<int64_t, std::string>> users);

/// 9216 as "9 216".
std::string groupDigits(int64_t number);

} // namespace nnc
