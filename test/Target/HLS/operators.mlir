// RUN: nn-opt %s -nn-print-verilog -o /dev/null | FileCheck %s
// One net for each operator; no adder is signed.

rtl.design @ops {
  // CHECK-LABEL: module ops (
  // CHECK-NEXT: input wire [7:0] a,
  // CHECK-NEXT: input wire [7:0] b,
  // CHECK-NEXT: input wire c,
  // CHECK-NEXT: output wire [7:0] y
  // CHECK-NEXT: );
  rtl.module @ops(in %a: i8, in %b: i8, in %c: i1, out y: i8) {
    // CHECK-NEXT: wire [8:0] add_0 = {a[7], a} + {b[7], b};
    %wa = rtl.sext %a : i8 -> i9
    %wb = rtl.sext %b : i8 -> i9
    %add = rtl.add %wa, %wb : i9
    // CHECK-NEXT: wire [7:0] sub_0 = a - b;
    // CHECK-NEXT: wire [7:0] and_0 = a & b;
    // CHECK-NEXT: wire [7:0] or_0 = a | b;
    // CHECK-NEXT: wire [7:0] xor_0 = a ^ b;
    // CHECK-NEXT: wire [7:0] not_0 = ~a;
    %sub = rtl.sub %a, %b : i8
    %and = rtl.and %a, %b : i8
    %or = rtl.or %a, %b : i8
    %xor = rtl.xor %a, %b : i8
    %not = rtl.not %a : i8
    // CHECK-NEXT: wire reduce_0 = &a;
    // CHECK-NEXT: wire reduce_1 = |a;
    // CHECK-NEXT: wire reduce_2 = ^a;
    %all = rtl.reduce and %a : i8
    %any = rtl.reduce or %a : i8
    %odd = rtl.reduce xor %a : i8
    // CHECK-NEXT: wire icmp_0 = $signed(a) <= $signed(b);
    // CHECK-NEXT: wire icmp_1 = a <= b;
    // CHECK-NEXT: wire icmp_2 = a != 8'h05;
    // CHECK-NEXT: wire [7:0] mux_0 = c ? a : b;
    %five = rtl.constant 5 : i8
    %sle = rtl.icmp sle %a, %b : i8
    %ule = rtl.icmp ule %a, %b : i8
    %ne = rtl.icmp ne %a, %five : i8
    %mux = rtl.mux %c, %a, %b : i8
    // Multipliers are signed where an operand was.
    // CHECK-NEXT: wire [8:0] mul_0 = $signed({a[7], a}) * $signed({b[7], b});
    // CHECK-NEXT: wire [8:0] mul_1 = {1'b0, a} * {1'b0, b};
    %za = rtl.zext %a : i8 -> i9
    %zb = rtl.zext %b : i8 -> i9
    %smul = rtl.mul %wa, %wb : i9
    %umul = rtl.mul %za, %zb : i9
    // CHECK-NEXT: assign y = mux_0;
    rtl.output %mux : i8
    // What nobody reads is said to be unused.
    // CHECK-NEXT: wire _unused = &{1'b0, add_0, sub_0, and_0, or_0, xor_0, not_0, reduce_0, reduce_1, reduce_2,
    // CHECK-NEXT: icmp_0, icmp_1, icmp_2, mul_0, mul_1};
    // CHECK-NEXT: endmodule
  }

  // A sum that only one adder reads is kept apart from it; not so one that was extended by its sign, shifted, read twice or
  // registered.
  // CHECK-LABEL: module ops_chain (
  // CHECK: );
  rtl.module @ops_chain(in %a: i8, in %b: i8, out y: i8, out z: i9, out w: i9, out v: i8, out u: i8) {
    // CHECK-NEXT: wire [7:0] add_0 = a + b;
    // CHECK-NEXT: wire [7:0] sub_0 = ~(~add_0) - b;
    %s = rtl.add %a, %b : i8
    %y = rtl.sub %s, %b : i8
    // CHECK-NEXT: wire [7:0] sub_1 = a - b;
    // CHECK-NEXT: wire [8:0] add_1 = {1'b0, a} + ~(~{1'b0, sub_1});
    %d = rtl.sub %a, %b : i8
    %za = rtl.zext %a : i8 -> i9
    %zd = rtl.zext %d : i8 -> i9
    %z = rtl.add %za, %zd : i9
    // CHECK-NEXT: wire [7:0] add_2 = b + b;
    // CHECK-NEXT: wire [8:0] add_3 = {add_2[7], add_2} + {1'b0, a};
    %e = rtl.add %b, %b : i8
    %we = rtl.sext %e : i8 -> i9
    %w = rtl.add %we, %za : i9
    // CHECK-NEXT: wire [7:0] add_4 = a + a;
    // CHECK-NEXT: wire [7:0] add_5 = add_4 + add_4;
    %f = rtl.add %a, %a : i8
    %v = rtl.add %f, %f : i8
    // CHECK: wire [7:0] add_6 = reg_0 + b;
    %r = rtl.reg %v : i8
    %u = rtl.add %r, %b : i8
    rtl.output %y, %z, %w, %v, %u : i8, i9, i9, i8, i8
  }
}
