//===- EmitSteps.cpp - Sums brought to a narrower range, as rtl ops --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "EmitSteps.h"
#include "dialects/Flow/FlowOps.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using nnc::flow::StepForm;
using nnc::flow::Ties;

namespace nnc::dataflow {

int64_t roundingOffset(const StepForm &form) {
  if (form.ties == Ties::Down)
    return form.offset;
  int64_t half = int64_t(1) << (form.shift - 1);
  return form.offset + half - (form.ties == Ties::Odd);
}

namespace {

/// Whether a number is above `bound`, or below it.
class Clamp {
public:
  Clamp(rtl::Wires &wires, const Number &number) : wires(wires), number(number) {}

  Value above(int64_t bound) {
    if (number.values.most <= bound)
      return {};
    if (number.values.least > bound) // which may not even fit into its bits
      return wires.constant(1, 1);
    if (bound >= 0 && llvm::isPowerOf2_64(uint64_t(bound) + 1)) {
      Value some = wires.any(highBits(llvm::Log2_64(uint64_t(bound) + 1)));
      return isSigned() ? wires.both(some, wires.invert(wires.highest(number.bits))) : some;
    }
    return compare(bound, rtl::Predicate::sgt, rtl::Predicate::ugt);
  }

  Value below(int64_t bound) {
    if (number.values.least >= bound)
      return {};
    if (number.values.most < bound)
      return wires.constant(1, 1);
    if (bound == 0)
      return wires.highest(number.bits);
    if (bound < 0 && llvm::isPowerOf2_64(uint64_t(-bound))) {
      Value sign = wires.highest(number.bits);
      return wires.both(sign, wires.invert(wires.all(highBits(llvm::Log2_64(uint64_t(-bound))))));
    }
    return compare(bound, rtl::Predicate::slt, rtl::Predicate::ult);
  }

private:
  bool isSigned() const { return number.values.least < 0; }

  /// Those from `low` upwards, without the sign.
  Value highBits(unsigned low) {
    unsigned end = rtl::widthOf(number.bits) - isSigned();
    return wires.extract(number.bits, low, end - low);
  }

  Value compare(int64_t bound, rtl::Predicate ofSigned, rtl::Predicate ofUnsigned) {
    return wires.compare(isSigned() ? ofSigned : ofUnsigned, number.bits,
                         wires.constant(bound, rtl::widthOf(number.bits)));
  }

  rtl::Wires &wires;
  const Number &number;
};

/// `bits` with the lowest one replaced.
Value withLowest(rtl::Wires &wires, Value bits, Value lowest) {
  unsigned width = rtl::widthOf(bits);
  return width == 1 ? lowest : wires.join({lowest, wires.extract(bits, 1, width - 1)});
}

/// The product without its `shift` low bits; ties are where they belong.
Number dropBits(rtl::Wires &wires, const Number &product, const StepForm &form) {
  unsigned shift = form.shift;
  Interval values = {product.values.least >> shift, product.values.most >> shift};
  bool isSigned = product.values.least < 0;
  unsigned width = std::max(rtl::widthOf(product.bits), shift + 1);
  Value all = wires.resize(product.bits, width, isSigned);
  Value bits = wires.extract(all, shift, width - shift);
  if (shift && form.ties != Ties::Down) {
    Value dropped = wires.extract(all, 0, shift), lowest = wires.bit(bits, 0);
    bool even = form.ties == Ties::Even;
    bits = withLowest(wires, bits,
                      even ? wires.both(lowest, wires.any(dropped))
                           : wires.either(lowest, wires.all(dropped)));
    values = even ? Interval{values.least & ~int64_t(1), values.most}
                  : Interval{values.least, values.most | 1};
  }
  return {wires.resize(bits, flow::widthFor(values.least, values.most), isSigned), values};
}

} // namespace

Value emitRounding(rtl::Wires &wires, const Number &product, const StepForm &form, unsigned width) {
  Number rounded = dropBits(wires, product, form);
  Clamp clamp(wires, rounded);
  Value result = wires.resize(rounded.bits, width, rounded.values.least < 0);
  if (Value above = clamp.above(form.most))
    result = wires.mux(above, wires.constant(form.most, width), result);
  if (Value below = clamp.below(form.least))
    result = wires.mux(below, wires.constant(form.least, width), result);
  return result;
}

/// Of a full tree of comparisons, the one at its root.
static size_t rootOf(size_t thresholds) { return size_t(1) << (bitWidth(thresholds) - 1); }

int64_t middleThreshold(ArrayRef<int64_t> thresholds) {
  return thresholds.empty() ? 0 : thresholds[rootOf(thresholds.size()) - 1];
}

Value emitThresholds(rtl::Wires &wires, const Number &sum, ArrayRef<int64_t> thresholds,
                     int64_t least, unsigned width) {
  if (thresholds.empty())
    return wires.constant(least, width);
  int64_t middle = middleThreshold(thresholds), never = sum.values.most + 1;
  unsigned levels = bitWidth(thresholds.size());
  unsigned wide = flow::widthFor(std::min<int64_t>(sum.values.least, -1), never);
  Value number = wires.resize(sum.bits, wide, sum.values.least < 0);
  Value count; // its bits so far, the highest ones
  for (unsigned level = levels; level-- > 0;) {
    SmallVector<int64_t> bounds; // by those bits
    for (size_t prefix = 0; prefix < size_t(1) << (levels - 1 - level); ++prefix) {
      size_t index = (2 * prefix + 1) << level;
      bounds.push_back(index > thresholds.size()
                           ? never
                           : std::clamp(thresholds[index - 1] - middle, sum.values.least, never));
    }
    Value reached;
    if (llvm::all_equal(bounds))
      reached = bounds.front() == 0 ? wires.invert(wires.highest(number))
                                    : wires.compare(rtl::Predicate::sge, number,
                                                    wires.constant(bounds.front(), wide));
    else
      reached = wires.compare(rtl::Predicate::sge, number, wires.table(count, bounds, wide));
    count = wires.join({reached, count});
  }
  unsigned size = std::max(width, levels);
  Value result = wires.resize(count, size, false);
  if (least)
    result = wires.add(result, wires.constant(least, size));
  return wires.extract(result, 0, width);
}

} // namespace nnc::dataflow
