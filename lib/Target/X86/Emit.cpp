//===- Emit.cpp - From LLVM IR to machine code ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/X86/X86.h"

#include "CodegenPasses.h"

#include "llvm/CodeGen/MachineFunctionPass.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/PassRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

#include <mutex>

using namespace llvm;

namespace nnc::x86 {
namespace {

/// Code generation may turn a select back into a branch where it thinks that
/// pays; on data that would break the instruction trace. These passes have no
/// other switch than LLVM's global options.
void initializeBackend() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
    // A zero that the register allocator rematerialises inside of a masked move would
    // become a masked load of a constant: hence no fusing there.
    const char *arguments[] = {"nn-compile", "-x86-cmov-converter=0", "-disable-cgp-select2branch",
                               "-disable-select-optimize", "-disable-spill-fusing"};
    cl::ParseCommandLineOptions(std::size(arguments), arguments);
  });
}

Expected<std::unique_ptr<TargetMachine>> createMachine(const TargetModel &target) {
  initializeBackend();
  std::string message;
  const Target *found = TargetRegistry::lookupTarget(target.triple, message);
  if (!found)
    return createStringError(message);
  TargetOptions options;
  options.AllowFPOpFusion = FPOpFusion::Strict; // fma where the kernels say fma, nowhere else
  options.FunctionSections = false;
  return std::unique_ptr<TargetMachine>(
      found->createTargetMachine(target.triple, target.isaLevel, target.features, options,
                                 Reloc::PIC_, CodeModel::Small, CodeGenOptLevel::Default));
}

/// What LLVM is working on, for the case that it gives up.
struct Progress {
  std::string function, message;
};
thread_local Progress progress;

/// First in the code generation pipeline: notes the function that follows.
struct NoteFunction : FunctionPass {
  static char ID;
  NoteFunction() : FunctionPass(ID) {}
  bool runOnFunction(Function &function) override {
    progress.function = function.getName().str();
    return false;
  }
  void getAnalysisUsage(AnalysisUsage &usage) const override { usage.setPreservesAll(); }
  StringRef getPassName() const override { return "note the function"; }
};
char NoteFunction::ID = 0;

struct ErrorCollector : DiagnosticHandler {
  bool handleDiagnostics(const DiagnosticInfo &info) override {
    if (info.getSeverity() != DS_Error)
      return true;
    raw_string_ostream os(progress.message);
    DiagnosticPrinterRawOStream printer(os);
    info.print(printer);
    return true;
  }
};

void onFatalError(void *, const char *message, bool) {
  progress.message = message;
  if (CrashRecoveryContext *context = CrashRecoveryContext::GetCurrent())
    context->HandleExit(1);
}

/// Runs `work`; a crash or fatal error inside of LLVM becomes an error.
Error guarded(function_ref<void()> work) {
  progress = {};
  CrashRecoveryContext::Enable();
  install_fatal_error_handler(onFatalError);
  CrashRecoveryContext context;
  bool survived = context.RunSafely(work);
  remove_fatal_error_handler();
  CrashRecoveryContext::Disable();
  if (survived && progress.message.empty())
    return Error::success();
  std::string what = progress.message.empty() ? "crashed" : progress.message;
  return createStringError("LLVM cannot generate code for '" + progress.function + "': " + what);
}

/// LLVMTargetMachine::addPassesToEmitFile with our machine passes before the
/// printer. True: the target cannot write this kind of file.
bool buildCodegen(legacy::PassManager &passes, LLVMTargetMachine &machine,
                  const TargetModel &target, bool assembler, raw_pwrite_stream &os) {
  passes.add(new NoteFunction);
  auto *info = new MachineModuleInfoWrapperPass(&machine);
  TargetPassConfig *config = machine.createPassConfig(passes);
  passes.add(config);
  passes.add(info);
  // It shrinks constant masks to loads that widen them, which the checker does
  // not follow.
  if (const PassInfo *shrink =
          PassRegistry::getPassRegistry()->getPassInfo("x86-fixup-vector-constants"))
    config->disablePass(shrink->getTypeInfo());
  passes.add(createMaskFloatSelects());
  passes.add(createHoldValues(target));
  if (config->addISelPasses())
    return true;
  config->addMachinePasses();
  config->setInitialized();
  passes.add(createWidenConstantMoves());
  auto kind = assembler ? CodeGenFileType::AssemblyFile : CodeGenFileType::ObjectFile;
  if (machine.addAsmPrinter(passes, os, nullptr, kind, info->getMMI().getContext()))
    return true;
  passes.add(createFreeMachineFunctionPass());
  return false;
}

} // namespace

Error optimize(Module &module, const TargetModel &target) {
  auto machine = createMachine(target);
  if (!machine)
    return machine.takeError();
  module.setDataLayout((*machine)->createDataLayout());
  module.setTargetTriple(target.triple);
  Error parsed = Error::success();
  Error failed = guarded([&] {
    PassBuilder passes(machine->get());
    LoopAnalysisManager loops;
    FunctionAnalysisManager functions;
    CGSCCAnalysisManager calls;
    ModuleAnalysisManager modules;
    passes.registerModuleAnalyses(modules);
    passes.registerCGSCCAnalyses(calls);
    passes.registerFunctionAnalyses(functions);
    passes.registerLoopAnalyses(loops);
    passes.crossRegisterProxies(loops, functions, calls, modules);
    ModulePassManager pipeline;
    parsed = passes.parsePassPipeline(
        pipeline, "function(early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,"
                  "loop-mssa(loop-rotate,licm),early-cse<memssa>,simplifycfg)");
    if (!parsed)
      pipeline.run(module, modules);
  });
  return joinErrors(std::move(parsed), std::move(failed));
}

Error emit(Module &module, const TargetModel &target, bool assembler, raw_pwrite_stream &os) {
  auto machine = createMachine(target);
  if (!machine)
    return machine.takeError();
  module.getContext().setDiagnosticHandler(std::make_unique<ErrorCollector>());
  bool unsupported = false;
  Error failed = guarded([&] {
    legacy::PassManager passes;
    unsupported =
        buildCodegen(passes, static_cast<LLVMTargetMachine &>(**machine), target, assembler, os);
    if (!unsupported)
      passes.run(module);
  });
  if (unsupported)
    return joinErrors(std::move(failed), createStringError("LLVM cannot write this kind of file"));
  return failed;
}

} // namespace nnc::x86
