//===- Quantization.cpp - What the report says of quantization -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantization.h"
#include "HtmlText.h"

#include "nnc/Report/Report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;

namespace nnc {

/// Decibels; "exact" where nothing differs, "-∞" where nothing is left of the signal, "-" where
/// nothing was measured.
static std::string decibels(const QuantizationError &error) {
  if (error.count == 0)
    return "-";
  if (error.noise == 0)
    return "exact";
  return std::isfinite(error.sqnr()) ? formatv("{0:f1}", error.sqnr()).str() : "-∞";
}

static std::string number(double value) {
  std::string text;
  raw_string_ostream(text) << format("%.4g", value);
  return text;
}

/// Bars; their heights by the logarithm of the counts, so that tails can be seen.
static void writeHistogram(ArrayRef<int64_t> counts, raw_ostream &os) {
  constexpr double height = 24, width = 4;
  int64_t most = counts.empty() ? 0 : *max_element(counts);
  os << "<svg viewBox=\"0 0 " << width * double(counts.size()) << " " << height
     << "\" style=\"width:9em;height:1.7em\">";
  for (auto [i, count] : enumerate(counts))
    if (count) {
      double bar = height * (0.1 + 0.9 * std::log1p(double(count)) / std::log1p(double(most)));
      os << format("<rect x=\"%.0f\" y=\"%.1f\" width=\"%.0f\" height=\"%.1f\" fill=\"#678\"/>",
                   width * double(i), height - bar, width - 1, bar);
    }
  os << "</svg>";
}

static void writeOutputs(const QuantizationFacts &facts, raw_ostream &os) {
  os << "<table><thead><tr><th>output</th><th>SQNR, dB</th><th>largest difference</th>"
        "<th>elements</th></tr></thead><tbody>\n";
  for (const auto &[name, error] : facts.outputs)
    os << "<tr><td>" << escape(name) << "</td><td class=\"n\">" << decibels(error)
       << "</td><td class=\"n\">" << number(error.maxAbsolute) << "</td><td class=\"n\">"
       << groupDigits(error.count) << "</td></tr>\n";
  os << "</tbody></table>\n";
}

static void writeValue(const QuantizedValueFacts &v, raw_ostream &os) {
  os << "<tr><td>" << escape(v.node) << "</td><td class=\"n\">" << decibels(v.error)
     << "</td><td class=\"n\">" << number(v.seenLow) << " … " << number(v.seenHigh)
     << (v.seenLow == v.seenHigh ? ", never moved: the range is a guess" : "") << "</td><td>";
  writeHistogram(v.histogram, os);
  os << "</td><td class=\"n\">" << number(v.gridLow) << " … " << number(v.gridHigh)
     << "</td><td class=\"n\">" << number(v.scale) << "</td><td class=\"n\">" << v.zeroPoint
     << "</td><td class=\"n\">" << groupDigits(v.clipped) << " of " << groupDigits(v.error.count)
     << "</td><td class=\"n\">" << number(v.error.maxAbsolute) << "</td></tr>\n";
}

void writeQuantizationHtml(const QuantizationFacts &facts, raw_ostream &os) {
  os << "<h2>Quantization</h2>\n<p>" << facts.scheme;
  if (facts.samples == 0) {
    os << ". Errors were not measured; -calibrate= gives inputs to measure them on.</p>\n";
    return;
  }
  if (!facts.calibrator.empty())
    os << ", ranges by " << facts.calibrator;
  os << ", against the float network on " << groupDigits(facts.samples)
     << " samples of calibration data.</p>\n";
  writeOutputs(facts, os);
  if (facts.values.empty())
    return;
  os << "<p>Each value that is stored as integers, the worst first. SQNR counts all errors up to "
        "there.</p>\n<table><thead><tr><th>value</th><th>SQNR, dB</th><th>seen</th>"
        "<th>histogram</th><th>range</th><th>scale</th><th>zero point</th><th>clipped</th>"
        "<th>largest difference</th></tr></thead><tbody>\n";
  for (const QuantizedValueFacts &value : facts.values)
    writeValue(value, os);
  os << "</tbody></table>\n";
}

/// Rounded, so that the file is the same on every machine; null where there is no such number.
static json::Value sqnr(const QuantizationError &error) {
  if (error.count == 0 || !std::isfinite(error.sqnr()))
    return nullptr;
  return std::round(error.sqnr() * 100) / 100;
}

/// As a float; null where JSON has no number for it.
static json::Value largestDifference(const QuantizationError &error) {
  auto largest = static_cast<float>(error.maxAbsolute);
  return std::isfinite(largest) ? json::Value(largest) : json::Value(nullptr);
}

json::Object quantizationSummary(const QuantizationFacts &facts) {
  json::Array outputs, worst, unexercised;
  for (const auto &[name, error] : facts.outputs)
    outputs.push_back(json::Object{{"name", json::fixUTF8(name)},
                                   {"sqnr_db", sqnr(error)},
                                   {"max_abs_error", largestDifference(error)}});
  constexpr size_t shown = 5;
  for (const QuantizedValueFacts &v : ArrayRef(facts.values).take_front(shown))
    worst.push_back(json::Object{{"value", json::fixUTF8(v.node)}, {"sqnr_db", sqnr(v.error)}});
  for (const QuantizedValueFacts &v : facts.values)
    if (v.seenLow == v.seenHigh)
      unexercised.push_back(json::fixUTF8(v.node));
  return json::Object{{"unexercised", std::move(unexercised)},
                      {"scheme", facts.scheme},
                      {"calibrator", facts.calibrator},
                      {"samples", facts.samples},
                      {"quantized_values", int64_t(facts.values.size())},
                      {"outputs", std::move(outputs)},
                      {"worst", std::move(worst)}};
}

} // namespace nnc
