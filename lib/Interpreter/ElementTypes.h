//===- ElementTypes.h - From an MLIR element type to a C++ type -*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Interpreter/Tensor.h"

#include "llvm/Support/Error.h"

#include <type_traits>

namespace nnc::interpreter {

/// Calls `fn` with a value of the C++ type that holds elements of `type`;
/// false if there is none. Signless integers are signed, i1 is bool.
template <typename Fn>
bool visitElementType(mlir::Type type, Fn &&fn) {
  if (type.isF32())
    return fn(float()), true;
  if (type.isF64())
    return fn(double()), true;
  if (type.isInteger(1))
    return fn(bool()), true;
  bool isUnsigned = type.isUnsignedInteger();
  if (!type.isInteger())
    return false;
  switch (type.getIntOrFloatBitWidth()) {
  case 8:
    return isUnsigned ? fn(uint8_t()) : fn(int8_t()), true;
  case 16:
    return isUnsigned ? fn(uint16_t()) : fn(int16_t()), true;
  case 32:
    return isUnsigned ? fn(uint32_t()) : fn(int32_t()), true;
  case 64:
    return isUnsigned ? fn(uint64_t()) : fn(int64_t()), true;
  }
  return false;
}

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
