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
  StringRef standard = options.resetLevel == ResetLevel::Low ? lowResetName : resetName;
  return {hasClock ? module.getClock().value_or(clockName) : "",
          hasReset ? module.getReset().value_or(standard) : ""};
}

std::string Clocking::event(RTLModuleOp module, bool hasReset) const {
  std::string event = "posedge " + clockOf(module.getSymNameAttr()).str();
  if (hasReset && options.reset == Reset::Async)
    event += (options.resetLevel == ResetLevel::Low ? " or negedge " : " or posedge ") +
             resetOf(module.getSymNameAttr()).str();
  return event;
}

std::string Clocking::condition(RTLModuleOp module) const {
  return (options.resetLevel == ResetLevel::Low ? "!" : "") +
         resetOf(module.getSymNameAttr()).str();
}

} // namespace nnc::hls
