//===- Verilog.cpp - A design as files ----------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/HLS/Verilog.h"
#include "Clocking.h"
#include "MemoryWriter.h"
#include "ModuleWriter.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nnc::rtl;

namespace nnc::hls {

/// A misspelt net is an error in our files, whatever the user's files say, and stays their own
/// affair behind ours.
static TextFile verilogFile(StringRef module, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  TextFile file{(module + ".v").str(), ""};
  llvm::raw_string_ostream os(file.text);
  os << "// SPDX-License-Identifier: 0BSD\n// Written by nn-compile.\n`default_nettype none\n\n";
  write(os);
  os << "\n`default_nettype wire\n";
  return file;
}

static void emitRom(RomOp rom, const VerilogOptions &options, std::vector<TextFile> &files) {
  if (options.romStyle == RomStyle::Case) {
    files.push_back(verilogFile(rom.getSymName(), [&](auto &os) { writeRomOfCase(rom, os); }));
    return;
  }
  TextFile image{(rom.getSymName() + ".hex").str(), ""};
  llvm::raw_string_ostream os(image.text);
  writeImage(rom, os);
  files.push_back(verilogFile(rom.getSymName(), [&](auto &os) {
    writeRomOfImage(rom, options.imageFolder + image.name, os);
  }));
  files.push_back(std::move(image));
}

std::vector<TextFile> emitVerilog(DesignOp design, const VerilogOptions &options) {
  std::vector<TextFile> files;
  Clocking clocking(design, options);
  for (Operation &op : design.getBody().front())
    llvm::TypeSwitch<Operation *>(&op)
        .Case<RTLModuleOp>([&](RTLModuleOp module) {
          files.push_back(verilogFile(module.getSymName(),
                                      [&](auto &os) { writeModule(module, clocking, os); }));
        })
        .Case<RamOp>([&](RamOp ram) {
          files.push_back(verilogFile(ram.getSymName(), [&](auto &os) { writeRam(ram, os); }));
        })
        .Case<RomOp>([&](RomOp rom) { emitRom(rom, options, files); });
  return files;
}

} // namespace nnc::hls
