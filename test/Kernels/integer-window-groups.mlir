// RUN: split-file %s %t
// RUN: nn-run %t/one-column.mlir -via=native -compare -cpu=x86-64-v3 | FileCheck %s
// RUN: nn-run %t/one-element.mlir -via=native -compare -cpu=x86-64-v3 | FileCheck %s
// RUN: nn-run %t/groups.mlir -via=native -compare -cpu=x86-64-v3 | FileCheck %s
// RUN: nn-compile %t/groups.mlir -target=x86 -stop-after=schedule | FileCheck %s --check-prefix=GROUPS
// RUN: nn-compile %t/one-column.mlir -target=x86 -stop-after=schedule | FileCheck %s --check-prefix=SINGLE
// RUN: nn-compile %t/one-element.mlir -target=x86 -stop-after=schedule | FileCheck %s --check-prefix=SINGLE
// REQUIRES: x86-64-v3

// CHECK: random: y
// CHECK: extremes: y

// One channel: neighbours along a row of the window are taken together.
// GROUPS: algorithm = "contraction.packed"
// GROUPS-SAME: blocks = [8, 1, 1, 2], block_strides = [2, 0, 0, 1]
//--- groups.mlir
func.func @groups(%x: tensor<2x1x4x4xui8> {nn.name = "x"}) -> (tensor<2x8x4x4xi32> {nn.name = "y"}) {
  %w = nn.constant dense<[[[[-169, 300, 7], [118, 2, -9]]], [[[1, 2, 3], [4, 5, 6]]], [[[1, 2, 3], [4, 5, 6]]], [[[1, 2, 3], [4, 5, 6]]], [[[1, 2, 3], [4, 5, 6]]], [[[1, 2, 3], [4, 5, 6]]], [[[1, 2, 3], [4, 5, 6]]], [[[1, 2, 3], [4, 5, 6]]]]> : tensor<8x1x2x3xi16>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 0, 1>, group = 1 : i64, pad_value = 255 : i64}
    : (tensor<2x1x4x4xui8>, tensor<8x1x2x3xi16>) -> tensor<2x8x4x4xi32>
  return %0 : tensor<2x8x4x4xi32>
}

// Rows of one element have no neighbours, and the next row is none.
// SINGLE: algorithm = "contraction.packed"
// SINGLE-NOT: 1, 1, 2], block_strides
//--- one-column.mlir
func.func @one_column(%x: tensor<1x1x4x4xui8> {nn.name = "x"}) -> (tensor<1x8x4x4xi32> {nn.name = "y"}) {
  %w = nn.constant dense<[[[[-169], [-118]]], [[[-26], [177]]], [[[-68], [-81]]], [[[-81], [68]]], [[[152], [218]]], [[[60], [-2]]], [[[56], [169]]], [[[-32], [-96]]]]> : tensor<8x1x2x1xi16>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 0, 0, 0>, group = 1 : i64, pad_value = 255 : i64}
    : (tensor<1x1x4x4xui8>, tensor<8x1x2x1xi16>) -> tensor<1x8x4x4xi32>
  return %0 : tensor<1x8x4x4xi32>
}

// The input's only column stands between two of padding, which a layout may put anywhere.
//--- one-element.mlir
func.func @one_element(%x: tensor<2x1x7x1xui8> {nn.name = "x"}) -> (tensor<2x8x6x2xi32> {nn.name = "y"}) {
  %w = nn.constant dense<[[[[-169, 300], [118, -9]]], [[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]], [[[1, -2], [3, -4]]], [[[-1, 2], [-3, 4]]], [[[9, 2], [9, 4]]], [[[1, 9], [3, 9]]], [[[9, 9], [9, 9]]]]> : tensor<8x1x2x2xi16>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 1, 0, 1>, group = 1 : i64, pad_value = 7 : i64}
    : (tensor<2x1x7x1xui8>, tensor<8x1x2x2xi16>) -> tensor<2x8x6x2xi32>
  return %0 : tensor<2x8x6x2xi32>
}
