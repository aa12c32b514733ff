//===- CombinationalPaths.cpp - What depends on what within a clock -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/RTL/CombinationalPaths.h"

#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace nnc::rtl;

namespace {

/// Each module after those it contains; a module in itself is an error.
LogicalResult collectBottomUp(DesignOp design, SmallVectorImpl<RTLModuleOp> &modules) {
  SymbolTable symbols(design);
  auto contained = [&](Operation *module) {
    SmallVector<Operation *> targets;
    for (auto instance : cast<RTLModuleOp>(module).getBlock().getOps<InstanceOp>())
      if (auto target = symbols.lookup<RTLModuleOp>(instance.getTarget()))
        targets.push_back(target);
    return targets;
  };
  PostOrder<Operation *> order;
  for (auto module : design.getBody().front().getOps<RTLModuleOp>()) {
    SmallVector<Operation *> cycle;
    if (order.walk(
            module, contained, [&](Operation *m) { modules.push_back(cast<RTLModuleOp>(m)); },
            &cycle))
      continue;
    InFlightDiagnostic error = cycle.front()->emitOpError("contains itself");
    for (Operation *inner : llvm::drop_begin(cycle))
      error.attachNote(inner->getLoc()) << "through this module";
    return failure();
  }
  return success();
}

/// For each output of a module, the inputs that it depends on within a clock.
using Dependencies = SmallVector<llvm::SmallBitVector>;

class PathAnalysis {
public:
  LogicalResult run(RTLModuleOp module);

private:
  SmallVector<Value> dependencies(Value value);
  LogicalResult reportLoop(ArrayRef<Value> loop);

  llvm::DenseMap<StringAttr, Dependencies> modules;
};

/// The values that `value` depends on within a clock: none for inputs, registers and memories.
SmallVector<Value> PathAnalysis::dependencies(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || isa<RegOp>(op))
    return {};
  auto instance = dyn_cast<InstanceOp>(op);
  if (!instance)
    return llvm::to_vector(op->getOperands());
  auto known = modules.find(instance.getTargetAttr().getAttr());
  if (known == modules.end()) // a memory
    return {};
  SmallVector<Value> result;
  for (unsigned input : known->second[cast<OpResult>(value).getResultNumber()].set_bits())
    result.push_back(instance.getInputs()[input]);
  return result;
}

LogicalResult PathAnalysis::reportLoop(ArrayRef<Value> loop) {
  constexpr size_t maxNotes = 8;
  Operation *first = loop.front().getDefiningOp();
  InFlightDiagnostic error =
      first->emitOpError("depends on itself without a register or memory between");
  for (Value value : loop.drop_front().take_front(maxNotes))
    error.attachNote(value.getLoc()) << "through this value";
  return failure();
}

LogicalResult PathAnalysis::run(RTLModuleOp module) {
  llvm::DenseMap<Value, llvm::SmallBitVector> inputsOf;
  unsigned inputs = module.getBody().getNumArguments();
  auto join = [&](Value value) {
    llvm::SmallBitVector reached(inputs);
    if (auto argument = dyn_cast<BlockArgument>(value))
      reached.set(argument.getArgNumber());
    for (Value operand : dependencies(value))
      reached |= inputsOf.find(operand)->second;
    inputsOf[value] = std::move(reached);
  };
  PostOrder<Value> order;
  auto walk = [&](Value value) -> LogicalResult {
    SmallVector<Value> loop;
    bool isFree = order.walk(
        value, [&](Value v) { return dependencies(v); }, join, &loop);
    return isFree ? success() : reportLoop(loop);
  };
  for (BlockArgument argument : module.getBody().getArguments())
    (void)walk(argument); // depends on nothing
  for (Operation &op : module.getBlock())
    for (Value value : op.getResults())
      if (failed(walk(value)))
        return failure();
  Dependencies &summary = modules[module.getSymNameAttr()];
  for (Value output : module.getOutputs().getValues())
    summary.push_back(inputsOf.find(output)->second);
  return success();
}

} // namespace

SmallVector<RTLModuleOp> nnc::rtl::modulesBottomUp(DesignOp design) {
  SmallVector<RTLModuleOp> modules;
  (void)collectBottomUp(design, modules); // verified
  return modules;
}

LogicalResult nnc::rtl::verifyCombinationalPaths(DesignOp design) {
  SmallVector<RTLModuleOp> modules;
  if (failed(collectBottomUp(design, modules)))
    return failure();
  PathAnalysis analysis;
  return success(
      llvm::all_of(modules, [&](RTLModuleOp module) { return succeeded(analysis.run(module)); }));
}
