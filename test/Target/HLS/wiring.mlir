// RUN: nn-opt %s -nn-print-verilog -o /dev/null | FileCheck %s
// What only moves bits stands where it is used. It gets a net where Verilog could not select from it,
// where it would be written twice although long, and where it has a name.

rtl.design @wires {
  // CHECK-LABEL: module wires (
  // CHECK: );
  rtl.module @wires(in %a: i8, in %b: i4, in %c: i1, out y: i16, out s: i1, out d: i4, out e: i24, out f: i9, out n: i8) {
    // CHECK-NEXT: wire [15:0] add_0 = {{[{][{]}}6{a[7]}}, a, 2'h0} + {15'h0000, c};
    %zeros = rtl.constant 0 : i2
    %wide = rtl.sext %a : i8 -> i14
    %shifted = rtl.concat %wide, %zeros : i14, i2
    %carry = rtl.zext %c : i1 -> i16
    %y = rtl.add %shifted, %carry : i16
    // Parts of parts are parts.
    %high = rtl.extract %y from 8 : i16 -> i8
    %middle = rtl.extract %high from 2 : i8 -> i4
    %bit = rtl.extract %middle from 3 : i4 -> i1
    // Bits are selected from this one, and it is read twice.
    // CHECK-NEXT: wire [11:0] concat_0 = {a, b};
    %joined = rtl.concat %a, %b : i8, i4
    %part = rtl.extract %joined from 2 : i12 -> i4
    %double = rtl.concat %joined, %joined : i12, i12
    %sign = rtl.sext %middle : i4 -> i9
    // CHECK-NEXT: wire [7:0] copies = {2{b}};
    %copies = rtl.replicate %b {rtl.name = "copies"} : i4 -> i8
    // CHECK-NEXT: assign y = add_0;
    // CHECK-NEXT: assign s = add_0[13];
    // CHECK-NEXT: assign d = concat_0[5:2];
    // CHECK-NEXT: assign e = {concat_0, concat_0};
    // CHECK-NEXT: assign f = {{[{][{]}}5{add_0[13]}}, add_0[13:10]};
    // CHECK-NEXT: assign n = copies;
    // CHECK-NEXT: endmodule
    rtl.output %y, %bit, %part, %double, %sign, %copies : i16, i1, i4, i24, i9, i8
  }

  // Bits that nobody reads are told apart from those that somebody does.
  // CHECK-LABEL: module wires_unread (
  // CHECK: );
  rtl.module @wires_unread(in %x: i8, in %y: i8, in %z: i1, out p: i2, out q: i2) {
    %p = rtl.extract %x from 1 : i8 -> i2
    %q = rtl.extract %x from 4 : i8 -> i2
    // CHECK-NEXT: assign p = x[2:1];
    // CHECK-NEXT: assign q = x[5:4];
    // CHECK-NEXT: wire _unused = &{1'b0, x[0], x[3], x[7:6], y, z};
    rtl.output %p, %q : i2, i2
  }
}
