//===- MemoryWriter.cpp - Memories as Verilog ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each memory is a module in a file of its own, so that a foundry's macro takes
// the place of one file.
//
//===----------------------------------------------------------------------===//
#include "MemoryWriter.h"
#include "Expressions.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace nnc::rtl;

namespace nnc::hls {

static auto wordsOf(RomOp rom) {
  return cast<mlir::DenseIntElementsAttr>(rom.getContents()).getValues<APInt>();
}

static unsigned widthOfWords(RomOp rom) { return widthOf(rom.getContents().getElementType()); }

/// The ports of a memory, whose outputs are registers, and the clock.
static void writePorts(Signature signature, raw_ostream &os) {
  os << " (\n    input wire clk";
  for (Port port : signature.inputs)
    os << ",\n    input wire " << range(widthOf(port.type)) << port.name;
  for (Port port : signature.outputs)
    os << ",\n    output reg " << range(widthOf(port.type)) << port.name;
  os << "\n);\n";
}

static void declareMemory(unsigned width, int64_t depth, raw_ostream &os) {
  os << "  reg " << range(width) << "memory [0:" << depth - 1 << "];\n";
}

//===----------------------------------------------------------------------===//
// ROM
//===----------------------------------------------------------------------===//

void writeImage(RomOp rom, raw_ostream &os) {
  for (const APInt &word : wordsOf(rom))
    os << hexDigits(word) << "\n";
}

/// A sum of all words in their order that one wrong or unknown bit changes.
static APInt checksum(RomOp rom, unsigned width) {
  APInt sum(width, 0);
  for (const APInt &word : wordsOf(rom))
    sum = sum.rotl(1) ^ word.zext(width);
  return sum;
}

/// Synthesis and Verilator stop at a missing image; others warn and go on with unknown words, and
/// nobody looks whether it is this network's.
void writeRomOfImage(RomOp rom, StringRef image, raw_ostream &os) {
  constexpr unsigned leastSumWidth = 32;
  unsigned width = widthOfWords(rom), sumWidth = std::max(width, leastSumWidth);
  int64_t depth = rom.getContents().getNumElements();
  std::string word = "memory[word]";
  if (sumWidth > width)
    word = "{" + literal(APInt(sumWidth - width, 0)) + ", " + word + "}";
  os << "module " << rom.getSymName() << " #(\n    parameter IMAGE = \"" << image << "\"\n)";
  writePorts(signatureOf(rom), os);
  declareMemory(width, depth, os);
  os << formatv(R"(`ifndef SYNTHESIS
  integer word;
  reg [{0}:0] sum;
`endif
  initial begin
    $readmemh(IMAGE, memory);
`ifndef SYNTHESIS
    sum = {1};
    for (word = 0; word < {2}; word = word + 1)
      sum = {{sum[{3}:0], sum[{0}]} ^ {4};
    if (sum !== {5}) begin
      $display("%m: %0s is missing or holds other words", IMAGE);
`ifdef __ICARUS__
      $fatal;
`else
      $stop;
`endif
    end
`endif
  end
  always @(posedge clk)
    if (enable) data <= memory[addr];
endmodule
)",
                sumWidth - 1, literal(APInt(sumWidth, 0)), depth, sumWidth - 2, word,
                literal(checksum(rom, sumWidth)));
}

void writeRomOfCase(RomOp rom, raw_ostream &os) {
  unsigned width = widthOfWords(rom);
  unsigned indexWidth = addressWidth(rom.getContents().getNumElements());
  os << "module " << rom.getSymName();
  writePorts(signatureOf(rom), os);
  os << "  always @(posedge clk)\n    if (enable)\n      case (addr)\n";
  for (auto [index, word] : enumerate(wordsOf(rom)))
    os << "        " << literal(APInt(indexWidth, index)) << ": data <= " << literal(word) << ";\n";
  os << "        default: data <= {" << width << "{1'bx}};\n      endcase\nendmodule\n";
}

//===----------------------------------------------------------------------===//
// RAM
//===----------------------------------------------------------------------===//

/// Whoever reads a word while it is written gets an unknown one: in simulation by saying so, and
/// yosys is told not to build what would bring the old word.
void writeRam(RamOp ram, raw_ostream &os) {
  unsigned width = widthOf(ram.getWord());
  os << "module " << ram.getSymName();
  writePorts(signatureOf(ram), os);
  os << "  (* no_rw_check *)\n";
  declareMemory(width, ram.getDepth(), os);
  os << R"(  always @(posedge clk) begin
    if (write_enable) memory[write_addr] <= write_data;
    if (read_enable) read_data <= memory[read_addr];
`ifndef SYNTHESIS
    if (read_enable && write_enable && read_addr == write_addr) read_data <= {)"
     << width << R"({1'bx}};
`endif
  end
endmodule
)";
}

} // namespace nnc::hls
