//===- FormComparison.h - Two forms of one network, node by node ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Pipeline/Session.h"
#include "nnc/Support/QuantizationFacts.h"

#include "llvm/ADT/StringMap.h"

namespace llvm {
class raw_ostream;
}

namespace nnc {

/// Compares what the nodes of a network compute with what the nodes of the same names do in
/// another form of it: float, between QuantizeLinear and DequantizeLinear, or QOperator.
class FormComparison {
public:
  FormComparison(Session &network, const CompileOptions &other) : network(network), other(other) {}

  /// False: the other form cannot be read; reported.
  bool load() { return other.load(); }
  /// Runs both on `set`, whose inputs are the network's.
  llvm::Error add(const DataSet &set);
  /// A row for each node that both have, in the network's order. Error: there is none.
  llvm::Error print(llvm::raw_ostream &os) const;

private:
  Session &network;
  Session other;
  std::vector<std::pair<std::string, QuantizationError>> rows; ///< node and error
  llvm::StringMap<size_t> rowOf;
};

} // namespace nnc
