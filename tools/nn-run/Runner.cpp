//===- Runner.cpp - Runs data sets and judges the answers ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Runner.h"

#include "FormComparison.h"

#include "nnc/Import/TensorFiles.h"
#include "nnc/Pipeline/Judge.h"
#include "nnc/Support/Printable.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace nnc {
namespace {

/// One network on all its data sets.
class Runner {
public:
  explicit Runner(const RunOptions &options) : options(options), session(options.compile) {}

  bool run() {
    if (!session.load())
      return false;
    Expected<std::vector<DataSet>> sets =
        loadData(options.data, options.compile.model, session.inputs(), session.outputs(),
                 session.context());
    if (!sets)
      return fail(sets.takeError());
    if (!options.against.empty())
      return compareForms(*sets);
    bool good = true;
    for (const DataSet &set : *sets) {
      Expected<std::vector<Tensor>> results = session.run(options.way, set.inputs);
      if (!results)
        return fail(results.takeError()); // and so would the other sets
      good &= judge(set, *results, sets->size() > 1);
      if (isBroken)
        return false;
    }
    return good;
  }

private:
  bool fail(const Twine &what) {
    errs() << printable(options.compile.model) << ": error: " << printable(what.str()) << "\n";
    return false;
  }
  bool fail(Error error) { return fail(toString(std::move(error))); }

  bool judge(const DataSet &set, ArrayRef<Tensor> results, bool several) {
    print(set, results);
    // Integers of hardware end before what is left to the caller; data sets speak of the model.
    bool isHardware = options.compile.target == "hls";
    bool good = isHardware || accept(judgeCloseness(set, session.outputs(), results));
    if (options.compare)
      good &= checkOtherWay(set, results);
    if (options.layers)
      good &= checkLayers(set);
    if (!options.save.empty())
      good &= save(several ? options.save + "/" + set.name : options.save, results);
    return good;
  }

  void print(const DataSet &set, ArrayRef<Tensor> results) {
    for (auto [port, result] : zip(session.outputs(), results)) {
      Tensor tensor = elementsOf(port, result);
      outs() << printable(set.name) << ": " << printable(port.name) << " " << tensor.getType()
             << " =";
      int64_t shown = std::min<int64_t>(tensor.getNumElements(), 8);
      for (int64_t i = 0; i < shown; ++i)
        outs() << " " << interpreter::elementText(tensor, i);
      outs() << (shown < tensor.getNumElements() ? " ...\n" : "\n");
    }
  }

  bool checkOtherWay(const DataSet &set, ArrayRef<Tensor> results) {
    bool isInterpreted = options.way == Way::Interpreter;
    Expected<std::vector<Tensor>> others =
        session.run(isInterpreted ? Way::Native : Way::Interpreter, set.inputs);
    if (!others) {
      isBroken = true;
      return fail(others.takeError());
    }
    ArrayRef<Tensor> compiled = results, interpreted = *others;
    if (isInterpreted)
      std::swap(compiled, interpreted);
    return accept(judgeBits(set, session.outputs(), compiled, interpreted));
  }

  bool accept(const Complaints &complaints) {
    for (const std::string &text : complaints)
      fail(text);
    return complaints.empty();
  }

  bool checkLayers(const DataSet &set) {
    Expected<std::string> difference = session.firstDifference(set.inputs);
    if (!difference)
      return fail(difference.takeError());
    if (!difference->empty())
      return fail(set.name + ": " + *difference);
    outs() << set.name << ": all steps agree\n";
    return true;
  }

  bool compareForms(ArrayRef<DataSet> sets) {
    CompileOptions other = options.compile;
    other.model = options.against;
    other.nativeIO = false; // inputs are converted
    FormComparison comparison(session, other);
    if (!comparison.load())
      return false;
    for (const DataSet &set : sets)
      if (Error error = comparison.add(set))
        return fail(std::move(error));
    if (Error error = comparison.print(outs()))
      return fail(std::move(error));
    return true;
  }

  /// A folder that takes no file takes none of the next data set either.
  bool save(const std::string &folder, ArrayRef<Tensor> results) {
    isBroken = true;
    if (std::error_code code = sys::fs::create_directories(folder))
      return fail("cannot create '" + folder + "': " + code.message());
    for (auto [j, port, result] : enumerate(session.outputs(), results)) {
      Tensor tensor = elementsOf(port, result);
      if (Error error = writeTensor(folder + "/output_" + std::to_string(j) + ".pb", port.name,
                                    tensor.getType(), tensor.bytes()))
        return fail(std::move(error));
    }
    isBroken = false;
    return true;
  }

  const RunOptions &options;
  Session session;
  bool isBroken = false; ///< what failed would fail on every set
};

} // namespace

bool run(const RunOptions &options) { return Runner(options).run(); }

} // namespace nnc
