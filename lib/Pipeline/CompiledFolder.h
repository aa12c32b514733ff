//===- CompiledFolder.h - Networks that nn-compile wrote -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Pipeline/Session.h"
#include "nnc/Target/HLS/Core.h"

namespace nnc {

/// What a caller must know of a compiled network.
struct CompiledNetwork {
  std::string name, library; ///< path of the shared library
  std::vector<Port> inputs, outputs;
  int64_t arenaBytes = 0;
};

/// The network that the NAME.json at `path` describes. Error: it is no such
/// file, or its folder holds no shared library with the bytes that it lists.
llvm::Expected<CompiledNetwork> readCompiled(llvm::StringRef path, mlir::MLIRContext &context);

/// What a simulation must know of a network in Verilog.
struct CompiledVerilog {
  hls::Core core;
  std::vector<Port> inputs, outputs;
  std::string folder;               ///< of its NAME.json
  std::vector<std::string> sources; ///< paths of the Verilog
};

/// The network that the NAME.json at `path` describes. Error: it is no such file, describes no
/// Verilog, or a source is not what was written.
llvm::Expected<CompiledVerilog> readCompiledVerilog(llvm::StringRef path,
                                                    mlir::MLIRContext &context);

} // namespace nnc
