//===- RTLModules.cpp - Designs, modules and instances ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/RTL/CombinationalPaths.h"
#include "dialects/RTL/Names.h"
#include "dialects/RTL/RTLOps.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nnc::rtl;

//===----------------------------------------------------------------------===//
// Designs
//===----------------------------------------------------------------------===//

/// Names inside of a design: legal, its own, and different as files, too.
static LogicalResult verifyNames(DesignOp design) {
  llvm::StringMap<Operation *> files;
  for (Operation &op : design.getBody().front()) {
    if (!isa<RTLModuleOp, RomOp, RamOp>(op))
      return op.emitOpError("is neither a module nor a memory of a design");
    StringRef name = SymbolTable::getSymbolName(&op), prefix = design.getSymName();
    if (std::string problem = nameProblem(name); !problem.empty())
      return op.emitOpError("'") << name << "' " << problem;
    StringRef rest = name;
    if (!rest.consume_front(prefix) || !(rest.empty() || rest.starts_with("_")))
      return op.emitOpError("'") << name << "' does not begin with the name of the design, '"
                                 << prefix << "_'";
    auto [other, isNew] = files.try_emplace(name.lower(), &op);
    if (!isNew)
      return (op.emitOpError("'") << name << "' differs from another name in case only")
                 .attachNote(other->second->getLoc())
             << "the other one is here";
  }
  return success();
}

LogicalResult DesignOp::verifyRegions() {
  if (std::string problem = nameProblem(getSymName()); !problem.empty())
    return emitOpError("'") << getSymName() << "' " << problem;
  if (failed(verifyNames(*this)))
    return failure();
  return verifyCombinationalPaths(*this);
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

RegionKind RTLModuleOp::getRegionKind(unsigned) { return RegionKind::Graph; }

void RTLModuleOp::getAsmBlockArgumentNames(Region &region, OpAsmSetValueNameFn setName) {
  for (auto [argument, name] : llvm::zip(region.getArguments(), getInputNames()))
    setName(argument, cast<StringAttr>(name).getValue());
}

OutputOp RTLModuleOp::getOutputs() { return cast<OutputOp>(getBlock().getTerminator()); }

ParseResult RTLModuleOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &b = parser.getBuilder();
  auto &properties = result.getOrAddProperties<Properties>();
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Attribute> inputs, outputs, outputTypes;
  auto parsePort = [&]() -> ParseResult {
    if (succeeded(parser.parseOptionalKeyword("in"))) {
      if (parser.parseArgument(arguments.emplace_back(), /*allowType=*/false) ||
          parser.parseColonType(arguments.back().type))
        return failure();
      inputs.push_back(b.getStringAttr(arguments.back().ssaName.name.drop_front()));
      return success();
    }
    std::string name;
    Type type;
    if (parser.parseKeyword("out") || parser.parseKeywordOrString(&name) ||
        parser.parseColonType(type))
      return failure();
    outputs.push_back(b.getStringAttr(name));
    outputTypes.push_back(TypeAttr::get(type));
    return success();
  };
  StringAttr name;
  if (parser.parseSymbolName(name) ||
      parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, parsePort) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.parseRegion(*result.addRegion(), arguments))
    return failure();
  properties.sym_name = name;
  properties.input_names = b.getArrayAttr(inputs);
  properties.output_names = b.getArrayAttr(outputs);
  properties.output_types = b.getArrayAttr(outputTypes);
  return success();
}

void RTLModuleOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << '(';
  llvm::ListSeparator comma;
  for (BlockArgument input : getBody().getArguments())
    printer << StringRef(comma) << "in " << input << ": " << input.getType();
  for (auto [name, type] :
       llvm::zip(getOutputNames(), getOutputTypes().getAsValueRange<TypeAttr>())) {
    printer << StringRef(comma) << "out ";
    printer.printKeywordOrString(cast<StringAttr>(name).getValue());
    printer << ": " << type;
  }
  printer << ')';
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(), {"sym_name", "input_names", "output_names", "output_types"});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

/// Names of ports, and of clock and reset beside them.
static LogicalResult verifyPortNames(RTLModuleOp module) {
  llvm::StringSet<> taken;
  auto take = [&](StringRef name) -> LogicalResult {
    if (std::string problem = nameProblem(name); !problem.empty())
      return module.emitOpError("port '") << name << "' " << problem;
    if (name == module.getSymName())
      return module.emitOpError("has a port with its own name, '") << name << "'";
    if (!taken.insert(name).second)
      return module.emitOpError("has two ports '") << name << "', clock and reset included";
    return success();
  };
  // Which of the two resets it has is for the emitter to know.
  SmallVector<StringRef> names{module.getClock().value_or(clockName),
                               module.getReset().value_or(resetName)};
  if (!module.getReset())
    names.push_back(lowResetName);
  for (ArrayAttr ports : {module.getInputNames(), module.getOutputNames()})
    llvm::append_range(names, ports.getAsValueRange<StringAttr>());
  return success(llvm::all_of(names, [&](StringRef name) { return succeeded(take(name)); }));
}

LogicalResult RTLModuleOp::verifyRegions() {
  if (getInputNames().size() != getBody().getNumArguments() ||
      getOutputNames().size() != getOutputTypes().size())
    return emitOpError("needs one name for each port");
  if (failed(verifyPortNames(*this)))
    return failure();
  auto types = getOutputTypes().getAsValueRange<TypeAttr>();
  SmallVector<Type> all(getBody().getArgumentTypes());
  llvm::append_range(all, types);
  for (Type type : all)
    if (!isBits(type))
      return emitOpError("port of type ")
             << type << " is no vector of 1 to " << maxWidth << " bits";
  for (Operation &op : getBlock())
    if (!isa_and_nonnull<RTLDialect>(op.getDialect()))
      return op.emitOpError("is no op of rtl, but stands in an rtl.module");
  OutputOp outputs = getOutputs(); // rtl has no other terminator
  if (!llvm::equal(outputs.getOperandTypes(), types))
    return outputs.emitOpError("drives ")
           << outputs.getOperandTypes() << ", the module has outputs " << SmallVector<Type>(types);
  return success();
}

//===----------------------------------------------------------------------===//
// Instances
//===----------------------------------------------------------------------===//

unsigned nnc::rtl::addressWidth(int64_t depth) {
  return llvm::Log2_64_Ceil(static_cast<uint64_t>(depth));
}

static Signature signatureOfModule(RTLModuleOp module) {
  Signature result;
  for (auto [name, argument] : llvm::zip(module.getInputNames(), module.getBody().getArguments()))
    result.inputs.push_back({cast<StringAttr>(name).getValue(), argument.getType()});
  for (auto [name, type] : llvm::zip(module.getOutputNames(), module.getOutputTypes()))
    result.outputs.push_back({cast<StringAttr>(name).getValue(), cast<TypeAttr>(type).getValue()});
  return result;
}

Signature nnc::rtl::signatureOf(Operation *target) {
  Builder b(target->getContext());
  Type bit = b.getI1Type();
  return TypeSwitch<Operation *, Signature>(target)
      .Case<RTLModuleOp>(signatureOfModule)
      .Case<RomOp>([&](RomOp rom) -> Signature {
        Type address = b.getIntegerType(addressWidth(rom.getContents().getNumElements()));
        return {{{"enable", bit}, {"addr", address}},
                {{"data", rom.getContents().getElementType()}}};
      })
      .Case<RamOp>([&](RamOp ram) -> Signature {
        Type address = b.getIntegerType(addressWidth(ram.getDepth()));
        return {{{"write_enable", bit},
                 {"write_addr", address},
                 {"write_data", ram.getWord()},
                 {"read_enable", bit},
                 {"read_addr", address}},
                {{"read_data", ram.getWord()}}};
      });
}

Operation *InstanceOp::lookupTarget() {
  return SymbolTable::lookupNearestSymbolFrom(*this, getTargetAttr());
}

/// Name by name, since two ports of one type are easily mixed up.
static LogicalResult verifyConnections(InstanceOp instance, StringRef what, ArrayRef<Port> ports,
                                       ArrayAttr names, TypeRange types) {
  if (names.size() != ports.size() || types.size() != ports.size())
    return instance.emitOpError("connects ")
           << types.size() << " " << what << "s of '" << instance.getTarget() << "', which has "
           << ports.size();
  for (auto [port, name, type] : llvm::zip(ports, names.getAsValueRange<StringAttr>(), types))
    if (port.name != name || port.type != type)
      return instance.emitOpError("connects ")
             << what << " '" << name << "' of type " << type << ", '" << instance.getTarget()
             << "' has '" << port.name << "' of type " << port.type << " there";
  return success();
}

LogicalResult InstanceOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *target = symbols.lookupNearestSymbolFrom(*this, getTargetAttr());
  if (!isa_and_nonnull<RTLModuleOp, RomOp, RamOp>(target))
    return emitOpError("'") << getTarget() << "' is neither a module nor a memory of this design";
  Signature signature = signatureOf(target);
  if (failed(verifyConnections(*this, "input", signature.inputs, getInputNames(),
                               getInputs().getTypes())))
    return failure();
  return verifyConnections(*this, "output", signature.outputs, getOutputNames(),
                           getOutputs().getTypes());
}

ParseResult InstanceOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &b = parser.getBuilder();
  auto &properties = result.getOrAddProperties<Properties>();
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SmallVector<Type> operandTypes;
  SmallVector<Attribute> inputs, outputs;
  auto parseName = [&](SmallVectorImpl<Attribute> &names) -> ParseResult {
    std::string name;
    if (parser.parseKeywordOrString(&name) || parser.parseColon())
      return failure();
    names.push_back(b.getStringAttr(name));
    return success();
  };
  auto parseInput = [&]() -> ParseResult {
    return failure(parseName(inputs) || parser.parseOperand(operands.emplace_back()) ||
                   parser.parseColonType(operandTypes.emplace_back()));
  };
  auto parseOutput = [&]() -> ParseResult {
    return failure(parseName(outputs) || parser.parseType(result.types.emplace_back()));
  };
  SMLoc where = parser.getCurrentLocation();
  if (parser.parseAttribute(properties.name) || parser.parseAttribute(properties.target) ||
      parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, parseInput) ||
      parser.parseArrow() ||
      parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, parseOutput) ||
      parser.parseOptionalAttrDict(result.attributes) ||
      parser.resolveOperands(operands, operandTypes, where, result.operands))
    return failure();
  properties.input_names = b.getArrayAttr(inputs);
  properties.output_names = b.getArrayAttr(outputs);
  return success();
}

void InstanceOp::print(OpAsmPrinter &printer) {
  auto printName = [&](Attribute name) {
    printer.printKeywordOrString(cast<StringAttr>(name).getValue());
    printer << ": ";
  };
  printer << ' ' << getNameAttr() << ' ' << getTargetAttr() << '(';
  llvm::interleaveComma(llvm::zip(getInputNames(), getInputs()), printer, [&](auto port) {
    printName(std::get<0>(port));
    printer << std::get<1>(port) << " : " << std::get<1>(port).getType();
  });
  printer << ") -> (";
  llvm::interleaveComma(llvm::zip(getOutputNames(), getOutputs().getTypes()), printer,
                        [&](auto port) {
                          printName(std::get<0>(port));
                          printer << std::get<1>(port);
                        });
  printer << ')';
  printer.printOptionalAttrDict((*this)->getAttrs(),
                                {"name", "target", "input_names", "output_names"});
}
