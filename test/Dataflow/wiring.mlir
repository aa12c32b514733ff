// The network's own module: engines are instances called after their kind, the layer stands in front in Verilog. A network of one beat
// has no queue and no counters.
// RUN: nn-opt %s -split-input-file -nn-generate-modules -nn-schedule-streams -nn-wire-network -canonicalize -cse | FileCheck %s
// RUN: nn-opt %s -split-input-file -nn-generate-modules -nn-schedule-streams -nn-wire-network -canonicalize -cse -nn-print-verilog -o /dev/null \
// RUN:   | FileCheck %s --check-prefix=NAMES
// RUN: not nn-opt %s -split-input-file -nn-wire-network 2>&1 | FileCheck %s --check-prefix=EARLY
// EARLY: error: has no modules or no schedule: run nn-generate-modules and nn-schedule-streams before

// CHECK-LABEL: rtl.module @beat(in %in_valid: i1, in %in_data: i8, out out_valid: i1, out out_data: i4)
// CHECK-NOT: rtl.reg
// CHECK: %[[Y:.*]] = rtl.instance "max_engine" @beat_pool_max(x: %{{.*}} : i8) -> (y: i4)
// CHECK-NEXT: rtl.output %in_valid, %[[Y]] : i1, i4
// NAMES-LABEL: module beat (
// NAMES: beat_pool_max pool_max_engine (
flow.network "beat" {
  %x = flow.input "x" : !flow.stream<[] x 2, 0, 15>
  %y = flow.max %x : !flow.stream<[] x 2, 0, 15> -> !flow.stream<[] x 1, 0, 15> loc("pool")
  flow.output %y : !flow.stream<[] x 1, 0, 15>
}

// -----

// CHECK-LABEL: rtl.module @image(in %in_valid: i1, in %in_data: i4, out out_valid: i1, out out_data: i4)
// CHECK: %[[IN:.*]]:3 = rtl.instance "input" @image_input(in_valid: %in_valid : i1, in_data: %in_data : i4) -> (beat: i1, x: i4, advance: i1)
// CHECK: %[[W:.*]]:2 = rtl.instance "window_engine" @image_pool_window(beat: %[[IN]]#0 : i1, x: %[[IN]]#1 : i4, advance: %[[IN]]#2 : i1)
// CHECK: %[[Y:.*]] = rtl.instance "max_engine" @image_pool_max(x: %{{.*}} : i8) -> (y: i4)
// CHECK: %[[VALID:.*]] = rtl.and %[[W]]#0, %[[IN]]#2 : i1
// CHECK: rtl.output %[[VALID]], %[[Y]] : i1, i4
// NAMES-LABEL: module image (
// NAMES: image_pool_window pool_window_engine (
// NAMES: image_pool_max pool_max_engine (
flow.network "image" {
  %x = flow.input "x" : !flow.stream<[4] x 1, 0, 15>
  %w = flow.window %x kernel [2] strides [2] dilations [1] pads [0, 0] fill 0 : !flow.stream<[4] x 1, 0, 15> -> !flow.stream<[2] x 2, 0, 15> loc("pool")
  %y = flow.max %w : !flow.stream<[2] x 2, 0, 15> -> !flow.stream<[2] x 1, 0, 15> loc("pool")
  flow.output %y : !flow.stream<[2] x 1, 0, 15>
}
