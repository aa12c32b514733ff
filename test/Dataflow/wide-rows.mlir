// Rows that padding makes longer than those that come would run into each other.
// RUN: nn-opt %s -split-input-file -nn-build-flow -nn-schedule-streams -verify-diagnostics | FileCheck %s

func.func @wide(%x: tensor<1x1x4x3xi8> {nn.name = "x"}) -> tensor<1x1x2x4xi32> {
  %w = nn.constant dense<1> : tensor<1x1x3x3xi8>
  // expected-error @below {{-style=unrolled: padding makes rows of 4 results, which take longer than a row of 3 elements; -style=sequencer takes any padding}}
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 1, 0, 2>, group = 1 : i64}
     : (tensor<1x1x4x3xi8>, tensor<1x1x3x3xi8>) -> tensor<1x1x2x4xi32>
  return %0 : tensor<1x1x2x4xi32>
}

// -----

// As much padding leaves room with a stride.
// CHECK-LABEL: flow.network "strided" {{.*}}interval = 12
// CHECK: flow.window {{.*}}schedule = array<i64: 8, 3, 3>
func.func @strided(%x: tensor<1x1x4x3xi8> {nn.name = "x"}) -> tensor<1x1x2x1xi32> {
  %w = nn.constant dense<1> : tensor<1x1x3x3xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 3>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 1, 0, 1>, group = 1 : i64}
     : (tensor<1x1x4x3xi8>, tensor<1x1x3x3xi8>) -> tensor<1x1x2x1xi32>
  return %0 : tensor<1x1x2x1xi32>
}

// -----

// Rows more than those that come only make the interval longer.
// CHECK-LABEL: flow.network "tall" {{.*}}interval = 15
func.func @tall(%x: tensor<1x1x4x3xi8> {nn.name = "x"}) -> tensor<1x1x5x3xi32> {
  %w = nn.constant dense<1> : tensor<1x1x3x3xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 2, 1>, group = 1 : i64}
     : (tensor<1x1x4x3xi8>, tensor<1x1x3x3xi8>) -> tensor<1x1x5x3xi32>
  return %0 : tensor<1x1x5x3xi32>
}

// -----

// Neither does one dimension.
// CHECK-LABEL: flow.network "line" {{.*}}interval = 7
func.func @line(%x: tensor<1x1x5xi8> {nn.name = "x"}) -> tensor<1x1x7xi32> {
  %w = nn.constant dense<1> : tensor<1x1x3xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 2, 2>, group = 1 : i64}
     : (tensor<1x1x5xi8>, tensor<1x1x3xi8>) -> tensor<1x1x7xi32>
  return %0 : tensor<1x1x7xi32>
}
