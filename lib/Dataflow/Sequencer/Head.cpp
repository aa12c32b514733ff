//===- Head.cpp - What a network ends with ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Elements come from the last layer at clocks that the schedule knows. A softmax keeps
// them in a memory of its own, since its exponentials are wider than activations.
//
//===----------------------------------------------------------------------===//
#include "Machine.h"

#include "llvm/ADT/STLExtras.h"

using llvm::APInt;
using nnc::rtl::widthOf;

namespace nnc::sequencer {

namespace {

/// Counts the clocks in which `step` is set, from 0 to `count - 1` and again.
rtl::Counter counter(rtl::Wires &w, StringRef name, int64_t count, Value step) {
  rtl::Counter counter(w, name, count);
  counter.run(step);
  return counter;
}

class HeadBuilder {
public:
  HeadBuilder(Machine &m, const Elements &in)
      : m(m), w(m.w), head(m.program.head), valid(in.valid),
        element(w.toSigned(in.data, head.elements.signedWidth())) {}

  /// The greatest so far, and its number.
  Elements argMax() {
    w.comment("argmax");
    rtl::Counter number = counter(w, "head_number", head.size, valid);
    Value greatest = w.declare("head_greatest", widthOf(element));
    Value index = w.declare("head_index", widthOf(number.now));
    auto isMore = head.last ? rtl::Predicate::sge : rtl::Predicate::sgt;
    Value takes = w.either(number.isFirst, w.compare(isMore, element, greatest));
    w.drive(greatest, element, w.both(valid, takes));
    w.drive(index, number.now, w.both(valid, takes));
    Value done = w.named(w.later(w.both(valid, number.isLast), 1, 0), "head_done");
    return {done, w.toUnsigned(index, widthOf(index) + 1)};
  }

  Elements softmax() {
    w.comment("softmax");
    Value filled = fill();
    count(filled);
    Value x = read();
    Value power = exponential(x);
    addUp(power);
    return divide(power);
  }

private:
  /// Elements are written one after another; set when the last one is.
  Value fill() {
    int64_t elements = head.size * head.groups;
    rtl::Counter number = counter(w, "softmax_filled", elements, valid);
    writeAddress = number.now;
    return w.both(valid, number.isLast);
  }

  /// Groups, passes, elements and phases, from the outside.
  void count(Value start) {
    running = w.declare("softmax_running", 1, 0);
    phase.emplace(counter(w, "softmax_phase", head.phases(), running));
    Value phaseEnd = w.both(running, phase->isLast);
    number.emplace(counter(w, "softmax_number", head.size, phaseEnd));
    Value passEnd = w.both(phaseEnd, number->isLast);
    pass.emplace(counter(w, "softmax_pass", Head::passes, passEnd));
    groupEnd = w.both(passEnd, pass->isLast);
    rtl::Counter group = counter(w, "softmax_group", head.groups, groupEnd);
    w.drive(running, w.either(start, w.both(running, w.invert(w.both(groupEnd, group.isLast)))));
    readAddress = number->now;
    if (head.groups == 1)
      return;
    unsigned width = rtl::addressWidth(head.size * head.groups);
    Value base = w.declare("softmax_base", width, 0);
    w.drive(base, w.gated(w.invert(group.isLast), w.add(base, w.constant(head.size, width))),
            groupEnd);
    readAddress = w.add(base, w.toUnsigned(number->now, width));
  }

  /// Whether a phase of a pass is now; of any pass if it is none.
  Value isNow(int64_t atPhase, std::optional<int64_t> inPass = {}) {
    Value now = w.both(running, w.equals(phase->now, atPhase));
    return inPass ? w.both(now, w.equals(pass->now, *inPass)) : now;
  }

  /// The element that was asked for in phase 0.
  Value read() {
    return m.ram("softmax_elements", std::max<int64_t>(2, head.size * head.groups),
                 {valid, writeAddress, element}, {isNow(0), readAddress});
  }

  /// Of the element that was read: in phase 1 the greatest is found, or the table is asked.
  Value exponential(Value x) {
    Value greatest = w.declare("softmax_greatest", widthOf(x));
    Value takes = w.either(number->isFirst, w.compare(rtl::Predicate::sgt, x, greatest));
    w.drive(greatest, x, w.both(isNow(1, 0), takes));
    unsigned width = rtl::addressWidth(std::max<size_t>(2, head.exponentials.size()));
    Value distance = w.sub(w.toSigned(greatest, width), w.toSigned(x, width));
    most = *llvm::max_element(head.exponentials);
    std::vector<APInt> words;
    for (int64_t power : head.exponentials)
      words.push_back(APInt(Interval{0, most}.width(), power));
    return m.rom("exponentials", words, isNow(1), w.named(distance, "softmax_distance"));
  }

  /// The divisor, there when the second pass is over.
  void addUp(Value power) {
    most *= head.size;
    Value sum = w.declare("softmax_sum", Interval{0, most}.width());
    Value before = w.gated(w.invert(number->isFirst), sum);
    w.drive(sum, w.add(before, w.toUnsigned(power, widthOf(sum))), isNow(2, 1));
    divisor = sum;
    if (head.factor == 1)
      return;
    most *= head.factor;
    unsigned width = Interval{0, most}.width();
    divisor = w.named(w.later(w.mul(w.toUnsigned(sum, width), w.constant(head.factor, width))),
                      "softmax_divisor");
  }

  /// From phase 2 on a bit of the quotient a clock, the one before the point first; the bit behind
  /// the last one decides about rounding.
  Elements divide(Value power) {
    unsigned width = Interval{0, most}.width();
    Value rest = w.declare("softmax_rest", width);
    Value quotient = w.declare("softmax_quotient", head.shift + 1);
    Value whole = w.mux(isNow(2), w.toUnsigned(power, width + 1), w.shiftedLeft(rest, 1));
    Value left = w.named(w.sub(whole, w.toUnsigned(divisor, width + 1)), "softmax_left");
    Value fits = w.invert(w.highest(left)); // differences are less than the divisor
    w.drive(rest, w.extract(w.mux(fits, left, whole), 0, width), running);
    w.drive(quotient, head.shift == 0 ? fits : w.join({fits, w.extract(quotient, 0, head.shift)}),
            w.both(running, w.invert(phase->isLast)));
    Value up = w.both(fits, w.either(w.any(left), w.bit(quotient, 0)));
    unsigned rounded = head.shift + 2;
    Value result = w.add(w.toUnsigned(quotient, rounded), w.toUnsigned(up, rounded));
    Value done = w.later(isNow(head.phases() - 1, Head::passes - 1), 1, 0);
    return {w.named(done, "softmax_done"), w.named(w.later(clamped(result)), "softmax_result")};
  }

  /// Quotients are not negative, and the zero point is in range.
  Value clamped(Value quotient) {
    int64_t bound = head.range.most - head.zeroPoint;
    unsigned from = widthOf(quotient), width = head.range.signedWidth();
    if (bound < (int64_t(1) << from) - 1) {
      Value most = w.constant(bound, from);
      quotient = w.mux(w.compare(rtl::Predicate::ugt, quotient, most), most, quotient);
    }
    return w.add(w.toUnsigned(quotient, width), w.constant(head.zeroPoint, width));
  }

  Machine &m;
  rtl::Wires &w;
  const Head &head;
  Value valid, element;
  Value writeAddress, readAddress;
  Value running, groupEnd, divisor;
  std::optional<rtl::Counter> phase, number, pass;
  int64_t most = 0; ///< that the sum reaches
};

} // namespace

Elements buildHead(Machine &machine, const Elements &results) {
  switch (machine.program.head.kind) {
  case Head::Kind::None:
    return results;
  case Head::Kind::ArgMax:
    return HeadBuilder(machine, results).argMax();
  case Head::Kind::Softmax:
    return HeadBuilder(machine, results).softmax();
  }
}

} // namespace nnc::sequencer
