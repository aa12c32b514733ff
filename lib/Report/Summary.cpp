//===- Summary.cpp - The last ten lines, and budgets ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Report/Report.h"

#include "nnc/Support/Printable.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace nnc {

std::string groupDigits(int64_t number) {
  std::string digits = std::to_string(number);
  for (int64_t at = int64_t(digits.size()) - 3; at > 0 && digits[at - 1] != '-'; at -= 3)
    digits.insert(at, " ");
  return digits;
}

static std::string tensorText(const TensorFacts &t) {
  std::string shape = join(map_range(t.shape, [](int64_t d) { return std::to_string(d); }), ",");
  return printable(t.name) + " " + t.dtype + "[" + shape + "]";
}

static std::string tensorList(ArrayRef<TensorFacts> list) {
  constexpr size_t shown = 4;
  std::string text = join(map_range(list.take_front(shown), tensorText), ", ");
  if (list.size() > shown)
    text += " and " + std::to_string(list.size() - shown) + " more";
  return text;
}

static std::string against(std::optional<int64_t> budget) {
  return budget ? "   of " + groupDigits(*budget) : "";
}

//===----------------------------------------------------------------------===//
// Promises
//===----------------------------------------------------------------------===//

static std::string inWords(StringRef key) {
  std::string words = key.str();
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

/// Calls fn(promise, proof) for each promise that means something for this network.
static void forEachPromise(const NetworkFacts &facts,
                           function_ref<void(StringRef, const json::Object &)> fn) {
  for (StringRef key : {"instruction_trace", "address_trace", "memory", "overflow", "exact"})
    if (const json::Object *proof = facts.proofs.getObject(key);
        proof && !proof->getBoolean("nothing_to_prove").value_or(false))
      fn(key, *proof);
}

/// A line for each status that a promise has.
static void printPromises(const NetworkFacts &facts, raw_ostream &os) {
  for (StringRef status : {"proved", "tested", "assumed", "excepted", "not_claimed"}) {
    std::vector<std::string> names;
    forEachPromise(facts, [&](StringRef key, const json::Object &proof) {
      if (proof.getString("status") == status)
        names.push_back(inWords(key));
    });
    std::string word = inWords(status);
    if (!names.empty())
      os << "  " << left_justify(word, 8) << (word.size() < 8 ? "" : " ") << join(names, ", ")
         << "\n";
  }
}

std::vector<std::pair<std::string, std::string>> unclaimedPromises(const NetworkFacts &facts) {
  std::vector<std::pair<std::string, std::string>> list;
  forEachPromise(facts, [&](StringRef key, const json::Object &proof) {
    if (proof.getString("status") != "not_claimed")
      return;
    std::string why = proof.getString("reason").value_or("").str();
    if (const json::Array *places = proof.getArray("places"); places && !places->empty())
      why = std::to_string(places->size()) + " places could not be decided, the first of them " +
            places->front().getAsString().value_or("").str();
    list.push_back({inWords(key), why});
  });
  return list;
}

//===----------------------------------------------------------------------===//
// Summary
//===----------------------------------------------------------------------===//

void printSummary(const NetworkFacts &f, const Budgets &budgets, StringRef folder,
                  ArrayRef<std::string> files, double seconds, raw_ostream &os) {
  os << printable(f.modelFile) << " -> " << printable(folder) << "   " << f.target << " " << f.cpu
     << ", " << f.numerics << format("   %.1f s\n", seconds);
  os << "  " << f.steps.size() << " steps   " << groupDigits(f.macs()) << " MAC\n";
  os << "  inputs  " << tensorList(f.inputs) << "\n";
  os << "  outputs " << tensorList(f.outputs) << "\n";
  os << "  RAM     " << groupDigits(f.arenaBytes) << " arena + " << groupDigits(f.stackBytes)
     << " stack + " << groupDigits(f.stateBytes) << " state = " << groupDigits(f.ramBytes()) << " B"
     << against(budgets.ram) << "\n";
  os << "  flash   " << groupDigits(f.romBytes) << " constants + " << groupDigits(f.codeBytes)
     << " code = " << groupDigits(f.flashBytes()) << " B" << against(budgets.flash) << "\n";
  printPromises(f, os);
  os << "  files   " << join(files, " ") << "\n";
}

//===----------------------------------------------------------------------===//
// Budgets
//===----------------------------------------------------------------------===//

using User = std::pair<int64_t, std::string>;

std::string biggestUsers(std::vector<User> users) {
  llvm::stable_sort(users, [](const User &a, const User &b) { return a.first > b.first; });
  users.resize(std::min<size_t>(users.size(), 5));
  return join(map_range(users, [](const User &u) { return u.second + " " + groupDigits(u.first); }),
              ", ");
}

/// The slots that are live at the step with the most live bytes.
static std::vector<User> arenaUsers(const NetworkFacts &f) {
  int64_t peakStep = 0, peak = -1;
  for (int64_t step = 0; step < int64_t(f.steps.size()); ++step) {
    int64_t live = 0;
    for (const SlotFacts &s : f.slots)
      live += s.first <= step && step <= s.last ? s.bytes : 0;
    if (live > peak)
      peak = live, peakStep = step;
  }
  std::vector<User> users;
  for (const SlotFacts &s : f.slots)
    if (s.first <= peakStep && peakStep <= s.last)
      users.push_back({s.bytes, "'" + s.writer + "'"});
  return users;
}

static std::vector<User> constantUsers(const NetworkFacts &f) {
  std::vector<User> users;
  for (const ConstantFacts &c : f.constants)
    users.push_back({c.bytes, "'" + c.node + "'"});
  return users;
}

/// What the checker found for each function, those that it calls included.
static std::vector<User> stackUsers(const NetworkFacts &f) {
  const json::Object *memory = f.proofs.getObject("memory");
  const json::Object *deepest = memory ? memory->getObject("stack_bytes_of") : nullptr;
  std::vector<User> users;
  if (deepest)
    for (const auto &[function, bytes] : *deepest)
      users.push_back({bytes.getAsInteger().value_or(0), function.str()});
  llvm::sort(users, [](const User &a, const User &b) { return a.second < b.second; });
  return users;
}

std::vector<std::string> budgetErrors(const NetworkFacts &f, const Budgets &budgets) {
  std::vector<std::string> errors;
  auto check = [&](StringRef option, std::optional<int64_t> budget, int64_t needed,
                   const std::string &parts, const std::string &most, std::vector<User> users) {
    if (!budget || needed <= *budget)
      return;
    std::string text = (option + ": " + groupDigits(needed) + " bytes are needed" + parts +
                        ", the budget is " + groupDigits(*budget))
                           .str();
    if (!users.empty())
      text += "; " + most + ": " + biggestUsers(std::move(users));
    errors.push_back(text + "; " + (option + "=" + std::to_string((needed + 1023) / 1024)).str() +
                     "K would do");
  };
  check("-ram", budgets.ram, f.ramBytes(),
        " (arena " + groupDigits(f.arenaBytes) + " + stack " + groupDigits(f.stackBytes) +
            " + state " + groupDigits(f.stateBytes) + ")",
        "biggest", arenaUsers(f));
  check("-flash", budgets.flash, f.flashBytes(),
        " (constants " + groupDigits(f.romBytes) + " + code " + groupDigits(f.codeBytes) + ")",
        "biggest", constantUsers(f));
  check("-stack", budgets.stack, f.stackBytes, "", "deepest", stackUsers(f));
  return errors;
}

} // namespace nnc
