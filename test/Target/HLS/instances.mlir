// RUN: nn-opt %s -nn-print-verilog -o /dev/null | FileCheck %s
// Clock and reset go to the modules that need them and to those around, under the name each has for them.

rtl.design @top {
  // CHECK-LABEL: module top (
  // CHECK-NEXT: input wire aclk,
  // CHECK-NEXT: input wire rst,
  // CHECK-NEXT: input wire [7:0] x,
  // CHECK-NEXT: output wire [7:0] y
  // CHECK-NEXT: );
  rtl.module @top(in %x: i8, out y: i8) attributes {clock = "aclk"} {
    // The first instance reads what the second one drives.
    // CHECK-NEXT: wire [7:0] first_sum;
    // CHECK-NEXT: wire [7:0] second_late;
    // CHECK-NEXT: top_add first (
    // CHECK-NEXT: .a(x),
    // CHECK-NEXT: .b(second_late),
    // CHECK-NEXT: .sum(first_sum)
    // CHECK-NEXT: );
    %sum = rtl.instance "first" @top_add(a: %x : i8, b: %late : i8) -> (sum: i8)
    // CHECK-NEXT: wire second_odd;
    // CHECK-NEXT: top_late second (
    // CHECK-NEXT: .clk(aclk),
    // CHECK-NEXT: .rst(rst),
    // CHECK-NEXT: .a({first_sum[3:0], 4'h0}),
    // CHECK-NEXT: .late(second_late),
    // CHECK-NEXT: .odd(second_odd)
    // CHECK-NEXT: );
    %zeros = rtl.constant 0 : i4
    %low = rtl.extract %sum from 0 : i8 -> i4
    %shifted = rtl.concat %low, %zeros : i4, i4
    %late, %odd = rtl.instance "second" @top_late(a: %shifted : i8) -> (late: i8, odd: i1)
    // An instance once more, by the same name.
    // CHECK-NEXT: wire [7:0] first_sum_0;
    // CHECK-NEXT: top_add first_0 (
    %other = rtl.instance "first" @top_add(a: %x : i8, b: %late : i8) -> (sum: i8)
    // CHECK: assign y = first_sum_0;
    // CHECK-NEXT: wire _unused = &{1'b0, first_sum[7:4], second_odd};
    rtl.output %other : i8
  }
  rtl.module @top_add(in %a: i8, in %b: i8, out sum: i8) {
    %s = rtl.add %a, %b : i8
    rtl.output %s : i8
  }
  rtl.module @top_late(in %a: i8, out late: i8, out odd: i1) {
    %r = rtl.reg %a reset 0 : i8
    %odd = rtl.reduce xor %r : i8
    rtl.output %r, %odd : i8, i1
  }
}

rtl.design @low {
  // A module may reset at the other level than those it contains.
  // CHECK-LABEL: module low (
  // CHECK-NEXT: input wire aclk,
  // CHECK-NEXT: input wire aresetn,
  rtl.module @low(in %x: i8, out y: i8, out z: i8) attributes {clock = "aclk", low_reset, reset = "aresetn"} {
    // CHECK: always @(posedge aclk)
    // CHECK-NEXT: if (!aresetn) begin
    %z = rtl.reg %x reset 0 : i8
    // CHECK: low_high inner (
    // CHECK-NEXT: .clk(aclk),
    // CHECK-NEXT: .rst(!aresetn),
    %y = rtl.instance "inner" @low_high(x: %x : i8) -> (y: i8)
    // CHECK: low_too too (
    // CHECK-NEXT: .clk(aclk),
    // CHECK-NEXT: .rst_n(aresetn),
    %t = rtl.instance "too" @low_too(x: %y : i8) -> (y: i8)
    rtl.output %t, %z : i8, i8
  }
  // CHECK-LABEL: module low_high (
  // CHECK: if (rst) begin
  rtl.module @low_high(in %x: i8, out y: i8) {
    %y = rtl.reg %x reset 0 : i8
    rtl.output %y : i8
  }
  // CHECK-LABEL: module low_too (
  // CHECK: if (!rst_n) begin
  rtl.module @low_too(in %x: i8, out y: i8) attributes {low_reset} {
    %y = rtl.reg %x reset 0 : i8
    rtl.output %y : i8
  }
}
