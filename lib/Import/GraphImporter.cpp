//===- GraphImporter.cpp - From a checked model to a function -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GraphImporter.h"

#include "dialects/NN/CommonRewrites.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <queue>

using namespace llvm;
using namespace mlir;

namespace nnc {

/// This many nodes are refused one by one, the rest is summed up.
static constexpr unsigned maxListedRefusals = 100;

GraphImporter::GraphImporter(onnx::ModelProto &model, StringRef path, const ImportOptions &options,
                             MLIRContext &context)
    : model(model), graph(*model.mutable_graph()), options(options), context(&context), path(path),
      // Its name alone: no text or object may tell where on which machine it is.
      fileLoc(FileLineColLoc::get(&context, sys::path::filename(path), 0, 0)),
      tensors(path, &context), builder(&context) {}

InFlightDiagnostic GraphImporter::error(const Twine &message) {
  return emitError(fileLoc) << message;
}

bool GraphImporter::fail(const Twine &message, const Twine &help) {
  InFlightDiagnostic diagnostic = error(message);
  if (!help.isTriviallyEmpty())
    diagnostic.attachNote() << "help: " << help;
  return false;
}

OwningOpRef<ModuleOp> GraphImporter::run() {
  if (!checkVersions() || !collectNames() || !checkOptions())
    return nullptr;
  if (outputNames().empty())
    return fail("the graph has no outputs"), nullptr;
  module = ModuleOp::create(fileLoc);
  builder.setInsertionPointToEnd(module->getBody());
  StringRef name = options.name.empty() ? "main" : StringRef(options.name);
  function = builder.create<func::FuncOp>(fileLoc, name, builder.getFunctionType({}, {}));
  builder.setInsertionPointToEnd(function.addEntryBlock());
  std::optional<std::vector<int>> order = orderNodes();
  bool good = addInputs() && order;
  if (order)
    for (int index : *order)
      importNode(index);
  if (refusedNodes > maxListedRefusals) {
    std::string text;
    for (const auto &[op, count] : unlistedRefusals)
      text += (text.empty() ? "" : ", ") + (op + " (" + Twine(count) + ")").str();
    fail(formatv("{0} more nodes cannot be imported: {1}", refusedNodes - maxListedRefusals, text));
  }
  if (!good || refusedNodes != 0 || !returnOutputs() || mlir::failed(verify(*module)))
    return nullptr;
  nn::eraseDeadOps(function); // shape arithmetic that was folded leaves operands without users
  if (options.pathsRead)
    *options.pathsRead = {tensors.pathsRead().begin(), tensors.pathsRead().end()};
  return std::move(module);
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

std::vector<std::string> GraphImporter::outputNames() const {
  if (!options.outputs.empty())
    return options.outputs;
  std::vector<std::string> names;
  for (const auto &output : graph.output())
    names.push_back(output.name());
  return names;
}

/// The nodes that the outputs depend on; the names that are read on the way go to `wanted`.
BitVector GraphImporter::neededNodes() {
  llvm::StringSet<> boundary;
  for (const std::string &name : options.inputs)
    boundary.insert(name);
  for (const auto &[name, text] : options.constants)
    boundary.insert(name);
  BitVector needed(graph.node_size());
  std::vector<std::string> pending = outputNames();
  while (!pending.empty()) {
    std::string name = std::move(pending.back());
    pending.pop_back();
    auto it = sources.find(name);
    if (boundary.contains(name) || it == sources.end() || !wanted.insert(name).second ||
        it->second.node < 0 || needed.test(it->second.node))
      continue;
    needed.set(it->second.node);
    for (const std::string &input : graph.node(it->second.node).input())
      pending.push_back(input);
  }
  return needed;
}

/// Every operand comes from somewhere, those of needed nodes from where -inputs allows.
bool GraphImporter::checkSources(const BitVector &needed) {
  bool good = true;
  auto check = [&](StringRef name, Location loc, bool isNeeded) {
    auto it = sources.find(name);
    bool outside = isNeeded && it != sources.end() && it->second.input && !it->second.initializer &&
                   !options.inputs.empty() && !is_contained(options.inputs, name) &&
                   !options.constants.count(name.str());
    if (it != sources.end() && !outside)
      return;
    good = false;
    if (outside)
      emitError(loc) << "needs the graph input '" << name << "', which -inputs leaves out";
    else
      emitError(loc) << "the value '" << name
                     << "' is computed by no node and is neither an input nor an initializer";
  };
  for (int index = 0; index < graph.node_size(); ++index)
    for (const std::string &input : graph.node(index).input())
      if (!input.empty())
        check(input, nodeLoc(index), needed.test(index));
  for (const std::string &output : outputNames())
    check(output, fileLoc, /*isNeeded=*/true);
  return good;
}

/// What no output needs may be of any operator and type. What we do know must be well formed even
/// there: a file that is damaged in one place is not to be trusted in another.
bool GraphImporter::checkUnread(const BitVector &needed) {
  bool good = true;
  for (int index = 0; index < graph.node_size(); ++index) {
    const onnx::NodeProto &node = graph.node(index);
    const OpEntry *entry = findOp(node.domain(), node.op_type());
    if (needed.test(index) || !entry || entry->version(opset) == 0)
      continue;
    std::string problem = arityProblem(*entry, node);
    if (problem.empty())
      continue;
    emitError(nodeLoc(index)) << node.op_type() << "-" << entry->version(opset) << ": " << problem;
    good = false;
  }
  for (const onnx::TensorProto &tensor : graph.initializer()) {
    if (wanted.contains(tensor.name()) || !nn::findElementType(tensor.data_type()))
      continue; // read later, or of a type that we do not know
    if (Error error = tensors.check(tensor))
      good = fail("initializer '" + Twine(tensor.name()) + "': " + toString(std::move(error)));
  }
  return good;
}

/// The needed nodes, operands before users, otherwise in file order.
std::optional<std::vector<int>> GraphImporter::orderNodes() {
  BitVector needed = neededNodes();
  bool hasSources = checkSources(needed);
  if (!checkUnread(needed) || !hasSources)
    return std::nullopt;
  std::vector<std::vector<int>> users(graph.node_size());
  std::vector<int> missing(graph.node_size());
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (int index : needed.set_bits()) {
    for (const std::string &input : graph.node(index).input()) {
      auto it = sources.find(input);
      if (it == sources.end() || it->second.node < 0 || !needed.test(it->second.node) ||
          is_contained(options.inputs, input) || options.constants.count(input))
        continue;
      users[it->second.node].push_back(index);
      ++missing[index];
    }
    if (missing[index] == 0)
      ready.push(index);
  }
  std::vector<int> order;
  while (!ready.empty()) {
    order.push_back(ready.top());
    ready.pop();
    for (int user : users[order.back()])
      if (--missing[user] == 0)
        ready.push(user);
  }
  if (order.size() == needed.count())
    return order;
  for (int index : order)
    needed.reset(index);
  reportCycle(SmallVector<int>(needed.set_bits()));
  return std::nullopt;
}

/// `pending` are the nodes on cycles and those behind them.
void GraphImporter::reportCycle(ArrayRef<int> pending) {
  std::string names;
  for (int index : pending.take_front(5))
    names += (names.empty() ? "'" : ", '") + nn::nodeNames(nodeLoc(index)).front().str() + "'";
  emitError(nodeLoc(pending.front()))
      << "the graph has a cycle; " << pending.size()
      << " nodes wait for their own results: " << names << (pending.size() > 5 ? ", …" : "");
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

Location GraphImporter::nodeLoc(int index) {
  const onnx::NodeProto &node = graph.node(index);
  std::string name = node.name();
  for (const std::string &output : node.output())
    if (name.empty())
      name = output;
  if (name.empty())
    name = formatv("{0}_{1}", node.op_type(), index);
  return NameLoc::get(builder.getStringAttr(name), fileLoc);
}

/// The value called `name`; an initializer is read when it is first used.
Value GraphImporter::value(StringRef name) {
  auto [it, isNew] = values.try_emplace(name);
  auto source = sources.find(name);
  if (!isNew || source == sources.end() || !source->second.initializer)
    return it->second;
  Expected<ElementsAttr> read = tensors.read(*source->second.initializer, name);
  if (!read) {
    fail("initializer '" + name + "': " + toString(read.takeError()));
    ++refusedNodes;
    return {};
  }
  return it->second = builder.create<nn::ConstantOp>(
             nn::tensorLoc(builder.getStringAttr(name), fileLoc), *read);
}

/// What to compile instead: the part of the graph before this node.
std::string GraphImporter::wayAround(const onnx::NodeProto &node) {
  std::string names;
  for (const std::string &input : node.input()) {
    auto it = sources.find(input);
    if (it != sources.end() && it->second.node >= 0 && values.lookup(input) &&
        !matchPattern(values.lookup(input), m_Constant()))
      names += (names.empty() ? "" : ",") + input;
  }
  return names.empty() ? "" : "compile up to its inputs: -outputs=" + names;
}

/// Why a node cannot be imported whatever its operands are; empty if it can.
std::string GraphImporter::refusal(const onnx::NodeProto &node, const OpEntry *entry) const {
  if (node.op_type().empty())
    return "the node has no operator";
  for (const auto &function : model.functions())
    if (function.name() == node.op_type() && function.domain() == node.domain())
      return "local functions are not supported (onnx.inliner replaces them by their bodies)";
  if (!isKnownDomain(node.domain()))
    return "operators of the domain '" + node.domain() + "' are not supported";
  if (!entry)
    return "this operator is not supported";
  if (entry->version(opset) == 0)
    return formatv("this operator exists from opset {0} on", *entry->versions.begin());
  return "";
}

const OpEntry *GraphImporter::checkOperator(int index) {
  const onnx::NodeProto &node = graph.node(index);
  const OpEntry *entry = findOp(node.domain(), node.op_type());
  std::string why = refusal(node, entry);
  if (why.empty())
    return entry;
  if (refusedNodes++ >= maxListedRefusals) {
    ++unlistedRefusals[node.op_type()];
    return nullptr;
  }
  InFlightDiagnostic diagnostic = emitError(nodeLoc(index))
                                  << node.op_type() << "-" << opset << ": " << why;
  if (std::string help = wayAround(node); !help.empty())
    diagnostic.attachNote() << "help: " << help;
  return nullptr;
}

/// Leaves the node's results in `values`; null where it was refused or depends on one that was.
void GraphImporter::importNode(int index) {
  onnx::NodeProto &node = *graph.mutable_node(index);
  const OpEntry *entry = checkOperator(index);
  SmallVector<Value> operands;
  bool complete = entry != nullptr;
  for (const std::string &input : node.input()) {
    operands.push_back(input.empty() || !entry ? Value() : value(input));
    complete &= input.empty() || operands.back();
  }
  while (!operands.empty() && node.input(operands.size() - 1).empty())
    operands.pop_back(); // trailing absent operands
  if (!complete || !importKnownNode(index, *entry, operands))
    for (const std::string &output : node.output())
      values.try_emplace(output);
}

bool GraphImporter::importKnownNode(int index, const OpEntry &entry, ArrayRef<Value> operands) {
  onnx::NodeProto &node = *graph.mutable_node(index);
  bool quiet = refusedNodes >= maxListedRefusals;
  ScopedDiagnosticHandler silence(context, [&](Diagnostic &) { return success(quiet); });
  NodeImporter importer(node, entry, opset, builder, nodeLoc(index), tensors, wanted, operands);
  bool good = succeeded(importer.run());
  for (auto [i, result] : enumerate(importer.getResults()))
    if (good && importer.wants(i))
      values[node.output(i)] = result;
  if (!good && refusedNodes++ >= maxListedRefusals)
    ++unlistedRefusals[node.op_type()];
  return good;
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// Many models state shapes that they do not have; what is computed counts.
void GraphImporter::remarkOnShape(StringRef name, const onnx::TypeProto &stated,
                                  RankedTensorType computed) {
  if (!stated.tensor_type().has_shape())
    return;
  const auto &dims = stated.tensor_type().shape().dim();
  bool fits = dims.size() == computed.getRank();
  std::vector<std::string> words;
  for (auto [d, dim] : enumerate(dims)) {
    bool isNumber = dim.has_dim_value() && dim.dim_value() >= 0;
    fits = fits && (!isNumber || dim.dim_value() == computed.getDimSize(d));
    words.push_back(isNumber                  ? std::to_string(dim.dim_value())
                    : dim.dim_param().empty() ? "?"
                                              : dim.dim_param());
  }
  if (fits)
    return;
  InFlightDiagnostic remark = emitRemark(fileLoc) << "output '" << name << "' is declared ["
                                                  << join(words, ",") << "], computed [";
  interleave(computed.getShape(), remark, ",");
  remark << "]";
}

/// What leaves the function for `result`: itself, or its elements packed.
Value GraphImporter::packed(StringRef name, Value result, NamedAttrList &attributes) {
  auto type = cast<RankedTensorType>(result.getType());
  attributes.set(nn::nameAttr, builder.getStringAttr(name));
  if (!nn::isPacked(type))
    return result;
  attributes.set(nn::packedAttr, TypeAttr::get(type));
  return nn::createPacked(builder, result);
}

bool GraphImporter::returnOutputs() {
  SmallVector<Value> results;
  std::vector<NamedAttrList> attributes;
  llvm::StringSet<> seen;
  bool good = checkPortCount();
  for (const std::string &name : outputNames()) {
    good &= checkPortName(name, "output");
    if (!seen.insert(name).second)
      good = fail("the graph has two outputs called '" + name + "'");
    Value result = value(name);
    if (!result)
      return false; // was reported
    const onnx::ValueInfoProto *info = valueInfo(name);
    if (info && info->has_type() && !info->type().has_tensor_type())
      good = fail("output '" + name + "' is no tensor");
    int32_t stated = info ? info->type().tensor_type().elem_type() : 0;
    Expected<Type> element = stated ? elementType(stated, context)
                                    : cast<RankedTensorType>(result.getType()).getElementType();
    if (!element)
      good = fail("output '" + name + "': " + toString(element.takeError()));
    else if (*element != cast<RankedTensorType>(result.getType()).getElementType())
      good = fail("output '" + name + "' is " + typeText(result.getType()) + ", the model says " +
                  dataTypeName(stated));
    if (info)
      remarkOnShape(name, info->type(), cast<RankedTensorType>(result.getType()));
    if (cast<RankedTensorType>(result.getType()).getNumElements() == 0)
      good = fail("output '" + name +
                  "' has no elements; empty tensors are not supported at run time");
    results.push_back(packed(name, result, attributes.emplace_back()));
  }
  builder.create<func::ReturnOp>(fileLoc, results);
  Block &body = function.getBody().front();
  function.setFunctionType(
      builder.getFunctionType(body.getArgumentTypes(), ValueRange(results).getTypes()));
  for (auto [i, own] : enumerate(argumentAttributes))
    function.setArgAttrs(i, own);
  for (auto [i, own] : enumerate(attributes))
    function.setResultAttrs(i, own);
  return good;
}

} // namespace nnc
