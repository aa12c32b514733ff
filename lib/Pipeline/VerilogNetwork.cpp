//===- VerilogNetwork.cpp - Simulates a network in Verilog ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "VerilogNetwork.h"

#include "BusFrames.h"
#include "nnc/Support/OutputFolder.h"
#include "nnc/Target/HLS/Package.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace llvm;

namespace nnc {

/// Runs a program, whose words go to the file `log`. Error: it is missing, or fails; says how.
static Error runProgram(ArrayRef<std::string> command, StringRef log) {
  ErrorOr<std::string> program = sys::findProgramByName(command[0]);
  if (!program)
    return createStringError("-via=verilog needs '" + command[0] + "', which is not on the PATH");
  std::vector<StringRef> arguments(command.begin(), command.end());
  std::optional<StringRef> redirects[] = {StringRef(), log, log};
  std::string message;
  int code = sys::ExecuteAndWait(*program, arguments, std::nullopt, redirects, 0, 0, &message);
  if (code == 0)
    return Error::success();
  if (auto text = MemoryBuffer::getFile(log)) {
    SmallVector<StringRef> lines;
    (*text)->getBuffer().trim().split(lines, '\n');
    constexpr size_t most = 8; // the first ones say what is wrong
    message += join(ArrayRef(lines).take_front(most), "\n");
  }
  return createStringError("'" + command[0] + "' fails: " + message);
}

Expected<std::unique_ptr<VerilogNetwork>> VerilogNetwork::build(CompiledVerilog description) {
  std::unique_ptr<VerilogNetwork> network(new VerilogNetwork(std::move(description)));
  SmallString<128> folder;
  if (std::error_code code = sys::fs::createUniqueDirectory("nn-run", folder))
    return createStringError(code, "cannot make a temporary folder");
  network->folder = folder.str().str();
  if (Error error = network->compile())
    return std::move(error);
  return std::move(network);
}

VerilogNetwork::~VerilogNetwork() {
  if (!folder.empty())
    sys::fs::remove_directories(folder);
}

Error VerilogNetwork::compile() {
  if (Error error = writeFile(inFolder("harness.cpp"), hls::streamHarness(network.core)))
    return error;
  std::vector<std::string> command = {"verilator",
                                      "--cc",
                                      "--exe",
                                      "--build",
                                      "-Wno-fatal",
                                      "--output-split",
                                      "8000",
                                      "-CFLAGS",
                                      "-DAXIS -O0",
                                      "-MAKEFLAGS",
                                      "OPT_FAST=-O0 OPT_SLOW=-O0",
                                      "--top-module",
                                      network.core.name + "_axis",
                                      "--Mdir",
                                      folder,
                                      "-o",
                                      inFolder("simulate"),
                                      inFolder("harness.cpp")};
  command.insert(command.end(), network.sources.begin(), network.sources.end());
  return runProgram(command, inFolder("log"));
}

/// The frame that `text` has as beats, a line each.
static Expected<std::vector<int64_t>> readFrame(const hls::Bus &bus, StringRef text) {
  std::vector<int64_t> frame;
  for (unsigned beat = 0; beat < bus.beats; ++beat) {
    StringRef line;
    std::tie(line, text) = text.split('\n');
    APInt word;
    if (line.getAsInteger(16, word))
      return createStringError("the simulation gives no frame");
    word = word.zextOrTrunc(std::max(word.getBitWidth(), bus.width()));
    for (unsigned lane = 0; lane < bus.lanes; ++lane) {
      APInt bits = word.extractBits(bus.laneBits, lane * bus.laneBits);
      frame.push_back(bus.isSigned ? bits.getSExtValue() : bits.getZExtValue());
    }
  }
  return frame;
}

Expected<std::vector<Tensor>> VerilogNetwork::run(ArrayRef<Tensor> inputs) {
  const hls::Core &core = network.core;
  std::vector<int64_t> frame = frameOf(core.input, network.inputs, inputs);
  std::string stimuli = inFolder("stimuli.hex"), results = inFolder("results.hex");
  if (Error error = writeFile(stimuli, hls::beatsText(core.input, frame)))
    return std::move(error);
  // Memories look for their words where the network's folder is.
  if (Error error = runProgram(
          {"env", "-C", network.folder, inFolder("simulate"), stimuli, results}, inFolder("log")))
    return std::move(error);
  auto text = MemoryBuffer::getFile(results);
  if (!text)
    return createStringError(text.getError(), "cannot read '" + results + "'");
  Expected<std::vector<int64_t>> answer = readFrame(core.output, (*text)->getBuffer());
  if (!answer)
    return answer.takeError();
  return tensorsOf(core.output, network.outputs, *answer);
}

} // namespace nnc
