// When beats come: who is early waits, and what no engine could keep up with is refused.
// RUN: nn-opt %s -split-input-file -nn-schedule-streams -verify-diagnostics | FileCheck %s

// The window's result comes six clocks behind its operand, which waits as long; the depth is what comes in that time.
// CHECK-LABEL: flow.network "skip" attributes {interval = 16 : i64, latency = 6 : i64, settle = 5 : i64}
// CHECK: %[[X:.*]] = flow.input "x" {schedule = array<i64: 0, 4, 1>}
// CHECK: %[[LATE:.*]] = flow.delay %[[X]] by 6 holds 6 {schedule = array<i64: 6, 4, 1>}
// CHECK: %[[W:.*]] = flow.window %[[X]] {{.*}} {latency = 6 : i64, schedule = array<i64: 6, 4, 1>}
// CHECK: flow.lanes %[[LATE]], %[[W]] take [0, 1] {schedule = array<i64: 6, 4, 1>}
flow.network "skip" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 0, 1>
  %w = flow.window %x kernel [3, 3] strides [1, 1] dilations [1, 1] pads [1, 1, 1, 1] fill 0
     : !flow.stream<[4, 4] x 1, 0, 1> -> !flow.stream<[4, 4] x 9, 0, 1>
  %y = flow.lanes %x, %w take [0, 1] : !flow.stream<[4, 4] x 1, 0, 1>, !flow.stream<[4, 4] x 9, 0, 1> -> !flow.stream<[4, 4] x 2, 0, 1>
  flow.output %y : !flow.stream<[4, 4] x 2, 0, 1>
}

// -----

// What comes together needs no delay.
// CHECK-LABEL: flow.network "together"
// CHECK-NOT: flow.delay
flow.network "together" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 0, 1>
  %y = flow.input "y" : !flow.stream<[4, 4] x 1, 0, 1>
  %z = flow.lanes %x, %y take [0, 1] : !flow.stream<[4, 4] x 1, 0, 1>, !flow.stream<[4, 4] x 1, 0, 1> -> !flow.stream<[4, 4] x 2, 0, 1>
  flow.output %z : !flow.stream<[4, 4] x 2, 0, 1>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4] x 1, 0, 1>
  // expected-error @below {{-style=unrolled: padding of 2 is more than the window reaches; -style=sequencer}}
  %w = flow.window %x kernel [2] strides [1] dilations [1] pads [2, 0] fill 0 : !flow.stream<[4] x 1, 0, 1> -> !flow.stream<[5] x 2, 0, 1>
  flow.output %w : !flow.stream<[5] x 2, 0, 1>
}

// -----

// Every other one of five columns: beats of a row have a clock between them, the last and the next row's first have none.
flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 5] x 1, 0, 1>
  %w = flow.window %x kernel [1, 1] strides [1, 2] dilations [1, 1] pads [0, 0, 0, 0] fill 0
     : !flow.stream<[4, 5] x 1, 0, 1> -> !flow.stream<[4, 3] x 1, 0, 1>
  // expected-error @below {{-style=unrolled: beats come too close for the padding between rows; -style=sequencer}}
  %v = flow.window %w kernel [3, 3] strides [1, 1] dilations [1, 1] pads [1, 1, 1, 1] fill 0
     : !flow.stream<[4, 3] x 1, 0, 1> -> !flow.stream<[4, 3] x 9, 0, 1>
  flow.output %v : !flow.stream<[4, 3] x 9, 0, 1>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[5] x 1, 0, 1>
  %w = flow.window %x kernel [3] strides [1] dilations [1] pads [0, 0] fill 0 : !flow.stream<[5] x 1, 0, 1> -> !flow.stream<[3] x 3, 0, 1>
  %v = flow.window %x kernel [1] strides [2] dilations [1] pads [0, 0] fill 0 : !flow.stream<[5] x 1, 0, 1> -> !flow.stream<[3] x 1, 0, 1>
  // expected-error @below {{-style=unrolled: operands come at different rates; -style=sequencer}}
  %y = flow.lanes %w, %v take [0, 3] : !flow.stream<[3] x 3, 0, 1>, !flow.stream<[3] x 1, 0, 1> -> !flow.stream<[3] x 2, 0, 1>
  flow.output %y : !flow.stream<[3] x 2, 0, 1>
}
