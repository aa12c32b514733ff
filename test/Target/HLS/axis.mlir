// RUN: nn-opt %s -split-input-file -verify-diagnostics -nn-add-axis="in-beats=3 out-beats=2 latency=4 pause=5" -canonicalize -cse \
// RUN:   | FileCheck %s --check-prefixes=CHECK,BEATS
// RUN: nn-opt %s -split-input-file -verify-diagnostics -nn-add-axis -canonicalize -cse \
// RUN:   | FileCheck %s --check-prefixes=CHECK,PLAIN
// A core behind a stream. With beats and pauses there is something to count; without, not.

rtl.design @kws {
  rtl.module @kws(in %in_valid: i1, in %in_data: i10, out out_valid: i1, out out_data: i9) {
    %y = rtl.extract %in_data from 1 : i10 -> i9
    rtl.output %in_valid, %y : i1, i9
  }
}
// A result leaves 6 clocks after its frame entered, a frame comes every 8: 2 frames of 2 results.
// BEATS: rtl.ram @kws_axis_memory : 4 x i9
// A result leaves 2 clocks later, a frame comes in each: 3 frames.
// PLAIN: rtl.ram @kws_axis_memory : 3 x i9

// CHECK: rtl.module @kws_axis_fifo(in %write: i1, in %write_data: i9, in %ready: i1, out valid: i1, out data: i9)
// What was written in an earlier clock is read, and nothing else.
// CHECK-DAG: %[[STORED:.*]] = rtl.reg {{.*}}rtl.name = "stored"
// CHECK-DAG: %[[ANY:.*]] = rtl.icmp ne %[[STORED]]
// CHECK-DAG: %[[READ:.*]] = rtl.and %[[ANY]], {{.*}}rtl.name = "read"
// CHECK: rtl.instance "words" @kws_axis_memory(write_enable: %write : i1, {{.*}}, read_enable: %[[READ]] : i1

// CHECK: rtl.module @kws_axis(in %s_axis_tdata: i16, in %s_axis_tvalid: i1, in %s_axis_tlast: i1, in %m_axis_tready: i1, out s_axis_tready: i1, out m_axis_tdata: i16, out m_axis_tvalid: i1, out m_axis_tlast: i1, out frame_error: i1) attributes {clock = "aclk", low_reset, reset = "aresetn"}
// PLAIN-NOT: rtl.name = "{{in_beat|out_beat|rest}}"
// BEATS-DAG: rtl.reg {{.*}}rtl.name = "in_beat"} : i2
// BEATS-DAG: rtl.reg {{.*}}rtl.name = "rest"} : i3
// BEATS-DAG: rtl.reg {{.*}}rtl.name = "out_beat"} : i1
// CHECK-DAG: %[[TAKE:.*]] = rtl.and %s_axis_tvalid, %[[TREADY:.*]] {rtl.name = "take"}
// CHECK-DAG: %[[DATA:.*]] = rtl.extract %s_axis_tdata from 0 : i16 -> i10
// CHECK-DAG: %[[CORE:.*]]:2 = rtl.instance "core" @kws(in_valid: %[[TAKE]] : i1, in_data: %[[DATA]] : i10)
// CHECK-DAG: %[[OUT:.*]]:2 = rtl.instance "fifo" @kws_axis_fifo(write: %[[CORE]]#0 : i1, write_data: %[[CORE]]#1 : i9, ready: %m_axis_tready : i1)
// CHECK-DAG: %[[PADDED:.*]] = rtl.zext %[[OUT]]#1 : i9 -> i16
// BEATS: rtl.output %[[TREADY]], %[[PADDED]], %[[OUT]]#0, %{{.*}}, %{{.*}} :
// PLAIN: rtl.output %[[TREADY]], %[[PADDED]], %[[OUT]]#0, %{{.*}}, %{{.*}} :

// -----

// expected-error@below {{holds no module 'none'}}
rtl.design @none {
  rtl.module @none_inner(in %x: i1, out y: i1) {
    rtl.output %x : i1
  }
}

// -----

rtl.design @other {
  // expected-error@below {{is no core: its ports are not in_valid, in_data of 0 bits, out_valid, out_data of 8 bits}}
  rtl.module @other(in %in_valid: i1, in %x: i8, out out_valid: i1, out out_data: i8) {
    rtl.output %in_valid, %x : i1, i8
  }
}
