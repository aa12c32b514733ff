//===- PointFamily.cpp - Elementwise groups ------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LoopNest.h"
#include "Movement.h"
#include "TileReader.h"
#include "nnc/Kernels/KernelFamily.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace nnc {
namespace {

constexpr StringLiteral familyName = "point";
constexpr StringLiteral elementwiseAlgorithm = "point.elementwise";

/// Groups whose result elements depend on one element of each operand, and
/// groups that only move.
class PointFamily : public KernelFamily {
public:
  explicit PointFamily(int64_t scannedTableBytes) : scannedTableBytes(scannedTableBytes) {}
  StringRef name() const override { return familyName; }
  void candidates(nn::FusedOp group, const TargetModel &target,
                  std::vector<Candidate> &out) const override;
  bool mayAlias(plan::KernelOp kernel, unsigned) const override {
    return kernel.getAlgorithm() == elementwiseAlgorithm && kernel.getResultLayouts().size() == 1;
  }
  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers,
                         KernelEmitter &emitter) const override;

private:
  int64_t scannedTableBytes;
};

} // namespace

/// All results have one shape and everything before them is elementwise.
static bool isElementwiseGroup(nn::FusedOp group) {
  Block &body = group.getBody().front();
  auto shape = [](Type type) { return cast<RankedTensorType>(type).getShape(); };
  if (!llvm::all_of(group.getResultTypes(),
                    [&](Type t) { return shape(t) == shape(group.getResultTypes().front()); }))
    return false;
  return !body.without_terminator().empty() &&
         llvm::all_of(body.without_terminator(), [](Operation &op) {
           return op.hasTrait<nn::Elementwise>() && canEmitElementwise(&op);
         });
}

/// Vectors of work per element: loads, stores and a rough count of instructions.
static double elementwiseCycles(nn::FusedOp group, const TargetModel &target) {
  double work = group.getNumOperands() + group.getNumResults();
  for (Operation &op : group.getBody().front().without_terminator())
    work += isa<nn::ExpOp, nn::TanhOp, nn::ErfOp, nn::LogOp, nn::SigmoidOp, nn::PowOp>(op) ? 20 : 3;
  auto type = cast<RankedTensorType>(group.getResultTypes().front());
  return 50 + work * type.getNumElements() / target.lanes();
}

void PointFamily::candidates(nn::FusedOp group, const TargetModel &target,
                             std::vector<Candidate> &out) const {
  Candidate c;
  c.tile = DictionaryAttr::get(group.getContext());
  c.operands.resize(group.getNumOperands());
  c.results.resize(group.getNumResults());
  if (isElementwiseGroup(group)) {
    c.algorithm = elementwiseAlgorithm.str();
    c.cycles = elementwiseCycles(group, target);
    c.mayAlias.assign(group.getNumOperands(), group.getNumResults() == 1);
    out.push_back(std::move(c));
  } else if (auto variant = movementVariant(group, scannedTableBytes)) {
    c.algorithm = (familyName + "." + *variant).str();
    c.cycles = elementwiseCycles(group, target);
    c.mayAlias.assign(group.getNumOperands(), false);
    if (*variant == "unpack" || *variant == "pack")
      c.operands[0].rowMajor = c.results[0].rowMajor = true;
    out.push_back(std::move(c));
  }
}

/// Bytes from bytes, without anything wider in between.
static bool isOfBytes(Block &body) {
  auto takesByte = [](Value v) {
    return nn::elementByteSize(getElementTypeOrSelf(v.getType())) == 1;
  };
  return llvm::all_of(body.without_terminator(), [&](Operation &op) {
    return llvm::all_of(op.getOperands(), takesByte) && llvm::all_of(op.getResults(), takesByte);
  });
}

static void generateElementwise(plan::KernelOp kernel, ValueRange pointers,
                                KernelEmitter &emitter) {
  Block &body = kernel.getBlock();
  unsigned operands = body.getNumArguments(), results = kernel.getTerminator()->getNumOperands();
  ArrayRef<int64_t> shape = kernel.resultType(0).getShape();
  std::vector<Access> accesses;
  for (unsigned i = 0; i < results; ++i)
    accesses.push_back(broadcastAccess(pointers[operands + i], kernel.resultType(i),
                                       kernel.resultLayout(i), shape));
  for (unsigned i = 0; i < operands; ++i)
    accesses.push_back(
        broadcastAccess(pointers[i], kernel.operandType(i), kernel.operandLayout(i), shape));
  LoopNest nest(emitter, shape, std::move(accesses));
  nest.mayTranspose(results);
  nest.mayRepeat();
  if (isOfBytes(body))
    nest.worksOnBytes();
  nest.emit([&](const Lane &lane) {
    IRMapping values;
    for (unsigned i = 0; i < operands; ++i)
      if (!body.getArgument(i).use_empty())
        values.map(body.getArgument(i), nest.load(results + i, lane));
    for (Operation &op : body.without_terminator()) {
      SmallVector<Value> inputs;
      for (Value v : op.getOperands())
        inputs.push_back(values.lookup(v));
      values.map(op.getResult(0), emitElementwise(&op, inputs, emitter));
    }
    for (auto [i, v] : llvm::enumerate(kernel.getTerminator()->getOperands()))
      nest.store(values.lookup(v), i, lane);
  });
}

LogicalResult PointFamily::generate(plan::KernelOp kernel, ValueRange pointers,
                                    KernelEmitter &emitter) const {
  unsigned operands = kernel.getBlock().getNumArguments();
  if (failed(TileReader(kernel).finish()))
    return failure();
  if (kernel.getAlgorithm() == elementwiseAlgorithm)
    generateElementwise(kernel, pointers, emitter);
  else if (failed(generateMovement(kernel, pointers, emitter)))
    return failure();
  for (unsigned i = 0, n = kernel.getResultLayouts().size(); i < n; ++i)
    emitter.fillHalo(pointers[operands + i], kernel.resultType(i), kernel.resultLayout(i));
  return success();
}

std::unique_ptr<KernelFamily> createPointFamily(int64_t scannedTableBytes) {
  return std::make_unique<PointFamily>(scannedTableBytes);
}

} // namespace nnc
