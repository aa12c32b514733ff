//===- RTLOps.td - The rtl dialect -----------------------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_RTL_OPS
#define NNC_RTL_OPS

include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RTL_Dialect : Dialect {
  let name = "rtl";
  let cppNamespace = "::nnc::rtl";
  let summary = "How it is wired: modules, registers, memories, instances, exact widths.";
  let description = [{
    An `rtl.design` holds modules and memories. Every value is a vector of
    bits, `iN`, of a width that is stated exactly: no op extends or truncates
    by itself. Values have no sign; ops that need one say so (`rtl.sext`,
    `slt`). Names and syntax stay close to CIRCT's hw, comb and seq.

    There is one clock and one reset, which are no values: whatever holds a
    register or a memory is clocked by them. So a design has one clock domain by
    construction, and no data can become a clock or a reset. Verilog gets
    the two as ports of the modules that need them.

    Modules are graphs: an op may read what stands below it. Each loop passes
    a register or a memory; the verifier of `rtl.design` sees to it, through
    instances too.

    ```mlir
    rtl.design @kws {
      rtl.module @kws_accumulate(in %x: i8, in %valid: i1, out sum: i12) {
        %wide = rtl.sext %x : i8 -> i12
        %next = rtl.add %sum, %wide : i12
        %sum = rtl.reg %next enable %valid reset 0 : i12
        rtl.output %sum : i12
      }
    }
    ```

    `rtl.name`, a string that any op may carry, is what to call its result in
    Verilog; the ONNX nodes of its location are put in front.
  }];
  let hasConstantMaterializer = 1;
  let hasOperationAttrVerify = 1;
}

def RTL_Bits : Type<CPred<"::nnc::rtl::isBits($_self)">, "a vector of 1 to 65536 bits (iN)">;
def RTL_Bit : I<1>;

class RTL_Op<string mnemonic, list<Trait> traits = []> : Op<RTL_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Structure
//===----------------------------------------------------------------------===//

def RTL_DesignOp : RTL_Op<"design", [IsolatedFromAbove, NoTerminator, SingleBlock, Symbol,
                                     SymbolTable]> {
  let summary = "All modules and memories of one network.";
  let description = [{
    What it holds is called as the design is or begins with that name and `_`,
    so that two networks live in one chip. Names that differ in case only would
    be one file on some systems and are refused. No module contains itself,
    and no value depends on itself without a register or memory between.

    ```mlir
    rtl.design @kws {
      rtl.module @kws(in %x: i8, out y: i8) {
        rtl.output %x : i8
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

/// Not ModuleOp, which is MLIR's.
def RTL_RTLModuleOp : RTL_Op<"module", [IsolatedFromAbove, SingleBlock, Symbol, HasParent<"DesignOp">,
    DeclareOpInterfaceMethods<RegionKindInterface>,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>]> {
  let summary = "A module: ports, and the graph between them.";
  let description = [{
    The region's arguments are the inputs; `rtl.output` ends it. Names of ports
    are those of Verilog, so they are legal there as they stand. `clock` and
    `reset` say what the two are called as ports (unless said: `clk`; `rst`, or `rst_n`
    where the level is low). With `low_reset` the port resets at the low level, whatever
    the rest of the design does: buses have conventions of their own.

    ```mlir
    rtl.module @kws_top(in %x: i8, out y: i9) attributes {clock = "aclk", low_reset, reset = "aresetn"} {
      %0 = rtl.sext %x : i8 -> i9
      %1 = rtl.reg %0 reset 0 : i9
      rtl.output %1 : i9
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrArrayAttr:$input_names, StrArrayAttr:$output_names,
                       TypeArrayAttr:$output_types, OptionalAttr<StrAttr>:$clock,
                       OptionalAttr<StrAttr>:$reset, UnitAttr:$low_reset);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::nnc::rtl::OutputOp getOutputs();
    ::mlir::Block &getBlock() { return getBody().front(); }
  }];
}

def RTL_OutputOp : RTL_Op<"output", [Pure, Terminator, HasParent<"RTLModuleOp">]> {
  let summary = "Ends a module: its operands drive the outputs, in order.";
  let description = "Example: `rtl.output %sum, %valid : i12, i1`";
  let arguments = (ins Variadic<RTL_Bits>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def RTL_InstanceOp : RTL_Op<"instance", [HasParent<"RTLModuleOp">,
                                         DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "One copy of a module or memory.";
  let description = [{
    Ports are listed in the order of what is instantiated, by name. A memory's
    ports stand at `rtl.rom` and `rtl.ram`.

    ```mlir
    %y, %last = rtl.instance "conv1" @kws_conv1(x: %x : i8, valid: %v : i1) -> (y: i12, last: i1)
    ```
  }];
  let arguments = (ins StrAttr:$name, FlatSymbolRefAttr:$target, Variadic<RTL_Bits>:$inputs,
                       StrArrayAttr:$input_names, StrArrayAttr:$output_names);
  let results = (outs Variadic<RTL_Bits>:$outputs);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    /// The module or memory, which the verifier has found.
    ::mlir::Operation *lookupTarget();
  }];
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

def RTL_RegOp : RTL_Op<"reg", [Pure, HasParent<"RTLModuleOp">, AllTypesMatch<["next", "result"]>]> {
  let summary = "A register.";
  let description = [{
    Takes `next` at each clock where `enable` holds, and `reset_value`, if it has
    one, while the design is reset, whatever `enable` says. Before its first
    value, what it holds is unknown.

    ```mlir
    %sum = rtl.reg %next enable %valid reset 0 : i12
    ```
  }];
  let arguments = (ins RTL_Bits:$next, Optional<RTL_Bit>:$enable, OptionalAttr<TypedAttrInterface>:$reset_value);
  let results = (outs RTL_Bits:$result);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
}

def RTL_RomOp : RTL_Op<"rom", [Symbol, HasParent<"DesignOp">]> {
  let summary = "A memory of constants, read one clock after its address.";
  let description = [{
    Ports: `enable: i1, addr: iA` -> `data: iW`, A bits being just enough for
    the number of words. `data` keeps its word where `enable` does not hold. An
    address past the last word reads an unknown one.

    ```mlir
    rtl.rom @kws_weights = dense<[1, -2, 3, 0]> : tensor<4xi8>
    %w = rtl.instance "weights" @kws_weights(enable: %go : i1, addr: %a : i2) -> (data: i8)
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ElementsAttr:$contents);
  let assemblyFormat = "$sym_name `=` $contents attr-dict";
  let hasVerifier = 1;
}

def RTL_RamOp : RTL_Op<"ram", [Symbol, HasParent<"DesignOp">]> {
  let summary = "A memory with one port to write and one to read.";
  let description = [{
    Ports: `write_enable: i1, write_addr: iA, write_data: iW, read_enable: i1,
    read_addr: iA` -> `read_data: iW`. What is read appears one clock after its
    address and stays while `read_enable` does not hold. A word that is being
    written is not to be read in the same clock: as in most memories of chips, what
    comes is unknown. So are words before they are written.

    ```mlir
    rtl.ram @kws_line : 64 x i8
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$depth, TypeAttrOf<RTL_Bits>:$word);
  let assemblyFormat = "$sym_name `:` $depth `x` $word attr-dict";
  let hasVerifier = 1;
}

def RTL_CommentOp : RTL_Op<"comment", [HasParent<"RTLModuleOp">]> {
  let summary = "A line for whoever reads the Verilog.";
  let description = [{
    Written where it stands; nets that ops above it read are above it, too. One
    printable line, no directive to a tool.

    Example: `rtl.comment "sequence: counters through all taps of all layers"`
  }];
  let arguments = (ins StrAttr:$text);
  let assemblyFormat = "$text attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Combinational ops
//===----------------------------------------------------------------------===//

class RTL_CombinationalOp<string mnemonic, list<Trait> traits = []>
    : RTL_Op<mnemonic, !listconcat([Pure, HasParent<"RTLModuleOp">], traits)> {
  let hasFolder = 1;
}

def RTL_ConstantOp : RTL_CombinationalOp<"constant", [ConstantLike]> {
  let summary = "Bits known when we compile.";
  let description = "Example: `%c = rtl.constant -3 : i8`";
  let arguments = (ins TypedAttrInterface:$value);
  let results = (outs RTL_Bits:$result);
  let builders = [OpBuilder<(ins "::mlir::IntegerAttr":$value),
                            [{ build($_builder, $_state, value.getType(), value); }]>];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

class RTL_BinaryOp<string mnemonic, list<Trait> traits = []>
    : RTL_CombinationalOp<mnemonic, !listconcat([SameOperandsAndResultType], traits)> {
  let arguments = (ins RTL_Bits:$lhs, RTL_Bits:$rhs);
  let results = (outs RTL_Bits:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}

def RTL_AddOp : RTL_BinaryOp<"add", [Commutative]> {
  let summary = "Sum, modulo two to the width.";
  let description = [{
    Operands are extended by ops of their own; one op is one carry chain.
    Example: `%s = rtl.add %a, %b : i9`
  }];
}
def RTL_SubOp : RTL_BinaryOp<"sub"> {
  let summary = "Difference, modulo two to the width.";
  let description = "Example: `%d = rtl.sub %a, %b : i9`";
}
def RTL_MulOp : RTL_BinaryOp<"mul", [Commutative]> {
  let summary = "Product, modulo two to the width.";
  let description = [{
    Operands extended by `rtl.sext` or `rtl.zext` make it a multiplier of the narrow ones.
    Example: `%p = rtl.mul %a, %b : i16`
  }];
}
def RTL_AndOp : RTL_BinaryOp<"and", [Commutative]> {
  let summary = "And, bit by bit.";
  let description = "Example: `%c = rtl.and %a, %b : i8`";
}
def RTL_OrOp : RTL_BinaryOp<"or", [Commutative]> {
  let summary = "Or, bit by bit.";
  let description = "Example: `%c = rtl.or %a, %b : i8`";
}
def RTL_XorOp : RTL_BinaryOp<"xor", [Commutative]> {
  let summary = "Exclusive or, bit by bit.";
  let description = "Example: `%c = rtl.xor %a, %b : i8`";
}

def RTL_NotOp : RTL_CombinationalOp<"not", [SameOperandsAndResultType]> {
  let summary = "All bits turned over.";
  let description = "Example: `%n = rtl.not %a : i8`";
  let arguments = (ins RTL_Bits:$input);
  let results = (outs RTL_Bits:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

def RTL_ReduceKind : I32EnumAttr<"ReduceKind", "how bits are joined", [
    I32EnumAttrCase<"And", 0, "and">, I32EnumAttrCase<"Or", 1, "or">, I32EnumAttrCase<"Xor", 2, "xor">]> {
  let cppNamespace = "::nnc::rtl";
}

def RTL_ReduceOp : RTL_CombinationalOp<"reduce"> {
  let summary = "One bit of all: are all set (and), is any (or), is their number odd (xor)?";
  let description = "Example: `%any = rtl.reduce or %a : i8`";
  let arguments = (ins RTL_ReduceKind:$kind, RTL_Bits:$input);
  let results = (outs RTL_Bit:$result);
  let assemblyFormat = "$kind $input attr-dict `:` type($input)";
}

def RTL_Predicate : I32EnumAttr<"Predicate", "comparison", [
    I32EnumAttrCase<"eq", 0>, I32EnumAttrCase<"ne", 1>,
    I32EnumAttrCase<"slt", 2>, I32EnumAttrCase<"sle", 3>, I32EnumAttrCase<"sgt", 4>, I32EnumAttrCase<"sge", 5>,
    I32EnumAttrCase<"ult", 6>, I32EnumAttrCase<"ule", 7>, I32EnumAttrCase<"ugt", 8>, I32EnumAttrCase<"uge", 9>]> {
  let cppNamespace = "::nnc::rtl";
}

def RTL_ICmpOp : RTL_CombinationalOp<"icmp", [SameTypeOperands]> {
  let summary = "Compares, as signed (s…) or unsigned numbers (u…).";
  let description = "Example: `%less = rtl.icmp slt %a, %b : i8`";
  let arguments = (ins RTL_Predicate:$predicate, RTL_Bits:$lhs, RTL_Bits:$rhs);
  let results = (outs RTL_Bit:$result);
  let assemblyFormat = "$predicate $lhs `,` $rhs attr-dict `:` type($lhs)";
}

def RTL_MuxOp : RTL_CombinationalOp<"mux", [AllTypesMatch<["on_true", "on_false", "result"]>]> {
  let summary = "The first value where the condition holds, else the second.";
  let description = "Example: `%m = rtl.mux %negative, %zero, %x : i8`";
  let arguments = (ins RTL_Bit:$condition, RTL_Bits:$on_true, RTL_Bits:$on_false);
  let results = (outs RTL_Bits:$result);
  let assemblyFormat = "$condition `,` $on_true `,` $on_false attr-dict `:` type($result)";
}

def RTL_TableOp : RTL_CombinationalOp<"table"> {
  let summary = "A constant function of an index: one value for each.";
  let description = [{
    Example: `%y = rtl.table %x in dense<[0, 1, 3, 2]> : tensor<4xi8> : i2 -> i8`
  }];
  let arguments = (ins RTL_Bits:$index, ElementsAttr:$values);
  let results = (outs RTL_Bits:$result);
  let assemblyFormat = "$index `in` $values attr-dict `:` type($index) `->` type($result)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Wiring: bits are moved, nothing is computed
//===----------------------------------------------------------------------===//

def RTL_Wiring : NativeOpTrait<"Wiring"> { let cppNamespace = "::nnc::rtl"; }

class RTL_ExtendOp<string mnemonic> : RTL_CombinationalOp<mnemonic, [RTL_Wiring]> {
  let arguments = (ins RTL_Bits:$input);
  let results = (outs RTL_Bits:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def RTL_SextOp : RTL_ExtendOp<"sext"> {
  let summary = "Wider, by copies of the highest bit.";
  let description = "Example: `%w = rtl.sext %a : i8 -> i9`";
  let hasCanonicalizeMethod = 1;
}
def RTL_ZextOp : RTL_ExtendOp<"zext"> {
  let summary = "Wider, by zeros.";
  let description = "Example: `%w = rtl.zext %a : i8 -> i9`";
}

def RTL_ExtractOp : RTL_CombinationalOp<"extract", [RTL_Wiring]> {
  let summary = "Neighbouring bits, from the given one upwards.";
  let description = "Example: `%high = rtl.extract %a from 4 : i8 -> i4`";
  let arguments = (ins RTL_Bits:$input, I32Attr:$low);
  let results = (outs RTL_Bits:$result);
  let assemblyFormat = "$input `from` $low attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def RTL_ConcatOp : RTL_CombinationalOp<"concat", [RTL_Wiring, InferTypeOpAdaptor]> {
  let summary = "Vectors side by side, the first one highest.";
  let description = "A shift by a constant is one with zeros. Example: `%c = rtl.concat %high, %low : i4, i4`";
  let arguments = (ins Variadic<RTL_Bits>:$inputs);
  let results = (outs RTL_Bits:$result);
  let assemblyFormat = "$inputs attr-dict `:` type($inputs)";
}

def RTL_ReplicateOp : RTL_CombinationalOp<"replicate", [RTL_Wiring]> {
  let summary = "Copies of a vector side by side.";
  let description = "Example: `%r = rtl.replicate %a : i2 -> i8`";
  let arguments = (ins RTL_Bits:$input);
  let results = (outs RTL_Bits:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

#endif
