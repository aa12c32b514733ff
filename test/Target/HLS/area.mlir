// What each construct takes on a Xilinx 7. The numbers are those that yosys 0.23 gives for the same Verilog.
// RUN: nn-opt %s -split-input-file -nn-print-area -o /dev/null | FileCheck %s

// An adder takes a table for each bit; none where a constant is added, whose bits turn the other operand's over at most.
// CHECK: adder: 8 LUT, 8 FF, 0 block RAM, 0 DSP
// CHECK-NEXT: (no layer): 8 LUT, 8 FF, 0 block RAM, 0 DSP
rtl.design @adder {
  rtl.module @adder(in %x: i8, in %y: i8, out sum: i8, out next: i8) {
    %sum = rtl.add %x, %y : i8
    %one = rtl.constant 1 : i8
    %next = rtl.add %count, %one : i8
    %count = rtl.reg %next reset 0 : i8
    rtl.output %sum, %count : i8, i8
  }
}

// -----

// The logic in front of what is subtracted shares the tables; in front of the other operand it does not.
// CHECK: shared: 8 LUT
rtl.design @shared {
  rtl.module @shared(in %x: i8, in %y: i8, in %z: i8, out d: i8) {
    %gated = rtl.and %y, %z : i8
    %d = rtl.sub %x, %gated : i8
    rtl.output %d : i8
  }
}

// -----

// CHECK: unshared: 16 LUT
rtl.design @unshared {
  rtl.module @unshared(in %x: i8, in %y: i8, in %z: i8, out d: i8) {
    %gated = rtl.and %y, %z : i8
    %d = rtl.sub %gated, %x : i8
    rtl.output %d : i8
  }
}

// -----

// Comparisons are cut into tables of three pairs of bits, or six with a constant; three and more are a chain, two tables
// each.
// CHECK: compare: 12 LUT
rtl.design @compare {
  rtl.module @compare(in %x: i16, in %y: i16, out less: i1) {
    %less = rtl.icmp ult %x, %y : i16
    rtl.output %less : i1
  }
}

// -----

// Nobody reads the upper half, so it is not built; three registers that only hand on are one table; equal ones are one.
// CHECK: unread: 5 LUT, 3 FF
rtl.design @unread {
  rtl.module @unread(in %x: i8, in %y: i8, in %b: i1, out low: i4, out late: i1, out p: i1, out q: i1) {
    %sum = rtl.add %x, %y : i8
    %low = rtl.extract %sum from 0 : i8 -> i4
    %1 = rtl.reg %b : i1
    %2 = rtl.reg %1 : i1
    %3 = rtl.reg %2 : i1
    %p = rtl.reg %b reset 0 : i1
    %pp = rtl.reg %p reset 0 : i1
    %q = rtl.reg %b reset 0 : i1
    %qq = rtl.reg %q reset 0 : i1
    %r = rtl.reg %b reset 1 : i1
    rtl.output %low, %3, %pp, %r : i4, i1, i1, i1
  }
}

// -----

// CHECK: memories: 12 LUT, 8 FF, 1 block RAM
// CHECK-DAG: words: 0 LUT, 0 FF, 1 block RAM
// CHECK-DAG: few: 12 LUT, 8 FF, 0 block RAM
rtl.design @memories {
  rtl.ram @memories_large : 2048 x i8
  rtl.ram @memories_small : 64 x i8
  rtl.module @memories(in %we: i1, in %wa: i11, in %wd: i8, in %re: i1, in %ra: i11, out a: i8, out b: i8) {
    %a = rtl.instance "words" @memories_large(write_enable: %we : i1, write_addr: %wa : i11, write_data: %wd : i8, read_enable: %re : i1, read_addr: %ra : i11) -> (read_data: i8)
    %wl = rtl.extract %wa from 0 : i11 -> i6
    %rl = rtl.extract %ra from 0 : i11 -> i6
    %b = rtl.instance "few" @memories_small(write_enable: %we : i1, write_addr: %wl : i6, write_data: %wd : i8, read_enable: %re : i1, read_addr: %rl : i6) -> (read_data: i8)
    rtl.output %a, %b : i8, i8
  }
}

// -----

// A multiplexer with a constant in front of a register is its reset.
// CHECK: forced: 0 LUT, 8 FF
rtl.design @forced {
  rtl.module @forced(in %x: i8, in %c: i1, out y: i8) {
    %k = rtl.constant 29 : i8
    %m = rtl.mux %c, %k, %x : i8
    %r = rtl.reg %m : i8
    rtl.output %r : i8
  }
}

// -----

// None is there if the result is one of its operands.
// CHECK: folded: 0 LUT, 1 FF
rtl.design @folded {
  rtl.module @folded(in %c: i1, out y: i1) {
    %one = rtl.constant 1 : i1
    %m = rtl.mux %c, %one, %c : i1
    %r = rtl.reg %m : i1
    rtl.output %r : i1
  }
}

// -----

// Not if the register is reset besides, by a signal that does not wait for its enable.
// CHECK: kept: 8 LUT, 8 FF
rtl.design @kept {
  rtl.module @kept(in %x: i8, in %c: i1, in %e: i1, out y: i8) {
    %k = rtl.constant 29 : i8
    %m = rtl.mux %c, %k, %x : i8
    %r = rtl.reg %m enable %e reset 0 : i8
    rtl.output %r : i8
  }
}
