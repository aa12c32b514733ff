// Ports of the core get registers where they are asked for; other modules, and other ports, do not.
// RUN: nn-opt %s -split-input-file -verify-diagnostics -nn-register-ports="inputs outputs" | FileCheck %s --check-prefixes=CHECK,BOTH
// RUN: nn-opt %s -split-input-file -verify-diagnostics -nn-register-ports="inputs" | FileCheck %s --check-prefixes=CHECK,IN
// RUN: nn-opt %s -split-input-file -verify-diagnostics -nn-register-ports="outputs" | FileCheck %s --check-prefixes=CHECK,OUT
// RUN: nn-opt %s -split-input-file -verify-diagnostics -nn-register-ports | FileCheck %s --check-prefixes=CHECK,NONE

rtl.design @kws {
  // CHECK-LABEL: rtl.module @kws_inner
  // CHECK-NOT: rtl.reg
  // CHECK-LABEL: rtl.module @kws(
  // BOTH-DAG: %[[V:.*]] = rtl.reg %in_valid reset 0 {rtl.name = "in_valid_reg"} : i1
  // BOTH-DAG: %[[D:.*]] = rtl.reg %in_data {rtl.name = "in_data_reg"} : i8
  // BOTH: %[[Y:.*]] = rtl.instance "inner" @kws_inner(x: %[[D]] : i8)
  // BOTH-DAG: %[[OV:.*]] = rtl.reg %[[V]] reset 0 {rtl.name = "out_valid_reg"} : i1
  // BOTH-DAG: %[[OD:.*]] = rtl.reg %[[Y]] {rtl.name = "out_data_reg"} : i8
  // BOTH: rtl.output %[[OV]], %[[OD]]
  // IN: %[[V:.*]] = rtl.reg %in_valid reset 0
  // IN: %[[Y:.*]] = rtl.instance
  // IN-NOT: rtl.reg
  // IN: rtl.output %[[V]], %[[Y]]
  // OUT-NOT: rtl.reg
  // OUT: rtl.instance "inner" @kws_inner(x: %in_data : i8)
  // OUT: %[[OV:.*]] = rtl.reg %in_valid reset 0
  // OUT: %[[OD:.*]] = rtl.reg
  // OUT: rtl.output %[[OV]], %[[OD]]
  // NONE-NOT: rtl.reg
  // NONE: rtl.output %in_valid
  rtl.module @kws_inner(in %x: i8, out y: i8) {
    %not = rtl.not %x : i8
    rtl.output %not : i8
  }
  rtl.module @kws(in %in_valid: i1, in %in_data: i8, out out_valid: i1, out out_data: i8) {
    %y = rtl.instance "inner" @kws_inner(x: %in_data : i8) -> (y: i8)
    rtl.output %in_valid, %y : i1, i8
  }
}

// -----

// expected-error @below {{has no module of its own name, whose ports could have registers}}
rtl.design @empty {
  rtl.module @empty_other(in %x: i8, out y: i8) {
    rtl.output %x : i8
  }
}
