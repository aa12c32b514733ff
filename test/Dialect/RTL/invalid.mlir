// RUN: nn-opt %s --split-input-file --verify-diagnostics

// Names.

// expected-error @+1 {{'wire' is a word that Verilog or C++ keep for themselves}}
rtl.design @wire {
}

// -----

// expected-error @+1 {{'two words' is no name of letters, digits and '_'}}
rtl.design @"two words" {
}

// -----

rtl.design @kws {
  // expected-error @+1 {{'other' does not begin with the name of the design, 'kws_'}}
  rtl.module @other() {
    rtl.output
  }
}

// -----

rtl.design @kws {
  // expected-error @+1 {{'kwsother' does not begin with the name of the design, 'kws_'}}
  rtl.ram @kwsother : 4 x i8
}

// -----

rtl.design @kws {
  // expected-note @+1 {{the other one is here}}
  rtl.ram @kws_line : 4 x i8
  // expected-error @+1 {{'kws_Line' differs from another name in case only}}
  rtl.ram @kws_Line : 4 x i8
}

// -----

rtl.design @kws {
  // expected-error @+1 {{port '0' is no name of letters, digits and '_'}}
  rtl.module @kws(in %0: i8) {
    rtl.output
  }
}

// -----

rtl.design @kws {
  // expected-error @+1 {{port 'begin' is a word that Verilog or C++ keep for themselves}}
  rtl.module @kws(in %x: i8, out begin: i8) {
    rtl.output %x : i8
  }
}

// -----

rtl.design @kws {
  // expected-error @+1 {{has two ports 'x', clock and reset included}}
  rtl.module @kws(in %x: i8, out x: i8) {
    rtl.output %x : i8
  }
}

// -----

rtl.design @kws {
  // expected-error @+1 {{has a port with its own name, 'kws'}}
  rtl.module @kws(in %x: i8, out kws: i8) {
    rtl.output %x : i8
  }
}

// -----

rtl.design @kws {
  // expected-error @+1 {{has two ports 'clk', clock and reset included}}
  rtl.module @kws(in %clk: i1) {
    rtl.output
  }
}

// -----

// The same where the clock is called otherwise.
rtl.design @kws {
  rtl.module @kws(in %clk: i1) attributes {clock = "aclk"} {
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i8) {
    // expected-error @+1 {{rtl.name must be a string}}
    %y = rtl.not %x {rtl.name = 3} : i8
    rtl.output
  }
}

// -----

// What a design holds.

rtl.design @kws {
  // expected-error @+1 {{is neither a module nor a memory of a design}}
  rtl.design @kws_inner {
  }
}

// -----

// expected-error @+1 {{expects parent op 'rtl.design'}}
rtl.module @kws() {
  rtl.output
}

// -----

rtl.design @kws {
  // expected-error @+1 {{port of type 'i0' is no vector of 1 to 65536 bits}}
  rtl.module @kws(in %x: i0) {
    rtl.output
  }
}

// -----

rtl.design @kws {
  // expected-error @+1 {{port of type 'i65537' is no vector of 1 to 65536 bits}}
  rtl.module @kws(in %x: i65537) {
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i8, out y: i9) {
    // expected-error @+1 {{drives 'i8', the module has outputs 'i9'}}
    rtl.output %x : i8
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i8, out y: i8, out z: i8) {
    // expected-error @+1 {{drives 'i8', the module has outputs 'i8', 'i8'}}
    rtl.output %x : i8
  }
}

// -----

rtl.design @kws {
  rtl.module @kws() {
    // expected-error @+1 {{is no op of rtl, but stands in an rtl.module}}
    %x = nn.constant dense<1> : tensor<1xi8>
    rtl.output
  }
}

// -----

// Exact widths.

rtl.design @kws {
  rtl.module @kws(in %x: i8, in %y: i9) { // expected-note {{prior use here}}
    // expected-error @+1 {{expects different type than prior uses}}
    %s = rtl.add %x, %y : i9
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i8) {
    // expected-error @+1 {{extends 'i8' to fewer bits, 'i7'}}
    %y = rtl.sext %x : i8 -> i7
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i8) {
    // expected-error @+1 {{extends 'i8' to fewer bits, 'i7'}}
    %y = rtl.zext %x : i8 -> i7
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i8) {
    // expected-error @+1 {{reads bits 5 to 8 of 'i8'}}
    %y = rtl.extract %x from 5 : i8 -> i4
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i8) {
    // expected-error @+1 {{reads bits -1 to 2 of 'i8'}}
    %y = rtl.extract %x from -1 : i8 -> i4
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i8) {
    // expected-error @+1 {{result 'i15' is no multiple of 'i8'}}
    %y = rtl.replicate %x : i8 -> i15
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i40000) {
    // expected-error @+1 {{makes 80000 bits, not 1 to 65536}}
    %y = rtl.concat %x, %x : i40000, i40000
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws() {
    // expected-error @+1 {{does not fit into 8 bits}}
    %y = rtl.constant 256 : i8
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i8) {
    // expected-error @+1 {{does not fit into 8 bits}}
    %y = rtl.reg %x reset -129 : i8
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i8) {
    // expected-error @+1 {{reset value is no integer of type 'i8'}}
    %y = "rtl.reg"(%x) {reset_value = 1 : i9} : (i8) -> i8
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws() {
    // expected-error @+1 {{value is no integer of type 'i8'}}
    %y = "rtl.constant"() {value = 1 : i9} : () -> i8
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i2) {
    // expected-error @+1 {{needs 4 values of 'i8', got 'tensor<3xi8>'}}
    %y = rtl.table %x in dense<[1, 2, 3]> : tensor<3xi8> : i2 -> i8
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i2) {
    // expected-error @+1 {{needs 4 values of 'i9', got 'tensor<4xi8>'}}
    %y = rtl.table %x in dense<[1, 2, 3, 4]> : tensor<4xi8> : i2 -> i9
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i17) {
    // expected-error @+1 {{has an index of more than 16 bits}}
    %y = rtl.table %x in dense<1> : tensor<131072xi8> : i17 -> i8
    rtl.output
  }
}

// -----

// Memories.

rtl.design @kws {
  // expected-error @+1 {{needs its words as dense integers (tensor<NxiW>), got 'tensor<2xf32>'}}
  rtl.rom @kws_rom = dense<[1.0, 2.0]> : tensor<2xf32>
}

// -----

rtl.design @kws {
  // expected-error @+1 {{needs its words as dense integers (tensor<NxiW>), got 'tensor<1x2xi8>'}}
  rtl.rom @kws_rom = dense<[[1, 2]]> : tensor<1x2xi8>
}

// -----

rtl.design @kws {
  // expected-error @+1 {{has 1 words, not 2 to 16777216}}
  rtl.rom @kws_rom = dense<1> : tensor<1xi8>
}

// -----

rtl.design @kws {
  // expected-error @+1 {{has 0 words, not 2 to 16777216}}
  rtl.ram @kws_ram : 0 x i8
}

// -----

// Instances.

rtl.design @kws {
  rtl.module @kws(in %x: i8) {
    // expected-error @+1 {{'kws_other' is neither a module nor a memory of this design}}
    rtl.instance "a" @kws_other(x: %x : i8) -> ()
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.ram @kws_ram : 4 x i8
  rtl.module @kws(in %x: i1) {
    // expected-error @+1 {{connects 1 inputs of 'kws_ram', which has 5}}
    rtl.instance "a" @kws_ram(write_enable: %x : i1) -> ()
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws_in(in %a: i8, in %b: i8) {
    rtl.output
  }
  rtl.module @kws(in %x: i8) {
    // expected-error @+1 {{connects input 'b' of type 'i8', 'kws_in' has 'a' of type 'i8' there}}
    rtl.instance "a" @kws_in(b: %x : i8, a: %x : i8) -> ()
    rtl.output
  }
}

// -----

rtl.design @kws {
  // A word of the address too many: five words need three bits.
  rtl.rom @kws_rom = dense<[1, 2, 3, 4, 5]> : tensor<5xi8>
  rtl.module @kws(in %e: i1, in %x: i4) {
    // expected-error @+1 {{connects input 'addr' of type 'i4', 'kws_rom' has 'addr' of type 'i3' there}}
    %y = rtl.instance "a" @kws_rom(enable: %e : i1, addr: %x : i4) -> (data: i8)
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.rom @kws_rom = dense<[1, 2, 3, 4]> : tensor<4xi8>
  rtl.module @kws(in %e: i1, in %x: i2) {
    // expected-error @+1 {{connects output 'data' of type 'i9', 'kws_rom' has 'data' of type 'i8' there}}
    %y = rtl.instance "a" @kws_rom(enable: %e : i1, addr: %x : i2) -> (data: i9)
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws(in %x: i2) {
    // expected-error @+1 {{symbol's parent must have the SymbolTable trait}}
    rtl.design @kws_in {
    }
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws() {
    // expected-error @+1 {{must be one printable line}}
    rtl.comment "a\0Ab"
    rtl.output
  }
}

// -----

rtl.design @kws {
  rtl.module @kws() {
    // expected-error @+1 {{begins as a directive to a tool does, with 'verilator'}}
    rtl.comment "verilator lint_off WIDTH"
    rtl.output
  }
}
