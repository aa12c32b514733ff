//===- ExactIsland.cpp - Islands in which no float is rounded ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ExactIsland.h"

#include "../Constants.h"
#include "../FusedActivations.h"
#include "../OddNumber.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;

namespace nnc::quantization {
namespace {

/// (a * A + b * B + ab * A * B + one) * 2^exponent of the stored integers A and B.
struct Polynomial {
  int64_t a = 0, b = 0, ab = 0, one = 0;
  int exponent = 0;

  bool isConstant() const { return a == 0 && b == 0 && ab == 0; }
};

Polynomial constant(float number) {
  auto [odd, exponent] = oddNumber(number);
  return {0, 0, 0, odd, exponent};
}

std::optional<Polynomial> sum(Polynomial p, Polynomial q, int64_t sign) {
  constexpr int furthest = 24; // further apart one of the two would have too many bits
  int exponent = std::min(p.exponent, q.exponent);
  int up = p.exponent - exponent, down = q.exponent - exponent;
  if (std::max(up, down) > furthest)
    return std::nullopt;
  auto add = [&](int64_t x, int64_t y) { return (x << up) + sign * (y << down); };
  return Polynomial{add(p.a, q.a), add(p.b, q.b), add(p.ab, q.ab), add(p.one, q.one), exponent};
}

std::optional<Polynomial> product(Polynomial p, Polynomial q) {
  bool hasSquares = (p.a && q.a) || (p.b && q.b);
  bool hasCubes = (p.ab && !q.isConstant()) || (q.ab && !p.isConstant());
  if (hasSquares || hasCubes)
    return std::nullopt;
  return Polynomial{p.a * q.one + p.one * q.a, p.b * q.one + p.one * q.b,
                    p.a * q.b + p.b * q.a + p.ab * q.one + p.one * q.ab, p.one * q.one,
                    p.exponent + q.exponent};
}

class Island {
public:
  Island(nn::QuantizeOp end, const IntegerFunction &function, const ValueRanges &ranges)
      : end(end), activations(end),
        function(function), sources{function.sources()[0].tensor, function.sources()[1].tensor},
        ranges{ranges.of(sources[0]), ranges.of(sources[1])} {}

  std::optional<Bilinear> form();
  llvm::StringRef obstacle() const { return why; }

private:
  std::optional<Polynomial> of(Value v) const;
  std::optional<Polynomial> compute(Operation *op);
  std::optional<Polynomial> dequantized(nn::DequantizeOp op) const;
  bool isExact(Polynomial p) const;
  bool isAtMostZero(Polynomial p, int64_t sign) const;
  std::optional<Bilinear> rounded(Polynomial p);
  std::optional<int64_t> roundingOffset(Polynomial p, int shift);
  std::optional<IntegerRange> reached(Bilinear form);

  nn::QuantizeOp end;
  FusedActivations activations;
  const IntegerFunction &function;
  Value sources[2];
  IntegerRange ranges[2];
  llvm::DenseMap<Value, Polynomial> known;
  std::string why = "its floats are rounded on the way: scales are no powers of two, or too far "
                    "apart for 24 bits"; ///< unless something else is found
};

std::optional<Polynomial> Island::of(Value v) const {
  if (auto entry = known.find(v); entry != known.end())
    return entry->second;
  if (std::optional<float> number = constantFloat(v); number && std::isfinite(*number))
    return constant(*number);
  return std::nullopt;
}

/// Whether 24 bits and a moderate exponent hold all that it gives.
bool Island::isExact(Polynomial p) const {
  auto greatest = [](IntegerRange r) { // of 0 alone 1: factors are limited, too
    return double(std::max<int64_t>({-r.least, r.most, 1}));
  };
  double a = greatest(ranges[0]), b = greatest(ranges[1]);
  double bound = a * std::abs(p.a) + b * std::abs(p.b) + a * b * std::abs(p.ab) + std::abs(p.one);
  constexpr int moderate = 30;
  return bound <= 0x1p24 && std::abs(p.exponent) <= moderate;
}

/// Whether all that it gives is 0 or, times `sign`, less.
bool Island::isAtMostZero(Polynomial p, int64_t sign) const {
  for (int64_t a : {ranges[0].least, ranges[0].most}) // extremes are at the corners
    for (int64_t b : {ranges[1].least, ranges[1].most})
      if (sign * (a * p.a + b * p.b + a * b * p.ab + p.one) > 0)
        return false;
  return true;
}

std::optional<Polynomial> Island::dequantized(nn::DequantizeOp op) const {
  std::optional<Polynomial> scale = of(op.getScale());
  std::optional<int64_t> zero = constantInteger(op.getZeroPoint());
  if (!scale || !zero)
    return std::nullopt;
  Polynomial distance{op.getInput() == sources[0], op.getInput() == sources[1], 0, -*zero, 0};
  return product(distance, *scale);
}

std::optional<Polynomial> Island::compute(Operation *op) {
  SmallVector<Polynomial, 2> operands;
  if (isa<nn::AddOp, nn::SubOp, nn::MulOp, nn::NegOp, nn::Floor0Op>(op))
    for (Value v : op->getOperands()) {
      std::optional<Polynomial> p = of(v);
      if (!p)
        return std::nullopt;
      operands.push_back(*p);
    }
  return llvm::TypeSwitch<Operation *, std::optional<Polynomial>>(op)
      .Case([&](nn::DequantizeOp source) { return dequantized(source); })
      .Case([&](nn::AddOp) { return sum(operands[0], operands[1], 1); })
      .Case([&](nn::SubOp) { return sum(operands[0], operands[1], -1); })
      .Case([&](nn::MulOp) { return product(operands[0], operands[1]); })
      .Case([&](nn::NegOp) { return sum({}, operands[0], -1); })
      .Case([&](nn::Floor0Op floor) -> std::optional<Polynomial> {
        if (operands[0].exponent < static_cast<int64_t>(floor.getExponent())) // some would become 0
          return std::nullopt;
        return operands[0];
      })
      .Default([&](Operation *other) -> std::optional<Polynomial> {
        std::optional<Polynomial> p = of(other->getOperand(0));
        // A limit behind all else may come after the rounding, too.
        if (llvm::is_contained(activations.ops, other) ||
            (p && isa<nn::ReluOp>(other) && isAtMostZero(*p, -1)))
          return p;
        why = nn::quotedName(other) + " is no sum, difference or product";
        return std::nullopt;
      });
}

std::optional<Bilinear> Island::form() {
  for (Operation *op : function.operations().drop_back()) {
    std::optional<Polynomial> p = compute(op);
    if (!p || !isExact(*p))
      return std::nullopt;
    known[op->getResult(0)] = *p;
  }
  std::optional<Polynomial> last = of(end.getInput());
  return last ? rounded(*last) : std::nullopt;
}

/// Its quotient by the scale of the result, with its zero point, in fixed point.
std::optional<Bilinear> Island::rounded(Polynomial p) {
  std::optional<Polynomial> scale = of(end.getScale());
  std::optional<int64_t> zero = constantInteger(end.getZeroPoint());
  constexpr int mostShift = 40, mostFactor = 16;
  int shift = scale ? scale->exponent - p.exponent : 0;
  if (!scale || !zero || scale->one != 1 || shift > mostShift || shift < -mostFactor)
    return std::nullopt;
  int64_t factor = int64_t(1) << std::max(0, -shift);
  shift = std::max(0, shift);
  std::optional<int64_t> offset = roundingOffset(p, shift);
  if (!offset)
    return std::nullopt;
  Bilinear form{p.a * factor,  p.b * factor,
                p.ab * factor, p.one * factor + (*zero << shift) + *offset,
                shift,         {}};
  if (shift > 0 && end.getRounding() == nn::RoundingMode::HalfEven)
    form.ties = *zero & 1 ? Ties::Odd : Ties::Even;
  std::optional<IntegerRange> levels = reached(form);
  if (!levels)
    return std::nullopt;
  form.levels = *levels;
  return form;
}

/// What is added before `shift` bits are dropped downwards, for the result's rounding.
std::optional<int64_t> Island::roundingOffset(Polynomial p, int shift) {
  using nn::RoundingMode;
  int64_t all = (int64_t(1) << shift) - 1, half = all / 2;
  RoundingMode rounding = end.getRounding();
  if (shift == 0 || rounding == RoundingMode::HalfEven || rounding == RoundingMode::Floor)
    return 0;
  if (rounding == RoundingMode::Ceil)
    return all;
  // The others look at the sign. What ReLU cuts off has none.
  bool isCut = llvm::any_of(activations.ops, [](Operation *op) { return isa<nn::ReluOp>(op); });
  bool isPositive = isCut || isAtMostZero(p, -1);
  if (!isPositive && !isAtMostZero(p, 1)) {
    why = "its rounding looks at the sign, and it has both";
    return std::nullopt;
  }
  bool isAway = rounding == RoundingMode::HalfAway || rounding == RoundingMode::Away;
  bool isUp = isAway == isPositive;
  if (rounding == RoundingMode::Away || rounding == RoundingMode::ToZero)
    return isUp ? all : 0;
  return isUp ? half + 1 : half;
}

/// The levels that limits leave, as far as they are reached.
std::optional<IntegerRange> Island::reached(Bilinear form) {
  auto levels = limitedLevels(activations.ops, end, end.getRounding());
  if (!levels)
    return std::nullopt;
  form.levels = *levels;
  // A polynomial without squares has its extremes at the corners.
  SmallVector<int64_t, 4> corners;
  for (int64_t a : {ranges[0].least, ranges[0].most})
    for (int64_t b : {ranges[1].least, ranges[1].most})
      corners.push_back(form(a, b));
  return IntegerRange{*llvm::min_element(corners), *llvm::max_element(corners)};
}

} // namespace

std::optional<Bilinear> findExactForm(nn::QuantizeOp end, const IntegerFunction &function,
                                      const ValueRanges &ranges, std::string &why) {
  Island island(end, function, ranges);
  std::optional<Bilinear> form = island.form();
  if (!form)
    why = island.obstacle();
  return form;
}

} // namespace nnc::quantization
