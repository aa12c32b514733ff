//===- VerilogNetwork.h - Simulates a network in Verilog ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "CompiledFolder.h"

namespace nnc {

/// NAME_axis in Verilator, which compiles it once into a temporary folder.
class VerilogNetwork {
public:
  /// Error: Verilator, make or a compiler is missing, or does not take the files.
  static llvm::Expected<std::unique_ptr<VerilogNetwork>> build(CompiledVerilog network);
  ~VerilogNetwork();

  const CompiledVerilog &description() const { return network; }
  llvm::Expected<std::vector<Tensor>> run(llvm::ArrayRef<Tensor> inputs);

private:
  explicit VerilogNetwork(CompiledVerilog network) : network(std::move(network)) {}
  llvm::Error compile();
  std::string inFolder(llvm::StringRef file) const { return (folder + "/" + file).str(); }

  CompiledVerilog network;
  std::string folder; ///< temporary
};

} // namespace nnc
