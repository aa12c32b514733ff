//===- Hardware.cpp - What the report says of hardware ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Hardware.h"
#include "HtmlText.h"

#include "nnc/Report/Report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"

#include <algorithm>

using namespace llvm;

namespace nnc {
namespace {

constexpr int64_t pageWidth = 1200;

void writeNumbers(std::initializer_list<int64_t> numbers, raw_ostream &os) {
  for (int64_t number : numbers)
    os << "<td class=\"n\">" << groupDigits(number) << "</td>";
}

/// First operand of the first engine to the first result of the last one.
int64_t latencyOf(const LayerFacts &layer) {
  int64_t first = layer.engines.front().first;
  for (const EngineFacts &engine : layer.engines)
    first = std::min(first, engine.first);
  return layer.engines.back().firstResult - first;
}

int64_t busyOf(const LayerFacts &layer) {
  int64_t busy = 1;
  for (const EngineFacts &engine : layer.engines)
    busy = std::max(busy, engine.busy);
  return busy;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

void writeLayers(const HardwareFacts &f, raw_ostream &os) {
  os << "<h2>Layers</h2>\n<p>Cells of a Xilinx 7 without multiplier blocks, as predicted; "
        "latency: clocks from a layer's first operand to its first result; II: clocks after which "
        "it could take the next frame.</p>\n<table><thead><tr><th>layer</th><th>LUT</th>"
        "<th>FF</th><th>block RAM</th><th>DSP</th><th>latency</th><th>II</th></tr></thead>"
        "<tbody>\n";
  for (const LayerFacts &layer : f.layers) {
    os << "<tr><td>" << escape(layer.name) << "</td>";
    writeNumbers({layer.area.lut, layer.area.ff, layer.area.bram, layer.area.dsp}, os);
    if (layer.engines.empty())
      os << "<td></td><td></td>";
    else
      writeNumbers({latencyOf(layer), busyOf(layer)}, os);
    os << "</tr>\n";
  }
  os << "</tbody><tfoot><tr><td>all</td>";
  writeNumbers({f.area.lut, f.area.ff, f.area.bram, f.area.dsp, f.latency, f.interval}, os);
  os << "</tr></tfoot></table>\n";
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

constexpr int64_t boxWidth = 520, boxHeight = 40, boxPitch = 62,
                  boxLeft = (pageWidth - boxWidth) / 2;

int64_t topOf(size_t box) { return 10 + int64_t(box) * boxPitch; }

/// To the next box an arrow, to others an arc: on the right downwards, on the left upwards.
void writeArrow(size_t from, size_t to, raw_ostream &os) {
  os << "<path d=\"";
  if (to == from + 1) {
    int64_t x = pageWidth / 2;
    os << "M" << x << " " << topOf(from) + boxHeight << "V" << topOf(to) - 2;
  } else {
    bool isDown = to > from;
    int64_t x = isDown ? boxLeft + boxWidth : boxLeft, y = topOf(from) + boxHeight / 2;
    int64_t end = topOf(to) + boxHeight / 2 + (isDown ? -8 : 8), gap = isDown ? 2 : -2;
    int64_t reach = 40 + std::min<int64_t>(260, 24 * int64_t(isDown ? to - from : from - to));
    int64_t bend = isDown ? x + reach : x - reach;
    os << "M" << x << " " << y << "C" << bend << " " << y << " " << bend << " " << end << " "
       << x + gap << " " << end;
  }
  os << "\" fill=\"none\" stroke=\"#567\" marker-end=\"url(#head)\"/>\n";
}

void writeDiagram(const HardwareFacts &f, raw_ostream &os) {
  os << "<h2>Engines</h2>\n<svg viewBox=\"0 0 " << pageWidth << " " << topOf(f.blocks.size())
     << "\"><defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
        "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8Z\" fill=\"#567\"/></marker>"
        "</defs>\n";
  for (auto [to, block] : enumerate(f.blocks))
    for (unsigned from : block.from)
      writeArrow(from, to, os);
  for (auto [i, block] : enumerate(f.blocks)) {
    os << format("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"hsl(%d 55%% "
                 "88%%)\" stroke=\"#888\"/>",
                 int(boxLeft), int(topOf(i)), int(boxWidth), int(boxHeight), int(i * 137 % 360))
       << "<text x=\"" << pageWidth / 2 << "\" y=\"" << topOf(i) + 17
       << "\" text-anchor=\"middle\" font-size=\"14\">" << escape(block.name) << "</text><text x=\""
       << pageWidth / 2 << "\" y=\"" << topOf(i) + 33
       << "\" text-anchor=\"middle\" font-size=\"11\" fill=\"#555\">" << escape(block.text)
       << "</text>\n";
  }
  os << "</svg>\n";
}

//===----------------------------------------------------------------------===//
// Schedule
//===----------------------------------------------------------------------===//

class Chart {
public:
  Chart(const HardwareFacts &facts, raw_ostream &os) : f(facts), os(os) {
    last = std::max(f.latency, f.interval);
    for (const EngineFacts &engine : f.engines)
      last = std::max(last, engine.last);
    height = top + rowHeight * int64_t(f.engines.size()) + 8;
  }

  void write() {
    os << "<h2>Schedule</h2>\n<p>One frame, from clock 0, in which its first beat comes, to clock "
       << groupDigits(last) << ". LATENCY = " << groupDigits(f.latency)
       << ": the first result; II = " << groupDigits(f.interval)
       << ": the next frame may begin.</p>\n<svg viewBox=\"0 0 " << pageWidth << " " << height
       << "\">\n";
    mark("LATENCY", f.latency, "#8a1f11", 12);
    mark("II", f.interval, "#176317", 26);
    for (auto [row, engine] : enumerate(f.engines))
      bar(row, engine);
    os << "</svg>\n";
  }

private:
  static constexpr int64_t left = 330, top = 34, rowHeight = 22;

  double at(int64_t clock) const {
    return left + (pageWidth - left - 20) * double(clock) / (last + 1);
  }

  void mark(StringRef name, int64_t clock, StringRef color, int64_t y) {
    bool isFar = clock * 2 > last;
    os << format("<path d=\"M%.2f 4V%d\" stroke=\"", at(clock), int(height - 4)) << color
       << "\" stroke-dasharray=\"4 3\"/>"
       << format("<text x=\"%.2f\" y=\"%d\" font-size=\"11\" text-anchor=\"%s\" fill=\"",
                 at(clock) + (isFar ? -4 : 4), int(y), isFar ? "end" : "start")
       << color << "\">" << name << " " << groupDigits(clock) << "</text>\n";
  }

  void bar(size_t row, const EngineFacts &engine) {
    int64_t y = top + int64_t(row) * rowHeight;
    constexpr size_t mostLetters = 44;
    StringRef label = engine.layer.empty() ? StringRef(engine.what) : StringRef(engine.layer);
    std::string shown =
        json::fixUTF8(label.take_front(mostLetters)) + (label.size() > mostLetters ? " …" : "");
    double x = at(engine.first), width = std::max(at(engine.last + 1) - x, 1.);
    os << "<text x=\"" << left - 8 << "\" y=\"" << y + 14
       << "\" font-size=\"11\" text-anchor=\"end\">" << escape(shown) << "</text>"
       << format("<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"hsl(%d 55%% "
                 "70%%)\" stroke=\"#888\" stroke-width=\".5\">",
                 x, int(y), width, int(rowHeight - 4), int(row * 137 % 360))
       << "<title>" << escape(engine.layer) << (engine.layer.empty() ? "" : ": ")
       << escape(engine.what) << ", clocks " << groupDigits(engine.first) << " to "
       << groupDigits(engine.last) << "</title></rect>\n";
  }

  const HardwareFacts &f;
  raw_ostream &os;
  int64_t last = 0, height = 0;
};

void writeArea(const AreaFacts &area, json::OStream &out) {
  out.attribute("lut", area.lut);
  out.attribute("ff", area.ff);
  out.attribute("bram", area.bram);
  out.attribute("dsp", area.dsp);
}

} // namespace

void writeHardwareHtml(const HardwareFacts &facts, raw_ostream &os) {
  writeLayers(facts, os);
  writeDiagram(facts, os);
  Chart(facts, os).write();
}

void writeHardwareJson(const HardwareFacts &facts, json::OStream &out) {
  out.attributeObject("area", [&] { writeArea(facts.area, out); });
  out.attributeArray("layers", [&] {
    for (const LayerFacts &layer : facts.layers)
      out.object([&] {
        out.attribute("name", json::fixUTF8(layer.name));
        writeArea(layer.area, out);
        if (layer.engines.empty())
          return;
        out.attribute("latency_cycles", latencyOf(layer));
        out.attribute("ii_cycles", busyOf(layer));
      });
  });
}

} // namespace nnc
