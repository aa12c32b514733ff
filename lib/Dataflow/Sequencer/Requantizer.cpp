//===- Requantizer.cpp - From sums to results, one after another --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sums of a block move to a chain of registers, which the requantizer empties
// while the lanes go on. A sum is multiplied, a few bits a clock; then comes the
// offset. Rounding.cpp has the rest of the way.
//
//===----------------------------------------------------------------------===//
#include "Machine.h"
#include "Multiplier.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

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
    w.comment("requantizer: sums times multipliers plus offsets, one after another");
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
    return finish(flags, offsetBy({sum, w.zero()}, word.offset), word);
  }

  Result emptyChain(const Flags &summed, ArrayRef<Value> sums) {
    Value capture = summed.last;
    Value active = w.declare("scaling", 1, 0);
    Value phaseLast = countPhases(active);
    Value step = w.named(w.both(active, phaseLast), "scaled");
    Value more = countWords(capture, step, summed);
    w.drive(active, w.either(capture, w.both(active, w.invert(w.both(step, w.invert(more))))));

    Flags held;
    auto hold = [&](Value flag, StringRef name) {
      if (rtl::Wires::known(flag))
        return flag;
      Value kept = w.declare(name, widthOf(flag));
      w.drive(kept, flag, capture);
      return kept;
    };
    held.layer = hold(summed.layer, "scaling_layer");
    held.pixelLast = hold(summed.pixelLast, "scaling_pixel_last");
    held.layerLast = hold(summed.layerLast, "scaling_layer_last");

    held.last = countScales(capture, step, summed, held);
    Value sum = chain(sums, capture, w.both(step, held.last));
    Word word = readWord(capture, step, more, summed, held);
    held.valid = step;
    held.pixelLast = w.both(held.pixelLast, w.invert(more));
    held.layerLast = w.both(held.layerLast, w.invert(more));
    if (!word.multiplier)
      return finish(held, offsetBy({sum, w.zero()}, word.offset), word);
    return multiply(held, sum, word, active, step);
  }

  /// Whether a sum's last part of the multiplier is at work.
  Value countPhases(Value active) {
    unsigned phases = m.scaling.phases();
    if (phases == 1)
      return w.one();
    unsigned width = rtl::addressWidth(phases);
    phase = w.declare("phase", width, 0);
    Value last = w.equals(phase, phases - 1);
    w.drive(phase, w.gated(w.invert(last), w.add(phase, w.constant(1, width))), active);
    return last;
  }

  int64_t mostWords() const {
    int64_t most = 1;
    for (const Layer &layer : m.program.layers)
      most = std::max<int64_t>(most, layer.lanes * layer.scalesPerSum());
    return most;
  }

  /// Whether words are left for the block behind the one at work.
  Value countWords(Value capture, Value step, const Flags &summed) {
    if (mostWords() == 1)
      return w.zero();
    unsigned width = rtl::addressWidth(mostWords());
    words = w.mux(summed.groupLast,
                  m.perLayer(
                      "last_words", summed.layer,
                      [](const Layer &l) { return l.lastLanes * l.scalesPerSum() - 1; }, width),
                  m.perLayer(
                      "block_words", summed.layer,
                      [](const Layer &l) { return l.lanes * l.scalesPerSum() - 1; }, width));
    left = w.declare("words_left", width, 0);
    w.drive(left, w.mux(capture, words, w.sub(left, w.constant(1, width))),
            w.either(capture, step));
    return w.any(left);
  }

  /// Whether the word at work is the last one of its sum.
  Value countScales(Value capture, Value step, const Flags &summed, const Flags &held) {
    nextIsLast = w.one();
    if (!m.anyLayer([](const Layer &l) { return l.counted > 1; }))
      return w.one();
    auto perSum = [&](Value layer) {
      return m.perLayer("sum_scales", layer, [](const Layer &l) { return l.scalesPerSum() - 1; });
    };
    Value whole = w.mux(capture, perSum(summed.layer), perSum(held.layer));
    unsigned width = widthOf(whole);
    Value scalesLeft = w.declare("scales_left", width, 0);
    Value isLast = w.named(w.invert(w.any(scalesLeft)), "sum_last");
    Value next = w.mux(w.either(capture, isLast), whole, w.sub(scalesLeft, w.constant(1, width)));
    w.drive(scalesLeft, next, w.either(capture, step));
    nextIsLast = w.invert(w.any(next));
    return isLast;
  }

  Value chain(ArrayRef<Value> sums, Value capture, Value step) {
    Value behind;
    for (unsigned lane = sums.size(); lane-- > 0;) {
      unsigned width = widthOf(sums[lane]);
      Value held = w.declare("held" + std::to_string(lane), width);
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
    if (mostWords() == 1)
      return split(readRom(capture, summed.layer, summed.pixelLast, summed.layerLast));
    Value endsBlock = w.mux(capture, w.invert(w.any(words)), w.equals(left, 1));
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
    unsigned zeros = 0; ///< below all offsets, which are no bits of the word
  };

  Value readRom(Value enable, Value layer, Value pixelLast, Value layerLast) {
    Interval offsets;
    uint64_t offsetBits = 0;
    bool isFirst = true, sameMultiplier = true;
    const ScaleWord &one = m.scaling.words[0][0];
    std::vector<int64_t> sizes;
    for (const auto &words : m.scaling.words) {
      sizes.push_back(words.size());
      for (const ScaleWord &word : words) {
        offsets =
            isFirst ? Interval{word.offset, word.offset} : offsets.hull({word.offset, word.offset});
        sameMultiplier &= word.multiplier == one.multiplier;
        offsetBits |= static_cast<uint64_t>(word.offset);
        isFirst = false;
      }
    }
    format.zeros = offsetBits ? llvm::countr_zero(offsetBits) : 0;
    format.offset =
        Interval{offsets.least >> format.zeros, offsets.most >> format.zeros}.signedWidth();
    format.multiplier = sameMultiplier ? 0 : m.scaling.multiplierBits;
    bool isPerLayer = llvm::all_of(m.scaling.layerShift, [](int shift) { return shift >= 0; });
    format.shift = isPerLayer ? 0 : rtl::addressWidth(m.scaling.shifts.size());

    Value always = m.perLayer(
        "one_scale", layer, [](const Layer &l) { return l.scalesAlike(); }, 1);
    if (nextIsLast)
      always = w.both(always, nextIsLast);
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
        append(word.offset >> format.zeros, format.offset);
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
      Value field = width ? w.extract(bits, low, width) : Value();
      low += width;
      return field;
    };
    Word word;
    Value offset = w.named(next(format.offset), "offset");
    word.offset = w.shiftedLeft(offset, format.zeros);
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

  Value offsetBy(const Product &product, Value offset) {
    unsigned width = m.scaling.values.signedWidth();
    return w.named(
        addWithCarry(w, w.toSigned(product.value, width), w.toSigned(offset, width), product.carry),
        "value");
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
      low = w.declare("product_low", lowWidth);
      Value high = w.declare("product_high", width - digit);
      digits = w.mux(isFirst, digits, low);
      before = w.gated(w.invert(isFirst), w.toSigned(high, width));
      Product product = times(sum, w.extract(digits, 0, digit));
      Value part = addWithCarry(w, product.value, before, product.carry);
      w.drive(high, w.extract(part, digit, width - digit), active);
      w.drive(low, w.join({w.extract(digits, digit, lowWidth - digit), w.extract(part, 0, digit)}),
              active);
      return addOffset(held, {w.join({low, high}), w.zero()}, word, step);
    }
    Product product = times(sum, digits);
    return addOffset(held,
                     {w.named(w.later(product.value), "product"),
                      w.named(w.later(product.carry), "product_carry")},
                     word, step);
  }

  /// sum * digits, the digits being a number without a sign.
  Product times(Value sum, Value digits) {
    unsigned bits = widthOf(digits);
    if (bits == 1)
      return {w.gated(digits, w.toSigned(sum, widthOf(sum) + 2)), w.zero()};
    return sequencer::multiply(w, sum, w.toUnsigned(digits, bits + 1), m.options.multiplierBlocks);
  }

  /// A clock after the last digit; the ROM may have gone on by then.
  Result addOffset(const Flags &held, const Product &product, const Word &word, Value step) {
    auto keep = [&](Value value, StringRef name) {
      if (!value || rtl::Wires::known(value))
        return value;
      Value kept = w.declare(name, widthOf(value));
      w.drive(kept, value, step);
      return kept;
    };
    Word kept = word;
    kept.offset = keep(word.offset, "offset_kept");
    kept.shift = keep(word.shift, "shift_kept");
    kept.tieRegions = keep(word.tieRegions, "ties_kept");
    return finish(m.delayed(held, "product"), offsetBy(product, kept.offset), kept);
  }

  /// The value's last way, in the next clock.
  Result finish(const Flags &before, Value value, const Word &word) {
    Flags flags = m.delayed(before, "value");
    Value shift = word.shift ? w.named(w.later(word.shift), "value_shift") : Value();
    Value ties = word.tieRegions ? w.named(w.later(word.tieRegions), "value_ties") : w.one();
    return buildRounding(m, flags, w.named(w.later(value), "value"), shift, ties);
  }

  Machine &m;
  rtl::Wires &w;
  const Stages &stages;
  Format format;
  Value phase, words, left;
  Value nextIsLast; ///< the word that is read is the last one of its sum
};

} // namespace

Result buildRequantizer(Machine &machine, const Taps &taps, ArrayRef<Value> sums) {
  return Requantizer(machine).build(taps, sums);
}

} // namespace nnc::sequencer
