// RUN: nn-opt %s -nn-print-verilog -o /dev/null | FileCheck %s
// Equal tables of a module are one function, others are not.

rtl.design @tab {
  // CHECK-LABEL: module tab (
  rtl.module @tab(in %a: i1, in %b: i1, out x: i4, out y: i4, out z: i4) {
    // CHECK: function [3:0] lookup_0;
    // CHECK-NEXT: input lookup_0_index;
    // CHECK-NEXT: case (lookup_0_index)
    // CHECK-NEXT: 1'b0: lookup_0 = 4'h1;
    // CHECK-NEXT: 1'b1: lookup_0 = 4'he;
    // CHECK-NEXT: default: lookup_0 = {4{1'bx}};
    // CHECK-NEXT: endcase
    // CHECK-NEXT: endfunction
    // CHECK-NEXT: wire [3:0] table_0 = lookup_0(a);
    // CHECK-NEXT: wire [3:0] table_1 = lookup_0(b);
    %x = rtl.table %a in dense<[1, -2]> : tensor<2xi4> : i1 -> i4
    %y = rtl.table %b in dense<[1, -2]> : tensor<2xi4> : i1 -> i4
    // CHECK-NEXT: function [3:0] lookup_1;
    %z = rtl.table %b in dense<[3, -2]> : tensor<2xi4> : i1 -> i4
    rtl.output %x, %y, %z : i4, i4, i4
  }
}
