//===- Clocking.cpp - Which modules get the clock and the reset ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Clocking.h"

using namespace mlir;
using namespace nnc::rtl;

namespace nnc::hls {

Clocking::Clocking(DesignOp design, const VerilogOptions &options) : options(options) {
  for (Operation &op : design.getBody().front())
    if (isa<RomOp, RamOp>(op))
      ports[op.getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName())] = {clockName, ""};
  for (RTLModuleOp module : modulesBottomUp(design))
    ports[module.getSymNameAttr()] = portsOf(module);
}

Clocking::Ports Clocking::portsOf(RTLModuleOp module) const {
  bool hasClock = false, hasReset = false;
  for (Operation &op : module.getBlock()) {
    if (auto reg = dyn_cast<RegOp>(op)) {
      hasClock = true;
      hasReset |= reg.getResetValueAttr() != nullptr;
    } else if (auto instance = dyn_cast<InstanceOp>(op)) {
      hasClock |= !clockOf(instance.getTargetAttr().getAttr()).empty();
      hasReset |= !resetOf(instance.getTargetAttr().getAttr()).empty();
    }
  }
  bool isLow = options.resetLevel == ResetLevel::Low || module.getLowReset();
  StringRef standard = isLow ? lowResetName : resetName;
  return {hasClock ? module.getClock().value_or(clockName) : "",
          hasReset ? module.getReset().value_or(standard) : "", isLow};
}

std::string Clocking::resetFor(StringAttr target, RTLModuleOp module) const {
  const Ports &its = ports.find(target)->second;
  const Ports &ours = ports.find(module.getSymNameAttr())->second;
  return (its.isLow != ours.isLow ? "!" : "") + ours.reset.str();
}

std::string Clocking::event(RTLModuleOp module, bool hasReset) const {
  std::string event = "posedge " + clockOf(module.getSymNameAttr()).str();
  if (hasReset && options.reset == Reset::Async)
    event += (ports.find(module.getSymNameAttr())->second.isLow ? " or negedge " : " or posedge ") +
             resetOf(module.getSymNameAttr()).str();
  return event;
}

std::string Clocking::condition(RTLModuleOp module) const {
  const Ports &own = ports.find(module.getSymNameAttr())->second;
  return (own.isLow ? "!" : "") + own.reset.str();
}

} // namespace nnc::hls
