//===- NetNames.cpp - What things are called in a Verilog module --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "NetNames.h"

#include "dialects/NN/NNOps.h"
#include "dialects/RTL/Names.h"
#include "nnc/Support/Printable.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace nnc::hls {

/// ONNX names are paths of modules and may be long; what is at their end tells most.
static constexpr size_t maxLayerLength = 40, maxHintLength = 80;

std::string layerOf(mlir::Location location) {
  return printable(join(nn::nodeNames(location), ", "));
}

/// `text` with one '_' for whatever Verilog does not take.
static std::string sanitized(StringRef text) {
  std::string name;
  for (char c : text)
    if (isAlnum(c))
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  return name;
}

static std::string joined(mlir::Location location, StringRef hint) {
  SmallVector<StringRef> nodes = nn::nodeNames(location);
  std::string layer = nodes.empty() ? "" : sanitized(nodes.front().take_back(maxLayerLength));
  std::string name = sanitized(hint.take_front(maxHintLength));
  if (!layer.empty() && !name.empty() && layer.back() != '_')
    layer += '_';
  name = layer + name;
  return name.empty() || isDigit(name[0]) ? "n_" + name : name;
}

std::string NetNames::insert(std::string name) {
  std::string base = name;
  while (rtl::isReservedWord(name) || !taken.insert(name).second)
    name = base + "_" + std::to_string(next[base]++);
  return name;
}

std::string NetNames::unique(mlir::Location location, StringRef hint) {
  return insert(joined(location, hint));
}

std::string NetNames::numbered(mlir::Location location, StringRef kind) {
  std::string base = joined(location, kind);
  return insert(base + "_" + std::to_string(next[base]++));
}

std::string NetNames::of(mlir::Operation *op) {
  if (auto name = op->getAttrOfType<mlir::StringAttr>(rtl::nameAttr))
    return unique(op->getLoc(), name);
  return numbered(op->getLoc(), op->getName().stripDialect());
}

} // namespace nnc::hls
