//===- Lanes.cpp - Multiply and accumulate ------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tap in three clocks: memories are read, one activation is multiplied by a weight of each
// lane, products are added to sums.
//
//===----------------------------------------------------------------------===//
#include "Machine.h"
#include "Multiplier.h"

#include "llvm/ADT/STLExtras.h"

using llvm::APInt;
using nnc::rtl::widthOf;

namespace nnc::sequencer {

namespace {

class Lanes {
public:
  explicit Lanes(Machine &m) : m(m), w(m.w) {
    for (const Layer &layer : m.program.layers)
      for (int64_t weight : layer.weights)
        weights = weights.hull({weight, weight});
  }

  std::vector<Value> build(const Taps &taps, Value activation) {
    w.comment("lanes: an activation times a weight each, added up");
    Value word = readWeights(taps.issued);
    Value x = padded(activation, taps.read);
    std::vector<Value> sums;
    for (unsigned lane = 0; lane < m.program.lanes; ++lane) {
      std::string name = "lane" + std::to_string(lane);
      if (m.program.lanes > 1)
        w.comment(name);
      Value weight = w.extract(word, lane * weights.signedWidth(), weights.signedWidth());
      Product product = multiply(w, x, weight, m.options.multiplierBlocks);
      product.value = w.named(w.later(product.value), name + "_product");
      product.carry = w.named(w.later(product.carry), name + "_carry");
      sums.push_back(accumulator(lane, product, taps.multiplied));
    }
    return sums;
  }

private:
  /// As many words as the layer has, and of each the weights of all lanes.
  Value readWeights(const Flags &issued) {
    std::vector<int64_t> sizes;
    std::vector<APInt> words;
    unsigned width = weights.signedWidth();
    for (const Layer &layer : m.program.layers) {
      size_t count = layer.weights.size() / layer.lanes;
      sizes.push_back(count);
      for (size_t i = 0; i < count; ++i) {
        APInt word(width * m.program.lanes, 0);
        for (unsigned lane = 0; lane < layer.lanes; ++lane)
          word.insertBits(APInt(64, layer.weights[i * layer.lanes + lane]).trunc(width),
                          lane * width);
        words.push_back(word);
      }
    }
    Value address = m.pointer({"weight_addr", sizes, issued.valid, restart(issued), issued.layer,
                               w.both(issued.last, issued.layerLast)});
    return m.rom("weights", words, issued.valid, address);
  }

  Value restart(const Flags &issued) {
    auto repeats = [&](StringRef name, Repeat repeat, bool matters) {
      return matters ? m.perLayer(
                           name, issued.layer,
                           [=](const Layer &l) { return l.weightRepeat == repeat; }, 1)
                     : w.zero();
    };
    bool hasPixels = m.anyLayer([](const Layer &l) { return l.pixels() > 1; });
    bool hasBlocks = hasPixels || m.anyLayer([](const Layer &l) { return l.blocks() > 1; });
    Value restart = repeats("one_word", Repeat::Always, true);
    restart = w.either(
        restart, w.both(issued.last, repeats("words_per_block", Repeat::PerBlock, hasBlocks)));
    Value pixelEnd = w.both(issued.last, issued.pixelLast);
    return w.either(restart,
                    w.both(pixelEnd, repeats("words_per_pixel", Repeat::PerPixel, hasPixels)));
  }

  /// The activation as a signed number, or what stands in the padding.
  Value padded(Value activation, const Flags &read) {
    Interval elements = m.program.elements;
    Value x = elements.least < 0 ? activation : w.toUnsigned(activation, widthOf(activation) + 1);
    return w.named(w.mux(read.padding,
                         m.perLayer(
                             "padding_value", read.layer, [](const Layer &l) { return l.padding; },
                             widthOf(x)),
                         x),
                   "activation");
  }

  Value accumulator(unsigned lane, const Product &tap, const Flags &flags) {
    Interval sums;
    for (const Layer &layer : m.program.layers)
      if (lane < layer.lanes)
        sums = sums.hull(layer.sums);
    unsigned width = std::max(sums.signedWidth(), 1u);
    Value sum = w.declare("lane" + std::to_string(lane) + "_sum", width);
    Value before = sum;
    if (lane == 0 && !rtl::Wires::known(flags.nextDigit))
      before =
          w.mux(flags.nextDigit, w.toUnsigned(w.shiftedLeft(sum, m.program.digitBits), width), sum);
    Value isGreatest = lane == 0 ? poolsGreatest(flags.layer) : w.zero();
    Value begins =
        w.either(flags.first, isGreatest); // pooling compares products with nothing added
    Value product = w.toSigned(tap.value, width);
    Value next = addWithCarry(w, product, w.gated(w.invert(begins), before), tap.carry);
    if (rtl::Wires::known(isGreatest) != 0) {
      Value isMore = w.either(flags.first, w.compare(rtl::Predicate::sgt, next, sum));
      next = w.mux(w.both(isGreatest, w.invert(isMore)), sum, next);
    }
    w.drive(sum, next, flags.valid);
    return sum;
  }

  Value poolsGreatest(Value layer) {
    return m.perLayer(
        "is_greatest", layer,
        [](const Layer &l) { return l.accumulation == Accumulation::Greatest; }, 1);
  }

  Machine &m;
  rtl::Wires &w;
  Interval weights;
};

} // namespace

std::vector<Value> buildLanes(Machine &machine, const Taps &taps, Value activation) {
  return Lanes(machine).build(taps, activation);
}

} // namespace nnc::sequencer
