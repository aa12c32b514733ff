// RUN: nn-opt %s --nn-fold-channels | FileCheck %s
// RUN: nn-opt %s --nn-fold-channels=group=2 | FileCheck %s --check-prefix=PAIRS

// The filter [[a0 a1 a2] [b0 b1 b2]] of two channels, one row: a0 b0 a1 b1 a2 b2. In pairs two channels are whole.
// CHECK-LABEL: func.func @two_dimensions
// PAIRS-LABEL: func.func @two_dimensions
// PAIRS: nn.conv %arg0
func.func @two_dimensions(%x: tensor<1x2x8x8xui8>) -> tensor<1x1x8x4xi32> {
  // CHECK-DAG: %[[W:.*]] = nn.constant dense<{{\[\[\[\[}}1, 4, 2, 5, 3, 6]]]]> : tensor<1x1x1x6xi8>
  // CHECK-DAG: %[[T:.*]] = nn.transpose %arg0 {permutation = array<i64: 0, 2, 3, 1>}
  // CHECK-DAG: %[[R:.*]] = nn.reshape %[[T]] : tensor<1x8x8x2xui8> to tensor<1x1x8x16xui8>
  // CHECK: nn.conv %[[R]], %[[W]] {dilations = array<i64: 1, 1>, group = 1 : i64, pad_value = 5 : i64, pads = array<i64: 0, 2, 0, 2>, strides = array<i64: 1, 4>}
  %w = nn.constant dense<[[[[1, 2, 3]], [[4, 5, 6]]]]> : tensor<1x2x1x3xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 1, 0, 1>, group = 1 : i64, pad_value = 5 : i64} : (tensor<1x2x8x8xui8>, tensor<1x2x1x3xi8>) -> tensor<1x1x8x4xi32>
  return %0 : tensor<1x1x8x4xi32>
}

// What stands channels last already is not turned.
// CHECK-LABEL: func.func @channels_last
// PAIRS-LABEL: func.func @channels_last
// PAIRS: nn.reshape %arg0
func.func @channels_last(%x: tensor<1x8x3xui8>) -> tensor<1x1x7xi32> {
  // CHECK-NOT: nn.transpose
  // CHECK: %[[R:.*]] = nn.reshape %arg0 : tensor<1x8x3xui8> to tensor<1x1x24xui8>
  // CHECK: nn.conv %[[R]]
  %w = nn.constant dense<1> : tensor<1x3x2xi8>
  %t = nn.transpose %x {permutation = array<i64: 0, 2, 1>} : (tensor<1x8x3xui8>) -> tensor<1x3x8xui8>
  %0 = nn.conv %t, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x3x8xui8>, tensor<1x3x2xi8>) -> tensor<1x1x7xi32>
  return %0 : tensor<1x1x7xi32>
}

// Of so many channels the last group is a small part.
// CHECK-LABEL: func.func @many_channels
func.func @many_channels(%x: tensor<1x17x4xui8>) -> tensor<1x1x3xi32> {
  // CHECK: nn.conv %arg0
  %w = nn.constant dense<1> : tensor<1x17x2xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x17x4xui8>, tensor<1x17x2xi8>) -> tensor<1x1x3xi32>
  return %0 : tensor<1x1x3xi32>
}

// Whole groups, spread columns, one column, groups of channels and floats stay.
// CHECK-LABEL: func.func @stays
// CHECK-NOT: nn.reshape
// CHECK: return
func.func @stays(%x: tensor<1x4x8xui8>, %y: tensor<1x2x8xui8>, %z: tensor<1x2x8xf32>) -> (tensor<1x1x7xi32>, tensor<1x1x6xi32>, tensor<1x1x8xi32>, tensor<1x2x7xi32>, tensor<1x1x7xf32>) {
  %w4 = nn.constant dense<1> : tensor<1x4x2xi8>
  %w2 = nn.constant dense<1> : tensor<1x2x2xi8>
  %w1 = nn.constant dense<1> : tensor<1x2x1xi8>
  %wg = nn.constant dense<1> : tensor<2x1x2xi8>
  %wf = nn.constant dense<1.0> : tensor<1x2x2xf32>
  %0 = nn.conv %x, %w4 {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x4x8xui8>, tensor<1x4x2xi8>) -> tensor<1x1x7xi32>
  %1 = nn.conv %y, %w2 {strides = array<i64: 1>, dilations = array<i64: 2>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x2x8xui8>, tensor<1x2x2xi8>) -> tensor<1x1x6xi32>
  %2 = nn.conv %y, %w1 {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x2x8xui8>, tensor<1x2x1xi8>) -> tensor<1x1x8xi32>
  %3 = nn.conv %y, %wg {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 2 : i64} : (tensor<1x2x8xui8>, tensor<2x1x2xi8>) -> tensor<1x2x7xi32>
  %4 = nn.conv %z, %wf {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x2x8xf32>, tensor<1x2x2xf32>) -> tensor<1x1x7xf32>
  return %0, %1, %2, %3, %4 : tensor<1x1x7xi32>, tensor<1x1x6xi32>, tensor<1x1x8xi32>, tensor<1x2x7xi32>, tensor<1x1x7xf32>
}
