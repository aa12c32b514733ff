//===- Manifest.cpp - NAME.json ------------------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Hardware.h"
#include "Quantization.h"
#include "nnc/Report/Report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace nnc {
namespace {

/// Writes fields in the order in which a reader wants them.
class ManifestWriter {
public:
  ManifestWriter(const NetworkFacts &facts, raw_ostream &os) : facts(facts), out(os, 2) {}

  void write(ArrayRef<OutputFile> files) {
    out.object([&] {
      identity();
      tensors("inputs", facts.inputs);
      tensors("outputs", facts.outputs);
      sizes();
      if (facts.describeTarget)
        facts.describeTarget(out);
      if (facts.hardware)
        writeHardwareJson(*facts.hardware, out);
      fileList(files);
      steps();
      out.attribute("proofs", json::Value(json::Object(facts.proofs)));
      strings("assumptions", facts.assumptions);
      if (facts.quantization)
        out.attribute("quantization", quantizationSummary(*facts.quantization));
    });
  }

private:
  void text(StringRef key, StringRef value) { out.attribute(key, json::fixUTF8(value)); }

  void strings(StringRef key, ArrayRef<std::string> values) {
    out.attributeArray(key, [&] {
      for (const std::string &value : values)
        out.value(json::fixUTF8(value));
    });
  }

  void identity() {
    out.attribute("schema", 1);
    text("name", facts.name);
    text("target", facts.target);
    if (!facts.cpu.empty()) { // hardware has none
      text("cpu", facts.cpu);
      strings("cpu_features", facts.cpuFeatures);
    }
    text("numerics", facts.numerics);
    text("exact_profile", facts.exactProfile);
    text("numeric_spec", facts.numericSpec);
    text("compiler", facts.compiler);
    strings("options", facts.options);
    text("build_id", utohexstr(facts.buildId, /*LowerCase=*/true, 8));
    text("model", facts.modelFile);
    text("model_sha256", facts.modelSha256);
  }

  void tensors(StringRef key, ArrayRef<TensorFacts> list) {
    out.attributeArray(key, [&] {
      for (const TensorFacts &t : list)
        out.object([&] {
          text("name", t.name);
          text("c_name", t.cName);
          text("dtype", t.dtype);
          out.attributeArray("shape", [&] {
            for (int64_t d : t.shape)
              out.value(d);
          });
          out.attribute("bytes", t.bytes);
          if (t.scale != 0) {
            out.attribute("scale", t.scale);
            out.attribute("zero_point", t.zeroPoint);
          }
          if (!t.rounding.empty())
            text("rounding", t.rounding);
          if (!t.leftToCaller.empty())
            strings("left_to_caller", t.leftToCaller);
        });
    });
  }

  void sizes() {
    out.attribute("arena_bytes", facts.arenaBytes);
    out.attribute("arena_align", facts.arenaAlign);
    out.attribute("stack_bytes", facts.stackBytes);
    out.attribute("state_bytes", facts.stateBytes);
    out.attribute("rom_bytes", facts.romBytes);
    out.attribute("code_bytes", facts.codeBytes);
    out.attribute("macs", facts.macs());
    out.attribute("rom_crc32c", int64_t(facts.romCrc));
    out.attribute("selftest_answer", facts.selftestAnswer);
  }

  void file(const OutputFile &f) {
    out.object([&] {
      text("path", f.path);
      out.attribute("bytes", int64_t(f.bytes));
      text("sha256", f.sha256);
    });
  }

  /// A kind with several files is a list.
  void fileList(ArrayRef<OutputFile> files) {
    out.attributeObject("files", [&] {
      for (const OutputFile *f = files.begin(); f != files.end(); ++f) {
        auto same = [&](const OutputFile &g) { return g.kind == f->kind; };
        if (std::any_of(files.begin(), f, same))
          continue;
        if (count_if(files, same) == 1) {
          out.attributeBegin(f->kind);
          file(*f);
          out.attributeEnd();
          continue;
        }
        out.attributeArray(f->kind, [&] {
          for (const OutputFile &g : files)
            if (same(g))
              file(g);
        });
      }
    });
  }

  void requantization(const RequantizationFacts &r) {
    out.attributeObject("requantization", [&] {
      out.attribute("channels", r.channels);
      out.attribute("affine", r.affine);
      out.attribute("emulated", r.emulated());
      out.attribute("fixed_point", r.fixedPoint);
      if (r.channels > 0)
        out.attribute("accumulators", json::Array{r.least, r.most});
    });
  }

  void islands(const IslandFacts &i) {
    out.attributeObject("islands", [&] {
      out.attribute("bilinear", i.proved);
      strings("obstacles", i.obstacles);
    });
  }

  void steps() {
    out.attributeArray("steps", [&] {
      for (const StepFacts &s : facts.steps)
        out.object([&] {
          text("kernel", s.kernel);
          text("algorithm", s.algorithm);
          text("tile", s.tile);
          strings("onnx_nodes", s.nodes);
          strings("ops", s.ops);
          text("shape", s.shape);
          text("note", s.note);
          out.attribute("macs", s.macs);
          out.attribute("bytes_read", s.bytesRead);
          out.attribute("bytes_written", s.bytesWritten);
          out.attribute("bytes_constant", s.bytesConstant);
          if (s.requantization)
            requantization(*s.requantization);
          if (s.islands)
            islands(*s.islands);
        });
    });
  }

  const NetworkFacts &facts;
  json::OStream out;
};

} // namespace

std::string manifestText(const NetworkFacts &facts, ArrayRef<OutputFile> files) {
  std::string text;
  raw_string_ostream os(text);
  ManifestWriter(facts, os).write(files);
  os << "\n";
  return text;
}

} // namespace nnc
