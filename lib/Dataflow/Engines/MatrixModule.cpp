//===- MatrixModule.cpp - flow.matrix as an rtl module ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "EmitSteps.h"
#include "EngineBuilder.h"
#include "LaneModules.h"
#include "nnc/Dataflow/VerifyAdderGraph.h"

using namespace mlir;
using nnc::flow::StepForm;

namespace nnc::dataflow {

namespace {

/// Chains after each other where there are no registers: trees, so that levels stay few.
constexpr unsigned combinationalDepth = 12;

/// The rows of an attribute: one for each lane, or one for all.
class Rows {
public:
  Rows(ElementsAttr elements) {
    if (!elements)
      return;
    all = flow::integersOf(elements);
    count = elements.getShapedType().getDimSize(0);
    length = elements.getShapedType().getDimSize(1);
  }
  explicit operator bool() const { return count; }
  ArrayRef<int64_t> of(int64_t lane) const {
    return ArrayRef(all).slice(count == 1 ? 0 : lane * length, length);
  }

private:
  SmallVector<int64_t> all;
  int64_t count = 0, length = 0;
};

/// Sums that come in a stage of the module's pipeline.
struct Sums {
  SmallVector<Number> numbers;
  unsigned stage = 0;
};

class MatrixBuilder {
public:
  MatrixBuilder(flow::MatrixOp op, rtl::DesignOp design, const ModuleOptions &options)
      : op(op), options(options), forms(op.getFormsAttr()), thresholds(op.getThresholdsAttr()),
        module(design, op.getLoc(), "", {{"x", op.getInput().getType().width()}},
               options.pauses && options.pipeline),
        wires(module.wires()) {}

  FailureOr<LaneModule> run() {
    FailureOr<Sums> sums = multiplyMatrix();
    if (succeeded(sums) && forms)
      sums = multiplyFactors(std::move(*sums));
    if (failed(sums))
      return failure();
    SmallVector<Value> lanes;
    for (auto [lane, sum] : llvm::enumerate(sums->numbers))
      lanes.push_back(narrow(lane, sum));
    Value result = wires.join(lanes);
    if (options.pipeline)
      result = wires.named(wires.reg(result), "y_reg");
    rtl::RTLModuleOp built = module.finish({{"y", result}});
    return LaneModule{built, options.pipeline ? sums->stage + 1 : 0};
  }

private:
  int64_t outputs() { return op.getType().getLanes(); }

  /// The products of a matrix; of one with a single weight in each row, row by row.
  FailureOr<SmallVector<Number>> product(const ConstantMatrix &matrix, ArrayRef<Number> inputs,
                                         Sums &into) {
    std::optional<SmallVector<unsigned>> columns = singleColumns(matrix);
    if (!columns || matrix.outputs == 1)
      return adders(matrix, inputs, into);
    SmallVector<std::pair<Number, unsigned>> rows;
    for (auto [row, column] : llvm::enumerate(*columns)) {
      Sums own;
      FailureOr<SmallVector<Number>> one =
          adders({1, 1, {matrix.row(row)[column]}, {matrix.bias[row]}}, inputs[column], own);
      if (failed(one))
        return failure();
      rows.push_back({one->front(), own.stage});
    }
    return together(rows, into);
  }

  /// By row the one column that has a weight; none if a row has several.
  static std::optional<SmallVector<unsigned>> singleColumns(const ConstantMatrix &matrix) {
    SmallVector<unsigned> columns(matrix.outputs, 0);
    for (unsigned row = 0; row < matrix.outputs; ++row) {
      unsigned weights = 0;
      for (auto [column, weight] : llvm::enumerate(matrix.row(row)))
        if (weight) {
          columns[row] = column;
          ++weights;
        }
      if (weights > 1)
        return std::nullopt;
    }
    return columns;
  }

  /// Numbers that come in several stages: those that are early wait.
  SmallVector<Number> together(ArrayRef<std::pair<Number, unsigned>> numbers, Sums &into) {
    into.stage = 0;
    for (auto &[number, stage] : numbers)
      into.stage = std::max(into.stage, stage);
    SmallVector<Number> all;
    for (auto &[number, stage] : numbers)
      all.push_back({wires.later(number.bits, into.stage - stage), number.values});
    return all;
  }

  FailureOr<SmallVector<Number>> adders(const ConstantMatrix &matrix, ArrayRef<Number> inputs,
                                        Sums &into) {
    std::vector<Input> kinds;
    for (const Number &number : inputs)
      kinds.push_back(Input::binary(number.values));
    MatrixOptions how;
    how.foldConstants = true;
    how.maxDepth = combinationalDepth;
    llvm::Expected<AdderGraph> graph = optimizeMatrix(matrix, kinds, how);
    if (!graph)
      return op.emitError() << llvm::toString(graph.takeError());
    if (llvm::Error wrong = verifyAdderGraph(*graph, matrix))
      return op.emitError() << "internal error: " << llvm::toString(std::move(wrong));
    Pipeline pipeline = assignStages(*graph, options.pipeline.value_or(~0u));
    into.stage = pipeline.stages - 1;
    return emitAdders(wires, *graph, pipeline, inputs);
  }

  /// What is known to be added later is added here, where it costs least.
  int64_t added(int64_t lane) {
    if (thresholds)
      return -middleThreshold(thresholds.of(lane));
    if (!forms)
      return 0;
    StepForm form = StepForm::read(forms.of(lane));
    return form.factor == 1 ? roundingOffset(form) : 0;
  }

  FailureOr<Sums> multiplyMatrix() {
    ConstantMatrix matrix{
        unsigned(outputs()), unsigned(op.getInput().getType().getLanes()), {}, {}};
    llvm::append_range(matrix.weights, flow::integersOf(op.getWeights()));
    llvm::append_range(matrix.bias, flow::integersOf(op.getConstants()));
    for (int64_t lane = 0; lane < outputs(); ++lane)
      matrix.bias[lane] += added(lane);
    flow::StreamType type = op.getInput().getType();
    SmallVector<Number> inputs;
    for (Value lane : unpack(wires, module.input(0), type.getLanes()))
      inputs.push_back({lane, {type.getLeast(), type.getMost()}});
    Sums sums;
    FailureOr<SmallVector<Number>> numbers = product(matrix, inputs, sums);
    if (failed(numbers))
      return failure();
    sums.numbers = std::move(*numbers);
    return sums;
  }

  /// Each sum times the factor of its form, in adders too.
  FailureOr<Sums> multiplyFactors(Sums sums) {
    SmallVector<std::pair<Number, unsigned>> products;
    for (int64_t lane = 0; lane < outputs(); ++lane) {
      StepForm form = StepForm::read(forms.of(lane));
      Sums own;
      Number sum = sums.numbers[lane];
      if (form.factor != 1) {
        if (options.pipeline)
          sum.bits = wires.reg(sum.bits);
        FailureOr<SmallVector<Number>> one =
            adders({1, 1, {form.factor}, {roundingOffset(form)}}, sum, own);
        if (failed(one))
          return failure();
        sum = one->front();
        own.stage += options.pipeline.has_value();
      }
      products.push_back({sum, own.stage});
    }
    Sums results;
    results.numbers = together(products, results);
    results.stage += sums.stage;
    return results;
  }

  Value narrow(int64_t lane, const Number &sum) {
    unsigned width = op.getType().laneWidth();
    if (forms)
      return emitRounding(wires, sum, StepForm::read(forms.of(lane)), width);
    if (thresholds)
      return emitThresholds(wires, sum, thresholds.of(lane), op.getLeast(), width);
    return wires.resize(sum.bits, width, sum.values.least < 0);
  }

  flow::MatrixOp op;
  const ModuleOptions &options;
  Rows forms, thresholds;
  EngineBuilder module;
  rtl::Wires &wires;
};

} // namespace

FailureOr<LaneModule> buildMatrix(flow::MatrixOp op, rtl::DesignOp design,
                                  const ModuleOptions &options) {
  return MatrixBuilder(op, design, options).run();
}

} // namespace nnc::dataflow
