//===- ModuleWriter.cpp - One rtl.module as Verilog ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk over the module, in its order. Verilog wants nets declared above their
// uses, so what an op reads is written before it if it was not yet.
//
//===----------------------------------------------------------------------===//
#include "ModuleWriter.h"
#include "Expressions.h"
#include "NetNames.h"

#include "dialects/RTL/CombinationalPaths.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace nnc::rtl;
using mlir::Operation;
using mlir::Value;

namespace nnc::hls {

namespace {

class ModuleWriter {
public:
  ModuleWriter(RTLModuleOp module, const Clocking &clocking, raw_ostream &os)
      : module(module), clocking(clocking), os(os), expressions(module.getBlock()) {}

  void write();

private:
  void writePorts();
  void writeLayer(mlir::Location location);
  void writeComment(CommentOp comment);
  void writeLine(StringRef indent, StringRef text);
  void require(Value value);
  void declare(Value value);
  void writeNet(Value value);
  std::string tableFunction(TableOp table);
  SmallVector<RegOp> registersLike(RegOp first);
  void writeRegisters(ArrayRef<RegOp> registers);
  void writeInstance(InstanceOp instance);
  void writeOutputs();
  void writeUnread();

  RTLModuleOp module;
  const Clocking &clocking;
  raw_ostream &os;
  Expressions expressions;
  NetNames names;
  PostOrder<Value> written;
  std::string layer; ///< of what was written last
  DenseMap<std::pair<mlir::Attribute, mlir::Type>, std::string> functions;
};

/// One line, or several of the width that people read; a space is a good place to go on anywhere.
void ModuleWriter::writeLine(StringRef indent, StringRef text) {
  constexpr size_t columns = 100;
  os << indent;
  for (size_t used = indent.size(); used + text.size() > columns; used = indent.size() + 4) {
    size_t space = text.rfind(' ', columns - used);
    if (space == StringRef::npos)
      space = text.find(' ');
    if (space == StringRef::npos)
      break;
    os << text.take_front(space) << "\n" << indent << "    ";
    text = text.drop_front(space + 1);
  }
  os << text << "\n";
}

/// A comment where another layer begins. "layer" stands in front so that no name of a node can be
/// taken for a directive to some tool.
void ModuleWriter::writeLayer(mlir::Location location) {
  std::string next = layerOf(location);
  if (next == layer)
    return;
  layer = next;
  os << "\n";
  if (!layer.empty())
    os << "  // layer " << layer << "\n";
}

/// A blank line stands above a comment, none between two.
void ModuleWriter::writeComment(CommentOp comment) {
  if (!isa_and_nonnull<CommentOp>(comment->getPrevNode()))
    os << "\n";
  os << "  // " << comment.getText() << "\n";
}

void ModuleWriter::writePorts() {
  ListSeparator comma(",\n");
  auto write = [&](StringRef direction, StringRef name, unsigned width) {
    os << StringRef(comma) << "    " << direction << " wire " << range(width) << name;
    names.reserve(name);
  };
  os << "module " << module.getSymName() << " (\n";
  mlir::StringAttr symbol = module.getSymNameAttr();
  for (StringRef name : {clocking.clockOf(symbol), clocking.resetOf(symbol)})
    if (!name.empty())
      write("input", name, 1);
  Signature signature = signatureOf(module);
  for (auto [port, argument] : zip(signature.inputs, module.getBody().getArguments())) {
    write("input", port.name, widthOf(port.type));
    expressions.setName(argument, port.name);
  }
  for (Port port : signature.outputs)
    write("output", port.name, widthOf(port.type));
  os << "\n);\n";
}

//===----------------------------------------------------------------------===//
// Nets
//===----------------------------------------------------------------------===//

/// Writes what `value` depends on within a clock, and itself, unless that was done.
void ModuleWriter::require(Value value) {
  auto operands = [](Value v) -> SmallVector<Value> {
    Operation *op = v.getDefiningOp();
    if (!op || isa<RegOp, InstanceOp>(op))
      return {};
    return to_vector(op->getOperands());
  };
  written.walk(value, operands, [&](Value v) { writeNet(v); });
}

void ModuleWriter::writeNet(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || expressions.isInlined(value))
    return;
  writeLayer(op->getLoc());
  if (isa<RegOp, InstanceOp>(op))
    return declare(value);
  auto table = dyn_cast<TableOp>(op);
  std::string definition =
      table ? tableFunction(table) + "(" + expressions.text(table.getIndex()) + ")"
            : expressions.definition(op);
  std::string name = names.of(op);
  expressions.setName(value, name);
  writeLine("  ", "wire " + range(widthOf(value)) + name + " = " + definition + ";");
}

/// A register, or a net that an instance drives.
void ModuleWriter::declare(Value value) {
  Operation *op = value.getDefiningOp();
  std::string name;
  if (auto instance = dyn_cast<InstanceOp>(op)) {
    auto port = cast<mlir::StringAttr>(
        instance.getOutputNames()[cast<mlir::OpResult>(value).getResultNumber()]);
    name = names.unique(op->getLoc(), (instance.getName() + "_" + port.getValue()).str());
  } else {
    name = names.of(op);
  }
  expressions.setName(value, name);
  writeLine("  ", (isa<RegOp>(op) ? "reg " : "wire ") + range(widthOf(value)) + name + ";");
}

/// The function that equal tables of the module share. Unlike an `always` block it needs no event
/// to give its first value.
std::string ModuleWriter::tableFunction(TableOp table) {
  std::string &name = functions[{table.getValues(), table.getIndex().getType()}];
  if (!name.empty())
    return name;
  auto hint = table->getAttrOfType<mlir::StringAttr>(nameAttr);
  name = hint ? names.unique(table.getLoc(), (hint.getValue() + "_of").str())
              : names.numbered(table.getLoc(), "lookup");
  std::string index = names.unique(mlir::UnknownLoc::get(table.getContext()), name + "_index");
  unsigned width = widthOf(table), indexWidth = widthOf(table.getIndex());
  os << "  function " << range(width) << name << ";\n    input " << range(indexWidth) << index
     << ";\n    case (" << index << ")\n";
  auto values = cast<mlir::DenseIntElementsAttr>(table.getValues()).getValues<APInt>();
  for (auto [i, value] : enumerate(values))
    os << "      " << literal(APInt(indexWidth, i)) << ": " << name << " = " << literal(value)
       << ";\n";
  os << "      default: " << name << " = {" << width << "{1'bx}};\n    endcase\n  endfunction\n";
  return name;
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

/// `first` and the registers right behind it that share its block: enabled alike, all with a reset
/// or all without, of one layer.
SmallVector<RegOp> ModuleWriter::registersLike(RegOp first) {
  SmallVector<RegOp> registers{first};
  std::string its = layerOf(first.getLoc());
  for (auto next = dyn_cast<RegOp>(first->getNextNode());
       next && next.getEnable() == first.getEnable() &&
       !next.getResetValueAttr() == !first.getResetValueAttr() && layerOf(next.getLoc()) == its;
       next = dyn_cast<RegOp>(next->getNextNode()))
    registers.push_back(next);
  return registers;
}

void ModuleWriter::writeRegisters(ArrayRef<RegOp> registers) {
  RegOp first = registers.front();
  for (RegOp reg : registers)
    require(reg.getResult());
  for (RegOp reg : registers)
    require(reg.getNext());
  if (first.getEnable())
    require(first.getEnable());
  writeLayer(first.getLoc());
  auto assign = [&](StringRef indent, bool isReset) {
    for (RegOp reg : registers) {
      std::string value = isReset
                              ? literal(cast<mlir::IntegerAttr>(reg.getResetValueAttr()).getValue())
                              : expressions.text(reg.getNext());
      writeLine(indent, (expressions.nameOf(reg) + " <= " + value + ";").str());
    }
  };
  bool hasReset = first.getResetValueAttr() != nullptr;
  os << "  always @(" << clocking.event(module, hasReset) << ")";
  if (!hasReset && !first.getEnable()) {
    os << " begin\n";
    assign("    ", false);
    os << "  end\n";
    return;
  }
  os << "\n    ";
  if (hasReset) {
    os << "if (" << clocking.condition(module) << ") begin\n";
    assign("      ", true);
    os << "    end else ";
  }
  if (first.getEnable())
    os << "if (" << expressions.text(first.getEnable()) << ") ";
  os << "begin\n";
  assign("      ", false);
  os << "    end\n";
}

void ModuleWriter::writeInstance(InstanceOp instance) {
  for (Value value : instance->getResults())
    require(value);
  for (Value value : instance->getOperands())
    require(value);
  writeLayer(instance.getLoc());
  SmallVector<std::string> connections;
  auto connect = [&](StringRef port, StringRef text) {
    connections.push_back(("." + port + "(" + text + ")").str());
  };
  mlir::StringAttr target = instance.getTargetAttr().getAttr(), symbol = module.getSymNameAttr();
  if (StringRef clock = clocking.clockOf(target); !clock.empty())
    connect(clock, clocking.clockOf(symbol));
  if (StringRef reset = clocking.resetOf(target); !reset.empty())
    connect(reset, clocking.resetFor(target, module));
  auto portNames = [](mlir::ArrayAttr ports) { return ports.getAsValueRange<mlir::StringAttr>(); };
  for (auto [port, value] : zip(portNames(instance.getInputNames()), instance.getInputs()))
    connect(port, expressions.text(value));
  for (auto [port, value] : zip(portNames(instance.getOutputNames()), instance.getOutputs()))
    connect(port, expressions.nameOf(value));
  os << "  " << instance.getTarget() << " " << names.unique(instance.getLoc(), instance.getName())
     << " (\n";
  for (const std::string &connection : connections)
    writeLine("    ", connection + (&connection == &connections.back() ? "" : ","));
  os << "  );\n";
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

void ModuleWriter::writeOutputs() {
  OutputOp outputs = module.getOutputs();
  for (Value value : outputs.getValues())
    require(value);
  writeLayer(outputs.getLoc());
  auto ports = module.getOutputNames().getAsValueRange<mlir::StringAttr>();
  for (auto [port, value] : zip(ports, outputs.getValues()))
    writeLine("  ", "assign " + port.str() + " = " + expressions.text(value) + ";");
}

/// Linters ask about bits that nobody reads; here they are, under a name that says so.
void ModuleWriter::writeUnread() {
  SmallVector<std::string> bits = expressions.unread();
  if (!bits.empty())
    writeLine("  ", "wire " + names.sink() + " = &{1'b0, " + join(bits, ", ") + "};");
}

void ModuleWriter::write() {
  if (std::string of = layerOf(module.getLoc()); !of.empty())
    os << "// layer " << of << "\n";
  writePorts();
  for (auto op = module.getBlock().begin(), end = module.getBlock().end(); op != end; ++op) {
    if (auto reg = dyn_cast<RegOp>(*op)) {
      SmallVector<RegOp> registers = registersLike(reg);
      writeRegisters(registers);
      op = registers.back()->getIterator();
    } else if (auto instance = dyn_cast<InstanceOp>(*op)) {
      writeInstance(instance);
    } else if (auto comment = dyn_cast<CommentOp>(*op)) {
      writeComment(comment);
    } else if (!isa<OutputOp>(*op)) {
      require(op->getResult(0));
    }
  }
  writeOutputs();
  writeUnread();
  os << "endmodule\n";
}

} // namespace

void writeModule(RTLModuleOp module, const Clocking &clocking, raw_ostream &os) {
  ModuleWriter(module, clocking, os).write();
}

} // namespace nnc::hls
