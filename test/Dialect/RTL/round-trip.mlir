// RUN: nn-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: rtl.design @kws {
rtl.design @kws {
  // CHECK: rtl.rom @kws_weights = dense<[1, -2, 3]> : tensor<3xi8>
  rtl.rom @kws_weights = dense<[1, -2, 3]> : tensor<3xi8>
  // CHECK: rtl.ram @kws_line : 64 x i8
  rtl.ram @kws_line : 64 x i8

  // Registers may read what stands below them.
  // CHECK-LABEL: rtl.module @kws_accumulate(in %x: i8, in %valid: i1, out sum: i12) {
  rtl.module @kws_accumulate(in %x: i8, in %valid: i1, out sum: i12) {
    // CHECK: rtl.comment "sums: of all that comes"
    rtl.comment "sums: of all that comes"
    // CHECK: %[[SUM:.*]] = rtl.reg %[[NEXT:.*]] enable %valid reset -1 {rtl.name = "sum"} : i12
    // CHECK: %[[WIDE:.*]] = rtl.sext %x : i8 -> i12
    // CHECK: %[[NEXT]] = rtl.add %[[SUM]], %[[WIDE]] : i12
    %sum = rtl.reg %next enable %valid reset -1 {rtl.name = "sum"} : i12
    %wide = rtl.sext %x : i8 -> i12
    %next = rtl.add %sum, %wide : i12
    rtl.output %sum : i12
  }

  // CHECK-LABEL: rtl.module @kws_ops(in %a: i8, in %b: i8, in %c: i1)
  rtl.module @kws_ops(in %a: i8, in %b: i8, in %c: i1) {
    // CHECK: rtl.constant -3 : i8
    // CHECK: rtl.constant 1 : i1
    %k = rtl.constant 253 : i8
    %one = rtl.constant 1 : i1
    // CHECK: rtl.sub %a, %b : i8
    // CHECK: rtl.mul %a, %b : i8
    // CHECK: rtl.and %a, %b : i8
    // CHECK: rtl.or %a, %b : i8
    // CHECK: rtl.xor %a, %b : i8
    // CHECK: rtl.not %a : i8
    // CHECK: rtl.reduce and %a : i8
    %0 = rtl.sub %a, %b : i8
    %1 = rtl.mul %a, %b : i8
    %2 = rtl.and %a, %b : i8
    %3 = rtl.or %a, %b : i8
    %4 = rtl.xor %a, %b : i8
    %5 = rtl.not %a : i8
    %6 = rtl.reduce and %a : i8
    // CHECK: rtl.icmp slt %a, %b : i8
    // CHECK: rtl.mux %c, %a, %b : i8
    // CHECK: rtl.table %c in dense<[1, 2]> : tensor<2xi4> : i1 -> i4
    %7 = rtl.icmp slt %a, %b : i8
    %8 = rtl.mux %c, %a, %b : i8
    %9 = rtl.table %c in dense<[1, 2]> : tensor<2xi4> : i1 -> i4
    // CHECK: rtl.zext %a : i8 -> i9
    // CHECK: rtl.extract %a from 4 : i8 -> i4
    // CHECK: rtl.concat %c, %a, %b : i1, i8, i8
    // CHECK: rtl.replicate %a : i8 -> i24
    %10 = rtl.zext %a : i8 -> i9
    %11 = rtl.extract %a from 4 : i8 -> i4
    %12 = rtl.concat %c, %a, %b : i1, i8, i8
    %13 = rtl.replicate %a : i8 -> i24
    // CHECK: rtl.reg %a : i8
    // CHECK: rtl.reg %c reset 1 : i1
    %14 = rtl.reg %a : i8
    %15 = rtl.reg %c reset 1 : i1
    // CHECK: rtl.output{{$}}
    rtl.output
  }

  // CHECK-LABEL: rtl.module @kws(in %x: i8, out y: i12, out last: i1)
  // CHECK-SAME: attributes {clock = "aclk", reset = "aresetn"} {
  rtl.module @kws(in %x: i8, out y: i12, out last: i1) attributes {clock = "aclk", reset = "aresetn"} {
    // CHECK: %[[SUM:.*]] = rtl.instance "conv 1" @kws_accumulate(x: %x : i8, valid: %{{.*}} : i1) -> (sum: i12)
    // CHECK: rtl.instance "nothing" @kws_ops(a: %x : i8, b: %x : i8, c: %{{.*}} : i1) -> ()
    %valid = rtl.reduce or %x : i8
    %sum = rtl.instance "conv 1" @kws_accumulate(x: %x : i8, valid: %valid : i1) -> (sum: i12)
    rtl.instance "nothing" @kws_ops(a: %x : i8, b: %x : i8, c: %valid : i1) -> ()
    // CHECK: rtl.output %[[SUM]], %{{.*}} : i12, i1
    rtl.output %sum, %valid : i12, i1
  }
}
