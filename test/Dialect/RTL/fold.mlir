// RUN: nn-opt %s -canonicalize -cse | FileCheck %s
// Constants, and ops that change nothing; each with its twin that stays.

rtl.design @fold {
  // CHECK-LABEL: rtl.module @fold_constants
  // CHECK-DAG: %[[A:.*]] = rtl.constant -2 : i9
  // CHECK-DAG: %[[B:.*]] = rtl.constant 254 : i9
  // CHECK-DAG: %[[C:.*]] = rtl.constant -32 : i12
  // CHECK-DAG: %[[D:.*]] = rtl.constant -258 : i16
  // CHECK-DAG: %[[E:.*]] = rtl.constant 7 : i4
  // CHECK-DAG: %[[F:.*]] = rtl.constant 9 : i8
  // CHECK: rtl.output %[[A]], %[[B]], %[[C]], %[[D]], %[[E]], %[[F]]
  rtl.module @fold_constants(out a: i9, out b: i9, out c: i12, out d: i16, out e: i4, out f: i8) {
    %m2 = rtl.constant -2 : i8
    %zeros = rtl.constant 0 : i4
    %three = rtl.constant 3 : i2
    %a = rtl.sext %m2 : i8 -> i9
    %b = rtl.zext %m2 : i8 -> i9
    %c = rtl.concat %m2, %zeros : i8, i4
    %d = rtl.replicate %m2 : i8 -> i16
    %e = rtl.extract %d from 5 : i16 -> i4
    %f = rtl.table %three in dense<[6, 7, 8, 9]> : tensor<4xi8> : i2 -> i8
    rtl.output %a, %b, %c, %d, %e, %f : i9, i9, i12, i16, i4, i8
  }

  // CHECK-LABEL: rtl.module @fold_arithmetic
  // CHECK-DAG: %[[SUM:.*]] = rtl.constant 2 : i8
  // CHECK-DAG: %[[DIFFERENCE:.*]] = rtl.constant -8 : i8
  // CHECK-DAG: %[[PRODUCT:.*]] = rtl.constant -15 : i8
  // CHECK-DAG: %[[ODD:.*]] = rtl.constant 1 : i1
  // CHECK-DAG: %[[ZERO:.*]] = rtl.constant 0 : i8
  // CHECK: %[[TWICE:.*]] = rtl.add %x, %x : i8
  // CHECK: rtl.output %[[SUM]], %[[DIFFERENCE]], %[[PRODUCT]], %[[ODD]], %x, %[[TWICE]], %[[ZERO]], %[[ZERO]]
  rtl.module @fold_arithmetic(in %x: i8, out s: i8, out d: i8, out p: i8, out o: i1, out same: i8, out twice: i8,
                               out nothing: i8, out masked: i8) {
    %a = rtl.constant -3 : i8
    %b = rtl.constant 5 : i8
    %zero = rtl.constant 0 : i8
    %s = rtl.add %a, %b : i8
    %d = rtl.sub %a, %b : i8
    %p = rtl.mul %a, %b : i8
    %o = rtl.reduce xor %a : i8
    %same = rtl.add %zero, %x : i8
    %twice = rtl.add %x, %same : i8
    %nothing = rtl.sub %twice, %twice : i8
    %masked = rtl.and %zero, %twice : i8
    rtl.output %s, %d, %p, %o, %same, %twice, %nothing, %masked : i8, i8, i8, i1, i8, i8, i8, i8
  }

  // CHECK-LABEL: rtl.module @fold_all_ones
  // CHECK-DAG: %[[ONES:.*]] = rtl.constant -1 : i8
  // CHECK: %[[MASKED:.*]] = rtl.and %x, %{{.*}} : i8
  // CHECK: rtl.output %x, %[[ONES]], %[[MASKED]]
  rtl.module @fold_all_ones(in %x: i8, out same: i8, out ones: i8, out masked: i8) {
    %all = rtl.constant -1 : i8
    %most = rtl.constant -2 : i8
    %same = rtl.and %all, %x : i8
    %ones = rtl.or %all, %x : i8
    %masked = rtl.and %most, %x : i8
    rtl.output %same, %ones, %masked : i8, i8, i8
  }

  // CHECK-LABEL: rtl.module @fold_choices
  // CHECK-DAG: %[[NEVER:.*]] = rtl.constant 0 : i1
  // CHECK-DAG: %[[ALWAYS:.*]] = rtl.constant 1 : i1
  // CHECK-DAG: %[[LEAST:.*]] = rtl.constant -128 : i8
  // CHECK: %[[OFTEN:.*]] = rtl.icmp sgt %a, %[[LEAST]] : i8
  // CHECK: %[[MUX:.*]] = rtl.mux %[[OFTEN]], %a, %b : i8
  // CHECK: rtl.output %b, %a, %[[MUX]], %[[NEVER]], %[[ALWAYS]], %[[ALWAYS]]
  rtl.module @fold_choices(in %a: i8, in %b: i8, out m: i8, out n: i8, out o: i8, out never: i1, out always_: i1,
                           out equal: i1) {
    %zero = rtl.constant 0 : i8
    %least = rtl.constant -128 : i8
    %never = rtl.icmp ult %a, %zero : i8
    %always = rtl.icmp ule %zero, %a : i8
    %equal = rtl.icmp sge %a, %a : i8
    %often = rtl.icmp sgt %a, %least : i8
    %m = rtl.mux %never, %a, %b : i8
    %n = rtl.mux %often, %a, %a : i8
    %o = rtl.mux %often, %a, %b : i8
    rtl.output %m, %n, %o, %never, %always, %equal : i8, i8, i8, i1, i1, i1
  }

  // A shifted operand is extended by its highest part, so that it needs no net of its own.
  // CHECK-LABEL: rtl.module @fold_wiring
  // CHECK: %[[ZEROS:.*]] = rtl.constant 0 : i2
  // CHECK: %[[WIDE:.*]] = rtl.sext %x : i8 -> i10
  // CHECK: %[[SHIFTED:.*]] = rtl.concat %[[WIDE]], %[[ZEROS]] : i10, i2
  // CHECK: %[[ZERO_EXTENDED:.*]] = rtl.zext %{{.*}} : i10 -> i12
  // CHECK: rtl.output %[[SHIFTED]], %[[ZERO_EXTENDED]], %x
  rtl.module @fold_wiring(in %x: i8, out y: i12, out z: i12, out same: i8) {
    %zeros = rtl.constant 0 : i2
    %shifted = rtl.concat %x, %zeros : i8, i2
    %y = rtl.sext %shifted : i10 -> i12
    %z = rtl.zext %shifted : i10 -> i12
    %whole = rtl.extract %x from 0 : i8 -> i8
    %once = rtl.replicate %whole : i8 -> i8
    %alone = rtl.concat %once : i8
    rtl.output %y, %z, %alone : i12, i12, i8
  }

  // Equal registers are one; an enable that always holds is none. One that never holds stays.
  // CHECK-LABEL: rtl.module @fold_registers
  // CHECK: %[[NEVER:.*]] = rtl.constant 0 : i1
  // CHECK: %[[A:.*]] = rtl.reg %x : i8
  // CHECK: %[[B:.*]] = rtl.reg %x enable %[[NEVER]] : i8
  // CHECK: rtl.output %[[A]], %[[A]], %[[B]]
  rtl.module @fold_registers(in %x: i8, out a: i8, out b: i8, out c: i8) {
    %always = rtl.constant 1 : i1
    %never = rtl.constant 0 : i1
    %a = rtl.reg %x enable %always : i8
    %b = rtl.reg %x : i8
    %c = rtl.reg %x enable %never : i8
    rtl.output %a, %b, %c : i8, i8, i8
  }
}
