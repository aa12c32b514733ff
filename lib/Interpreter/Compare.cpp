//===- Compare.cpp - How two tensors differ ------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ElementTypes.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace nnc::interpreter;

/// Neighbouring floats have neighbouring positions; -0 and +0 have the same.
template <typename T>
static int64_t orderedPosition(T x) {
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  constexpr Bits sign = Bits(1) << (8 * sizeof(T) - 1);
  Bits bits = std::bit_cast<Bits>(x);
  int64_t magnitude = static_cast<int64_t>(bits & ~sign);
  return bits & sign ? -magnitude : magnitude;
}

template <typename T>
static void addDifference(T got, T expected, int64_t position, Difference &difference) {
  if constexpr (std::is_floating_point_v<T>) {
    bool gotNaN = got != got, expectedNaN = expected != expected;
    if ((gotNaN && expectedNaN) || (got == expected && std::signbit(got) == std::signbit(expected)))
      return;
    bool ulpDefined = !gotNaN && !expectedNaN;
    uint64_t ulp = static_cast<uint64_t>(orderedPosition(got)) - orderedPosition(expected);
    if (static_cast<int64_t>(ulp) < 0)
      ulp = 0 - ulp;
    difference.maxUlp = std::max(difference.maxUlp, ulpDefined ? ulp : ~uint64_t(0));
    double distance = std::fabs(static_cast<double>(got) - static_cast<double>(expected));
    if (!(distance < std::numeric_limits<double>::infinity()))
      distance = std::numeric_limits<double>::infinity();
    difference.maxAbsolute = std::max(difference.maxAbsolute, distance);
  } else {
    if (got == expected)
      return;
    double distance = std::fabs(static_cast<double>(got) - static_cast<double>(expected));
    difference.maxAbsolute = std::max(difference.maxAbsolute, distance);
  }
  if (difference.count++ == 0)
    difference.first = position;
}

Difference nnc::interpreter::compare(const Tensor &got, const Tensor &expected) {
  assert(got.getType() == expected.getType());
  Difference difference;
  auto addAll = [&](auto zero) {
    using T = decltype(zero);
    ArrayRef<T> a = got.elements<T>(), b = expected.elements<T>();
    for (int64_t i = 0, n = got.getNumElements(); i < n; ++i)
      addDifference(a[i], b[i], i, difference);
  };
  // Types without arithmetic (float16, …) are only moved: their bits count.
  if (!visitElementType(got.getElementType(), addAll))
    visitWidth(got.getElementSize(), addAll);
  return difference;
}

bool nnc::interpreter::bitEqual(const Tensor &got, const Tensor &expected) {
  return got.getType() == expected.getType() && compare(got, expected).count == 0;
}

template <typename T>
static bool isClose(T got, T expected, double relative, double absolute) {
  if constexpr (std::is_floating_point_v<T>) {
    if (got != got || expected != expected)
      return got != got && expected != expected;
    if (std::isinf(got) || std::isinf(expected))
      return got == expected;
    return std::fabs(static_cast<double>(got) - expected) <=
           absolute + relative * std::fabs(static_cast<double>(expected));
  } else {
    return got == expected;
  }
}

int64_t nnc::interpreter::firstNotClose(const Tensor &got, const Tensor &expected, double relative,
                                        double absolute) {
  assert(got.getType() == expected.getType());
  if (!visitElementType(got.getElementType(), [](auto) {}))
    return compare(got, expected).first;
  int64_t first = -1;
  visitElementType(got.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    for (int64_t i = 0, n = got.getNumElements(); i < n && first < 0; ++i)
      if (!isClose(got.elements<T>()[i], expected.elements<T>()[i], relative, absolute))
        first = i;
  });
  return first;
}

std::string nnc::interpreter::elementText(const Tensor &tensor, int64_t position, bool exact) {
  std::string text;
  visitElementType(tensor.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    T x = tensor.elements<T>()[position];
    llvm::raw_string_ostream os(text);
    if constexpr (std::is_same_v<T, bool>) {
      os << (x ? "true" : "false");
    } else if constexpr (!std::is_floating_point_v<T>) {
      os << +x;
    } else if (x != x) {
      os << "nan";
    } else if (exact) {
      os << llvm::format("%a", static_cast<double>(x));
    } else {
      char buffer[64];
      os << StringRef(buffer, std::to_chars(buffer, buffer + sizeof buffer, x).ptr - buffer);
    }
  });
  return text;
}
