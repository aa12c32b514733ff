//===- EntryFunctions.cpp - The functions that the C caller sees ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All entries end in one internal function,
//
//   i32 NAME.steps(inputs…, outputs…, arena, i64 first, i64 end)
//
// which checks the pointers before anything is written, sets the floating-point
// mode, calls the kernels of the steps [first, end) and restores the mode.
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/CPU/EntryFunctions.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace nnc {

std::string romSymbol(StringRef name) { return (name + ".rom").str(); }
std::string crcSymbol(StringRef name) { return (name + ".crc").str(); }
std::string modelSymbol(StringRef name) { return (name + "_model").str(); }

void setCodeAttributes(Function &function, const TargetModel &target) {
  std::string width = std::to_string(target.vectorBits);
  function.addFnAttr(Attribute::NoUnwind);
  function.addFnAttr(Attribute::NoRedZone);
  function.addFnAttr("no-builtins");
  function.addFnAttr("no-jump-tables", "true");
  // Instructions by the psABI level that NAME_cpu_ok checks; the CPU only tunes.
  function.addFnAttr("target-cpu", target.isaLevel);
  function.addFnAttr("tune-cpu", StringRef(target.cpu).split('+').first);
  if (!target.features.empty())
    function.addFnAttr("target-features", target.features);
  function.addFnAttr("prefer-vector-width", width);
  function.addFnAttr("min-legal-vector-width", width);
}

namespace {

enum Status {
  Ok = NN_OK,
  ErrNull = NN_ERR_NULL,
  ErrAlign = NN_ERR_ALIGN,
  ErrCpu = NN_ERR_CPU,
  ErrStep = NN_ERR_STEP,
  ErrSelftest = NN_ERR_SELFTEST
};

/// Builds the functions of one network, in the order of the header.
class EntryBuilder {
public:
  EntryBuilder(Module &module, plan::ProgramOp program, const ConstantSection &constants,
               const NetworkFacts &facts, const TargetModel &target, const EntryHooks &hooks)
      : module(module), program(program), constants(constants), facts(facts), target(target),
        hooks(hooks), b(module.getContext()), ptr(b.getPtrTy()), i32(b.getInt32Ty()),
        i64(b.getInt64Ty()) {}

  void addRom();
  void addSteps();
  void addRun();
  void addRunV();
  void addRunSteps();
  void addSelftest(const std::optional<KnownAnswer> &answer);
  void addCpuOk();
  void addModel();

private:
  Function *begin(StringRef suffix, ArrayRef<Type *> parameters, bool visible = true);
  /// Returns `status` from the function if `condition` holds; goes on otherwise.
  void returnIf(Value *condition, Status status);
  Value *constantI32(uint32_t value) { return ConstantInt::get(i32, value); }
  Value *offset(Value *base, int64_t bytes);
  void checkArguments(Function *steps);
  Value *combined(SmallVector<Value *> values);
  void callKernel(plan::StepOp step, Function *steps);
  Value *origin(mlir::Value buffer, int64_t byteOffset, Function *steps);
  /// Loads the pointers of the tables and calls NAME.steps.
  Value *callThroughTables(Value *inputs, Value *outputs, Value *arena, Value *first, Value *end);
  Constant *text(StringRef string);
  Constant *tensors(ArrayRef<TensorFacts> list, StringRef suffix);
  GlobalVariable *data(Constant *value, const Twine &name);

  Module &module;
  plan::ProgramOp program;
  const ConstantSection &constants;
  const NetworkFacts &facts;
  const TargetModel &target;
  const EntryHooks &hooks;
  IRBuilder<> b;
  Type *ptr, *i32, *i64;
  GlobalVariable *rom = nullptr, *crc = nullptr;
  Function *steps = nullptr, *runV = nullptr, *runSteps = nullptr, *selftest = nullptr,
           *cpuOk = nullptr;
};

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

Function *EntryBuilder::begin(StringRef suffix, ArrayRef<Type *> parameters, bool visible) {
  auto *type = FunctionType::get(i32, parameters, false);
  auto linkage = visible ? Function::ExternalLinkage : Function::InternalLinkage;
  Function *function = Function::Create(type, linkage, facts.name + suffix, module);
  function->setDSOLocal(true);
  setCodeAttributes(*function, target);
  function->addFnAttr(Attribute::NoInline);
  // Pointers passed on the stack are copied one by one: in vectors the checker
  // would lose sight of them.
  function->addFnAttr(Attribute::NoImplicitFloat);
  b.SetInsertPoint(BasicBlock::Create(module.getContext(), "", function));
  return function;
}

void EntryBuilder::returnIf(Value *condition, Status status) {
  Function *function = b.GetInsertBlock()->getParent();
  auto *leave = BasicBlock::Create(module.getContext(), "", function);
  auto *next = BasicBlock::Create(module.getContext(), "", function);
  b.CreateCondBr(condition, leave, next);
  b.SetInsertPoint(leave);
  b.CreateRet(constantI32(status));
  b.SetInsertPoint(next);
}

Value *EntryBuilder::offset(Value *base, int64_t bytes) {
  return bytes == 0 ? base : b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), base, bytes);
}

GlobalVariable *EntryBuilder::data(Constant *value, const Twine &name) {
  auto *global = new GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                    GlobalValue::InternalLinkage, value, facts.name + name);
  global->setDSOLocal(true);
  return global;
}

/// The constants as zeros that LLVM must not look into: their bytes are
/// written into the object file afterwards.
void EntryBuilder::addRom() {
  auto *bytes = ArrayType::get(b.getInt8Ty(), std::max<int64_t>(constants.bytes, 1));
  rom = data(ConstantAggregateZero::get(bytes), ".rom");
  rom->setExternallyInitialized(true);
  rom->setSection(".rodata." + facts.name);
  rom->setAlignment(Align(ConstantSection::alignment));
  crc = data(ConstantAggregateZero::get(ArrayType::get(i32, 1 + facts.outputs.size())), ".crc");
  crc->setExternallyInitialized(true);
  crc->setSection(".rodata." + facts.name + ".crc");
}

//===----------------------------------------------------------------------===//
// NAME.steps
//===----------------------------------------------------------------------===//

void EntryBuilder::checkArguments(Function *function) {
  size_t inputs = facts.inputs.size();
  SmallVector<Value *> lowBits;
  auto check = [&](Value *pointer, int64_t bytes, int64_t align) {
    if (bytes == 0)
      return;
    returnIf(b.CreateIsNull(pointer), ErrNull);
    if (align > 1)
      lowBits.push_back(b.CreateAnd(b.CreatePtrToInt(pointer, i64), align - 1));
  };
  for (auto [i, tensor] : enumerate(facts.inputs))
    check(function->getArg(i), tensor.bytes, tensor.align);
  for (auto [i, tensor] : enumerate(facts.outputs))
    check(function->getArg(inputs + i), tensor.bytes, tensor.align);
  check(function->getArg(inputs + facts.outputs.size()), facts.arenaBytes, facts.arenaAlign);
  if (!lowBits.empty())
    returnIf(b.CreateIsNotNull(combined(lowBits)), ErrAlign);
}

/// The bits that any of `values` has, as a tree: LLVM looks through all of a chain
/// of these for each of its links.
Value *EntryBuilder::combined(SmallVector<Value *> values) {
  while (values.size() > 1) {
    size_t half = (values.size() + 1) / 2;
    for (size_t i = 0; half + i < values.size(); ++i)
      values[i] = b.CreateOr(values[2 * i], values[2 * i + 1]);
    if (values.size() % 2)
      values[half - 1] = values.back();
    values.truncate(half);
  }
  return values.front();
}

Value *EntryBuilder::origin(mlir::Value buffer, int64_t byteOffset, Function *function) {
  mlir::Operation *op = buffer.getDefiningOp();
  size_t inputs = facts.inputs.size();
  if (auto input = dyn_cast<plan::InputOp>(op))
    return offset(function->getArg(input.getIndex()), byteOffset);
  if (auto output = dyn_cast<plan::OutputOp>(op))
    return offset(function->getArg(inputs + output.getIndex()), byteOffset);
  if (auto slot = dyn_cast<plan::SlotOp>(op))
    return offset(function->getArg(inputs + facts.outputs.size()), slot.getOffset() + byteOffset);
  return offset(rom, constants.offsets.lookup(op) + byteOffset);
}

void EntryBuilder::callKernel(plan::StepOp step, Function *function) {
  SmallVector<Value *> pointers;
  for (auto [buffer, at] : zip_equal(step.getReads(), step.getReadOffsets()))
    pointers.push_back(origin(buffer, at, function));
  for (auto [buffer, at] : zip_equal(step.getWrites(), step.getWriteOffsets()))
    pointers.push_back(origin(buffer, at, function));
  b.CreateCall(module.getFunction(step.getKernel()), pointers);
}

void EntryBuilder::addSteps() {
  size_t pointers = facts.inputs.size() + facts.outputs.size() + 1;
  SmallVector<Type *> types(pointers, ptr);
  types.append(2, i64); // whole stack slots, where registers run out
  steps = begin(".steps", types, /*visible=*/false);
  Value *first = steps->getArg(pointers), *end = steps->getArg(pointers + 1);
  checkArguments(steps);
  Value *saved = hooks.enter(b);
  for (auto [i, step] : enumerate(program.getBody().getOps<plan::StepOp>())) {
    auto *run = BasicBlock::Create(module.getContext(), "", steps);
    auto *next = BasicBlock::Create(module.getContext(), "", steps);
    Value *wanted =
        b.CreateAnd(b.CreateICmpULE(first, b.getInt64(i)), b.CreateICmpUGT(end, b.getInt64(i)));
    b.CreateCondBr(wanted, run, next);
    b.SetInsertPoint(run);
    callKernel(step, steps);
    b.CreateBr(next);
    b.SetInsertPoint(next);
  }
  hooks.leave(b, saved);
  b.CreateRet(constantI32(Ok));
}

//===----------------------------------------------------------------------===//
// The entries
//===----------------------------------------------------------------------===//

void EntryBuilder::addRun() {
  SmallVector<Type *> types(facts.inputs.size() + facts.outputs.size() + 1, ptr);
  Function *run = begin("_run", types);
  SmallVector<Value *> arguments;
  for (Argument &argument : run->args())
    arguments.push_back(&argument);
  arguments.push_back(b.getInt64(0));
  arguments.push_back(b.getInt64(facts.steps.size()));
  b.CreateRet(b.CreateCall(steps, arguments));
}

Value *EntryBuilder::callThroughTables(Value *inputs, Value *outputs, Value *arena, Value *first,
                                       Value *end) {
  SmallVector<Value *> arguments;
  auto loadAll = [&](Value *table, size_t count) {
    if (count > 0)
      returnIf(b.CreateIsNull(table), ErrNull);
    for (size_t i = 0; i < count; ++i)
      arguments.push_back(b.CreateLoad(ptr, b.CreateConstInBoundsGEP1_64(ptr, table, i)));
  };
  loadAll(inputs, facts.inputs.size());
  loadAll(outputs, facts.outputs.size());
  arguments.append({arena, first, end});
  return b.CreateCall(steps, arguments);
}

void EntryBuilder::addRunV() {
  runV = begin("_run_v", {ptr, ptr, ptr});
  b.CreateRet(callThroughTables(runV->getArg(0), runV->getArg(1), runV->getArg(2), b.getInt64(0),
                                b.getInt64(facts.steps.size())));
}

void EntryBuilder::addRunSteps() {
  Type *i16 = b.getInt16Ty();
  runSteps = begin("_run_steps", {ptr, ptr, ptr, i16, i16});
  for (unsigned i : {3, 4})
    runSteps->addParamAttr(i, Attribute::ZExt);
  Value *first = b.CreateZExt(runSteps->getArg(3), i64),
        *end = b.CreateZExt(runSteps->getArg(4), i64);
  returnIf(
      b.CreateOr(b.CreateICmpUGT(first, end), b.CreateICmpUGT(end, b.getInt64(facts.steps.size()))),
      ErrStep);
  b.CreateRet(
      callThroughTables(runSteps->getArg(0), runSteps->getArg(1), runSteps->getArg(2), first, end));
}

void EntryBuilder::addCpuOk() {
  cpuOk = begin("_cpu_ok", {});
  hooks.cpuOk(b);
}

/// CRC-32C of `count` words of `type` (i64 or i8) at `base`; count > 0.
static Value *emitCrc(IRBuilder<> &b, const EntryHooks &hooks, Type *type, Value *base,
                      int64_t count) {
  Function *function = b.GetInsertBlock()->getParent();
  LLVMContext &context = function->getContext();
  BasicBlock *before = b.GetInsertBlock();
  auto *loop = BasicBlock::Create(context, "", function);
  auto *after = BasicBlock::Create(context, "", function);
  b.CreateBr(loop);
  b.SetInsertPoint(loop);
  PHINode *index = b.CreatePHI(b.getInt64Ty(), 2), *sum = b.CreatePHI(b.getInt64Ty(), 2);
  Value *word = b.CreateAlignedLoad(type, b.CreateInBoundsGEP(type, base, index), Align(1));
  Value *nextSum = hooks.crc(b, sum, word), *nextIndex = b.CreateAdd(index, b.getInt64(1));
  index->addIncoming(b.getInt64(0), before);
  index->addIncoming(nextIndex, loop);
  sum->addIncoming(b.getInt64(0xffffffff), before);
  sum->addIncoming(nextSum, loop);
  b.CreateCondBr(b.CreateICmpEQ(nextIndex, b.getInt64(count)), after, loop);
  b.SetInsertPoint(after);
  return b.CreateNot(b.CreateTrunc(nextSum, b.getInt32Ty()));
}

void EntryBuilder::addSelftest(const std::optional<KnownAnswer> &answer) {
  selftest = begin("_selftest", {ptr});
  Value *arena = selftest->getArg(0);
  returnIf(b.CreateIsNull(b.CreateCall(cpuOk)), ErrCpu);
  if (facts.arenaBytes > 0) {
    returnIf(b.CreateIsNull(arena), ErrNull);
    Value *low = b.CreateAnd(b.CreatePtrToInt(arena, i64), facts.arenaAlign - 1);
    returnIf(b.CreateIsNotNull(low), ErrAlign);
  }
  if (constants.bytes > 0) {
    Value *sum = emitCrc(b, hooks, i64, rom, constants.bytes / 8);
    returnIf(b.CreateICmpNE(sum, b.CreateLoad(i32, crc)), ErrSelftest);
  }
  if (answer) {
    SmallVector<Value *> arguments;
    for (int64_t at : answer->inputOffsets)
      arguments.push_back(offset(rom, at));
    for (int64_t at : answer->outputOffsets)
      arguments.push_back(offset(arena, at));
    arguments.append({arena, b.getInt64(0), b.getInt64(facts.steps.size())});
    b.CreateCall(steps, arguments);
    for (auto [i, tensor] : enumerate(facts.outputs)) {
      Value *output = offset(arena, answer->outputOffsets[i]);
      Value *sum = emitCrc(b, hooks, b.getInt8Ty(), output, tensor.bytes);
      Value *expected = b.CreateLoad(i32, b.CreateConstInBoundsGEP1_64(i32, crc, 1 + i));
      returnIf(b.CreateICmpNE(sum, expected), ErrSelftest);
    }
  }
  b.CreateRet(constantI32(Ok));
}

//===----------------------------------------------------------------------===//
// NAME_model
//===----------------------------------------------------------------------===//

Constant *EntryBuilder::text(StringRef string) {
  GlobalVariable *global = data(ConstantDataArray::getString(module.getContext(), string), ".text");
  global->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
  global->setAlignment(Align(1));
  return global;
}

/// An array of nn_tensor.
Constant *EntryBuilder::tensors(ArrayRef<TensorFacts> list, StringRef suffix) {
  if (list.empty())
    return ConstantPointerNull::get(b.getPtrTy());
  Type *types[] = {ptr, ptr, i64, i64, i32, i32, b.getFloatTy(), i32};
  auto *type = StructType::get(module.getContext(), ArrayRef<Type *>(types));
  SmallVector<Constant *> elements;
  for (const TensorFacts &t : list) {
    Constant *shape = ConstantPointerNull::get(b.getPtrTy());
    SmallVector<uint64_t> dims(t.shape.begin(), t.shape.end());
    if (!dims.empty())
      shape = data(ConstantDataArray::get(module.getContext(), ArrayRef<uint64_t>(dims)), ".shape");
    Constant *values[] = {text(t.name),
                          shape,
                          b.getInt64(t.count),
                          b.getInt64(t.bytes),
                          b.getInt32(t.shape.size()),
                          b.getInt32(t.onnxType),
                          ConstantFP::get(b.getFloatTy(), t.scale),
                          b.getInt32(t.zeroPoint)};
    elements.push_back(ConstantStruct::get(type, values));
  }
  return data(ConstantArray::get(ArrayType::get(type, list.size()), elements), suffix);
}

void EntryBuilder::addModel() {
  Constant *fields[] = {b.getInt32(NN_RUNTIME_ABI),
                        b.getInt32(0),
                        text(facts.name),
                        text(facts.target),
                        text(facts.cpu),
                        text(facts.numericSpec),
                        text(facts.compiler),
                        tensors(facts.inputs, ".inputs"),
                        tensors(facts.outputs, ".outputs"),
                        b.getInt32(facts.inputs.size()),
                        b.getInt32(facts.outputs.size()),
                        b.getInt32(facts.steps.size()),
                        b.getInt32(facts.arenaAlign),
                        b.getInt64(facts.arenaBytes),
                        b.getInt64(0),
                        b.getInt64(facts.stateBytes),
                        b.getInt64(facts.romBytes),
                        b.getInt64(0),
                        runV,
                        runSteps,
                        selftest,
                        cpuOk};
  GlobalVariable *model = data(ConstantStruct::getAnon(ArrayRef<Constant *>(fields)), "_model");
  model->setLinkage(GlobalValue::ExternalLinkage);
  model->setExternallyInitialized(true); // stack, code and build id are written afterwards
}

} // namespace

void addEntryFunctions(Module &module, plan::ProgramOp program, const ConstantSection &constants,
                       const NetworkFacts &facts, const std::optional<KnownAnswer> &answer,
                       const TargetModel &target, const EntryHooks &hooks) {
  EntryBuilder entries(module, program, constants, facts, target, hooks);
  entries.addRom();
  entries.addSteps();
  entries.addRun();
  entries.addRunV();
  entries.addRunSteps();
  entries.addCpuOk();
  entries.addSelftest(answer);
  entries.addModel();
}

} // namespace nnc
