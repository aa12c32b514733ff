//===- ElementTypes.h - From an MLIR element type to a C++ type -*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/ElementTypes.h"
#include "nnc/Interpreter/Tensor.h"

#include "llvm/Support/Error.h"

#include <type_traits>

namespace nnc::interpreter {

using nn::visitElementType;

/// The element types of arithmetic: no bool.
template <typename Fn>
bool visitNumber(mlir::Type type, Fn &&fn) {
  return !type.isInteger(1) && visitElementType(type, [&](auto zero) {
    if constexpr (!std::is_same_v<decltype(zero), bool>)
      fn(zero);
  });
}

/// float or double.
template <typename Fn>
bool visitFloat(mlir::Type type, Fn &&fn) {
  if (type.isF32())
    return fn(float()), true;
  return type.isF64() && (fn(double()), true);
}

/// An unsigned integer as wide as an element: movement needs no more.
template <typename Fn>
void visitWidth(int64_t bytes, Fn &&fn) {
  switch (bytes) {
  case 1:
    return fn(uint8_t());
  case 2:
    return fn(uint16_t());
  case 4:
    return fn(uint32_t());
  default:
    return fn(uint64_t());
  }
}

} // namespace nnc::interpreter
