//===- LowerKernels.cpp - Kernels as LLVM IR -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/CPU/LowerKernels.h"

#include "nnc/Target/CPU/EntryFunctions.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Module.h"

using namespace mlir;

namespace nnc {

void loadCodeDialects(MLIRContext &context) {
  context.loadDialect<arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect,
                      LLVM::LLVMDialect, scf::SCFDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(context);
  registerLLVMDialectTranslation(context);
}

OwningOpRef<ModuleOp> generateKernels(ModuleOp plan, const KernelRegistry &registry) {
  OwningOpRef<ModuleOp> code = ModuleOp::create(plan.getLoc());
  llvm::StringSet<> used;
  plan.walk([&](plan::StepOp step) { used.insert(step.getKernel()); });
  bool ok = true;
  for (auto kernel : plan.getOps<plan::KernelOp>())
    if (used.contains(kernel.getSymName()))
      ok &= succeeded(registry.generate(kernel, *code));
  if (!ok)
    return nullptr;
  return code;
}

namespace {

/// A line table has one place for each instruction. LLVM would merge the
/// places of several ops into line 0; the last of them made the result.
struct PointToLines : PassWrapper<PointToLines, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PointToLines)

  void runOnOperation() override {
    getOperation()->walk([](Operation *op) {
      FileLineColLoc line = lastLine(op->getLoc());
      // The pass that follows takes a function's column for the line of its scope.
      if (line && isa<LLVM::LLVMFuncOp>(op))
        line = FileLineColLoc::get(line.getFilename(), line.getLine(), line.getLine());
      if (line)
        op->setLoc(line);
    });
  }

  /// Null: there is none; models that are no text are at line 0.
  static FileLineColLoc lastLine(Location loc) {
    FileLineColLoc found;
    loc->walk([&](Location part) {
      if (auto place = dyn_cast<FileLineColLoc>(part); place && place.getLine() > 0)
        found = place;
      return WalkResult::advance();
    });
    return found;
  }
};

} // namespace

void buildLowerToLLVM(OpPassManager &passes, bool debugInfo) {
  passes.addPass(createCSEPass()); // the emitter repeats constants and offsets
  passes.addPass(createConvertSCFToCFPass());
  passes.addPass(createConvertVectorToLLVMPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createConvertFuncToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
  if (!debugInfo)
    return;
  passes.addPass(std::make_unique<PointToLines>());
  passes.addPass(LLVM::createDIScopeForLLVMFuncOpPass());
}

static void finishKernel(llvm::Function &function, const TargetModel &target) {
  function.setLinkage(llvm::GlobalValue::InternalLinkage);
  function.setDSOLocal(true);
  // A kernel that moved into the entry function could be scheduled across the
  // load of MXCSR, which LLVM does not model.
  function.addFnAttr(llvm::Attribute::NoInline);
  for (llvm::Argument &argument : function.args())
    argument.addAttr(llvm::Attribute::NoCapture);
  setCodeAttributes(function, target);
}

std::unique_ptr<llvm::Module> translateKernels(ModuleOp code, const TargetModel &target,
                                               llvm::LLVMContext &context) {
  std::unique_ptr<llvm::Module> module = translateModuleToLLVMIR(code, context, "network");
  if (!module)
    return nullptr;
  for (llvm::Function &function : *module)
    if (!function.isDeclaration())
      finishKernel(function, target);
  return module;
}

} // namespace nnc
