//===- WidenConstantMoves.cpp - No partial writes of general registers ---------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM makes the constant mask of 12 lanes with
//
//   movw $4095, %ax        ==>     movl $4095, %eax
//   kmovd %eax, %k1                kmovd %eax, %k1
//
// The upper half of eax is then whatever was there: a dependency on old values,
// a slow decode (the prefix changes the length), and a mask register that no
// checker can call public.
//
//===----------------------------------------------------------------------===//
#include "CodegenPasses.h"

#include "llvm/CodeGen/MachineFunctionPass.h"
#include "llvm/CodeGen/MachineInstr.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetRegisterInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

using namespace llvm;

namespace nnc::x86 {
namespace {

class WidenConstantMoves : public MachineFunctionPass {
public:
  static char ID;
  WidenConstantMoves() : MachineFunctionPass(ID) {}
  StringRef getPassName() const override { return "widen constant moves"; }

  bool runOnMachineFunction(MachineFunction &function) override {
    instructions = function.getSubtarget().getInstrInfo();
    registers = function.getSubtarget().getRegisterInfo();
    wide = findOpcode("MOV32ri");
    bool usesHighBytes = any_of(function, [&](const MachineBasicBlock &block) {
      return any_of(block, [&](const MachineInstr &inst) { return mentionsHighByte(inst); });
    });
    bool changed = false;
    for (MachineBasicBlock &block : function)
      for (MachineInstr &inst : block)
        changed |= widen(inst, usesHighBytes);
    return changed;
  }

private:
  unsigned findOpcode(StringRef name) const {
    for (unsigned opcode = 0; opcode < instructions->getNumOpcodes(); ++opcode)
      if (instructions->getName(opcode) == name)
        return opcode;
    llvm_unreachable("x86 has a 32-bit move of a constant");
  }

  /// ah, bh, ch, dh: the other half of a register that a byte move leaves alone.
  bool mentionsHighByte(const MachineInstr &inst) const {
    return any_of(inst.operands(), [&](const MachineOperand &operand) {
      return operand.isReg() && operand.getReg() &&
             StringRef(registers->getName(operand.getReg())).size() == 2 &&
             registers->getName(operand.getReg())[1] == 'H';
    });
  }

  /// A move that implicitly reads a register keeps the rest of a larger value.
  bool widen(MachineInstr &inst, bool usesHighBytes) const {
    StringRef name = instructions->getName(inst.getOpcode());
    bool isByte = name == "MOV8ri";
    if ((!isByte && name != "MOV16ri") || !inst.getOperand(1).isImm() ||
        (isByte && usesHighBytes) || any_of(inst.implicit_operands(), [](const MachineOperand &o) {
          return !o.isReg() || o.isUse();
        }))
      return false;
    MCRegister full = superRegister(inst.getOperand(0).getReg());
    if (!full)
      return false;
    inst.setDesc(instructions->get(wide));
    inst.getOperand(0).setReg(full);
    inst.getOperand(1).setImm(inst.getOperand(1).getImm() & (isByte ? 0xff : 0xffff));
    return true;
  }

  /// The 32-bit register that `narrow` is the low part of.
  MCRegister superRegister(Register narrow) const {
    for (MCPhysReg super : registers->superregs(narrow))
      if (registers->getRegSizeInBits(*registers->getMinimalPhysRegClass(super)) == 32)
        return super;
    return {};
  }

  const TargetInstrInfo *instructions = nullptr;
  const TargetRegisterInfo *registers = nullptr;
  unsigned wide = 0;
};

char WidenConstantMoves::ID = 0;

} // namespace

MachineFunctionPass *createWidenConstantMoves() { return new WidenConstantMoves; }

} // namespace nnc::x86
