//===- Verilog.h - A design as Verilog-2005 ------------------------------------===//
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

enum class Reset { Sync, Async };
enum class ResetLevel { High, Low };
/// Where the words of a ROM stand: in an image that $readmemh loads, or in the module as a `case`.
enum class RomStyle { File, Case };

struct VerilogOptions {
  Reset reset = Reset::Sync;
  ResetLevel resetLevel = ResetLevel::High;
  RomStyle romStyle = RomStyle::File;
  std::string imageFolder; ///< what stands before the images' names in modules that load them
};

struct TextFile {
  std::string name, text;
};

/// A file NAME.v for each module and memory, called after it, and NAME.hex for each ROM whose words
/// stand in an image. The text is what docs/Silicon.md says of it, provided that the design
/// is in canonical form.
std::vector<TextFile> emitVerilog(rtl::DesignOp design, const VerilogOptions &options);

} // namespace nnc::hls
