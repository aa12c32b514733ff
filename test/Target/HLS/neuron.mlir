// RUN: nn-opt %s -canonicalize -cse -nn-print-verilog -o /dev/null | FileCheck %s
// The example of docs/Silicon.md: a sum of products, a tap a clock.

rtl.design @kws {
  rtl.rom @kws_weights = dense<[3, -1, 4, -1, 5, -9, 2, 6]> : tensor<8xi8>

  rtl.module @kws_neuron(in %x: i8, in %go: i1, out sum: i20) {
    // Which tap it is, and its weight a clock later.
    %one = rtl.constant 1 : i3
    %tap = rtl.reg %next enable %go reset 0 {rtl.name = "tap"} : i3 loc("dense1")
    %next = rtl.add %tap, %one {rtl.name = "next_tap"} : i3 loc("dense1")
    %w = rtl.instance "weights" @kws_weights(enable: %go : i1, addr: %tap : i3) -> (data: i8) loc("dense1")
    %late = rtl.reg %x {rtl.name = "x_late"} : i8 loc("dense1")
    %go_late = rtl.reg %go reset 0 {rtl.name = "go_late"} : i1 loc("dense1")

    %wide_w = rtl.sext %w : i8 -> i16 loc("dense1")
    %wide_x = rtl.sext %late : i8 -> i16 loc("dense1")
    %product = rtl.mul %wide_w, %wide_x {rtl.name = "product"} : i16 loc("dense1")
    %wide = rtl.sext %product : i16 -> i20 loc("dense1")
    %longer = rtl.add %sum, %wide {rtl.name = "longer"} : i20 loc("dense1")
    %sum = rtl.reg %longer enable %go_late reset 0 {rtl.name = "sum"} : i20 loc("dense1")
    rtl.output %sum : i20 loc("dense1")
  }
}

// CHECK-LABEL: module kws_neuron (
// CHECK: // layer dense1
// CHECK-NEXT: reg [2:0] dense1_tap;
// CHECK: kws_weights dense1_weights (
// CHECK: wire [15:0] dense1_product = $signed({{[{][{]}}8{dense1_weights_data[7]}}, dense1_weights_data}) *
// CHECK: wire [19:0] dense1_longer = dense1_sum + {{[{][{]}}4{dense1_product[15]}}, dense1_product};
// CHECK: assign sum = dense1_sum;
// CHECK-NEXT: endmodule
