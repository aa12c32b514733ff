//===- Access.cpp - Loads, stores and their bounds -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace nnc::verify {
namespace {

std::string rangeText(Interval r, unsigned bytes) {
  if (!r.isBounded())
    return "an offset without known bounds";
  return "bytes " + std::to_string(r.lo) + " to " + std::to_string(r.hi + bytes - 1);
}

/// Bytes up to the last one that is not zero; all of them if they are not known.
unsigned nonzeroBytes(ArrayRef<uint8_t> data, unsigned bytes) {
  if (data.empty())
    return bytes;
  while (!data.empty() && data.back() == 0)
    data = data.drop_back();
  return data.size();
}

} // namespace

Value Transfer::addressOf(const Instruction &inst) {
  const Address &a = inst.memory;
  Value v = Value::constant(a.displacement);
  if (a.ripRelative)
    v = Value::pointer({Region::Image, 0}, int64_t(inst.end()) + a.displacement);
  if (a.base != NoLocation)
    v = add(v, s.gpr[a.base]);
  if (a.index != NoLocation) {
    Value index = a.index < FirstMask ? s.gpr[a.index] : Value::unknown(s.isTainted(a.index));
    v = add(v, a.scale == 1 ? index : scale(index, a.scale));
  }
  return strict(v);
}

/// Bytes that the instruction may touch, from its address on: masked moves end
/// with the last lane that the mask can enable.
unsigned Transfer::extent(const Instruction &inst) {
  const OpcodeInfo &info = *inst.info;
  if (inst.maskLocation == NoLocation || !info.elementBytes)
    return info.memoryBytes;
  if (info.mask == MaskUse::VectorRegister) {
    const VectorValue &mask = s.vector[inst.maskLocation - FirstVector];
    unsigned end = alignTo(mask.end, info.elementBytes);
    return mask.tainted ? info.memoryBytes : std::min(info.memoryBytes, end);
  }
  unsigned lanes = info.memoryBytes / info.elementBytes;
  if (LowPart part = s.lowPart(inst.maskLocation); part.bits >= lanes && part.known)
    return std::min<unsigned>(info.memoryBytes,
                              bit_width(part.first(lanes).number) * info.elementBytes);
  Interval mask = s.range(s.mask[inst.maskLocation - FirstMask]);
  if (s.isTainted(inst.maskLocation) || mask.lo < 0 || !mask.isBounded())
    return info.memoryBytes;
  return std::min<unsigned>(info.memoryBytes, bit_width(uint64_t(mask.hi)) * info.elementBytes);
}

/// A plain masked move looks at as many bits as it has lanes, others maybe at all.
bool Transfer::isMaskTainted(const Instruction &inst) const {
  if (inst.maskLocation == NoLocation || !s.isTainted(inst.maskLocation))
    return false;
  if (inst.info->mask != MaskUse::MaskRegister || !inst.info->elementBytes)
    return true;
  return s.lowPart(inst.maskLocation).bits < inst.info->memoryBytes / inst.info->elementBytes;
}

/// A load from one place among the constants or in the own frame: whichever
/// lanes its mask enables, the whole operand is there to be read. Back ends make
/// such loads of a select between a register and a constant.
bool Transfer::readsFixedOperand(const Instruction &inst) {
  if (inst.info->stores || inst.info->mask != MaskUse::MaskRegister)
    return false;
  Value address = addressOf(inst);
  if (address.tainted || address.count || address.lo != address.hi)
    return false;
  if (address.region.kind == Region::Stack)
    return true; // bounds are checked for the whole operand
  const Section *section =
      address.region.kind == Region::Image ? context.analysis.image.sectionAt(address.lo) : nullptr;
  return section && !section->writable &&
         uint64_t(address.lo) + inst.info->memoryBytes <= section->address + section->size;
}

void Transfer::checkAddress(const Instruction &inst) {
  const Address &a = inst.memory;
  for (uint8_t part : {a.base, a.index})
    if (part != NoLocation && s.isTainted(part))
      context.report(inst, Promise::AddressTrace, "the address depends on data");
  if (!isMaskTainted(inst))
    return;
  if (readsFixedOperand(inst))
    context.analysis.maskedReads.insert(inst.address);
  else
    context.report(inst, Promise::AddressTrace,
                   "which bytes are accessed depends on data (masked memory operand)");
}

/// Why these bytes of the stack are not the function's to touch; empty if they
/// are: its own frame with the red zone, and for reading what callers that were
/// looked at stored above it, its arguments among them.
StringRef Transfer::stackRefusal(uint16_t base, int64_t offset, int64_t bytes, bool isStore) const {
  constexpr int64_t returnAddress = 8;
  int64_t end = offset + bytes;
  if (base >= s.floors.size() || offset < s.floors[base] || (base > 0 && end > 0))
    return "stack access across a realigned frame";
  const Value &sp = s.gpr[RSP];
  bool isBelow = sp.region.kind == Region::Stack &&
                 (base > sp.region.index || (base == sp.region.index && offset < sp.lo - redZone));
  if (isBelow)
    return "touches the stack below its frame, where signal handlers run";
  if (base > context.entryBase || (base == context.entryBase && end <= context.entryOffset))
    return "";
  if (base == context.entryBase && offset < context.entryOffset + returnAddress)
    return "touches the return address";
  if (isStore)
    return "writes to the stack outside of the function's frame";
  if (!context.summary.entry.isStored(base, offset, bytes))
    return "reads the stack outside of the function's frame and arguments";
  return "";
}

/// Whether a load at an offset that a loop moves stays within the function's own frame, as far as
/// that is one piece.
bool Transfer::readsOwnFrame(const Instruction &inst, const Value &address, unsigned bytes) {
  Interval range = s.range(address);
  uint16_t base = address.region.index;
  if (address.tainted || !range.isBounded())
    return false;
  int64_t extent = range.hi - range.lo + int64_t(bytes);
  bool isOwn = base > context.entryBase || range.hi + int64_t(bytes) <= context.entryOffset;
  if (!isOwn || !stackRefusal(base, range.lo, extent, /*isStore=*/false).empty())
    return false;
  context.noteAccess(inst, ProofStatus::Proved);
  noteDepth(base, range.lo);
  return true;
}

/// The function's own frame reaches down to here.
void Transfer::noteDepth(uint16_t base, int64_t offset) {
  if (!context.recording)
    return;
  Frame &f = *context.frame;
  if (base == context.entryBase)
    f.lowest = std::min(f.lowest, offset - context.entryOffset);
  else
    f.realignedLowest = std::min(f.realignedLowest, offset);
}

bool Transfer::checkStack(const Instruction &inst, const Value &address, unsigned bytes,
                          bool isStore) {
  if (address.count || address.lo != address.hi || address.tainted) {
    context.report(inst, Promise::InstructionTrace, "stack access at a variable offset");
    context.report(inst, Promise::Memory, "stack access at a variable offset");
    if (isStore)
      s.forgetSlots();
    return false;
  }
  uint16_t base = address.region.index;
  int64_t offset = address.lo;
  if (StringRef reason = stackRefusal(base, offset, bytes, isStore); !reason.empty()) {
    context.noteAccess(inst, ProofStatus::Violated);
    context.report(inst, Promise::InstructionTrace, reason.str());
    context.report(inst, Promise::Memory, reason.str());
    if (isStore)
      s.forgetSlots();
    return false;
  }
  context.noteAccess(inst, ProofStatus::Proved);
  bool ownBase = base == context.entryBase;
  bool callers = base < context.entryBase || (ownBase && offset >= context.entryOffset);
  if (!callers)
    noteDepth(base, offset);
  if (callers && !ownBase)
    context.summary.readsOtherFrames = true;
  return true;
}

/// All iterations of the loops around are executed, so an offset without slack
/// is reached.
static bool reachesAll(const State &s, const Value &address) {
  return address.lo == address.hi && all_of(s.counters, [&](const Counter &c) {
           return c.isReached || address.stepOf(c.loop) == 0;
         });
}

void Transfer::boundsIn(const Instruction &inst, const Value &address, unsigned bytes,
                        int64_t limit) {
  Interval range = s.range(address);
  if (limit >= 0 && range.isBounded() && range.lo >= 0 && range.hi <= limit - int64_t(bytes))
    return context.noteAccess(inst, ProofStatus::Proved);
  std::string where = regionName(address.region);
  if (limit < 0) {
    context.noteAccess(inst, ProofStatus::Unresolved);
    context.report(inst, Promise::Memory, "the size of " + where + " is not known",
                   ProofStatus::Unresolved);
    return;
  }
  bool surely = range.isBounded() &&
                (reachesAll(s, address) || range.lo > limit - int64_t(bytes) || range.hi < 0);
  ProofStatus status = surely ? ProofStatus::Violated : ProofStatus::Unresolved;
  context.noteAccess(inst, status);
  context.report(inst, Promise::Memory,
                 "accesses " + rangeText(range, bytes) + " of " + where + ", which has " +
                     std::to_string(limit) + " bytes",
                 status);
}

void Transfer::boundsInImage(const Instruction &inst, const Value &address, unsigned bytes,
                             bool isStore) {
  Interval range = s.range(address);
  const Section *section = range.isBounded() ? context.analysis.image.sectionAt(range.lo) : nullptr;
  bool inside = section && uint64_t(range.hi) + bytes <= section->address + section->size;
  if (isStore) {
    context.noteAccess(inst, ProofStatus::Violated);
    context.report(inst, Promise::Memory,
                   section && section->writable ? "writes to a global variable"
                                                : "writes to the constants");
  } else if (inside && section->writable) {
    context.noteAccess(inst, ProofStatus::Violated);
    context.report(inst, Promise::Memory, "reads a global variable");
  } else {
    context.noteAccess(inst, inside ? ProofStatus::Proved : ProofStatus::Unresolved);
    if (!inside)
      context.report(inst, Promise::Memory,
                     "reads constants at " + rangeText(range, bytes) + ", not within one section",
                     ProofStatus::Unresolved);
  }
}

void Transfer::checkBounds(const Instruction &inst, const Value &address, unsigned bytes,
                           bool isStore) {
  const Contract &contract = context.analysis.contract;
  auto sizeOf = [](ArrayRef<int64_t> sizes, unsigned i) {
    return i < sizes.size() ? sizes[i] : -1;
  };
  bool known = address.region.kind != Region::None && address.region.kind != Region::Saved &&
               address.region.kind != Region::Bytes;
  if (known && !context.recording)
    return; // only the last walk reports
  if (bytes == 0)
    return context.noteAccess(inst, ProofStatus::Proved);
  switch (address.region.kind) {
  case Region::Arena:
    return boundsIn(inst, address, bytes, contract.sizesKnown ? contract.arenaBytes : -1);
  case Region::State:
    return boundsIn(inst, address, bytes, contract.sizesKnown ? contract.stateBytes : -1);
  case Region::Input:
    if (isStore)
      context.report(inst, Promise::Memory, "writes to " + regionName(address.region));
    return boundsIn(inst, address, bytes, sizeOf(contract.inputBytes, address.region.index));
  case Region::Output:
    return boundsIn(inst, address, bytes, sizeOf(contract.outputBytes, address.region.index));
  case Region::Table: {
    if (isStore)
      context.report(inst, Promise::Memory, "writes to " + regionName(address.region));
    size_t entries = (address.region.index ? contract.outputBytes : contract.inputBytes).size();
    return boundsIn(inst, address, bytes, contract.sizesKnown ? int64_t(entries) * 8 : -1);
  }
  case Region::Image:
    return boundsInImage(inst, address, bytes, isStore);
  default:
    break;
  }
  context.noteAccess(inst, ProofStatus::Violated);
  context.report(inst, Promise::Memory, "accesses memory at " + regionName(address.region));
  if (!isStore)
    return;
  // Nothing is known about the stack after this, so the trace is open as well.
  context.report(inst, Promise::InstructionTrace, "stores through " + regionName(address.region));
  s.forgetSlots();
}

Value Transfer::loadImage(const Value &address, unsigned bytes) {
  Interval range = s.range(address);
  const Image &image = context.analysis.image;
  const Section *section = range.isBounded() ? image.sectionAt(range.lo) : nullptr;
  bool constant = section && !section->writable &&
                  uint64_t(range.hi) + bytes <= section->address + section->size;
  bool tainted = address.tainted || !constant;
  const Relocated *filled = constant ? image.relocatedIn(range.lo, bytes) : nullptr;
  bool isAddress = filled && filled->isAddress && filled->bytes == bytes &&
                   filled->address == uint64_t(range.lo);
  if (!constant || !range.isExact() || (filled && !isAddress))
    return bytes < 8 ? Value::range(0, (int64_t(1) << (8 * bytes)) - 1, tainted)
                     : Value::unknown(tainted);
  if (bytes > 8) {
    Value v = Value::pointer({Region::Bytes, 0}, nonzeroBytes(image.bytes(range.lo, bytes), bytes));
    v.tainted = tainted;
    return v;
  }
  std::optional<uint64_t> content = image.read(range.lo, bytes);
  Value v = Value::constant(content.value_or(0)); // zero-filled sections have no bytes
  int64_t number = v.lo;
  if (number >= unbounded || number <= -unbounded)
    return Value::unknown(tainted);
  if (isAddress)
    v.region = {Region::Image, 0};
  v.tainted = tainted;
  return v;
}

Value Transfer::loadTable(const Value &address, unsigned bytes) {
  if (bytes != 8 || address.count || address.lo != address.hi || address.lo % 8 || address.lo < 0 ||
      address.lo >= (8 << 16))
    return Value::unknown(address.tainted);
  Region::Kind kind = address.region.index ? Region::Output : Region::Input;
  Value v = Value::pointer({kind, uint16_t(address.lo / 8)}, 0);
  v.tainted = address.tainted;
  return v;
}

Value Transfer::load(const Instruction &inst, const Value &address, unsigned bytes) {
  auto anything = [&](bool tainted) {
    return bytes < 8 ? Value::range(0, (int64_t(1) << (8 * bytes)) - 1, tainted)
                     : Value::unknown(tainted);
  };
  if (address.region.kind == Region::Stack) {
    if (address.count && readsOwnFrame(inst, address, bytes))
      return anything(true);
    if (!checkStack(inst, address, bytes, false))
      return Value::unknown(true);
    uint16_t base = address.region.index;
    Value v = s.loadSlot(base, address.lo, bytes);
    if (base == context.entryBase && address.lo >= context.entryOffset + 8) {
      // A memo hit must find the same value in the other caller's frame.
      const Value &before = context.summary.entry.loadSlot(base, address.lo, bytes);
      bool stored = context.summary.entry.isStored(base, address.lo, bytes);
      context.summary.reads.push_back({address.lo - context.entryOffset, bytes, before, stored});
    }
    return v;
  }
  if (address.region.kind == Region::None) {
    // A plain number is an absolute address.
    Interval range = s.range(address);
    if (range.isBounded() && range.lo > 0 && context.analysis.image.sectionAt(range.lo)) {
      Value absolute = address;
      absolute.region = {Region::Image, 0};
      return load(inst, absolute, bytes);
    }
  }
  checkBounds(inst, address, extent(inst), false);
  if (address.region.kind == Region::Image)
    return loadImage(address, bytes);
  if (address.region.kind == Region::Table)
    return loadTable(address, bytes);
  return anything(true);
}

void Transfer::store(const Instruction &inst, const Value &address, unsigned bytes,
                     const Value &v) {
  if (address.region.kind != Region::Stack)
    return checkBounds(inst, address, extent(inst), true);
  if (!checkStack(inst, address, bytes, true))
    return;
  Value stored = v;
  if (inst.maskLocation != NoLocation) // some lanes keep what was there
    stored = Value::unknown(v.tainted || isMaskTainted(inst) ||
                            s.loadSlot(address.region.index, address.lo, bytes).tainted);
  s.storeSlot(address.region.index, address.lo, bytes, stored);
}

} // namespace nnc::verify
