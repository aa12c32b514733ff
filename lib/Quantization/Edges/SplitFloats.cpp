//===- SplitFloats.cpp - Last floats are left to the caller -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "Ports.h"
#include "dialects/NN/CommonRewrites.h"
#include "dialects/NN/FloatIsland.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_SPLITFLOATS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// What stands between an output and the integers behind it.
struct Tail {
  llvm::SetVector<Value> integers;
  llvm::SetVector<Operation *> ops;
};

/// Light work on the last few numbers; layers are none.
bool isLight(Operation *op) {
  return op->hasTrait<nn::Elementwise>() || op->hasTrait<nn::Movement>() ||
         op->hasTrait<nn::Reduction>() || isa<nn::SoftmaxOp, nn::LogSoftmaxOp>(op);
}

class SplitFloats : public impl::SplitFloatsBase<SplitFloats> {
public:
  void runOnOperation() override {
    func::FuncOp network = getOperation();
    Operation *end = network.getBody().front().getTerminator();
    SmallVector<Value> results;
    SmallVector<DictionaryAttr> attributes;
    bool good = true;
    taken.clear(); // of another network
    for (unsigned i = 0; i < end->getNumOperands(); ++i)
      taken.insert(nameOf(network.getResultAttrDict(i)));
    for (OpOperand &result : end->getOpOperands()) {
      unsigned i = result.getOperandNumber();
      DictionaryAttr described = network.getResultAttrDict(i);
      if (!isFloat(result.get())) {
        results.push_back(result.get());
        attributes.push_back(described);
        continue;
      }
      FailureOr<Tail> tail = findTail(result, described);
      good &= succeeded(tail);
      if (failed(tail))
        continue;
      bool isOne = tail->integers.size() == 1;
      for (Value integers : tail->integers) {
        results.push_back(integers);
        attributes.push_back(describe(integers,
                                      isOne ? nameOf(described).str() : numbered(nameOf(described)),
                                      nodesOf(*tail).getArrayRef()));
      }
    }
    if (!good)
      return signalPassFailure();
    end->setOperands(results);
    network.setFunctionType(FunctionType::get(
        &getContext(), network.getBody().front().getArgumentTypes(), end->getOperandTypes()));
    network.setAllResultAttrs(attributes);
    nn::eraseDeadOps(network);
  }

private:
  FailureOr<Tail> findTail(OpOperand &output, DictionaryAttr described) {
    auto isConstant = [](Operation *op) { return isa_and_nonnull<nn::ConstantOp>(op); };
    nn::FloatIsland island(
        output,
        [&](OpOperand &read) {
          Operation *op = read.get().getDefiningOp();
          return !isFloat(read.get()) || isConstant(op) || !isLight(op);
        },
        nn::FloatIsland::Order::LastOperandFirst);
    Tail tail{{}, island.ops()};
    StringRef name = nameOf(described);
    // From left to right, as the network's text has them.
    for (OpOperand *read : llvm::reverse(island.reads())) {
      Value value = read->get();
      Operation *op = value.getDefiningOp();
      if (isConstant(op))
        continue;
      if (!isFloat(value))
        tail.integers.insert(value);
      else if (!op)
        return emitError(value.getLoc())
               << "output '" << name << "' is made of an input that comes as "
               << "floats; quantize it, as -input-format does";
      else if (!isLight(op))
        return op->emitError()
               << "computes with floats, which hardware has not: quantize the network, "
               << "as -quantize=int8 does";
    }
    if (tail.integers.empty())
      return output.get().getDefiningOp()->emitError()
             << "output '" << name << "' is a constant; leave it out, with the others in -outputs=";
    remark(tail, name);
    return tail;
  }

  static llvm::SetVector<StringRef> nodesOf(const Tail &tail) {
    llvm::SetVector<StringRef> nodes;
    for (Operation *op : llvm::reverse(tail.ops))
      if (!isa<nn::DequantizeOp>(op))
        for (StringRef node : nn::nodeNames(op->getLoc()))
          nodes.insert(node);
    return nodes;
  }

  void remark(const Tail &tail, StringRef output) {
    llvm::SetVector<StringRef> nodes = nodesOf(tail);
    if (nodes.empty())
      return;
    emitRemark(tail.integers.front().getLoc())
        << "output '" << output << "' leaves as the integers before " << llvm::join(nodes, ", ")
        << ", which " << (nodes.size() == 1 ? "is" : "are") << " left to the caller";
  }

  static StringRef nameOf(DictionaryAttr described) {
    auto name = described ? described.getAs<StringAttr>(nn::nameAttr) : StringAttr();
    return name ? name.getValue() : "?";
  }

  /// `name` with the first number behind it that no output has.
  std::string numbered(StringRef name) {
    for (unsigned i = 0;; ++i)
      if (std::string text = (name + "_" + Twine(i)).str(); taken.insert(text).second)
        return text;
  }

  /// The output's name, what is computed of it, and what its integers stand for where one scale
  /// says it.
  DictionaryAttr describe(Value integers, StringRef name, ArrayRef<StringRef> leftToCaller) {
    Builder b(&getContext());
    SmallVector<NamedAttribute> all{b.getNamedAttr(nn::nameAttr, b.getStringAttr(name))};
    if (!leftToCaller.empty())
      all.push_back(b.getNamedAttr(nn::leftToCallerAttr, b.getStrArrayAttr(leftToCaller)));
    for (Operation *user : integers.getUsers())
      if (auto dequantize = dyn_cast<nn::DequantizeOp>(user)) {
        std::optional<float> scale = constantFloat(dequantize.getScale());
        std::optional<int64_t> zero = constantInteger(dequantize.getZeroPoint());
        if (!scale || !zero)
          continue;
        all.push_back(b.getNamedAttr(nn::scaleAttr, b.getF32FloatAttr(*scale)));
        all.push_back(b.getNamedAttr(nn::zeroPointAttr, b.getI32IntegerAttr(*zero)));
        break;
      }
    return b.getDictionaryAttr(all);
  }

  llvm::StringSet<> taken; ///< names of outputs
};

} // namespace
} // namespace nnc::quantization
