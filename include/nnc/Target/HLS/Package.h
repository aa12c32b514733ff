//===- Package.h - All files around a core -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Target/HLS/Core.h"
#include "nnc/Target/HLS/Verilog.h"

namespace nnc::hls {

/// Frames and what the network makes of them: the integers on the bus, element by element.
struct GoldenVectors {
  std::vector<std::vector<int64_t>> inputs, outputs;
};

struct PackageOptions {
  VerilogOptions verilog;
  uint32_t buildId = 0;
  std::string version = "1.0"; ///< of the IP, where tools want one
  unsigned clockMHz = 100;     ///< what the constraints ask for
};

/// A file of the output folder.
struct PackageFile {
  std::string kind; ///< key of `files` in NAME.json
  std::string path; ///< relative to the folder
  std::string text;
  std::string otherPath = ""; ///< where another network of the folder has that one; empty: none can
};

/// The network as Verilog, and what simulates, synthesises and integrates it. `design` is in
/// canonical form and holds NAME and, by addAxis, NAME_axis. There is at least one golden frame,
/// and all have as many elements as the bus. Kinds:
///   verilog    rtl/*.v
///   image      rtl/*.hex, words of memories
///   parameters rtl/NAME_params.vh
///   list       NAME.f
///   pack       NAME_pack.h
///   runtime    nn_runtime.h, for it
///   test       tb/*
///   synthesis  NAME.sdc, vivado.tcl, synth/*.ys
///   ip         NAME.core, component.xml
std::vector<PackageFile> emitPackage(rtl::DesignOp design, const Core &core,
                                     const PackageOptions &options, const GoldenVectors &vectors);

/// tb/NAME_tb.cpp by itself: built with -DAXIS it plays any frames through NAME_axis.
std::string streamHarness(const Core &core);

/// A row of elements as beats, one a line, as $readmemh reads them.
std::string beatsText(const Bus &bus, llvm::ArrayRef<int64_t> frame);

} // namespace nnc::hls
