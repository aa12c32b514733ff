//===- Decoder.cpp - x86-64 instructions as the analysis sees them ---------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Decoder.h"
#include "Extensions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

extern "C" {
void LLVMInitializeX86TargetInfo();
void LLVMInitializeX86TargetMC();
void LLVMInitializeX86Disassembler();
}

namespace nnc::verify {
namespace {

/// What an LLVM register is to the analysis.
struct RegisterFacts {
  uint8_t location = NoLocation;
  uint8_t bits = 0;
  bool highByte = false;
  bool flags = false;
  bool harmless = false; ///< tracked nowhere, carries no data: rip, mxcsr, …
};

/// Whether `mnemonic` is `name`, or that of floats: div, divps; pextrd is no pext.
bool isFormOf(StringRef mnemonic, StringRef name) {
  static constexpr StringLiteral floats[] = {"ss", "sd", "ps", "pd"};
  return mnemonic.consume_front(name) && (mnemonic.empty() || is_contained(floats, mnemonic));
}

RegisterFacts generalRegister(StringRef name) {
  static constexpr StringLiteral legacy[] = {"A", "C", "D", "B", "SP", "BP", "SI", "DI"};
  for (auto [i, stem] : enumerate(legacy)) {
    bool letter = stem.size() == 1;
    uint8_t loc = i;
    std::string word = letter ? (stem + "X").str() : stem.str();
    if (name == "R" + word)
      return {loc, 64};
    if (name == "E" + word)
      return {loc, 32};
    if (name == word)
      return {loc, 16};
    if (name == (stem + "L").str())
      return {loc, 8};
    if (letter && name == (stem + "H").str())
      return {loc, 8, true};
  }
  unsigned number = 0;
  if (!name.consume_front("R") || name.consumeInteger(10, number) || number < 8 || number > 15)
    return {};
  uint8_t loc = number;
  if (name.empty())
    return {loc, 64};
  return name == "D"   ? RegisterFacts{loc, 32}
         : name == "W" ? RegisterFacts{loc, 16}
         : name == "B" ? RegisterFacts{loc, 8}
                       : RegisterFacts{};
}

RegisterFacts factsOf(StringRef name) {
  if (name == "EFLAGS")
    return {NoLocation, 32, false, true};
  if (is_contained({"RIP", "EIP", "MXCSR", "SSP", "DF", "CS", "DS", "ES", "SS"}, name))
    return {NoLocation, 0, false, false, true};
  unsigned number = 0;
  StringRef rest = name;
  if (rest.consume_front("K") && !rest.consumeInteger(10, number) && rest.empty() && number < 8)
    return {uint8_t(FirstMask + number), 64};
  rest = name;
  if (rest.consume_front("TMM") && !rest.consumeInteger(10, number) && rest.empty() && number < 8)
    return {uint8_t(FirstMatrix + number), 0};
  for (auto [stem, bits] :
       {std::pair<StringRef, uint16_t>{"XMM", 128}, {"YMM", 255}, {"ZMM", 255}}) {
    rest = name;
    if (rest.consume_front(stem) && !rest.consumeInteger(10, number) && number < 32)
      return {uint8_t(FirstVector + number), uint8_t(bits)};
  }
  return generalRegister(name);
}

} // namespace

struct Decoder::Machine {
  std::unique_ptr<MCRegisterInfo> registers;
  std::unique_ptr<MCAsmInfo> assembly;
  std::unique_ptr<MCInstrInfo> instructions;
  std::unique_ptr<MCSubtargetInfo> subtarget;
  std::unique_ptr<MCContext> context;
  std::unique_ptr<MCDisassembler> disassembler;
  std::unique_ptr<MCInstPrinter> printer;
  std::vector<RegisterFacts> facts;
  Extensions extensions;

  explicit Machine(ArrayRef<std::string> features) : extensions(features) {}
};

Decoder::Decoder(const Contract &contract)
    : machine(std::make_unique<Machine>(contract.cpuFeatures)),
      variableLatency(contract.variableLatency) {}
Decoder::~Decoder() = default;

Expected<std::unique_ptr<Decoder>> Decoder::create(const Contract &contract) {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86Disassembler();
  std::string error, triple = "x86_64-unknown-linux-gnu";
  const Target *target = TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return createStringError(error);
  std::unique_ptr<Decoder> decoder(new Decoder(contract));
  Machine &m = *decoder->machine;
  m.registers.reset(target->createMCRegInfo(triple));
  m.assembly.reset(target->createMCAsmInfo(*m.registers, triple, MCTargetOptions()));
  m.instructions.reset(target->createMCInstrInfo());
  m.subtarget.reset(target->createMCSubtargetInfo(triple, "", ""));
  m.context = std::make_unique<MCContext>(Triple(triple), m.assembly.get(), m.registers.get(),
                                          m.subtarget.get());
  m.disassembler.reset(target->createMCDisassembler(*m.subtarget, *m.context));
  m.printer.reset(target->createMCInstPrinter(Triple(triple), /*SyntaxVariant=*/1, *m.assembly,
                                              *m.instructions, *m.registers));
  if (!m.disassembler || !m.printer)
    return createStringError("this build of LLVM has no x86 disassembler");
  m.printer->setPrintImmHex(true);
  for (unsigned reg = 0; reg < m.registers->getNumRegs(); ++reg)
    m.facts.push_back(factsOf(m.registers->getName(reg)));
  decoder->infos.resize(m.instructions->getNumOpcodes());
  return std::move(decoder);
}

std::string Decoder::print(ArrayRef<uint8_t> bytes, uint64_t address) const {
  MCInst inst;
  uint64_t size = 0;
  if (machine->disassembler->getInstruction(inst, size, bytes, address, nulls()) !=
      MCDisassembler::Success)
    return "(not an instruction)";
  std::string text;
  raw_string_ostream os(text);
  machine->printer->printInst(&inst, address, "", *machine->subtarget, os);
  std::replace(text.begin(), text.end(), '\t', ' ');
  return StringRef(text).trim().str();
}

const OpcodeInfo &Decoder::infoOf(const MCInst &inst, ArrayRef<uint8_t> bytes, uint64_t address) {
  std::unique_ptr<OpcodeInfo> &entry = infos[inst.getOpcode()];
  if (entry)
    return *entry;
  const MCInstrDesc &desc = machine->instructions->get(inst.getOpcode());
  int memoryIndex = -1;
  unsigned memoryOperands = 0;
  bool usesMask = false;
  for (auto [i, op] : enumerate(desc.operands())) {
    if (op.OperandType == MCOI::OPERAND_MEMORY) {
      memoryIndex = memoryIndex < 0 ? int(i) : memoryIndex;
      ++memoryOperands;
    }
    if (i >= desc.getNumDefs() && i < inst.getNumOperands() && inst.getOperand(i).isReg()) {
      uint8_t loc = machine->facts[inst.getOperand(i).getReg()].location;
      usesMask |= loc >= FirstMask && loc < FirstVector;
    }
  }
  StringRef name = machine->instructions->getName(inst.getOpcode());
  if (name.starts_with("LEA") && desc.getNumOperands() == 6) { // LLVM does not mark these
    memoryIndex = 1;
    memoryOperands = 5;
  }
  bool usesFlags =
      any_of(desc.implicit_uses(), [&](unsigned r) { return machine->facts[r].flags; });
  bool definesFlags =
      any_of(desc.implicit_defs(), [&](unsigned r) { return machine->facts[r].flags; });
  std::string text;
  raw_string_ostream os(text);
  machine->printer->printInst(&inst, address, "", *machine->subtarget, os);
  std::replace(text.begin(), text.end(), '\t', ' ');
  entry = std::make_unique<OpcodeInfo>(classifyOpcode(
      name, StringRef(text).trim(), memoryOperands == 5 ? memoryIndex : -1, desc.mayLoad(),
      desc.mayStore(), desc.hasUnmodeledSideEffects(), usesFlags, definesFlags, usesMask));
  if (memoryOperands && memoryOperands != 5 && entry->refusal.empty())
    entry->refusal = "accesses memory in a way that is not understood";
  entry->readsFloatMode =
      entry->op != Op::ControlWord && any_of(desc.implicit_uses(), [&](unsigned r) {
        return StringRef(machine->registers->getName(r)) == "MXCSR";
      });
  bool control = desc.isBranch() || desc.isCall() || desc.isReturn() || desc.isTerminator() ||
                 desc.isIndirectBranch();
  bool ruled = entry->op == Op::Jump || entry->op == Op::JumpIf || entry->op == Op::Call ||
               entry->op == Op::Return;
  if (control && !ruled) {
    entry->op = Op::IndirectBranch;
    entry->refusal = "transfers control to a place that the code does not state";
  }
  Need need = machine->extensions.needOf(entry->mnemonic, bytes);
  entry->isaLevel = need.isaLevel;
  if (entry->refusal.empty())
    entry->refusal = need.refusal;
  entry->variableLatency = any_of(
      variableLatency, [&](const std::string &name) { return isFormOf(entry->mnemonic, name); });
  return *entry;
}

void Decoder::useRegister(unsigned reg, bool isDef, Instruction &result) const {
  if (reg == 0)
    return;
  const RegisterFacts &facts = machine->facts[reg];
  if (facts.flags || facts.harmless || isMatrix(facts.location))
    return;
  if (facts.location == NoLocation) {
    result.refusal = std::string("uses register ") + machine->registers->getName(reg);
    return;
  }
  bool lowByte = facts.bits == 8 && !facts.highByte;
  if (!isDef) {
    (lowByte ? result.lowByteUses : result.uses) |= bit(facts.location);
    return;
  }
  if (lowByte)
    result.lowByteDefs |= bit(facts.location);
  if (facts.bits == 16)
    result.wordDefs |= bit(facts.location);
  result.defs |= bit(facts.location);
  bool partial = facts.location < FirstMask ? facts.bits < 32
                                            : facts.location >= FirstVector && result.mergesVector;
  if (partial)
    result.partialDefs |= bit(facts.location);
}

void Decoder::readAddress(const MCInst &inst, Instruction &result) const {
  unsigned first = result.info->memoryIndex;
  const MCOperand &base = inst.getOperand(first), &scale = inst.getOperand(first + 1),
                  &index = inst.getOperand(first + 2), &disp = inst.getOperand(first + 3),
                  &segment = inst.getOperand(first + 4);
  Address &a = result.memory;
  a.scale = scale.getImm();
  a.displacement = disp.isImm() ? disp.getImm() : 0;
  bool touches = result.op() != Op::Nop;
  if (segment.getReg()) {
    StringRef name = machine->registers->getName(segment.getReg());
    if (touches && (name == "FS" || name == "GS"))
      result.refusal = "addresses thread-local storage";
  }
  for (auto [operand, location] :
       {std::pair<const MCOperand &, uint8_t &>{base, a.base}, {index, a.index}}) {
    if (!operand.getReg())
      continue;
    StringRef name = machine->registers->getName(operand.getReg());
    if (name == "RIP") {
      a.ripRelative = true;
      continue;
    }
    if (name == "RIZ")
      continue;
    const RegisterFacts &facts = machine->facts[operand.getReg()];
    location = facts.location;
    if (touches &&
        (facts.location == NoLocation || (facts.location < FirstMask && facts.bits != 64)))
      result.refusal = "addresses memory through a 32-bit register";
    if (touches)
      useRegister(operand.getReg(), false, result);
  }
}

void Decoder::readOperands(const MCInst &inst, Instruction &result) const {
  const MCInstrDesc &desc = machine->instructions->get(inst.getOpcode());
  int memory = result.info->memoryIndex;
  unsigned lastMask = NoLocation;
  for (unsigned i = 0; i < inst.getNumOperands(); ++i) {
    Operand operand;
    if (int(i) == memory) {
      readAddress(inst, result);
      operand.kind = Operand::Memory;
      i += 4;
      if (result.info->stores && memory == 0)
        result.destination = operand;
      result.sources.push_back(operand);
      continue;
    }
    const MCOperand &mc = inst.getOperand(i);
    if (mc.isImm()) {
      operand.kind = Operand::Immediate;
      operand.immediate = mc.getImm();
      result.sources.push_back(operand);
      continue;
    }
    if (!mc.isReg())
      continue;
    const RegisterFacts &facts = machine->facts[mc.getReg()];
    operand.kind = Operand::Register;
    operand.location = facts.location;
    operand.bits = facts.bits;
    operand.highByte = facts.highByte;
    bool isDef = i < desc.getNumDefs();
    useRegister(mc.getReg(), isDef, result);
    if (isDef && result.destination.kind == Operand::None)
      result.destination = operand;
    if (!isDef) {
      result.sources.push_back(operand);
      if (facts.location >= FirstMask && facts.location < FirstVector)
        lastMask = facts.location;
    }
  }
  if (result.info->mask == MaskUse::MaskRegister)
    result.maskLocation = lastMask;
  if (result.info->mask == MaskUse::VectorRegister)
    for (const Operand &source : result.sources) // rm: (mask, mem); mr: (mem, mask, data)
      if (source.kind == Operand::Register && source.location >= FirstVector) {
        result.maskLocation = source.location;
        if (StringRef(result.info->name).contains("MASKMOV"))
          break;
      }
}

void Decoder::addImplicit(const MCInst &inst, Instruction &result) const {
  const MCInstrDesc &desc = machine->instructions->get(inst.getOpcode());
  if (result.op() == Op::Call || result.op() == Op::ZeroUpper)
    return; // rules of their own
  for (unsigned reg : desc.implicit_uses())
    useRegister(reg, false, result);
  for (unsigned reg : desc.implicit_defs())
    useRegister(reg, true, result);
}

bool Decoder::decode(ArrayRef<uint8_t> bytes, uint64_t address, Instruction &result) {
  MCInst inst;
  uint64_t size = 0;
  if (machine->disassembler->getInstruction(inst, size, bytes, address, nulls()) !=
          MCDisassembler::Success ||
      size == 0)
    return false;
  result = Instruction();
  result.address = address;
  result.size = size;
  bytes = bytes.take_front(size);
  result.info = &infoOf(inst, bytes, address);
  result.refusal = result.info->refusal;
  result.mergesVector = encodingOf(bytes) == Encoding::Legacy;
  readOperands(inst, result);
  addImplicit(inst, result);
  if (isEncodedForAPX(bytes, result.info->name)) // an opcode has plain encodings, too
    result.refusal = "is encoded for APX, which no core here has";
  Op op = result.op();
  if (op == Op::JumpIf || op == Op::SelectIf || op == Op::SetIf)
    result.condition = Condition(inst.getOperand(inst.getNumOperands() - 1).getImm() & 15);
  if (op == Op::Jump || op == Op::JumpIf || op == Op::Call)
    result.target = result.end() + inst.getOperand(0).getImm();
  return true;
}

} // namespace nnc::verify
