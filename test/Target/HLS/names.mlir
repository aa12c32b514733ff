// RUN: nn-opt %s -nn-print-verilog -o /dev/null | FileCheck %s
// Layers stand in comments and in front of names; what Verilog does not take, or has taken, is changed.

rtl.design @names {
  // CHECK: // layer Gemm_7
  // CHECK-NEXT: module names (
  rtl.module @names(in %x: i8, in %add_0: i8, out y: i8) {
    // CHECK: );
    // CHECK-NEXT: wire [7:0] add_1 = x + add_0;
    %0 = rtl.add %x, %add_0 : i8 loc(unknown)
    // CHECK-EMPTY:
    // CHECK-NEXT: // layer /features/0/Conv, relu
    // CHECK-NEXT: wire [7:0] features_0_Conv_not_0 = ~add_1;
    // CHECK-NEXT: wire [7:0] features_0_Conv_sum = features_0_Conv_not_0 + x;
    // CHECK-NEXT: wire [7:0] features_0_Conv_sum_0 = ~features_0_Conv_sum;
    %1 = rtl.not %0 : i8 loc(fused["/features/0/Conv", "relu"])
    %2 = rtl.add %1, %x {rtl.name = "sum"} : i8 loc(fused["/features/0/Conv", "relu"])
    %3 = rtl.not %2 {rtl.name = "sum"} : i8 loc(fused["/features/0/Conv", "relu"])
    // CHECK-EMPTY:
    // CHECK-NEXT: wire [7:0] wire_0 = ~features_0_Conv_sum_0;
    // CHECK-NEXT: wire [7:0] a_b = ~wire_0;
    // CHECK-NEXT: wire [7:0] n_3d = ~a_b;
    // CHECK-NEXT: wire [7:0] n_ = ~n_3d;
    // CHECK-NEXT: wire [7:0] unused = ~n_;
    %4 = rtl.not %3 {rtl.name = "wire"} : i8 loc(unknown)
    %5 = rtl.not %4 {rtl.name = "a;\0A*/b"} : i8 loc(unknown)
    %6 = rtl.not %5 {rtl.name = "3d"} : i8 loc(unknown)
    %7 = rtl.not %6 {rtl.name = "+"} : i8 loc(unknown)
    %8 = rtl.not %7 {rtl.name = "_unused"} : i8 loc(unknown)
    // A node cannot end its comment, nor speak to tools.
    // CHECK-EMPTY:
    // CHECK-NEXT: // layer evil\x0amodule x; synopsys translate_off
    // CHECK-NEXT: wire [7:0] evil_module_x_synopsys_translate_off_not_0
    %9 = rtl.not %8 : i8 loc("evil\0Amodule x; synopsys translate_off")
    rtl.output %9 : i8 loc(unknown)
  } loc("Gemm_7")

  // Comments stand where they stand, and equal tables share a function, which is called after the first.
  // CHECK: module names_comments (
  // CHECK: );
  // CHECK-EMPTY:
  // CHECK-NEXT: // layer 0: Conv
  // CHECK-NEXT: // layer 1: Gemm
  // CHECK-NEXT: wire not_0 = ~c;
  // CHECK-EMPTY:
  // CHECK-NEXT: // bounds
  // CHECK-NEXT: function [3:0] most_of;
  // CHECK-NEXT: input most_of_index;
  // CHECK: wire [3:0] most = most_of(not_0);
  // CHECK-NEXT: wire [3:0] next_most = most_of(c);
  // CHECK: function [3:0] lookup_0;
  // CHECK: wire [3:0] table_0 = lookup_0(c);
  rtl.module @names_comments(in %c: i1, out x: i4, out y: i4, out z: i4) {
    rtl.comment "layer 0: Conv"
    rtl.comment "layer 1: Gemm"
    %0 = rtl.not %c : i1
    rtl.comment "bounds"
    %1 = rtl.table %0 in dense<[5, 7]> : tensor<2xi4> {rtl.name = "most"} : i1 -> i4
    %2 = rtl.table %c in dense<[5, 7]> : tensor<2xi4> {rtl.name = "next_most"} : i1 -> i4
    %3 = rtl.table %c in dense<[5, 6]> : tensor<2xi4> : i1 -> i4
    rtl.output %1, %2, %3 : i4, i4, i4
  }

  // A port may have the name of what collects unread bits.
  // CHECK: wire _unused_0 = &{1'b0, _unused};
  rtl.module @names_unused(in %_unused: i8) {
    rtl.output
  }
}
