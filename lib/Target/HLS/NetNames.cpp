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

bool NetNames::take(StringRef name) {
  return !rtl::isReservedWord(name) && taken.insert(name).second;
}

std::string NetNames::takeNumbered(const std::string &base) {
  std::string name;
  do
    name = base + "_" + std::to_string(next[base]++);
  while (!take(name));
  return name;
}

std::string NetNames::unique(mlir::Location location, StringRef hint) {
  std::string name = joined(location, hint);
  return take(name) ? name : takeNumbered(name);
}

std::string NetNames::numbered(mlir::Location location, StringRef kind) {
  return takeNumbered(joined(location, kind));
}

std::string NetNames::sink() {
  std::string name = "_unused";
  return take(name) ? name : takeNumbered(name);
}

std::string NetNames::of(mlir::Operation *op) {
  if (auto name = op->getAttrOfType<mlir::StringAttr>(rtl::nameAttr))
    return unique(op->getLoc(), name);
  return numbered(op->getLoc(), op->getName().stripDialect());
}

} // namespace nnc::hls
