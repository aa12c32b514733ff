//===- Machine.h - The parts of a sequencer and what goes between them --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   in ─► activations ─► lanes ─► requantizer ─► out
//              ▲          ▲           │
//              │       sequence       │
//              └──────────────────────┘
//
// The sequence is counters only; nothing of the data comes back to it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/Wires.h"
#include "nnc/Dataflow/Sequencer/BuildDesign.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace nnc::sequencer {

using mlir::ArrayRef;
using mlir::StringRef;
using mlir::Value;

/// What is known in a clock about the tap that is issued, or about a block or a result on its way.
/// `last` ends a block, `pixelLast` and `layerLast` say which.
struct Flags {
  Value valid;
  Value first, last, groupLast, pixelLast, layerLast; ///< bits
  Value padding, nextDigit;                           ///< bits
  Value layer;                                        ///< its number
};

/// A tap's flags on its way: as its addresses stand at the memories, when their words are there,
/// when the product is, when the sum is.
struct Taps {
  Flags issued, read, multiplied, summed;
};

/// A result at the requantizer's end.
struct Result {
  Flags flags; ///< valid, pixelLast, layerLast, layer
  Value data;
};

class Machine {
public:
  Machine(rtl::Wires &wires, mlir::OpBuilder &design, const Program &program,
          const Scaling &scaling, const Schedule &schedule, const DesignOptions &options)
      : w(wires), design(design), program(program), scaling(scaling), schedule(schedule),
        options(options) {}

  rtl::Wires &w;
  mlir::OpBuilder &design; ///< where memories go
  const Program &program;
  const Scaling &scaling;
  const Schedule &schedule;
  DesignOptions options;

  using LayerNumber = llvm::function_ref<int64_t(const Layer &)>;

  /// A number of the layer in which the machine is, as wide as the greatest one, or as said.
  Value perLayer(StringRef name, Value layer, LayerNumber number, unsigned width = 0);
  Value perLayer(StringRef name, Value layer, llvm::ArrayRef<int64_t> numbers, unsigned width);
  bool anyLayer(llvm::function_ref<bool(const Layer &)> is) const;
  unsigned layerWidth() const;
  Value isLastLayer(Value layer);

  /// All flags some clocks later.
  Flags delayed(const Flags &flags, StringRef stage);

  std::string memoryName(StringRef part) const { return program.name + "_" + part.str(); }
  /// A ROM with these words, and its output.
  Value rom(StringRef part, std::vector<llvm::APInt> words, Value enable, Value address);

  struct ReadPort {
    Value enable, address;
  };
  struct WritePort {
    Value enable, address, data;
  };
  /// A RAM of so many words, two or more, and its output.
  Value ram(StringRef part, int64_t depth, const WritePort &write, const ReadPort &read);

  /// The address of the word that a table gives next. Each layer's words stand behind those of the
  /// layer before; `restart` goes back to the first of the layer's.
  struct Pointer {
    StringRef name;
    llvm::ArrayRef<int64_t> sizes; ///< words of each layer
    Value enable, restart;
    Value layer, layerLast;
  };
  Value pointer(const Pointer &pointer);
};

/// Counts through all taps of all layers once `start` has been set for a clock.
Flags buildSequence(Machine &machine, Value start, Value &address);

/// The sums of all lanes; with `taps.summed.last` they are those of a block.
std::vector<Value> buildLanes(Machine &machine, const Taps &taps, Value activation);

/// From a value that is multiplied and has its offset to a result: shift, ties, bounds, table. No
/// shift: the layer has one. `tieRegions` is a bit if all regions are alike.
Result buildRounding(Machine &machine, const Flags &flags, Value value, Value shift,
                     Value tieRegions);

/// A stream of elements.
struct Elements {
  Value valid, data;
};

/// From the elements that the last layer gives to what leaves.
Elements buildHead(Machine &machine, const Elements &results);

/// Results one after another.
Result buildRequantizer(Machine &machine, const Taps &taps, llvm::ArrayRef<Value> sums);

} // namespace nnc::sequencer
