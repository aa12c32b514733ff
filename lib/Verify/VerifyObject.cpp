//===- VerifyObject.cpp - From an ELF file to findings ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"
#include "Description.h"
#include "Fingerprint.h"

#include "nnc/Support/Crc32c.h"
#include "nnc/Support/Sha256.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

#include <unordered_map>
#include <unordered_set>

using namespace llvm;
using namespace nnc::verify;

namespace nnc {

/// The System V ABI moves the stack pointer of a caller in such steps.
static constexpr int64_t stackAlignment = 16;

namespace {

/// Puts arguments where the System V ABI does: six registers, then the stack.
class Arguments {
public:
  explicit Arguments(State &state) : state(state) {}

  void push(const Value &v) {
    static constexpr uint8_t registers[] = {RDI, RSI, RDX, RCX, 8, 9};
    if (next < std::size(registers))
      state.setGPR(registers[next], v);
    else
      state.storeSlot(0, 8 + 8 * int64_t(next - std::size(registers)), 8, v);
    ++next;
  }
  void pointer(Region::Kind kind, unsigned index = 0) {
    push(Value::pointer({kind, uint16_t(index)}, 0));
  }

private:
  State &state;
  unsigned next = 0;
};

State emptyEntry() {
  State state;
  state.reachable = true;
  for (unsigned reg = 0; reg < 16; ++reg)
    state.setGPR(reg, Value::unknown(true));
  for (uint8_t reg :
       {uint8_t(RBX), uint8_t(RBP), uint8_t(12), uint8_t(13), uint8_t(14), uint8_t(15)})
    state.setGPR(reg, Value::pointer({Region::Saved, reg}, 0));
  for (VectorValue &v : state.vector)
    v = VectorValue::unknown(true);
  for (Value &v : state.mask)
    v = Value::unknown(true);
  state.setGPR(RSP, Value::pointer({Region::Stack, 0}, 0));
  state.floatMode = FloatMode::Callers;
  return state;
}

/// The arguments of `NAME_<entry>` as the C header declares them.
State entryState(StringRef entry, const Contract &contract) {
  State state = emptyEntry();
  Arguments arguments(state);
  if (entry == "run") {
    for (unsigned i = 0; i < contract.inputBytes.size(); ++i)
      arguments.pointer(Region::Input, i);
    for (unsigned i = 0; i < contract.outputBytes.size(); ++i)
      arguments.pointer(Region::Output, i);
  } else if (entry == "run_v" || entry == "run_steps") {
    arguments.pointer(Region::Table, 0);
    arguments.pointer(Region::Table, 1);
  }
  if (entry != "cpu_ok" && entry != "reset")
    arguments.pointer(Region::Arena);
  if (entry == "run_steps") {
    arguments.push(Value::unknown(false));
    arguments.push(Value::unknown(false));
  }
  if (contract.stateBytes > 0 && entry != "cpu_ok" && entry != "selftest")
    arguments.pointer(Region::State);
  return state;
}

/// Gathers what the summaries of one run found.
class Collector {
public:
  Collector(const Image &image, const Contract &contract, Findings &result)
      : image(image), contract(contract), result(result) {}

  void collect(const Summary *summary) {
    if (!seen.insert(summary).second)
      return;
    for (const Place &place : summary->places)
      places.emplace(place.key(), place);
    for (auto [address, status] : summary->accesses) {
      ProofStatus &worst = accesses.try_emplace(address, status).first->second;
      worst = std::max(worst, status);
    }
    reached.insert(summary->reached.begin(), summary->reached.end());
    for (const Summary *callee : summary->callees)
      collect(callee);
  }

  void wholeFile(Promise promise, std::string reason, ProofStatus status = ProofStatus::Violated) {
    Finding finding;
    finding.promise = promise;
    finding.status = status;
    finding.reason = std::move(reason);
    result.findings.push_back(std::move(finding));
  }

  void finish(const ControlFlow &flow, const Decoder &decoder) {
    for (const auto &[key, place] : places)
      addPlace(place, decoder);
    for (const Finding &finding : result.findings) {
      ProofStatus &status = result.status[unsigned(finding.promise)];
      status = std::max(status, finding.status);
    }
    result.instructions = reached.size();
    for (const auto &[entry, function] : flow.functions())
      for (const Instruction &inst : function->instructions)
        result.conditionalBranches += inst.op() == Op::JumpIf && reached.count(inst.address);
    result.memoryAccesses = accesses.size();
    result.provedAccesses =
        count_if(accesses, [](const auto &a) { return a.second == ProofStatus::Proved; });
  }

private:
  void addPlace(const Place &place, const Decoder &decoder) {
    Finding finding;
    finding.promise = place.promise;
    finding.status = place.status;
    finding.function = place.function->name;
    finding.offset = place.address - place.function->entry;
    finding.reason = place.reason;
    const Section *section = image.sectionAt(place.address);
    if (section)
      finding.text = decoder.print(
          image.bytes(place.address,
                      std::min<uint64_t>(15, section->address + section->size - place.address)),
          place.address);
    for (const auto &exception : contract.exceptions)
      if (exception.function == finding.function)
        finding.nodes = exception.nodes;
    result.findings.push_back(std::move(finding));
  }

  const Image &image;
  const Contract &contract;
  Findings &result;
  std::set<const Summary *> seen;
  std::map<std::tuple<uint64_t, Promise, ProofStatus>, Place> places;
  std::unordered_map<uint64_t, ProofStatus> accesses;
  std::unordered_set<uint64_t> reached;
};

void hashSections(const Image &image, Findings &result) {
  Sha256 text, rodata;
  for (const Section &section : image.sections()) {
    if (section.executable) {
      text.update(section.bytes);
      result.codeBytes += section.size;
    } else if (!section.writable && StringRef(section.name).starts_with(".rodata")) {
      rodata.update(section.bytes);
      result.romBytes += section.size;
    }
  }
  result.textSHA256 = text.hex();
  result.rodataSHA256 = rodata.hex();
}

/// The network's constants, which nothing is relocated in.
void hashRom(const Image &image, StringRef name, Findings &result) {
  const Symbol *rom = image.symbol((name + ".rom").str());
  if (!rom)
    return;
  ArrayRef<uint8_t> bytes = image.bytes(rom->address, rom->size);
  if (bytes.empty())
    return;
  Crc32c crc;
  if (bytes.size() > 1) // one byte stands for none
    crc.update(ArrayRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
  result.romCRC32C = crc.value();
}

/// What the file asks of linkers and loaders: no executable stack, and in what
/// nn-compile wrote a core that has the instructions.
void checkNotes(const Image &image, const ControlFlow &flow, const Contract &contract,
                Collector &collector) {
  if (image.asksForExecutableStack())
    collector.wholeFile(Promise::Memory,
                        image.isRelocatable()
                            ? "asks for an executable stack: .note.GNU-stack is missing or says so"
                            : "asks for an executable stack: PT_GNU_STACK is missing or says so");
  unsigned needed = 1;
  for (const auto &[entry, function] : flow.functions())
    for (const Instruction &inst : function->instructions)
      needed = std::max(needed, inst.info->isaLevel);
  std::string level = "x86-64-v" + std::to_string(needed);
  bool isOurs = image.symbol(contract.name + "_model");
  if (!image.isaLevelNote() && isOurs)
    collector.wholeFile(Promise::InstructionTrace,
                        "has no GNU property note that asks for " + level +
                            ", which its code needs: any core would load it");
  else if (image.isaLevelNote() && *image.isaLevelNote() < needed)
    collector.wholeFile(Promise::InstructionTrace, "its GNU property note asks for x86-64-v" +
                                                       std::to_string(*image.isaLevelNote()) +
                                                       ", its code needs " + level);
}

/// Nothing but the network's own names is to be linked to, and nothing runs unless called.
void checkLinkage(const Image &image, const Contract &contract, Collector &collector) {
  auto isOurs = [&](StringRef name) {
    return name.consume_front(contract.name + "_") &&
           (name == "model" || is_contained(entryNames, name));
  };
  for (const std::string &name : image.exports())
    if (!isOurs(name))
      collector.wholeFile(Promise::Memory,
                          "exports '" + name + "', which is no name of the network's interface");
  for (const std::string &request : image.loaderRequests())
    collector.wholeFile(Promise::InstructionTrace,
                        request + " has loaders run code or load files before any call");
}

/// What holds for the file as a whole: nothing to link, no variables, no code
/// that nobody looked at.
void checkFile(const Image &image, const ControlFlow &flow, const Contract &contract,
               Findings &result, Collector &collector) {
  if (!image.isStandalone())
    return; // the rest of a program is not ours to judge
  checkNotes(image, flow, contract, collector);
  checkLinkage(image, contract, collector);
  result.undefinedSymbols = image.undefinedSymbols();
  for (const std::string &name : result.undefinedSymbols)
    collector.wholeFile(Promise::Memory, "undefined symbol '" + name + "'");
  for (const Section &section : image.sections())
    if (section.writable) {
      result.writableSections.push_back(section.name);
      collector.wholeFile(Promise::Memory, "writable section " + section.name + " of " +
                                               std::to_string(section.size) + " bytes");
    }
  for (auto [address, bytes] : flow.unreachedCode()) {
    const Symbol *symbol = image.functionAround(address);
    std::string where = symbol ? symbol->name + "+0x" + utohexstr(address - symbol->address, true)
                               : "0x" + utohexstr(address, true);
    collector.wholeFile(Promise::InstructionTrace, std::to_string(bytes) + " bytes of code at " +
                                                       where + " are reached from no entry");
  }
}

} // namespace

Expected<Findings> verifyObject(MemoryBufferRef elf, const Contract &contract) {
  Expected<std::unique_ptr<Image>> image = Image::create(elf);
  if (!image)
    return image.takeError();
  Expected<std::unique_ptr<Decoder>> decoder = Decoder::create(contract);
  if (!decoder)
    return decoder.takeError();
  Findings result;
  ControlFlow flow(**image, **decoder);
  for (StringRef entry : entryNames)
    if (const Symbol *symbol = (*image)->symbol((contract.name + "_" + entry).str()))
      flow.addEntry(symbol->address);
  Analysis analysis(**image, contract, flow);
  Collector collector(**image, contract, result);
  for (StringRef entry : entryNames) {
    const Symbol *symbol = (*image)->symbol((contract.name + "_" + entry).str());
    if (!symbol)
      continue;
    const Function *function = flow.functionAt(symbol->address);
    if (entry == "run" && !contract.sizesKnown) {
      for (Promise p : {Promise::InstructionTrace, Promise::AddressTrace, Promise::Memory})
        collector.wholeFile(p, symbol->name + " was not analysed: its arguments are not known",
                            ProofStatus::Unresolved);
      continue;
    }
    result.entries.push_back(symbol->name);
    collector.collect(analysis.call(*function, entryState(entry, contract), 0));
    result.functions.push_back(
        {symbol->name, function->bytes(), stackDepth(analysis.frames, function)});
  }
  if (result.entries.empty())
    return createStringError("holds no entry point of a network named '" + contract.name + "'");
  for (const FunctionFacts &entry : result.functions)
    result.stackBytes = std::max(result.stackBytes, entry.stackBytes);
  result.stackBytes = alignTo(result.stackBytes, stackAlignment);
  for (const auto &[entry, function] : flow.functions())
    if (none_of(result.functions, [&](const auto &f) { return f.name == function->name; }))
      result.functions.push_back(
          {function->name, function->bytes(), stackDepth(analysis.frames, function.get())});
  result.loops = flow.numLoops();
  result.selfTestBranches = analysis.selfTestBranches.size();
  result.maskedReads = analysis.maskedReads.size();
  hashSections(**image, result);
  hashRom(**image, contract.name, result);
  result.model = describeModel(**image, contract.name);
  result.codeSHA256 = fingerprint(**image, flow, contract.name);
  result.isObject = (*image)->isRelocatable();
  checkFile(**image, flow, contract, result, collector);
  collector.finish(flow, **decoder);
  return result;
}

} // namespace nnc
