//===- Rounding.cpp - From values to results ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Machine.h"

#include "llvm/ADT/STLExtras.h"

using llvm::APInt;
using nnc::rtl::widthOf;

namespace nnc::sequencer {

namespace {

class Rounding {
public:
  explicit Rounding(Machine &m) : m(m), w(m.w) {}

  Result build(const Flags &flags, Value value, Value shift, Value tieRegions) {
    w.comment("rounding: shifts, ties, bounds, tables");
    Value rounded = round(value, shift ? shift : layerShift(flags.layer), tieRegions, flags.layer);
    return lookUp(count(flags, rounded, w.named(clamped(rounded, flags), "result")));
  }

private:
  Value layerShift(Value layer) {
    std::vector<int64_t> places;
    for (int shift : m.scaling.layerShift)
      places.push_back(llvm::find(m.scaling.shifts, static_cast<unsigned>(shift)) -
                       m.scaling.shifts.begin());
    return m.perLayer("layer_shift", layer, places,
                      rtl::addressWidth(std::max<size_t>(2, m.scaling.shifts.size())));
  }

  Value round(Value value, Value shift, Value tieRegions, Value layer) {
    unsigned width = m.scaling.results.signedWidth();
    std::vector<Value> shifted;
    for (unsigned by : m.scaling.shifts) {
      unsigned low = std::min(by, widthOf(value) - 1); // the sign is in all bits above
      shifted.push_back(
          w.toSigned(w.extract(value, low, std::min(width, widthOf(value) - low)), width));
    }
    Value result = w.select(shift, shifted);
    auto goTo = [&](Ties ties) {
      std::vector<int64_t> is;
      for (Ties own : m.scaling.layerTies)
        is.push_back(own == ties);
      return w.both(w.any(tieRegions),
                    m.perLayer(ties == Ties::Even ? "ties_to_even" : "ties_to_odd", layer, is, 1));
    };
    Value toEven = goTo(Ties::Even), toOdd = goTo(Ties::Odd);
    if (rtl::Wires::known(toEven) == 0 && rtl::Wires::known(toOdd) == 0)
      return result;
    Value near = isTie(value, shift, layer, toOdd), lowest = w.bit(result, 0);
    Value down = w.both(near, toEven), up = w.both(near, toOdd);
    if (widthOf(tieRegions) == 1) {
      lowest = w.either(w.both(lowest, w.invert(down)), up);
      return width == 1 ? lowest : w.join({lowest, w.extract(result, 1, width - 1)});
    }
    std::vector<Value> regions;
    for (unsigned i = 0; i < widthOf(tieRegions); ++i)
      regions.push_back(w.bit(tieRegions, i));
    Value isTied = w.select(w.extract(w.toSigned(result, std::max(width, 8u)), 5, 3), regions);
    Value isAbove = isAboveHalf(value, shift, layer);
    down = w.both(down, w.mux(isTied, lowest, w.invert(isAbove)));
    up = w.both(up, w.mux(isTied, w.invert(lowest), isAbove));
    result = w.sub(result, w.toUnsigned(down, width));
    return rtl::Wires::known(up) == 0 ? result : w.add(result, w.toUnsigned(up, width));
  }

  /// Of what is near to a half, if the layer looks at a part of the bits only.
  Value isAboveHalf(Value value, Value shift, Value layer) {
    return perPrecision(layer, [&](unsigned precision) {
      std::vector<Value> above;
      for (unsigned by : m.scaling.shifts)
        above.push_back(precision > 0 && by > precision && by - precision <= widthOf(value)
                            ? w.bit(value, by - precision - 1)
                            : w.one());
      return w.select(shift, above);
    });
  }

  /// Whether nothing is left of a value behind the point, or all that can be (Scale::rounding), as
  /// far as the layer looks.
  Value isTie(Value value, Value shift, Value layer, Value toOdd) {
    return perPrecision(
        layer, [&](unsigned precision) { return isTieAt(value, shift, toOdd, precision); });
  }

  /// `make` of the number of bits that the layer looks at.
  Value perPrecision(Value layer, llvm::function_ref<Value(unsigned)> make) {
    std::vector<int64_t> precisions, places;
    for (auto [ties, bits] : llvm::zip_equal(m.scaling.layerTies, m.scaling.layerTieBits))
      if (ties != Ties::Down)
        precisions.push_back(bits);
    llvm::sort(precisions);
    precisions.erase(llvm::unique(precisions), precisions.end());
    for (int64_t bits : m.scaling.layerTieBits) // any where there are no ties
      places.push_back((llvm::find(precisions, bits) - precisions.begin()) %
                       static_cast<int64_t>(precisions.size()));
    std::vector<Value> made;
    for (int64_t precision : precisions)
      made.push_back(make(precision));
    return w.select(m.perLayer("tie_precision", layer, places,
                               rtl::addressWidth(std::max<size_t>(2, made.size()))),
                    made);
  }

  Value isTieAt(Value value, Value shift, Value toOdd, unsigned precision) {
    std::vector<Value> tied;
    for (unsigned by : m.scaling.shifts) {
      unsigned from = precision > 0 && by > precision ? by - precision : 0;
      Value rest =
          by == 0 ? Value()
                  : w.extract(w.toSigned(value, std::max(by, widthOf(value))), from, by - from);
      tied.push_back(rest ? w.mux(toOdd, w.all(rest), w.invert(w.any(rest))) : w.zero());
    }
    return w.select(shift, tied);
  }

  /// Bounds that are powers of two are seen by the highest bits.
  Value above(Value result, int64_t most) {
    unsigned width = widthOf(result);
    if (most < 0 || (most & (most + 1)))
      return w.compare(rtl::Predicate::sgt, result, w.constant(most, width));
    unsigned low = 64 - llvm::countl_zero<uint64_t>(most);
    return w.both(w.invert(w.highest(result)), w.any(w.extract(result, low, width - 1 - low)));
  }

  Value below(Value result, int64_t least) {
    unsigned width = widthOf(result);
    if (least > 0 || (-least & (-least - 1)))
      return w.compare(rtl::Predicate::slt, result, w.constant(least, width));
    if (least == 0)
      return w.highest(result);
    unsigned low = 63 - llvm::countl_zero<uint64_t>(-least);
    return w.both(w.highest(result), w.invert(w.all(w.extract(result, low, width - 1 - low))));
  }

  /// Whether a layer's results pass one of its bounds: `passes(bound)` in the layers that have it.
  Value passes(Value result, Value layer, int64_t Interval::*bound,
               llvm::function_ref<Value(int64_t)> passed) {
    std::vector<int64_t> bounds;
    auto isPassed = [&](const Layer &l, Interval unclamped) {
      if (l.counted)
        return false;
      Interval wider = unclamped.hull(l.range);
      return wider.*bound != l.range.*bound;
    };
    for (auto [l, unclamped] : llvm::zip_equal(m.program.layers, m.scaling.layerResults))
      if (isPassed(l, unclamped))
        bounds.push_back(l.range.*bound);
    llvm::sort(bounds);
    bounds.erase(llvm::unique(bounds), bounds.end());
    Value any = w.zero();
    for (int64_t number : bounds) {
      std::vector<int64_t> has;
      for (auto [l, unclamped] : llvm::zip_equal(m.program.layers, m.scaling.layerResults))
        has.push_back(l.range.*bound == number && isPassed(l, unclamped));
      any = w.either(any, w.both(m.perLayer("has_bound", layer, has, 1), passed(number)));
    }
    return any;
  }

  Value clamped(Value result, const Flags &flags) {
    Value isAbove = passes(result, flags.layer, &Interval::most,
                           [&](int64_t most) { return above(result, most); });
    Value isBelow = passes(result, flags.layer, &Interval::least,
                           [&](int64_t least) { return below(result, least); });
    Interval all;
    for (const Layer &l : m.program.layers)
      all = all.hull(l.range);
    unsigned width = std::min(widthOf(result), all.signedWidth());
    auto bound = [&](StringRef name, int64_t Interval::*end) {
      return m.perLayer(
          name, flags.layer, [=](const Layer &l) { return l.range.*end; }, width);
    };
    Value low = w.extract(result, 0, width);
    return w.mux(isAbove, bound("most", &Interval::most),
                 w.mux(isBelow, bound("least", &Interval::least), low));
  }

  /// Of layers that count, how many of a sum's results so far are not negative.
  Result count(const Flags &flags, Value rounded, Value result) {
    auto isCounted = [](const Layer &l) { return l.counted > 0; };
    if (!m.anyLayer(isCounted))
      return {flags, result};
    Interval all;
    for (const Layer &l : m.program.layers)
      all = all.hull(l.range).hull({l.countFrom, l.countFrom});
    unsigned width = all.signedWidth();
    Value first = m.perLayer(
        "count_from", flags.layer, [](const Layer &l) { return l.countFrom; }, width);
    Value begins = w.declare("count_begins", 1, 1), before = w.declare("count", width);
    Value isReached = w.toUnsigned(w.invert(w.highest(rounded)), width);
    Value counted = w.named(w.add(w.mux(begins, first, before), isReached), "counted");
    w.drive(begins, flags.last, flags.valid);
    w.drive(before, counted, flags.valid);
    Flags whole = flags;
    whole.valid = w.both(flags.valid, flags.last);
    Value isCount = m.perLayer("is_counted", flags.layer, isCounted, 1);
    return {whole, w.mux(isCount, counted, w.toSigned(result, width))};
  }

  /// Tables stand in one ROM, each as many times 256 words as it takes.
  Result lookUp(const Result &result) {
    constexpr unsigned unitBits = 8;
    std::vector<std::vector<int64_t>> tables;
    std::vector<int64_t> words, places, isLong, has;
    for (const Layer &l : m.program.layers) {
      has.push_back(!l.table.empty());
      isLong.push_back(l.table.size() >> unitBits > 1);
      int64_t place = 0;
      auto before = llvm::find(tables, l.table);
      for (const auto &table : llvm::make_range(tables.begin(), before))
        place += static_cast<int64_t>(table.size() >> unitBits);
      places.push_back(has.back() ? place : 0);
      if (has.back() && before == tables.end())
        tables.push_back(l.table);
    }
    if (tables.empty())
      return result;
    Interval entries;
    for (const auto &table : tables)
      for (int64_t entry : table) {
        words.push_back(entry);
        entries = entries.hull({entry, entry});
      }
    Value index = w.toSigned(result.data, unitBits);
    if (words.size() >> unitBits > 1) {
      unsigned width = rtl::addressWidth(words.size()) - unitBits;
      Value place = m.perLayer("table_at", result.flags.layer, places, width);
      if (llvm::is_contained(isLong, 1)) {
        Value high = w.extract(w.toSigned(result.data, unitBits + width), unitBits, width);
        place =
            w.add(place, w.gated(m.perLayer("table_is_long", result.flags.layer, isLong, 1), high));
      }
      index = w.join({index, place});
    }
    std::vector<APInt> image;
    for (int64_t word : words)
      image.push_back(APInt(64, word).trunc(entries.signedWidth()));
    Value found = m.rom("tables", image, result.flags.valid, index);
    Flags flags = m.delayed(result.flags, "found");
    unsigned width = std::max(widthOf(found), widthOf(result.data));
    Value direct = w.named(w.later(w.toSigned(result.data, width)), "result_kept");
    Value isFound = m.perLayer("has_table", flags.layer, has, 1);
    return {flags, w.mux(isFound, w.toSigned(found, width), direct)};
  }

  Machine &m;
  rtl::Wires &w;
};

} // namespace

Result buildRounding(Machine &machine, const Flags &flags, Value value, Value shift,
                     Value tieRegions) {
  return Rounding(machine).build(flags, value, shift, tieRegions);
}

} // namespace nnc::sequencer
