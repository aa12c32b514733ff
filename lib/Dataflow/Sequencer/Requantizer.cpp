//===- Requantizer.cpp - From sums to results, one after another --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sums of a block move to a chain of registers, which the requantizer empties
// while the lanes go on. A sum is multiplied, a few bits a clock; then comes the
// offset; then shift, ties and bounds; then a table.
//
//===----------------------------------------------------------------------===//
#include "Machine.h"

#include "llvm/ADT/STLExtras.h"

using llvm::APInt;
using nnc::rtl::widthOf;

namespace nnc::sequencer {

namespace {

/// What one word of the ROM says.
struct Word {
  Value multiplier; ///< none: nothing is multiplied
  Value offset;
  Value shift, tieRegions; ///< none: the layer says it
};

class Requantizer {
public:
  explicit Requantizer(Machine &m) : m(m), w(m.w), stages(m.schedule.stages) {}

  Result build(const Taps &taps, ArrayRef<Value> sums) {
    return stages.holdsSums ? emptyChain(taps.summed, sums) : useInPlace(taps, sums[0]);
  }

private:
  //===--------------------------------------------------------------------===//
  // Sums, one after another
  //===--------------------------------------------------------------------===//

  /// One lane: a block's sum is used in the clock in which it is complete.
  Result useInPlace(const Taps &taps, Value sum) {
    const Flags &next = taps.multiplied;
    Word word = split(readRom(next.last, next.layer, next.pixelLast, next.layerLast));
    Flags flags = taps.summed;
    flags.valid = flags.last;
    return finish(flags, offsetBy(sum, word.offset), word);
  }

  Result emptyChain(const Flags &summed, ArrayRef<Value> sums) {
    Value capture = summed.last;
    Value active = w.reg("scaling", 1, 0);
    Value phaseLast = countPhases(active);
    Value step = w.named(w.both(active, phaseLast), "scaled");
    Value more = countResults(capture, step, summed);
    w.drive(active, w.either(capture, w.both(active, w.inverse(w.both(step, w.inverse(more))))));

    Flags held;
    auto hold = [&](Value flag, StringRef name) {
      if (Wires::known(flag))
        return flag;
      Value kept = w.reg(name, widthOf(flag));
      w.drive(kept, flag, capture);
      return kept;
    };
    held.layer = hold(summed.layer, "scaling_layer");
    held.pixelLast = hold(summed.pixelLast, "scaling_pixel_last");
    held.layerLast = hold(summed.layerLast, "scaling_layer_last");

    Value sum = chain(sums, capture, step);
    Word word = readWord(capture, step, more, summed, held);
    held.valid = step;
    held.pixelLast = w.both(held.pixelLast, w.inverse(more));
    held.layerLast = w.both(held.layerLast, w.inverse(more));
    if (!word.multiplier)
      return finish(held, offsetBy(sum, word.offset), word);
    return multiply(held, sum, word, active, step);
  }

  /// Whether a sum's last part of the multiplier is at work.
  Value countPhases(Value active) {
    unsigned phases = m.scaling.phases();
    if (phases == 1)
      return w.one();
    unsigned width = rtl::addressWidth(phases);
    phase = w.reg("phase", width, 0);
    Value last = w.equals(phase, phases - 1);
    w.drive(phase, w.gated(w.inverse(last), w.add(phase, w.constant(1, width))), active);
    return last;
  }

  /// Whether sums of the block are left behind the one at work.
  Value countResults(Value capture, Value step, const Flags &summed) {
    if (m.program.lanes == 1)
      return w.zero();
    unsigned width = rtl::addressWidth(m.program.lanes);
    results = w.mux(summed.groupLast,
                    m.perLayer(
                        summed.layer, [](const Layer &l) { return l.lastLanes - 1; }, width),
                    m.perLayer(
                        summed.layer, [](const Layer &l) { return l.lanes - 1; }, width));
    left = w.reg("results_left", width, 0);
    w.drive(left, w.mux(capture, results, w.sub(left, w.constant(1, width))),
            w.either(capture, step));
    return w.any(left);
  }

  Value chain(ArrayRef<Value> sums, Value capture, Value step) {
    Value behind;
    for (unsigned lane = sums.size(); lane-- > 0;) {
      unsigned width = widthOf(sums[lane]);
      Value held = w.reg("held" + std::to_string(lane), width);
      Value next = behind ? w.mux(capture, sums[lane], w.toSigned(behind, width)) : sums[lane];
      w.drive(held, next, behind ? w.either(capture, step) : capture);
      behind = held;
    }
    return behind;
  }

  //===--------------------------------------------------------------------===//
  // The ROM
  //===--------------------------------------------------------------------===//

  /// The word for the sum that is at work in the next clock: a block's first, or the next one.
  Word readWord(Value capture, Value step, Value more, const Flags &summed, const Flags &held) {
    if (m.program.lanes == 1)
      return split(readRom(capture, summed.layer, summed.pixelLast, summed.layerLast));
    Value endsBlock = w.mux(capture, w.inverse(w.any(results)), w.equals(left, 1));
    auto ends = [&](Value Flags::*flag) {
      return w.both(endsBlock, w.mux(capture, summed.*flag, held.*flag));
    };
    Value layer = w.mux(capture, summed.layer, held.layer);
    return split(readRom(w.either(capture, w.both(step, more)), layer, ends(&Flags::pixelLast),
                         ends(&Flags::layerLast)));
  }

  /// Bits of the fields, lowest first; of what is always the same none.
  struct Format {
    unsigned offset = 0, multiplier = 0, shift = 0;
  };

  Value readRom(Value enable, Value layer, Value pixelLast, Value layerLast) {
    Interval offsets;
    bool isFirst = true, sameMultiplier = true;
    const ScaleWord &one = m.scaling.words[0][0];
    std::vector<int64_t> sizes;
    for (const auto &words : m.scaling.words) {
      sizes.push_back(words.size());
      for (const ScaleWord &word : words) {
        offsets =
            isFirst ? Interval{word.offset, word.offset} : offsets.hull({word.offset, word.offset});
        sameMultiplier &= word.multiplier == one.multiplier;
        isFirst = false;
      }
    }
    format.offset = offsets.signedWidth();
    format.multiplier = sameMultiplier ? 0 : m.scaling.multiplierBits;
    bool isPerLayer = llvm::all_of(m.scaling.layerShift, [](int shift) { return shift >= 0; });
    format.shift = isPerLayer ? 0 : rtl::addressWidth(m.scaling.shifts.size());

    Value always = m.perLayer(
        layer, [](const Layer &l) { return l.scales.size() == 1; }, 1);
    bool hasPixels = m.anyLayer([](const Layer &l) { return l.pixels() > 1; });
    Value restart = hasPixels ? w.either(always, pixelLast) : always;
    Value address = m.pointer({"scale_addr", sizes, enable, restart, layer, layerLast});
    return m.rom("scales", romWords(), enable, address);
  }

  std::vector<APInt> romWords() const {
    std::vector<APInt> result;
    for (const auto &words : m.scaling.words)
      for (const ScaleWord &word : words) {
        APInt bits(format.offset + format.multiplier + format.shift + m.scaling.tieRegionBits, 0);
        unsigned low = 0;
        auto append = [&](int64_t number, unsigned width) {
          if (width)
            bits.insertBits(APInt(64, number).trunc(width), low);
          low += width;
        };
        append(word.offset, format.offset);
        append(word.multiplier, format.multiplier);
        append(word.shift, format.shift);
        append(word.tieRegions, m.scaling.tieRegionBits);
        result.push_back(bits);
      }
    return result;
  }

  Word split(Value bits) {
    unsigned low = 0;
    auto next = [&](unsigned width) {
      Value field = width ? w.bits(bits, low, width) : Value();
      low += width;
      return field;
    };
    Word word;
    word.offset = w.named(next(format.offset), "offset");
    word.multiplier = next(format.multiplier);
    if (!word.multiplier && m.scaling.multiplierBits)
      word.multiplier = w.constant(m.scaling.words[0][0].multiplier, m.scaling.multiplierBits);
    word.shift = next(format.shift);
    word.tieRegions = next(m.scaling.tieRegionBits);
    return word;
  }

  //===--------------------------------------------------------------------===//
  // Arithmetic
  //===--------------------------------------------------------------------===//

  Value offsetBy(Value value, Value offset) {
    unsigned width = m.scaling.values.signedWidth();
    return w.named(w.add(w.toSigned(value, width), w.toSigned(offset, width)), "value");
  }

  /// The multiplier's lowest digits first: those of the product that are final move out to the
  /// right, into the places of the digits that are done.
  Result multiply(const Flags &held, Value sum, const Word &word, Value active, Value step) {
    unsigned digit = m.scaling.digitBits, phases = m.scaling.phases();
    unsigned lowWidth = digit * phases, width = widthOf(sum) + digit + 1;
    Value digits = w.toUnsigned(word.multiplier, lowWidth), before = w.constant(0, width);
    Value low;
    if (phases > 1) {
      Value isFirst = w.equals(phase, 0);
      low = w.reg("product_low", lowWidth);
      Value high = w.reg("product_high", width - digit);
      digits = w.mux(isFirst, digits, low);
      before = w.gated(w.inverse(isFirst), w.toSigned(high, width));
      Value part = partial(sum, w.bits(digits, 0, digit), before);
      w.drive(high, w.bits(part, digit, width - digit), active);
      w.drive(low, w.concat({w.bits(part, 0, digit), w.bits(digits, digit, lowWidth - digit)}),
              active);
      return addOffset(held, w.concat({high, low}), word, step);
    }
    Value product = w.named(partial(sum, digits, Value()), "product");
    return addOffset(held, w.delayed(product, "product"), word, step);
  }

  /// sum * digits + before, the digits being a number without a sign.
  Value partial(Value sum, Value digits, Value before) {
    unsigned width = widthOf(sum) + widthOf(digits) + 1;
    Value product = widthOf(digits) == 1
                        ? w.gated(digits, w.toSigned(sum, width))
                        : w.mul(w.toSigned(sum, width), w.toUnsigned(digits, width));
    return before ? w.add(product, before) : product;
  }

  /// A clock after the last digit; the ROM may have gone on by then.
  Result addOffset(const Flags &held, Value product, const Word &word, Value step) {
    auto keep = [&](Value value, StringRef name) {
      if (!value || Wires::known(value))
        return value;
      Value kept = w.reg(name, widthOf(value));
      w.drive(kept, value, step);
      return kept;
    };
    Word kept = word;
    kept.offset = keep(word.offset, "offset_kept");
    kept.shift = keep(word.shift, "shift_kept");
    kept.tieRegions = keep(word.tieRegions, "ties_kept");
    return finish(m.delayed(held, "product"), offsetBy(product, kept.offset), kept);
  }

  //===--------------------------------------------------------------------===//
  // Shift, ties, bounds, table
  //===--------------------------------------------------------------------===//

  Result finish(const Flags &before, Value value, const Word &word) {
    Flags flags = m.delayed(before, "value");
    value = w.delayed(value, "value");
    Value shift = word.shift ? w.delayed(word.shift, "value_shift") : layerShift(flags.layer);
    Value ties = word.tieRegions ? w.delayed(word.tieRegions, "value_ties") : w.one();
    Value result = clamped(rounded(value, shift, ties, flags.layer), flags);
    return lookUp({flags, w.named(result, "result")});
  }

  Value layerShift(Value layer) {
    std::vector<int64_t> places;
    for (int shift : m.scaling.layerShift)
      places.push_back(llvm::find(m.scaling.shifts, static_cast<unsigned>(shift)) -
                       m.scaling.shifts.begin());
    return m.perLayer(layer, places,
                      rtl::addressWidth(std::max<size_t>(2, m.scaling.shifts.size())));
  }

  Value rounded(Value value, Value shift, Value tieRegions, Value layer) {
    unsigned width = m.scaling.results.signedWidth();
    std::vector<Value> shifted;
    for (unsigned by : m.scaling.shifts) {
      unsigned low = std::min(by, widthOf(value) - 1); // the sign is in all bits above
      shifted.push_back(
          w.toSigned(w.bits(value, low, std::min(width, widthOf(value) - low)), width));
    }
    Value result = w.select(shift, shifted);
    auto goTo = [&](Ties ties) {
      std::vector<int64_t> is;
      for (Ties own : m.scaling.layerTies)
        is.push_back(own == ties);
      return w.both(w.any(tieRegions), m.perLayer(layer, is, 1));
    };
    Value toEven = goTo(Ties::Even), toOdd = goTo(Ties::Odd);
    if (Wires::known(toEven) == 0 && Wires::known(toOdd) == 0)
      return result;
    Value near = isTie(value, shift, layer, toOdd), lowest = w.bit(result, 0);
    Value down = w.both(near, toEven), up = w.both(near, toOdd);
    if (widthOf(tieRegions) == 1) {
      lowest = w.either(w.both(lowest, w.inverse(down)), up);
      return width == 1 ? lowest : w.concat({w.bits(result, 1, width - 1), lowest});
    }
    std::vector<Value> regions;
    for (unsigned i = 0; i < widthOf(tieRegions); ++i)
      regions.push_back(w.bit(tieRegions, i));
    Value isTied = w.select(w.bits(w.toSigned(result, std::max(width, 8u)), 5, 3), regions);
    Value isAbove = isAboveHalf(value, shift, layer);
    down = w.both(down, w.mux(isTied, lowest, w.inverse(isAbove)));
    up = w.both(up, w.mux(isTied, w.inverse(lowest), isAbove));
    result = w.sub(result, w.toUnsigned(down, width));
    return Wires::known(up) == 0 ? result : w.add(result, w.toUnsigned(up, width));
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
    return w.select(m.perLayer(layer, places, rtl::addressWidth(std::max<size_t>(2, made.size()))),
                    made);
  }

  Value isTieAt(Value value, Value shift, Value toOdd, unsigned precision) {
    std::vector<Value> tied;
    for (unsigned by : m.scaling.shifts) {
      unsigned from = precision > 0 && by > precision ? by - precision : 0;
      Value rest = by == 0
                       ? Value()
                       : w.bits(w.toSigned(value, std::max(by, widthOf(value))), from, by - from);
      tied.push_back(rest ? w.mux(toOdd, w.all(rest), w.inverse(w.any(rest))) : w.zero());
    }
    return w.select(shift, tied);
  }

  /// Bounds that are powers of two are seen by the highest bits.
  Value above(Value result, int64_t most) {
    unsigned width = widthOf(result);
    if (most < 0 || (most & (most + 1)))
      return w.compare(rtl::Predicate::sgt, result, w.constant(most, width));
    unsigned low = 64 - llvm::countl_zero<uint64_t>(most);
    return w.both(w.inverse(w.sign(result)), w.any(w.bits(result, low, width - 1 - low)));
  }

  Value below(Value result, int64_t least) {
    unsigned width = widthOf(result);
    if (least > 0 || (-least & (-least - 1)))
      return w.compare(rtl::Predicate::slt, result, w.constant(least, width));
    if (least == 0)
      return w.sign(result);
    unsigned low = 63 - llvm::countl_zero<uint64_t>(-least);
    return w.both(w.sign(result), w.inverse(w.all(w.bits(result, low, width - 1 - low))));
  }

  /// Whether a layer's results pass one of its bounds: `passes(bound)` in the layers that have it.
  Value passes(Value result, Value layer, int64_t Interval::*bound,
               llvm::function_ref<Value(int64_t)> passed) {
    std::vector<int64_t> bounds;
    auto isPassed = [&](const Layer &l, Interval unclamped) {
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
      any = w.either(any, w.both(m.perLayer(layer, has, 1), passed(number)));
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
    auto bound = [&](int64_t Interval::*end) {
      return m.perLayer(
          flags.layer, [=](const Layer &l) { return l.range.*end; }, width);
    };
    Value low = w.bits(result, 0, width);
    return w.mux(isAbove, bound(&Interval::most), w.mux(isBelow, bound(&Interval::least), low));
  }

  /// Tables stand in one ROM, 256 words each.
  Result lookUp(const Result &result) {
    std::vector<std::vector<int64_t>> tables;
    std::vector<int64_t> places, has;
    Interval entries;
    for (const Layer &l : m.program.layers) {
      has.push_back(!l.table.empty());
      if (l.table.empty()) {
        places.push_back(0);
        continue;
      }
      places.push_back(llvm::find(tables, l.table) - tables.begin());
      if (places.back() == static_cast<int64_t>(tables.size()))
        tables.push_back(l.table);
      for (int64_t entry : l.table)
        entries = entries.hull({entry, entry});
    }
    if (tables.empty())
      return result;
    std::vector<APInt> words;
    for (const auto &table : tables)
      for (int64_t entry : table)
        words.push_back(APInt(64, entry).trunc(entries.signedWidth()));
    Value index = w.toSigned(result.data, 8);
    if (tables.size() > 1)
      index = w.concat(
          {m.perLayer(result.flags.layer, places, rtl::addressWidth(tables.size())), index});
    Value found = m.rom("tables", words, result.flags.valid, index);
    Flags flags = m.delayed(result.flags, "found");
    unsigned width = std::max(widthOf(found), widthOf(result.data));
    Value direct = w.delayed(w.toSigned(result.data, width), "result_kept");
    Value isFound = m.perLayer(flags.layer, has, 1);
    return {flags, w.mux(isFound, w.toSigned(found, width), direct)};
  }

  Machine &m;
  Wires &w;
  const Stages &stages;
  Format format;
  Value phase, results, left;
};

} // namespace

Result buildRequantizer(Machine &machine, const Taps &taps, ArrayRef<Value> sums) {
  return Requantizer(machine).build(taps, sums);
}

} // namespace nnc::sequencer
