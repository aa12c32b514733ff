//===- Sequence.cpp - Counters through all taps of all layers -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Machine.h"
#include "Walk.h"

#include "llvm/ADT/STLExtras.h"

using nnc::rtl::widthOf;

namespace nnc::sequencer {

namespace {

class SequenceBuilder {
public:
  explicit SequenceBuilder(Machine &m) : m(m), w(m.w) {}

  Flags build(Value start, Value &address) {
    w.comment("sequence: counters through all taps of all layers, which no data reaches");
    Flags flags;
    layer = flags.layer =
        m.program.layers.size() == 1 ? w.zero() : w.declare("layer", m.layerWidth(), 0);
    Value running = w.declare("running", 1, 0);
    flags.valid = go = hasWaits() ? w.declare("go", 1, 0) : running;
    buildCounters();
    Value tapsLast = w.named(through(firstChannel), "taps_last");
    flags.pixelLast = w.named(through(firstPixel), "pixel_last");
    flags.layerLast = w.named(through(loopLevels), "layer_last");
    flags.last = w.named(w.both(go, tapsLast), "issued_last");
    Value layerEnds = w.named(w.both(go, flags.layerLast), "layer_ends");
    Value frameEnds = w.named(w.both(layerEnds, m.isLastLayer(layer)), "frame_ends");
    w.drive(running, w.either(start, w.both(running, w.invert(frameEnds))));
    if (hasWaits())
      buildWaits(start, running, frameEnds, flags);
    if (!rtl::Wires::known(layer)) {
      Value next = w.add(layer, w.constant(1, m.layerWidth()));
      w.drive(layer, w.gated(w.invert(m.isLastLayer(layer)), next), layerEnds);
    }
    flags.first = w.declare("first", 1, 1);
    w.drive(flags.first, tapsLast, go);
    flags.groupLast = isLast[firstChannel];
    address = place(
        "read_addr", &Loop::address, [](const Layer &l) { return l.start; },
        rtl::addressWidth(m.program.depth));
    flags.padding = padding();
    flags.nextDigit = nextDigit(flags.first);
    return flags;
  }

private:
  bool hasWaits() const {
    return llvm::any_of(m.schedule.layers,
                        [](const LayerTimes &t) { return t.stall > 0 || t.gap > 0; });
  }

  /// One counter for each loop that any layer has; `isLast` is set in its last round.
  void buildCounters() {
    Value enable = go;
    for (unsigned level = 0; level < loopLevels; ++level) {
      Value last = w.one();
      if (m.anyLayer([&](const Layer &l) { return l.loops[level].count > 1; })) {
        std::string name = "loop" + std::to_string(level);
        Value most = m.perLayer(name + "_most", layer,
                                [&](const Layer &l) { return l.loops[level].count - 1; });
        unsigned width = widthOf(most);
        Value counter = w.declare(name, width, 0);
        last = w.named(w.compare(rtl::Predicate::eq, counter, most), name + "_last");
        Value next = w.gated(w.invert(last), w.add(counter, w.constant(1, width)));
        w.drive(counter, w.named(next, name + "_next"), enable);
        if (level == 0)
          innermost = counter;
      }
      isLast[level] = last;
      enable = w.both(enable, last);
    }
  }

  /// Whether all loops inside of `level` are in their last rounds.
  Value through(unsigned level) {
    Value all = w.one();
    for (unsigned inner = 0; inner < level; ++inner)
      all = w.both(all, isLast[inner]);
    return all;
  }

  /// Clocks without a tap behind blocks and layers.
  void buildWaits(Value start, Value running, Value frameEnds, const Flags &flags) {
    std::vector<int64_t> stalls, gaps;
    int64_t most = 0;
    for (const LayerTimes &times : m.schedule.layers) {
      stalls.push_back(times.stall);
      gaps.push_back(times.gap);
      most = std::max({most, times.stall, times.gap});
    }
    unsigned width = 64 - llvm::countl_zero<uint64_t>(most);
    Value wait = w.declare("wait", width, 0);
    Value behindBlock = m.perLayer("block_wait", layer, stalls, width);
    Value behindLayer = m.perLayer("layer_wait", layer, gaps, width);
    Value load = w.named(w.mux(flags.layerLast, behindLayer, behindBlock), "next_wait");
    Value isWaiting = w.any(wait);
    Value left = w.sub(wait, w.constant(1, width));
    w.drive(wait, w.mux(flags.last, load, left), w.either(flags.last, isWaiting));
    // The next clock has a tap unless a wait begins or goes on.
    Value goesOn =
        w.mux(flags.last, w.invert(w.any(load)), w.mux(isWaiting, w.equals(wait, 1), go));
    w.drive(go, w.either(start, w.both(w.both(running, w.invert(frameEnds)), goesOn)));
  }

  /// A number that follows the loops, all layers through.
  Value place(StringRef name, Coordinate coordinate, Machine::LayerNumber start, unsigned width) {
    const auto &layers = m.program.layers;
    Value reg = w.declare(name, width, start(layers[0]));
    Value step;
    // From the outermost loop inwards: the innermost loop that goes on decides.
    for (unsigned level = loopLevels + 1; level-- > 0;) {
      if (level < loopLevels && rtl::Wires::known(isLast[level]))
        continue;
      std::vector<int64_t> steps;
      for (size_t i = 0; i < layers.size(); ++i) {
        int64_t ahead =
            level == loopLevels ? start(layers[(i + 1) % layers.size()]) - start(layers[i]) : 0;
        steps.push_back(stepOf(layers[i], coordinate, level) + ahead);
      }
      std::string where = level == loopLevels ? "layer" : "loop" + std::to_string(level);
      Value own = m.perLayer((name + "_step_" + where).str(), layer, steps, width);
      step = step ? w.mux(isLast[level], step, own) : own;
    }
    w.drive(reg, w.named(w.add(reg, step), name + "_next"), go);
    return reg;
  }

  Value padding() {
    Value is = w.zero();
    if (!m.anyLayer([](const Layer &l) { return l.isPadded; }))
      return is;
    is = w.either(outside(
                      "row", &Loop::row, [](const Layer &l) { return l.startRow; },
                      [](const Layer &l) { return l.rows; }),
                  outside(
                      "column", &Loop::column, [](const Layer &l) { return l.startColumn; },
                      [](const Layer &l) { return l.columns; }));
    return w.named(is, "padding");
  }

  /// Negative numbers are great ones without a sign, so that one comparison does.
  Value outside(StringRef name, Coordinate coordinate, Machine::LayerNumber start,
                Machine::LayerNumber size) {
    Interval reached;
    bool isLeft = false; // by a tap, to either side
    for (const Layer &l : m.program.layers) {
      int64_t most = start(l);
      for (const Loop &loop : l.loops)
        most += (loop.count - 1) * (loop.*coordinate);
      reached = reached.hull({start(l), std::max(most, size(l))});
      isLeft |= start(l) < 0 || most >= size(l);
    }
    if (!isLeft)
      return w.zero();
    unsigned width = reached.signedWidth();
    Value at = place(name, coordinate, start, width);
    return w.compare(rtl::Predicate::uge, at, m.perLayer((name + "s").str(), layer, size, width));
  }

  Value nextDigit(Value first) {
    auto isDigits = [](const Layer &l) { return l.accumulation == Accumulation::Digits; };
    if (!m.anyLayer([&](const Layer &l) { return isDigits(l) && l.taps() > l.loops[0].count; }))
      return w.zero();
    Value begins = innermost ? w.invert(w.any(innermost)) : w.one();
    return w.both(w.both(begins, w.invert(first)), m.perLayer("has_digits", layer, isDigits, 1));
  }

  Machine &m;
  rtl::Wires &w;
  Value layer, go, innermost;
  std::array<Value, loopLevels> isLast;
};

} // namespace

Flags buildSequence(Machine &machine, Value start, Value &address) {
  return SequenceBuilder(machine).build(start, address);
}

} // namespace nnc::sequencer
