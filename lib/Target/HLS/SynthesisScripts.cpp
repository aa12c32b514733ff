//===- SynthesisScripts.cpp - Scripts and constraints -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "PackageFacts.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace nnc::hls {

static constexpr StringLiteral license =
    "# SPDX-License-Identifier: 0BSD\n# Written by nn-compile.";

/// A target of yosys: what maps to it. Products stay logic, as `area` in NAME.json counts them.
struct YosysTarget {
  StringLiteral name, commands;
};
static constexpr YosysTarget yosysTargets[] = {
    {"ice40", "synth_ice40 -top {0} -json {0}_ice40.json\n"},
    {"ecp5", "synth_ecp5 -nodsp -top {0} -json {0}_ecp5.json\n"},
    {"xilinx7", "synth_xilinx -family xc7 -nodsp -flatten -top {0}\nwrite_json {0}_xilinx7.json\n"},
    {"gates", "synth -flatten -top {0}\nabc -g simple\nopt_clean -purge\n"
              "write_verilog -noattr {0}_gates.v\n"},
};

static std::string yosysScript(const PackageFacts &facts, const YosysTarget &target) {
  const std::string &name = facts.core.name;
  return formatv("{0}\n#   $ yosys -s synth/{1}_{2}.ys\n# where {1}.f is.\nread_verilog {3}\n",
                 license, name, target.name, join(facts.sources, " "))
             .str() +
         formatv(target.commands.data(), name).str() + "stat\n";
}

/// That no bit of data reaches what decides when something happens. What decides is all from which
/// the outputs of control are made, through registers and memories, to the inputs.
static std::string coneCheck(const PackageFacts &facts, StringRef top, StringRef data,
                             ArrayRef<StringRef> control, StringRef results) {
  std::string outputs;
  for (StringRef port : control)
    outputs += ("w:" + port + (outputs.empty() ? " " : " %u ")).str();
  return formatv(R"(
read_verilog {0}
hierarchy -check -top {1}
proc
flatten
opt_clean
memory_collect
select -set data w:{2} %co*
select -set control {3}%ci*
select -set writes t:$mem_v2 %ci1:+[WR_EN,WR_ADDR] t:$mem_v2 %d %ci*
# Data reach the results: what follows says something.
select -assert-any w:{4} @data %i
# No net and no cell belongs to both.
select -assert-none @data @control %i
select -assert-none @data @writes %i
design -reset
)",
                 join(facts.sources, " "), top, data, outputs, results)
      .str();
}

static std::string constantTimeScript(const PackageFacts &facts) {
  const std::string &name = facts.core.name;
  return formatv(R"({0}
#   $ yosys -s synth/{1}_constant_time.ys
# where {1}.f is. It fails if a bit of in_data can reach out_valid, or a bit of s_axis_tdata can reach
# what is told of the stream, in any number of clocks; or where, or whether, a memory is written.
)",
                 license, name)
             .str() +
         coneCheck(facts, name, "in_data", {"out_valid"}, "out_data") +
         coneCheck(facts, name + "_axis", "s_axis_tdata",
                   {"s_axis_tready", "m_axis_tvalid", "m_axis_tlast", "frame_error"},
                   "m_axis_tdata");
}

static std::string constraints(const PackageFacts &facts) {
  double period = 1000.0 / facts.options.clockMHz;
  auto vector = [](const Bus &bus) { return bus.width() > 1 ? "[*]" : ""; };
  std::string inputs = std::string("in_valid in_data") + vector(facts.core.input);
  std::string outputs = std::string("out_valid out_data") + vector(facts.core.output);
  if (!facts.reset.empty())
    inputs = facts.reset + " " + inputs;
  std::string clock =
      facts.clock.empty() ? "" : " [get_ports " + facts.clock + "]"; // else one beside the design
  return formatv(R"({0}
# For {1} by itself: outputs and inputs get a fifth of the clock each.
create_clock -name clock -period {2:f3}{3}
set_input_delay {4:f3} -clock clock [get_ports {{{5}}]
set_output_delay {4:f3} -clock clock [get_ports {{{6}}]
)",
                 license, facts.core.name, period, clock, period / 5, inputs, outputs)
      .str();
}

static std::string vivadoScript(const PackageFacts &facts) {
  std::string sources;
  for (const std::string &path : facts.sources)
    sources += " \\\n  " + path;
  return formatv(R"({0}
#   $ vivado -mode batch -source vivado.tcl -tclargs PART
cd [file dirname [file normalize [info script]]]
set part [expr {{$argc > 0 ? [lindex $argv 0] : "xc7a35tcpg236-1"}]
read_verilog [list{2}]
read_xdc {1}.sdc
synth_design -top {1} -part $part -mode out_of_context
opt_design
place_design
route_design
report_utilization -file {1}_utilization.txt
report_timing_summary -file {1}_timing.txt
)",
                 license, facts.core.name, sources)
      .str();
}

std::vector<PackageFile> synthesisFiles(const PackageFacts &facts) {
  const std::string &name = facts.core.name;
  std::vector<PackageFile> files = {
      {"synthesis", name + ".sdc", constraints(facts)},
      {"synthesis", "vivado.tcl", vivadoScript(facts), name + ".vivado.tcl"},
      {"synthesis", "synth/" + name + "_constant_time.ys", constantTimeScript(facts)}};
  for (const YosysTarget &target : yosysTargets)
    files.push_back({"synthesis", ("synth/" + name + "_" + target.name + ".ys").str(),
                     yosysScript(facts, target)});
  return files;
}

} // namespace nnc::hls
