//===- PackageFacts.h - What the writers of a package share --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Target/HLS/Package.h"

namespace nnc::hls {

struct PackageFacts {
  const Core &core;
  const PackageOptions &options;
  std::string clock, reset; ///< ports of NAME; empty: it has none
  bool isResetLow = false;
  std::vector<std::string> sources, images; ///< paths of the Verilog and of memories' words
  size_t frames = 1;                        ///< golden ones
};

/// `text` with each key, which stands as @KEY@ there, replaced.
std::string fillTemplate(llvm::StringRef text,
                         llvm::ArrayRef<std::pair<llvm::StringRef, std::string>> values);

std::string verilogTestbench(const PackageFacts &facts);
std::string verilatorTestbench(const PackageFacts &facts);

/// NAME_pack.h.
std::string packHeader(const PackageFacts &facts);

/// NAME_params.vh, NAME.f, NAME.core, component.xml.
std::string parameterHeader(const PackageFacts &facts);
std::string fileList(const PackageFacts &facts);
std::string fuseSocCore(const PackageFacts &facts);
std::string ipXact(const PackageFacts &facts);

/// NAME.sdc, vivado.tcl and synth/*.ys.
std::vector<PackageFile> synthesisFiles(const PackageFacts &facts);

} // namespace nnc::hls
