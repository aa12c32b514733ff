//===- VerifyProfile.cpp - What a profile does not say how to round ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "dialects/NN/NNOps.h"
#include "nnc/Quantization/Passes.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_VERIFYPROFILE
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Moves elements, or floors what the caller passes, as a text of stage graph has it.
bool isMovementOrFloor(Operation *op) {
  return op->hasTrait<nn::Movement>() || isa<nn::Floor0Op>(op);
}

/// `v` before anything moved it.
Value unmoved(Value v) {
  while (Operation *op = v.getDefiningOp()) {
    if (!isMovementOrFloor(op) || op->getNumOperands() == 0)
      break;
    v = op->getOperand(0);
  }
  return v;
}

class Verifier {
public:
  Verifier(func::FuncOp network, Profile profile)
      : network(network), profile(profile), computed(runTimeValues(network)) {}

  LogicalResult run() {
    SmallVector<std::pair<Operation *, std::string>> problems;
    for (Operation &op : network.front())
      if (std::string problem = problemOf(&op); !problem.empty())
        problems.emplace_back(&op, std::move(problem));
    auto isQuantized = [](Operation &op) { return nn::isQuantized(&op); };
    if (!problems.empty() && llvm::none_of(network.front(), isQuantized))
      return network.emitError("-exact=")
             << nameOf(profile) << " says how quantized networks round, this one is not quantized; "
             << "add -quantize=int8 -calibrate=FILE.npz, or leave -exact away";
    for (auto &[op, problem] : problems)
      op->emitError("-exact=") << nameOf(profile) << ": " << problem;
    return success(problems.empty());
  }

private:
  /// Why `op` cannot be rounded as the profile wants it; empty: it can.
  std::string problemOf(Operation *op) {
    if (op->getNumResults() != 1 || !computed.contains(op->getResult(0)))
      return "";
    auto proportion = dyn_cast<nn::ProportionOp>(op);
    if (isa<nn::RequantizeOp>(op) ||
        (proportion && proportion.getDivision() == nn::Division::HalfEven))
      return "it is rounded as in -exact=ort already: a text that stage graph printed is, and so "
             "is a QGemm with a bias of two dimensions; leave -exact away, or go on from the text "
             "of an earlier stage";
    if (isa<nn::QuantizeOp>(op)) {
      if (!unmoved(op->getOperand(0)).getDefiningOp<nn::DequantizeOp>())
        return "";
      return "a change between grids of several scales, or of scales known at run time only, " +
             advice();
    }
    bool touchesFloats = isFloat(op->getResult(0)) || llvm::any_of(op->getOperands(), isFloat);
    if (!touchesFloats || isa<nn::DequantizeOp>(op) || isMovementOrFloor(op))
      return "";
    return nn::quotedName(op) + " on these operands " + advice();
  }

  static std::string advice() {
    return "has no integer form of TFLite here (docs/Quantization.md lists what has); compile up "
           "to its inputs with -outputs=, or leave -exact away";
  }

  func::FuncOp network;
  Profile profile;
  llvm::DenseSet<Value> computed;
};

struct VerifyProfile : impl::VerifyProfileBase<VerifyProfile> {
  using VerifyProfileBase::VerifyProfileBase;

  void runOnOperation() override {
    if (profile != Profile::ORT && failed(Verifier(getOperation(), profile).run()))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::quantization
