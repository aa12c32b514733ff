//===- Testbench.cpp - Programs that know the answers -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "PackageFacts.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace nnc::hls {

static constexpr StringLiteral verilogTemplate =
#include "runtime/hls/testbench.v.inc"
    ;
static constexpr StringLiteral verilatorTemplate =
#include "runtime/hls/testbench.cpp.inc"
    ;

using Values = SmallVector<std::pair<StringRef, std::string>>;

static Values numbersOf(const Core &core) {
  auto text = [](unsigned n) { return std::to_string(n); };
  return {{"NAME", core.name},
          {"IN_BEATS", text(core.input.beats)},
          {"IN_BITS", text(core.input.width())},
          {"OUT_BEATS", text(core.output.beats)},
          {"OUT_BITS", text(core.output.width())},
          {"LATENCY", text(core.latency)},
          {"PAUSE", text(core.pause)},
          {"INTERVAL", text(core.interval())}};
}

/// A reset in the middle of a frame, behind one whose results have not come yet.
static constexpr StringLiteral resetPhase = R"(
    // A reset in the middle of everything: nothing comes of what was before.
    begin_phase(1'b0);
    watching = 1'b0;
    give(0, IN_BEATS);
    give(0, (IN_BEATS + 1) / 2);
    begin_phase(1'b1);
    restart;
    for (i = 0; i < ISOLATED; i = i + 1) give(i, IN_BEATS);
    end_phase;
)";

std::string verilogTestbench(const PackageFacts &facts) {
  // One frame has all clocks that there are; more are for data, and cost time where frames are
  // long.
  constexpr unsigned longFrame = 10000;
  size_t isolated = facts.core.latency + facts.core.interval() > longFrame ? 2 : 8;
  std::string connections;
  if (!facts.clock.empty())
    connections += "    ." + facts.clock + "(clk),\n";
  if (!facts.reset.empty())
    connections += "    ." + facts.reset + (facts.isResetLow ? "(!reset),\n" : "(reset),\n");
  Values values = numbersOf(facts.core);
  values.append({{"FRAMES", std::to_string(facts.frames)},
                 {"ISOLATED", std::to_string(std::min(facts.frames, isolated))},
                 {"CONNECTIONS", connections},
                 {"RESET_PHASE", facts.reset.empty() ? "" : resetPhase.str()}});
  return fillTemplate(verilogTemplate, values);
}

std::string verilatorTestbench(const PackageFacts &facts) {
  Values values = numbersOf(facts.core);
  auto set = [](StringRef port, StringRef value, StringRef otherwise) {
    return port.empty() ? otherwise.str() : ("top." + port + " = " + value + ";").str();
  };
  values.append(
      {{"SET_CLOCK", set(facts.clock, "level", "(void)top; (void)level;")},
       {"SET_RESET", set(facts.reset, facts.isResetLow ? "!on" : "on", "(void)top; (void)on;")}});
  return fillTemplate(verilatorTemplate, values);
}

std::string streamHarness(const Core &core) {
  PackageOptions options;
  return verilatorTestbench({core, options, "", "", false, {}, {}, 1});
}

} // namespace nnc::hls
