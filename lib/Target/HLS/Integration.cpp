//===- Integration.cpp - What other tools are told of a core ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "PackageFacts.h"
#include "nnc/Target/HLS/Axis.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace nnc::hls {

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

std::string fileList(const PackageFacts &facts) {
  return "// SPDX-License-Identifier: 0BSD\n" + join(facts.sources, "\n") + "\n";
}

std::string parameterHeader(const PackageFacts &facts) {
  const Core &core = facts.core;
  std::string text, up = StringRef(core.name).upper();
  raw_string_ostream os(text);
  os << "// SPDX-License-Identifier: 0BSD\n// Written by nn-compile.\n`ifndef " << up
     << "_PARAMS_VH\n`define " << up << "_PARAMS_VH\n";
  auto define = [&](StringRef what, const Twine &value, const Twine &comment) {
    os << "`define " << up << "_" << what << " " << value << "  // " << comment << "\n";
  };
  define("LATENCY", Twine(core.latency),
         "clocks from the first beat of a frame to its first result");
  define("II", Twine(core.interval()), "clocks from frame to frame at the highest rate");
  define("PAUSE", Twine(core.pause), "of them without a beat, behind the last one of a frame");
  auto bus = [&](StringRef side, const Bus &bus) {
    define((side + "_BITS").str(), Twine(bus.width()), "of a beat");
    define((side + "_BEATS").str(), Twine(bus.beats), "of a frame");
    define((side + "_LANES").str(), Twine(bus.lanes), "of a beat, the first one lowest");
    define((side + "_LANE_BITS").str(), Twine(bus.laneBits),
           bus.isSigned ? "two's complement" : "unsigned");
  };
  bus("IN", core.input);
  bus("OUT", core.output);
  define("AXIS_LATENCY", Twine(axisLatency(core)), "LATENCY of " + core.name + "_axis");
  define("AXIS_IN_BITS", Twine(axisWidth(core.input)), "of TDATA");
  define("AXIS_OUT_BITS", Twine(axisWidth(core.output)), "of TDATA");
  define("BUILD_ID", "32'h" + utohexstr(facts.options.buildId, /*LowerCase=*/true, 8),
         "fingerprint of network, constants and options");
  os << "`endif\n";
  return text;
}

//===----------------------------------------------------------------------===//
// FuseSoC
//===----------------------------------------------------------------------===//

/// A data file, which programs look for under its own path wherever they run.
static std::string dataEntry(StringRef path) {
  return ("      - " + path + ": {file_type: user, copyto: " + path + "}\n").str();
}

std::string fuseSocCore(const PackageFacts &facts) {
  const std::string &name = facts.core.name;
  std::string sources, images, filesets = "[rtl]";
  for (const std::string &path : facts.sources)
    sources += "      - " + path + "\n";
  for (const std::string &path : facts.images)
    images += dataEntry(path);
  if (!images.empty()) {
    images = "  images:\n    files:\n" + images;
    filesets = "[rtl, images]";
  }
  std::string simulated = StringRef(filesets).drop_back().str() + ", tb]";
  return formatv(R"(CAPI=2:
# SPDX-License-Identifier: 0BSD
# Written by nn-compile.
name: ::{0}:{1}
description: The network {0}

filesets:
  rtl:
    file_type: verilogSource
    files:
{2}      - rtl/{0}_params.vh: {{is_include_file: true}
{3}  tb:
    file_type: verilogSource
    files:
      - tb/{0}_tb.v
{4}{5}
targets:
  default: &default
    filesets: {6}
    toplevel: {0}
  lint:
    filesets: {6}
    toplevel: [{0}_axis]
    default_tool: verilator
    tools:
      verilator:
        mode: lint-only
        verilator_options: [-Wall]
  sim:
    filesets: {7}
    toplevel: {0}_tb
    default_tool: icarus
    tools:
      icarus:
        iverilog_options: [-g2005]
  synth:
    <<: *default
    default_tool: yosys
    tools:
      yosys:
        arch: ice40
        output_format: json
)",
                 name, facts.options.version, sources, images,
                 dataEntry("tb/" + name + "_stimuli.hex"), dataEntry("tb/" + name + "_golden.hex"),
                 filesets, simulated)
      .str();
}

//===----------------------------------------------------------------------===//
// IP-XACT
//===----------------------------------------------------------------------===//

namespace {

/// component.xml of NAME_axis, in the edition that vendors' tools read (IEEE 1685-2009).
class IpXactWriter {
public:
  IpXactWriter(const PackageFacts &facts, raw_ostream &os) : facts(facts), os(os) {}

  void write() {
    const std::string &name = facts.core.name;
    os << R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: 0BSD -->
<spirit:component xmlns:spirit="http://www.spiritconsortium.org/XMLSchema/SPIRIT/1685-2009" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <spirit:vendor>nn-compile</spirit:vendor>
  <spirit:library>networks</spirit:library>
)";
    os << "  <spirit:name>" << name << "_axis</spirit:name>\n  <spirit:version>"
       << facts.options.version << "</spirit:version>\n  <spirit:busInterfaces>\n";
    stream("s_axis", "slave");
    stream("m_axis", "master");
    signal("aclk", "clock", "CLK",
           {{"ASSOCIATED_BUSIF", "s_axis:m_axis"}, {"ASSOCIATED_RESET", "aresetn"}});
    signal("aresetn", "reset", "RST", {{"POLARITY", "ACTIVE_LOW"}});
    os << "  </spirit:busInterfaces>\n";
    model();
    files();
    os << "  <spirit:description>The network " << name
       << " behind AXI4-Stream</spirit:description>\n</spirit:component>\n";
  }

private:
  void type(StringRef element, StringRef library, StringRef name) {
    os << "      <spirit:" << element << " spirit:vendor=\"xilinx.com\" spirit:library=\""
       << library << "\" spirit:name=\"" << name << "\" spirit:version=\"1.0\"/>\n";
  }

  void map(StringRef logical, StringRef physical) {
    os << "        <spirit:portMap>\n          <spirit:logicalPort><spirit:name>" << logical
       << "</spirit:name></spirit:logicalPort>\n"
       << "          <spirit:physicalPort><spirit:name>" << physical
       << "</spirit:name></spirit:physicalPort>\n        </spirit:portMap>\n";
  }

  void stream(StringRef name, StringRef role) {
    os << "    <spirit:busInterface>\n      <spirit:name>" << name << "</spirit:name>\n";
    type("busType", "interface", "axis");
    type("abstractionType", "interface", "axis_rtl");
    os << "      <spirit:" << role << "/>\n      <spirit:portMaps>\n";
    for (StringRef port : {"TDATA", "TVALID", "TREADY", "TLAST"})
      map(port, (name + "_" + port.lower()).str());
    os << "      </spirit:portMaps>\n    </spirit:busInterface>\n";
  }

  void signal(StringRef name, StringRef kind, StringRef logical,
              ArrayRef<std::pair<StringRef, StringRef>> parameters) {
    os << "    <spirit:busInterface>\n      <spirit:name>" << name << "</spirit:name>\n";
    type("busType", "signal", kind);
    type("abstractionType", "signal", (kind + "_rtl").str());
    os << "      <spirit:slave/>\n      <spirit:portMaps>\n";
    map(logical, name);
    os << "      </spirit:portMaps>\n      <spirit:parameters>\n";
    for (auto [parameter, value] : parameters)
      os << "        <spirit:parameter>\n          <spirit:name>" << parameter
         << "</spirit:name>\n          <spirit:value>" << value
         << "</spirit:value>\n        </spirit:parameter>\n";
    os << "      </spirit:parameters>\n    </spirit:busInterface>\n";
  }

  void port(StringRef name, StringRef direction, unsigned width = 0) {
    os << "      <spirit:port>\n        <spirit:name>" << name
       << "</spirit:name>\n        <spirit:wire>\n          <spirit:direction>" << direction
       << "</spirit:direction>\n";
    if (width)
      os << "          <spirit:vector><spirit:left>" << width - 1
         << "</spirit:left><spirit:right>0</spirit:right></spirit:vector>\n";
    os << "        </spirit:wire>\n      </spirit:port>\n";
  }

  void view(StringRef name, StringRef environment) {
    os << "      <spirit:view>\n        <spirit:name>" << name
       << "</spirit:name>\n        <spirit:envIdentifier>verilogSource:" << environment
       << "</spirit:envIdentifier>\n        <spirit:language>verilog</spirit:language>\n"
       << "        <spirit:modelName>" << facts.core.name << "_axis</spirit:modelName>\n"
       << "        "
          "<spirit:fileSetRef><spirit:localName>rtl</spirit:localName></spirit:fileSetRef>\n"
       << "      </spirit:view>\n";
  }

  void model() {
    os << "  <spirit:model>\n    <spirit:views>\n";
    view("synthesis", "vivado.xilinx.com:synthesis");
    view("simulation", "vivado.xilinx.com:simulation");
    os << "    </spirit:views>\n    <spirit:ports>\n";
    port("aclk", "in");
    port("aresetn", "in");
    port("s_axis_tdata", "in", axisWidth(facts.core.input));
    port("s_axis_tvalid", "in");
    port("s_axis_tlast", "in");
    port("s_axis_tready", "out");
    port("m_axis_tdata", "out", axisWidth(facts.core.output));
    port("m_axis_tvalid", "out");
    port("m_axis_tlast", "out");
    port("m_axis_tready", "in");
    port("frame_error", "out");
    os << "    </spirit:ports>\n  </spirit:model>\n";
  }

  void files() {
    os << "  <spirit:fileSets>\n    <spirit:fileSet>\n      <spirit:name>rtl</spirit:name>\n";
    auto file = [&](StringRef path, StringRef type) {
      os << "      <spirit:file>\n        <spirit:name>" << path << "</spirit:name>\n        "
         << type << "\n      </spirit:file>\n";
    };
    for (const std::string &path : facts.sources)
      file(path, "<spirit:fileType>verilogSource</spirit:fileType>");
    for (const std::string &path : facts.images)
      file(path, "<spirit:userFileType>mem</spirit:userFileType>");
    os << "    </spirit:fileSet>\n  </spirit:fileSets>\n";
  }

  const PackageFacts &facts;
  raw_ostream &os;
};

} // namespace

std::string ipXact(const PackageFacts &facts) {
  std::string text;
  raw_string_ostream os(text);
  IpXactWriter(facts, os).write();
  return text;
}

} // namespace nnc::hls
