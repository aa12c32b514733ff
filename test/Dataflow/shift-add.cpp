//===- shift-add.cpp - Adder graphs against the matrices they are made of ---===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small matrices over all values of their inputs, large ones at their ends and at
// random. What the verifier accepts is right, also of graphs that were damaged.
//
// RUN: test-shift-add
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/AdderCost.h"
#include "nnc/Dataflow/AssignStages.h"
#include "nnc/Dataflow/VerifyAdderGraph.h"

#include "llvm/ADT/STLExtras.h"

#include <cstdio>
#include <functional>
#include <random>
#include <string>

using namespace nnc::dataflow;

namespace {

std::mt19937_64 generator(1);

int64_t pick(int64_t least, int64_t most) {
  return std::uniform_int_distribution<int64_t>(least, most)(generator);
}

int failures = 0;

void expect(bool holds, const std::string &what) {
  if (holds)
    return;
  ++failures;
  std::printf("%s\n", what.c_str());
}

/// A matrix with its inputs, and the values that these take.
struct Problem {
  ConstantMatrix matrix;
  std::vector<Input> inputs;

  int64_t value(unsigned input, int64_t number) const {
    return (number - inputs[input].offset) * (int64_t(1) << inputs[input].step);
  }
  /// The product and sum, written out.
  std::vector<int64_t> results(const std::vector<int64_t> &values) const {
    std::vector<int64_t> results = matrix.bias;
    for (unsigned i = 0; i < matrix.outputs; ++i)
      for (unsigned j = 0; j < matrix.inputs; ++j)
        results[i] += matrix.row(i)[j] * values[j];
    return results;
  }
};

Problem makeProblem(std::vector<std::vector<int64_t>> rows, std::vector<Input> inputs) {
  Problem problem;
  problem.matrix.outputs = rows.size();
  problem.matrix.inputs = inputs.size();
  for (const std::vector<int64_t> &row : rows) {
    problem.matrix.weights.insert(problem.matrix.weights.end(), row.begin(), row.end());
    problem.matrix.bias.push_back(pick(-20, 20));
  }
  problem.inputs = std::move(inputs);
  return problem;
}

Input pickInput() {
  switch (pick(0, 6)) {
  case 6: // always zero
    return Input::binary({0, 0});
  case 0: // one bit
    return Input::binary({0, 1});
  case 1: // -1, 0, 1 counted from zero
    return {{0, 2}, 1, 0};
  case 2:
    return Input::binary({-2, 1});
  case 3: // multiples of 4
    return Input::binary({-8, 4}, 2);
  case 4:
    return Input::binary({0, 3});
  default: // always negative
    return Input::binary({-3, -1});
  }
}

Problem pickProblem() {
  std::vector<Input> inputs(pick(1, 5));
  for (Input &input : inputs)
    input = pickInput();
  std::vector<std::vector<int64_t>> rows(pick(1, 5));
  int64_t most = int64_t(1) << pick(0, 6);
  for (std::vector<int64_t> &row : rows)
    for (unsigned i = 0; i < inputs.size(); ++i)
      row.push_back(pick(0, 3) == 0 ? 0 : pick(-most, most));
  return makeProblem(std::move(rows), std::move(inputs));
}

/// Whether the graph gives the results for all values of the inputs (at most 2^12 of them).
bool isRight(const AdderGraph &graph, const Problem &problem) {
  std::vector<int64_t> numbers, values(problem.inputs.size());
  for (const Input &input : problem.inputs)
    numbers.push_back(input.values.least);
  while (true) {
    for (unsigned i = 0; i < values.size(); ++i)
      values[i] = problem.value(i, numbers[i]);
    if (graph.evaluate(values) != problem.results(values))
      return false;
    unsigned i = 0;
    while (i < numbers.size() && numbers[i] == problem.inputs[i].values.most) {
      numbers[i] = problem.inputs[i].values.least;
      ++i;
    }
    if (i == numbers.size())
      return true;
    ++numbers[i];
  }
}

bool isVerified(const AdderGraph &graph, const Problem &problem) {
  return !errorToBool(verifyAdderGraph(graph, problem.matrix));
}

AdderGraph optimize(const Problem &problem, const MatrixOptions &options = {}) {
  return cantFail(optimizeMatrix(problem.matrix, problem.inputs, options));
}

/// Every bit that the graph reads, to be changed.
std::vector<Bit *> bitsOf(AdderGraph &graph) {
  std::vector<Bit *> bits;
  for (Node &node : graph.nodes) {
    if (node.carry)
      bits.push_back(&*node.carry);
    for (std::optional<Bit> &bit : node.addend)
      if (bit)
        bits.push_back(&*bit);
    for (Counter &counter : node.counters)
      for (CountedBit &counted : counter.bits)
        bits.push_back(&counted.bit);
  }
  for (Word &word : graph.words)
    for (std::optional<Bit> &bit : word.bits)
      if (bit)
        bits.push_back(&*bit);
  return bits;
}

/// Changes one thing; false if there is none of that kind.
bool damage(AdderGraph &graph) {
  Node &node = graph.nodes[pick(0, graph.nodes.size() - 1)];
  Word &word = graph.words[pick(0, graph.words.size() - 1)];
  Output &output = graph.outputs[pick(0, graph.outputs.size() - 1)];
  std::vector<Bit *> bits = bitsOf(graph);
  Bit &bit = *bits[pick(0, bits.size() - 1)];
  switch (pick(0, 11)) {
  case 0:
    bit.inverted = !bit.inverted;
    return true;
  case 1:
    bit.index += pick(0, 1) == 0 ? 1 : -1;
    return true;
  case 2:
    bit.node -= 1;
    return true;
  case 3:
    output.shift += 1;
    return true;
  case 4:
    output.negative = !output.negative;
    return true;
  case 5:
    output.constant += pick(0, 1) == 0 ? 1 : -1;
    return true;
  case 6:
    if (node.addend.empty() || node.width < 2)
      return false;
    node.width -= 1;
    return true;
  case 7:
    if (!node.carry)
      return false;
    node.carry.reset();
    return true;
  case 8:
    if (node.counters.empty())
      return false;
    node.counters.back().bits.back().offset ^= 1;
    return true;
  case 9:
    word.values.most += pick(0, 1) == 0 ? 1 : -1;
    return true;
  case 10:
    word.isSigned = !word.isSigned;
    return true;
  default:
    if (word.terms.empty())
      return false;
    word.terms.back().negative = !word.terms.back().negative;
    return true;
  }
}

/// Bits read where they are not made would end the program instead of the test.
bool readsWhatIs(const AdderGraph &graph) {
  bool sound = true;
  for (unsigned i = 0; i < graph.nodes.size(); ++i)
    graph.nodes[i].forEachBit([&](const Bit &bit, unsigned) {
      sound &= bit.isOne() || (bit.node < i && bit.index < graph.nodes[bit.node].width);
    });
  for (const Word &word : graph.words)
    for (const std::optional<Bit> &bit : word.bits)
      sound &= !bit || bit->isOne() ||
               (bit->node < graph.nodes.size() && bit->index < graph.nodes[bit->node].width);
  return sound;
}

unsigned harmless = 0, found = 0;

/// What the verifier still accepts must be right.
void checkDamaged(const AdderGraph &graph, const Problem &problem) {
  for (unsigned i = 0; i < 20; ++i) {
    AdderGraph damaged = graph;
    if (!damage(damaged))
      continue;
    if (isVerified(damaged, problem)) {
      ++harmless;
      expect(readsWhatIs(damaged) && isRight(damaged, problem), "damage was not found");
    } else {
      ++found;
    }
  }
}

void checkPipeline(const AdderGraph &graph, unsigned maxDepth) {
  Pipeline pipeline = assignStages(graph, maxDepth);
  expect(pipeline.stageDepth <= maxDepth, "stage too deep");
  std::vector<unsigned> within(graph.nodes.size()); // chains since the last register
  std::vector<std::vector<unsigned>> last(graph.nodes.size());
  auto read = [&](const Bit &bit, unsigned stage) {
    if (bit.isOne())
      return;
    last[bit.node].resize(graph.nodes[bit.node].width, pipeline.stageOf[bit.node]);
    last[bit.node][bit.index] = std::max(last[bit.node][bit.index], stage);
  };
  for (unsigned i = graph.inputs.size(); i < graph.nodes.size(); ++i) {
    unsigned stage = pipeline.stageOf[i];
    graph.nodes[i].forEachBit([&](const Bit &bit, unsigned) {
      read(bit, stage);
      if (bit.isOne())
        return;
      expect(pipeline.stageOf[bit.node] <= stage, "read before it is made");
      if (pipeline.stageOf[bit.node] == stage)
        within[i] = std::max(within[i], within[bit.node]);
    });
    expect(stage < pipeline.stages && ++within[i] <= maxDepth, "too many chains in a stage");
  }
  for (const Output &output : graph.outputs)
    if (output.word)
      for (const std::optional<Bit> &bit : graph.words[*output.word].bits)
        if (bit)
          read(*bit, pipeline.stages - 1);
  unsigned registers = 0;
  for (unsigned i = 0; i < graph.nodes.size(); ++i)
    for (unsigned stage : last[i])
      registers += stage - pipeline.stageOf[i];
  expect(registers == pipeline.registerBits, "register bits miscounted");
}

void checkProblem(const Problem &problem, const char *what) {
  for (bool fold : {false, true})
    for (unsigned counterBits : {1u, Counter::mostBits}) {
      AdderGraph graph =
          optimize(problem, {static_cast<unsigned>(pick(1, 9)), counterBits, fold, 2});
      expect(isRight(graph, problem), std::string(what) + ": wrong result");
      expect(isVerified(graph, problem), std::string(what) + ": not verified");
      for (const Node &node : graph.nodes)
        for (const Counter &counter : node.counters)
          expect(counter.variables() <= counterBits, "counter too large");
      checkPipeline(graph, pick(1, 3));
      checkDamaged(graph, problem);
    }
}

void checkCorners() {
  std::vector<Input> bytes = {Input::binary({0, 15}), Input::binary({-8, 7})};
  checkProblem(makeProblem({{0, 0}, {0, 0}}, bytes), "zeros");
  checkProblem(makeProblem({{3}, {-3}, {12}, {0}}, {Input::binary({-128, 127})}), "one input");
  checkProblem(makeProblem({{5, 7}, {5, 7}, {-5, -7}, {20, 28}}, bytes), "multiples of one row");
  checkProblem(makeProblem({{1, 0}, {0, 64}, {-16, 0}, {8, 0}}, bytes), "powers of two");
  checkProblem(makeProblem({{1, -1}, {-1, 1}, {1, 1}, {-1, -1}}, bytes), "signs");
  std::vector<Input> bits(10, Input::binary({0, 1}));
  checkProblem(makeProblem({std::vector<int64_t>(10, 1)}, bits), "ones of ten bits");
  checkProblem(
      makeProblem({{1, 1, 1, -1, -1, 0, 1, 1, -1, 1}, {1, 1, 1, 1, -1, 1, 1, 1, -1, 1}}, bits),
      "signed bits");
}

/// Equal rows and negatives take the adders of one; powers of two and zeros none.
void checkCost() {
  std::vector<Input> bytes(2, Input::binary({0, 255}));
  auto tables = [&](std::vector<std::vector<int64_t>> rows) {
    return costOf(optimize(makeProblem(std::move(rows), bytes))).tables;
  };
  expect(tables({{1, 1}}) == 8, "a + b of bytes is not eight tables");
  expect(tables({{1, 1}, {-2, -2}, {1, 1}}) == 8, "multiples are added again");
  expect(tables({{1, 16}}) == 4, "columns where nothing meets are not free");
  expect(tables({{1, 256}, {-4, 0}, {0, 0}}) == 0, "wires are not free");
}

/// Too large for all values: the verifier, the ends and some in between.
void checkLarge() {
  Problem problem;
  problem.matrix = {24, 40, {}, std::vector<int64_t>(24, 1000)};
  for (unsigned i = 0; i < 24 * 40; ++i)
    problem.matrix.weights.push_back(pick(0, 2) == 0 ? 0 : pick(-31, 31));
  problem.inputs.assign(40, Input::binary({-128, 127}));
  AdderGraph graph = optimize(problem, {10});
  expect(isVerified(graph, problem), "large matrix not verified");
  for (unsigned row = 0; row < 24; ++row)
    for (bool high : {false, true}) {
      std::vector<int64_t> values;
      for (int64_t weight : problem.matrix.row(row))
        values.push_back((weight > 0) == high ? 127 : -128);
      expect(graph.evaluate(values) == problem.results(values), "large matrix wrong at its ends");
    }
  for (const Node &node : graph.nodes)
    expect(node.depth <= 10, "deeper than it may be");
  AdderGraph again = optimize(problem, {10});
  expect(again.nodes.size() == graph.nodes.size() && costOf(again).tables == costOf(graph).tables &&
             costOf(again).inverters == costOf(graph).inverters,
         "not deterministic");
  expect(costOf(graph).tables < costOf(optimize(problem, {10, 1})).tables, "counters save nothing");
  problem.matrix.weights[0] = int64_t(1) << 60;
  expect(errorToBool(optimizeMatrix(problem.matrix, problem.inputs).takeError()),
         "a sum of more than 61 bits was accepted");
}

} // namespace

int main() {
  checkCorners();
  checkCost();
  for (unsigned i = 0; i < 300; ++i)
    checkProblem(pickProblem(), "random");
  checkLarge();
  expect(found > 10 * harmless, "the verifier accepts much that was damaged");
  return failures == 0 ? 0 : 1;
}
