//===- SiliconBudgets.cpp - What a network in hardware may take --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Silicon.h"
#include "nnc/Report/Report.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace nnc {
namespace {

bool keeps(const HardwareFacts &facts, const CompileOptions &budgets) {
  auto within = [](int64_t needed, std::optional<int64_t> budget) {
    return !budget || needed <= *budget;
  };
  return within(facts.area.lut, budgets.lutBudget) && within(facts.area.bram, budgets.bramBudget) &&
         within(facts.area.dsp, budgets.dspBudget) && within(facts.latency, budgets.latencyBudget);
}

//===----------------------------------------------------------------------===//
// What else there is
//===----------------------------------------------------------------------===//

/// The network built in another way.
struct Variant {
  std::string options;
  HardwareFacts facts;

  std::string text() const {
    return options + ", which takes " + groupDigits(facts.area.lut) + " LUTs, " +
           groupDigits(facts.area.bram) + " block RAMs and has latency " +
           groupDigits(facts.latency);
  }
};

/// None: it cannot be built so.
std::optional<Variant> build(const Compilation &c, StringRef style, unsigned lanes,
                             unsigned pipeline) {
  CompileOptions options = c.options;
  options.style = style.str();
  options.lanes = lanes;
  options.pipeline = pipeline;
  mlir::ScopedDiagnosticHandler silent(&c.context,
                                       [](mlir::Diagnostic &) { return mlir::success(); });
  Compilation other{options, c.context};
  other.name = c.name;
  other.module = c.reference.get().clone();
  for (StringRef port : c.floatPorts.keys())
    other.floatPorts.insert(port);
  if (!runDataflow(other) || !runWiring(other))
    return std::nullopt;
  describeDesign(other);
  std::string text = "-style=" + options.style +
                     (style == "sequencer" ? " -lanes=" + std::to_string(lanes)
                                           : " -pipeline=" + std::to_string(pipeline));
  return Variant{std::move(text), std::move(other.silicon->hardware)};
}

/// The quickest variant that keeps all budgets, else the smallest and the quickest of those tried:
/// sequencers with more and more lanes and, where they are too slow, a network without registers.
std::string nearest(const Compilation &c) {
  constexpr unsigned mostLanes = 64;
  std::vector<Variant> tried;
  auto attempt = [&](StringRef style, unsigned lanes, unsigned pipeline) {
    if (std::optional<Variant> variant = build(c, style, lanes, pipeline))
      tried.push_back(std::move(*variant));
    return !tried.empty() && keeps(tried.back().facts, c.options);
  };
  std::optional<Variant> best;
  for (unsigned lanes = 1; lanes <= mostLanes; lanes *= 2) {
    if (attempt("sequencer", lanes, c.options.pipeline))
      best = tried.back();
    else if (best)
      break; // more lanes take more
  }
  if (!best && c.options.latencyBudget && attempt("unrolled", c.options.lanes, 0))
    best = tried.back();
  if (best)
    return best->text() + ", would do";
  if (tried.empty())
    return "no other style builds this network";
  auto smallest =
      min_element(tried, [](auto &a, auto &b) { return a.facts.area.lut < b.facts.area.lut; });
  auto quickest =
      min_element(tried, [](auto &a, auto &b) { return a.facts.latency < b.facts.latency; });
  std::string text =
      "nothing that was tried keeps all budgets; the smallest is " + smallest->text();
  return quickest == smallest ? text : text + ", the quickest " + quickest->text();
}

//===----------------------------------------------------------------------===//
// Complaints
//===----------------------------------------------------------------------===//

using Users = std::vector<std::pair<int64_t, std::string>>;

Users cellUsers(const HardwareFacts &facts, int64_t AreaFacts::*cells) {
  Users users;
  for (const LayerFacts &layer : facts.layers)
    if (layer.area.*cells)
      users.push_back({layer.area.*cells, "'" + layer.name + "'"});
  return users;
}

Users clockUsers(const HardwareFacts &facts) {
  Users users;
  for (const EngineFacts &engine : facts.engines)
    users.push_back({engine.last - engine.first + 1,
                     "'" + (engine.layer.empty() ? engine.what : engine.layer) + "'"});
  return users;
}

} // namespace

Error checkSiliconBudgets(const Compilation &c) {
  const HardwareFacts &facts = c.silicon->hardware;
  if (keeps(facts, c.options))
    return Error::success();
  std::vector<std::string> complaints;
  auto check = [&](StringRef option, std::optional<int64_t> budget, int64_t needed, StringRef what,
                   Users users) {
    if (budget && needed > *budget)
      complaints.push_back((option + ": " + groupDigits(needed) + " " + what + ", the budget is " +
                            groupDigits(*budget) + "; biggest: " + biggestUsers(std::move(users)))
                               .str());
  };
  check("-luts", c.options.lutBudget, facts.area.lut, "lookup tables are needed",
        cellUsers(facts, &AreaFacts::lut));
  check("-brams", c.options.bramBudget, facts.area.bram, "block RAMs are needed",
        cellUsers(facts, &AreaFacts::bram));
  check("-dsps", c.options.dspBudget, facts.area.dsp, "multiplier blocks are needed",
        cellUsers(facts, &AreaFacts::dsp));
  check("-max-latency", c.options.latencyBudget, facts.latency,
        "clocks pass before the first result", clockUsers(facts));
  complaints.back() += "; " + nearest(c);
  Error over = Error::success();
  for (const std::string &complaint : complaints)
    over = joinErrors(std::move(over), createStringError(complaint));
  return over;
}

} // namespace nnc
