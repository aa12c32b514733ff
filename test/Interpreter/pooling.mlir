// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s

// CHECK: @max_pool: tensor<1x1x2x2xf32> = [5, 6, 8, 9]
func.func @max_pool() -> tensor<1x1x2x2xf32> {
  %x = nn.constant dense<[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]]> : tensor<1x1x3x3xf32>
  %0 = nn.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
     : (tensor<1x1x3x3xf32>) -> tensor<1x1x2x2xf32>
  return %0 : tensor<1x1x2x2xf32>
}
// Padding is no candidate, NaN never wins, the first of equal zeros stays.
// CHECK: @max_pool_special: tensor<1x1x3xf32> = [-1, -2, -0]
func.func @max_pool_special() -> tensor<1x1x3xf32> {
  %x = nn.constant dense<[[[-1.0, 0x7FC00000, -2.0, 0x80000000, 0.0]]]> : tensor<1x1x5xf32>
  %0 = nn.max_pool %x {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 0>}
     : (tensor<1x1x5xf32>) -> tensor<1x1x3xf32>
  return %0 : tensor<1x1x3xf32>
}
// CHECK: @max_pool_dilated: tensor<1x2x2xi32> = [3, 4, 7, 8]
func.func @max_pool_dilated() -> tensor<1x2x2xi32> {
  %x = nn.constant dense<[[[1, 2, 3, 4], [5, 6, 7, 8]]]> : tensor<1x2x4xi32>
  %0 = nn.max_pool %x {kernel = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 2>, pads = array<i64: 0, 0>}
     : (tensor<1x2x4xi32>) -> tensor<1x2x2xi32>
  return %0 : tensor<1x2x2xi32>
}

// 10 times the rounded third.
// CHECK: @average_pool: tensor<1x1x1xf32> = [3.3333335]
func.func @average_pool() -> tensor<1x1x1xf32> {
  %x = nn.constant dense<[[[1.0, 2.0, 7.0]]]> : tensor<1x1x3xf32>
  %0 = nn.average_pool %x {kernel = array<i64: 3>, strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = false}
     : (tensor<1x1x3xf32>) -> tensor<1x1x1xf32>
  return %0 : tensor<1x1x1xf32>
}
// One accumulator in order: ((1e8 + 1) - 1e8) + 1.
// CHECK: @average_order: tensor<1x1x1xf32> = [0.25]
func.func @average_order() -> tensor<1x1x1xf32> {
  %x = nn.constant dense<[[[1.0e8, 1.0, -1.0e8, 1.0]]]> : tensor<1x1x4xf32>
  %0 = nn.average_pool %x {kernel = array<i64: 4>, strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = false}
     : (tensor<1x1x4xf32>) -> tensor<1x1x1xf32>
  return %0 : tensor<1x1x1xf32>
}
// The second window's taps stand on either side of the input: nothing counts, +0. With its pads counted, a third of 0.
// CHECK: @average_nothing: tensor<1x1x3xf32> = [2, 0, 2]
// CHECK: @average_pads_alone: tensor<1x1x3xf32> = [1, 0, 1]
func.func @average_nothing() -> tensor<1x1x3xf32> {
  %x = nn.constant dense<[[[2.0]]]> : tensor<1x1x1xf32>
  %0 = nn.average_pool %x {kernel = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 2>, pads = array<i64: 2, 2>, count_include_pad = false}
     : (tensor<1x1x1xf32>) -> tensor<1x1x3xf32>
  return %0 : tensor<1x1x3xf32>
}
func.func @average_pads_alone() -> tensor<1x1x3xf32> {
  %x = nn.constant dense<[[[2.0]]]> : tensor<1x1x1xf32>
  %0 = nn.average_pool %x {kernel = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 2>, pads = array<i64: 2, 2>, count_include_pad = true}
     : (tensor<1x1x1xf32>) -> tensor<1x1x3xf32>
  return %0 : tensor<1x1x3xf32>
}
// The last window reaches past the end pad (ceil_mode): that tap is never counted.
// CHECK: @average_pads: tensor<1x1x3xf32> = [2, 6, 8]
// CHECK: @average_pads_counted: tensor<1x1x3xf32> = [1, 6, 4]
func.func @average_pads() -> tensor<1x1x3xf32> {
  %x = nn.constant dense<[[[2.0, 4.0, 8.0]]]> : tensor<1x1x3xf32>
  %0 = nn.average_pool %x {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 0>, count_include_pad = false}
     : (tensor<1x1x3xf32>) -> tensor<1x1x2xf32>
  %1 = nn.average_pool %x {kernel = array<i64: 3>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 1>, count_include_pad = false}
     : (tensor<1x1x3xf32>) -> tensor<1x1x2xf32>
  %2 = nn.slice %1 {starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>} : tensor<1x1x2xf32> to tensor<1x1x1xf32>
  %3 = nn.concat %0, %2 {axis = 2 : i64} : (tensor<1x1x2xf32>, tensor<1x1x1xf32>) -> tensor<1x1x3xf32>
  return %3 : tensor<1x1x3xf32>
}
func.func @average_pads_counted() -> tensor<1x1x3xf32> {
  %x = nn.constant dense<[[[2.0, 4.0, 8.0]]]> : tensor<1x1x3xf32>
  %0 = nn.average_pool %x {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 0>, count_include_pad = true}
     : (tensor<1x1x3xf32>) -> tensor<1x1x2xf32>
  %1 = nn.average_pool %x {kernel = array<i64: 3>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 1>, count_include_pad = true}
     : (tensor<1x1x3xf32>) -> tensor<1x1x2xf32>
  %2 = nn.slice %1 {starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>} : tensor<1x1x2xf32> to tensor<1x1x1xf32>
  %3 = nn.concat %0, %2 {axis = 2 : i64} : (tensor<1x1x2xf32>, tensor<1x1x1xf32>) -> tensor<1x1x3xf32>
  return %3 : tensor<1x1x3xf32>
}
