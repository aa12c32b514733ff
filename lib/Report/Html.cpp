//===- Html.cpp - report.html --------------------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Hardware.h"
#include "HtmlText.h"
#include "Quantization.h"
#include "nnc/Report/Report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace nnc {
namespace {

constexpr StringLiteral style = R"(
body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:76em;padding:0 1em;color:#222}
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}
table{border-collapse:collapse;width:100%}th,td{padding:.25em .6em;text-align:left;border-bottom:1px solid #ddd;vertical-align:top}
th{cursor:pointer;background:#f4f4f4;position:sticky;top:0}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.proved{color:#176317}.not_claimed,.violated{color:#8a1f11}.excepted{color:#7a5200}small{color:#666}
svg{width:100%;height:auto;background:#fafafa;border:1px solid #ddd}svg rect:hover{stroke:#000}
)";

// Click on a heading: sort by that column, numbers as numbers.
constexpr StringLiteral script = R"(
document.querySelectorAll('th').forEach(function(h){h.onclick=function(){
var t=h.closest('table'),i=[].indexOf.call(h.parentNode.children,h),b=t.tBodies[0],d=h.d=-(h.d||-1);
function v(r){var s=r.children[i].textContent.replace(/\s/g,'');var n=parseFloat(s);return isNaN(n)?s:n}
[].slice.call(b.rows).sort(function(x,y){var p=v(x),q=v(y);return (p>q?1:p<q?-1:0)*d}).forEach(function(r){b.appendChild(r)})}})
)";

/// Writes the report, section by section.
class ReportWriter {
public:
  ReportWriter(const NetworkFacts &facts, raw_ostream &os) : f(facts), os(os) {}

  void write() {
    os << "<!DOCTYPE html>\n<!-- SPDX-License-Identifier: 0BSD -->\n<html lang=\"en\"><head>"
       << "<meta charset=\"utf-8\"><title>" << escape(f.name) << "</title><style>" << style
       << "</style></head><body>\n<h1>" << escape(f.name) << "</h1>\n";
    summary();
    if (f.hardware)
      writeHardwareHtml(*f.hardware, os);
    else
      proofs();
    if (f.quantization)
      writeQuantizationHtml(*f.quantization, os);
    if (!f.hardware)
      program();
    os << "<script>" << script << "</script>\n</body></html>\n";
  }

private:
  void program() {
    memoryMap();
    steps();
    constants();
  }

  void row(StringRef name, const Twine &value) {
    os << "<tr><td>" << name << "</td><td>" << value << "</td></tr>\n";
  }

  static std::string tensors(ArrayRef<TensorFacts> list) {
    std::string text;
    for (const TensorFacts &t : list) {
      std::string shape =
          join(map_range(t.shape, [](int64_t d) { return std::to_string(d); }), ", ");
      text += (text.empty() ? "" : "<br>") + escape(t.name) + " <small>" + t.dtype + "[" + shape +
              "], " + groupDigits(t.bytes) + " B" +
              (t.leftToCaller.empty()
                   ? ""
                   : ", before " + escape(join(t.leftToCaller, ", ")) + ", left to the caller") +
              "</small>";
    }
    return text.empty() ? "none" : text;
  }

  void summary() {
    os << "<table><tbody>\n";
    row("model", escape(f.modelFile) + " <small>sha256 " + f.modelSha256 + "</small>");
    row("compiled by", escape(f.compiler) + ", numeric spec " + f.numericSpec + ", " + f.numerics +
                           ", integers rounded as in " + f.exactProfile);
    row("for", f.target + " " + (f.hardware ? f.hardware->style : f.cpu) + " <small>" +
                   join(f.cpuFeatures, " ") + "</small>");
    row("inputs", tensors(f.inputs));
    row("outputs", tensors(f.outputs));
    if (f.hardware)
      hardware(*f.hardware);
    else
      memory();
    os << "</tbody></table>\n";
  }

  void hardware(const HardwareFacts &h) {
    row("bus", "in " + h.busIn + "; out " + h.busOut);
    row("latency", groupDigits(h.latency) + " clocks, a frame every " + groupDigits(h.interval));
    if (!h.formula.empty())
      row("clocks", h.formula);
    row("area", groupDigits(h.area.lut) + " LUT, " + groupDigits(h.area.ff) + " FF, " +
                    groupDigits(h.area.bram) + " block RAM, " + groupDigits(h.area.dsp) +
                    " DSP <small>predicted</small>");
    row("assumed", escape(join(f.assumptions, "; ")));
  }

  void memory() {
    row("work", groupDigits(f.macs()) + " multiply-accumulates in " + groupDigits(f.steps.size()) +
                    " steps");
    row("RAM", groupDigits(f.ramBytes()) + " B = " + groupDigits(f.arenaBytes) + " arena + " +
                   groupDigits(f.stackBytes) + " stack + " + groupDigits(f.stateBytes) + " state");
    row("flash", groupDigits(f.flashBytes()) + " B = " + groupDigits(f.romBytes) + " constants + " +
                     groupDigits(f.codeBytes) + " code");
  }

  void proofs() {
    os << "<h2>Proofs</h2>\n<table><thead><tr><th>promise</th><th>status</th><th>evidence</th></tr>"
          "</thead><tbody>\n";
    for (StringRef key : {"instruction_trace", "address_trace", "memory", "overflow", "exact"}) {
      const json::Object *proof = f.proofs.getObject(key);
      StringRef status = proof ? proof->getString("status").value_or("not_claimed") : "not_claimed";
      os << "<tr><td>" << key << "</td><td class=\"" << status << "\">" << status << "</td><td>"
         << (proof ? evidence(*proof) : "") << "</td></tr>\n";
    }
    os << "</tbody></table>\n<p>Assumed: " << escape(join(f.assumptions, "; ")) << ".</p>\n";
  }

  static std::string evidence(const json::Object &proof) {
    std::vector<std::string> parts;
    for (const auto &[key, value] : proof) {
      if (key == "status")
        continue;
      std::string text;
      raw_string_ostream(text) << json::Value(value);
      if (text.size() < 200)
        parts.push_back(escape(key.str() + ": " + text));
    }
    llvm::sort(parts);
    return join(parts, "; ");
  }

  /// Slots as rectangles: steps to the right, bytes of the arena downwards.
  void memoryMap() {
    os << "<h2>Arena over the steps</h2>\n";
    if (f.slots.empty() || f.arenaBytes == 0) {
      os << "<p>No arena is needed.</p>\n";
      return;
    }
    constexpr int64_t width = 1200, height = 420;
    double perStep = double(width) / std::max<size_t>(f.steps.size(), 1);
    double perByte = double(height) / f.arenaBytes;
    os << "<p>Left to right: steps 0 to " << f.steps.size() - 1 << ". Top to bottom: bytes 0 to "
       << groupDigits(f.arenaBytes) << ".</p>\n<svg viewBox=\"0 0 " << width << " " << height
       << "\">\n";
    for (auto [i, s] : enumerate(f.slots))
      os << format("<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"hsl(%d 55%% "
                   "70%%)\" stroke=\"#888\" stroke-width=\".5\">",
                   s.first * perStep, s.offset * perByte, (s.last - s.first + 1) * perStep,
                   std::max(s.bytes * perByte, .5), int(i * 137 % 360))
         << "<title>" << escape(s.writer) << ": " << groupDigits(s.bytes) << " B at "
         << groupDigits(s.offset) << ", steps " << s.first << " to " << s.last
         << "</title></rect>\n";
    os << "</svg>\n";
  }

  /// What is proved of sums and of how they are scaled, in a few words.
  static std::string integers(const StepFacts &s) {
    std::vector<std::string> parts;
    if (s.requantization && s.requantization->channels > 0) {
      const RequantizationFacts &r = *s.requantization;
      parts.push_back("sums " + groupDigits(r.least) + " to " + groupDigits(r.most));
      parts.push_back(groupDigits(r.affine) + " of " + groupDigits(r.channels) +
                      " channels affine");
    }
    if (s.requantization && s.requantization->unproved > 0)
      parts.push_back("scaling not proved");
    if (s.islands) {
      if (s.islands->proved > 0)
        parts.push_back("floats with an integer form");
      for (const std::string &obstacle : s.islands->obstacles)
        parts.push_back("floats: " + obstacle);
    }
    if (s.sums && (s.sums->least < INT32_MIN || s.sums->most > INT32_MAX))
      parts.push_back("may wrap");
    return join(parts, "; ");
  }

  void steps() {
    os << "<h2>Steps</h2>\n<table><thead><tr><th>step</th><th>ONNX "
          "nodes</th><th>ops</th><th>result</th>"
          "<th>algorithm</th><th>MACs</th><th>read</th><th>written</th><th>constants</th>"
          "<th>integers</th><th>ends here because</th></tr></thead><tbody>\n";
    for (auto [i, s] : enumerate(f.steps)) {
      os << "<tr><td class=\"n\">" << i << "</td><td>" << escape(join(s.nodes, ", ")) << "</td><td>"
         << escape(join(s.ops, " ")) << "</td><td>" << escape(s.shape) << "</td><td>"
         << escape(s.algorithm) << "<br><small>" << escape(s.tile) << "</small></td>";
      for (int64_t n : {s.macs, s.bytesRead, s.bytesWritten, s.bytesConstant})
        os << "<td class=\"n\">" << groupDigits(n) << "</td>";
      os << "<td><small>" << integers(s) << "</small></td>";
      os << "<td><small>" << escape(s.note) << "</small></td></tr>\n";
    }
    os << "</tbody></table>\n";
  }

  void constants() {
    os << "<h2>Constants</h2>\n<table><thead><tr><th>first read "
          "by</th><th>offset</th><th>bytes</th>"
          "</tr></thead><tbody>\n";
    for (const ConstantFacts &c : f.constants)
      os << "<tr><td>" << escape(c.node) << "</td><td class=\"n\">" << groupDigits(c.offset)
         << "</td><td class=\"n\">" << groupDigits(c.bytes) << "</td></tr>\n";
    os << "</tbody></table>\n";
  }

  const NetworkFacts &f;
  raw_ostream &os;
};

} // namespace

std::string reportHtml(const NetworkFacts &facts) {
  std::string text;
  raw_string_ostream os(text);
  ReportWriter(facts, os).write();
  return text;
}

} // namespace nnc
