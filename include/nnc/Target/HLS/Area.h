//===- Area.h - What a design takes on a chip -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

#include <string>
#include <vector>

namespace nnc::hls {

/// Cells of a Xilinx 7, as yosys counts them (`synth_xilinx -nodsp -flatten`).
struct Area {
  int64_t lut = 0;  ///< tables of logic, of memories and of shift registers
  int64_t ff = 0;   ///< flip-flops
  int64_t bram = 0; ///< block RAMs of 18 or 36 Kbit
  int64_t dsp = 0;  ///< multiplier blocks, which are not asked for: none

  Area &operator+=(const Area &other) {
    lut += other.lut, ff += other.ff, bram += other.bram, dsp += other.dsp;
    return *this;
  }
};

struct PartArea {
  std::string part; ///< the ONNX nodes, or the instance where there is none; empty: neither
  Area area;
};

struct AreaEstimate {
  Area total;
  std::vector<PartArea> parts; ///< in the order of their first op from the outputs backwards
};

/// What `top` and all that it contains will take, without synthesising it: the design is taken
/// apart into bits, and tables are put over the gates as a technology mapper does.
AreaEstimate estimateArea(rtl::RTLModuleOp top);

} // namespace nnc::hls
