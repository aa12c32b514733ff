// RUN: nn-opt %s --split-input-file --verify-diagnostics

rtl.design @direct {
  rtl.module @direct(in %x: i8, out y: i8) {
    // expected-error @+1 {{depends on itself without a register or memory between}}
    %a = rtl.add %x, %b : i8
    // expected-note @+1 {{through this value}}
    %b = rtl.not %a : i8
    rtl.output %b : i8
  }
}

// -----

// The same with a register, and with one that reads itself.
rtl.design @registered {
  rtl.module @registered(in %x: i8, in %e: i1, out y: i8) {
    %a = rtl.add %x, %c : i8
    %b = rtl.not %a : i8
    %c = rtl.reg %b : i8
    %d = rtl.reg %d enable %e reset 1 : i8
    rtl.output %b : i8
  }
}

// -----

rtl.design @itself {
  rtl.module @itself(out y: i8) {
    // expected-error @+1 {{depends on itself without a register or memory between}}
    %a = rtl.not %a : i8
    rtl.output %a : i8
  }
}

// -----

// The contained module stands below, and its second input is registered.
rtl.design @through {
  rtl.module @through(in %x: i8, out y: i8) {
    // expected-error @+1 {{depends on itself without a register or memory between}}
    %y, %z = rtl.instance "inner" @through_inner(a: %back : i8, b: %x : i8) -> (sum: i8, late: i8)
    // expected-note @+1 {{through this value}}
    %back = rtl.not %y : i8
    rtl.output %back : i8
  }
  rtl.module @through_inner(in %a: i8, in %b: i8, out sum: i8, out late: i8) {
    %r = rtl.reg %b : i8
    %s = rtl.add %a, %r : i8
    rtl.output %s, %r : i8, i8
  }
}

// -----

// One output back to the input that only the other one depends on.
rtl.design @around {
  rtl.module @around(in %x: i8, out y: i8) {
    %y, %z = rtl.instance "inner" @around_inner(a: %back : i8, b: %x : i8) -> (sum: i8, late: i8)
    %back = rtl.not %z : i8
    rtl.output %y : i8
  }
  rtl.module @around_inner(in %a: i8, in %b: i8, out sum: i8, out late: i8) {
    %s = rtl.add %a, %b : i8
    %r = rtl.reg %s : i8
    rtl.output %s, %r : i8, i8
  }
}

// -----

// A memory reads its address at the clock.
rtl.design @memory {
  rtl.rom @memory_next = dense<[1, 2, 3, 0]> : tensor<4xi2>
  rtl.module @memory(in %go: i1, out at: i2) {
    %at = rtl.instance "next" @memory_next(enable: %go : i1, addr: %at : i2) -> (data: i2)
    rtl.output %at : i2
  }
}

// -----

rtl.design @deep {
  // expected-error @+1 {{contains itself}}
  rtl.module @deep(in %x: i1) {
    rtl.instance "in" @deep_in(x: %x : i1) -> ()
    rtl.output
  }
  // expected-note @+1 {{through this module}}
  rtl.module @deep_in(in %x: i1) {
    rtl.instance "out" @deep(x: %x : i1) -> ()
    rtl.output
  }
}
