//===- Machine.cpp - What the parts of a sequencer share ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Machine.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using nnc::rtl::widthOf;

namespace nnc::sequencer {

Value Machine::perLayer(StringRef name, Value layer, ArrayRef<int64_t> numbers, unsigned width) {
  return w.named(w.table(layer, numbers, width), name);
}

Value Machine::perLayer(StringRef name, Value layer, LayerNumber number, unsigned width) {
  std::vector<int64_t> numbers;
  for (const Layer &l : program.layers)
    numbers.push_back(number(l));
  if (width == 0)
    width = Interval{0, *llvm::max_element(numbers)}.width();
  return perLayer(name, layer, numbers, width);
}

bool Machine::anyLayer(llvm::function_ref<bool(const Layer &)> is) const {
  return llvm::any_of(program.layers, is);
}

unsigned Machine::layerWidth() const {
  return Interval{0, int64_t(program.layers.size()) - 1}.width();
}

Value Machine::isLastLayer(Value layer) {
  if (program.layers.size() == 1)
    return w.one();
  return w.named(w.equals(layer, program.layers.size() - 1), "is_last_layer");
}

Flags Machine::delayed(const Flags &flags, StringRef stage) {
  auto later = [&](Value flag, StringRef name, bool hasReset = false) {
    auto reset = hasReset ? std::optional<int64_t>(0) : std::nullopt;
    return flag ? w.named(w.later(flag, 1, reset), stage + "_" + name) : flag;
  };
  return {later(flags.valid, "valid", true),    later(flags.first, "first"),
          later(flags.last, "last", true),      later(flags.groupLast, "group_last"),
          later(flags.pixelLast, "pixel_last"), later(flags.layerLast, "layer_last"),
          later(flags.padding, "padding"),      later(flags.nextDigit, "next_digit"),
          later(flags.layer, "layer")};
}

namespace {

/// What has to be kept of words: bits that differ from word to word, equal ones once.
class Columns {
public:
  explicit Columns(ArrayRef<APInt> words) {
    llvm::DenseMap<APInt, unsigned> places;
    for (unsigned bit = 0; bit < words[0].getBitWidth(); ++bit) {
      APInt column(words.size(), 0);
      for (auto [i, word] : llvm::enumerate(words))
        column.setBitVal(i, word[bit]);
      if (column.isZero() || column.isAllOnes()) {
        sources.push_back(column.isZero() ? alwaysZero : alwaysOne);
        continue;
      }
      auto [at, isNew] = places.try_emplace(std::move(column), kept.size());
      if (isNew)
        kept.push_back(bit);
      sources.push_back(static_cast<int>(at->second));
    }
  }

  unsigned count() const { return kept.size(); }

  APInt narrowed(const APInt &word) const {
    APInt result(kept.size(), 0);
    for (auto [i, bit] : llvm::enumerate(kept))
      result.setBitVal(i, word[bit]);
    return result;
  }

  /// The words again; `data`: what a memory gives, none if it keeps nothing.
  Value widened(rtl::Wires &w, Value data) const {
    llvm::SmallVector<Value> parts;
    for (size_t bit = 0; bit < sources.size();) {
      size_t first = bit++;
      int source = sources[first];
      if (source >= 0) {
        while (bit < sources.size() && sources[bit] == source + static_cast<int>(bit - first))
          ++bit;
        parts.push_back(w.extract(data, source, bit - first));
      } else {
        parts.push_back(source == alwaysOne ? w.one() : w.zero());
      }
    }
    return w.join(parts);
  }

private:
  static constexpr int alwaysZero = -1, alwaysOne = -2;

  llvm::SmallVector<unsigned> kept;
  llvm::SmallVector<int> sources; ///< for each bit of a word its place among those kept
};

} // namespace

Value Machine::rom(StringRef part, std::vector<APInt> words, Value enable, Value address) {
  words.resize(std::max<size_t>(words.size(), 2), words.back());
  Columns columns(words);
  if (columns.count() == 0)
    return columns.widened(w, {});
  for (APInt &word : words)
    word = columns.narrowed(word);
  auto shape = RankedTensorType::get({static_cast<int64_t>(words.size())},
                                     design.getIntegerType(columns.count()));
  auto rom = design.create<rtl::RomOp>(design.getUnknownLoc(), memoryName(part),
                                       DenseElementsAttr::get(shape, words));
  Value data = w.instance(part, rom, {{"enable", enable}, {"addr", address}}).front();
  return columns.widened(w, data);
}

Value Machine::ram(StringRef part, int64_t depth, const WritePort &write, const ReadPort &read) {
  auto ram = design.create<rtl::RamOp>(design.getUnknownLoc(), memoryName(part), depth,
                                       write.data.getType());
  return w
      .instance(part, ram,
                {{"write_enable", write.enable},
                 {"write_addr", write.address},
                 {"write_data", write.data},
                 {"read_enable", read.enable},
                 {"read_addr", read.address}})
      .front();
}

Value Machine::pointer(const Pointer &p) {
  std::vector<int64_t> bases;
  int64_t total = 0;
  for (int64_t size : p.sizes) {
    bases.push_back(total);
    total += size;
  }
  unsigned width = rtl::addressWidth(std::max<int64_t>(total, 2));
  Value address = w.declare(p.name, width, 0);
  Value next = w.add(address, w.constant(1, width));
  Value base = perLayer((p.name + "_base").str(), p.layer, bases, width);
  next = w.mux(w.both(p.restart, w.invert(p.layerLast)), base, next);
  if (total != int64_t(1) << width)
    next = w.gated(w.invert(w.both(p.layerLast, isLastLayer(p.layer))), next);
  w.drive(address, w.named(next, p.name + "_next"), p.enable);
  return address;
}

} // namespace nnc::sequencer
