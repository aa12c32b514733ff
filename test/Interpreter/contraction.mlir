// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s
// The order of the products shows where 10^8 + 1 is 10^8.

// Two rows: k = 0, 1, 2, 3 into one accumulator, ((1e8 + 1) - 1e8) + 1.
// CHECK: @matmul: tensor<2x1xf32> = [1, 2]
func.func @matmul() -> tensor<2x1xf32> {
  %a = nn.constant dense<[[1.0e8, 1.0, -1.0e8, 1.0], [1.0e8, -1.0e8, 1.0, 1.0]]> : tensor<2x4xf32>
  %b = nn.constant dense<1.0> : tensor<4x1xf32>
  %0 = nn.matmul %a, %b : (tensor<2x4xf32>, tensor<4x1xf32>) -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}
// One row: four accumulators, (1e8 + 1) + (-1e8 + 1).
// CHECK: @matmul_one_row: tensor<1x1xf32> = [0]
func.func @matmul_one_row() -> tensor<1x1xf32> {
  %a = nn.constant dense<[[1.0e8, 1.0, -1.0e8, 1.0]]> : tensor<1x4xf32>
  %b = nn.constant dense<1.0> : tensor<4x1xf32>
  %0 = nn.matmul %a, %b : (tensor<1x4xf32>, tensor<4x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
// k = 4 joins k = 0, and the bias starts a0: ((1e8 - 1e8) + 1) + (1 + 0).
// CHECK: @matmul_one_row_bias: tensor<1x2xf32> = [2, 7]
func.func @matmul_one_row_bias() -> tensor<1x2xf32> {
  %a = nn.constant dense<[[-1.0, 0.0, 1.0, 0.0, 1.0]]> : tensor<1x5xf32>
  %b = nn.constant dense<[[1.0e8, 1.0], [3.0, 3.0], [1.0, 3.0], [1.0, 1.0], [1.0, 5.0]]> : tensor<5x2xf32>
  %c = nn.constant dense<[1.0e8, 0.0]> : tensor<2xf32>
  %0 = nn.matmul %a, %b, %c : (tensor<1x5xf32>, tensor<5x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
// (1 + 2^-12)^2 - 1 without rounding the product is 2^-11 + 2^-24.
// CHECK: @matmul_fuses: tensor<2x1xf32> = [0.00048834085, 0.00048834085]
func.func @matmul_fuses() -> tensor<2x1xf32> {
  %a = nn.constant dense<[[0x3F800800], [0x3F800800]]> : tensor<2x1xf32>
  %b = nn.constant dense<[[0x3F800800]]> : tensor<1x1xf32>
  %c = nn.constant dense<[-1.0]> : tensor<1xf32>
  %0 = nn.matmul %a, %b, %c : (tensor<2x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}
// CHECK: @matmul_batches: tensor<2x2x1xf32> = [3, 7, 30, 70]
func.func @matmul_batches() -> tensor<2x2x1xf32> {
  %a = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = nn.constant dense<[[[1.0], [1.0]], [[10.0], [10.0]]]> : tensor<2x2x1xf32>
  %0 = nn.matmul %a, %b : (tensor<2x2xf32>, tensor<2x2x1xf32>) -> tensor<2x2x1xf32>
  return %0 : tensor<2x2x1xf32>
}
// CHECK: @matmul_no_k: tensor<2x2xf32> = [5, 6, 5, 6]
func.func @matmul_no_k() -> tensor<2x2xf32> {
  %a = nn.constant dense<> : tensor<2x0xf32>
  %b = nn.constant dense<> : tensor<0x2xf32>
  %c = nn.constant dense<[5.0, 6.0]> : tensor<2xf32>
  %0 = nn.matmul %a, %b, %c : (tensor<2x0xf32>, tensor<0x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
// CHECK: @matmul_wraps: tensor<1x1xi32> = [-2147483648]
func.func @matmul_wraps() -> tensor<1x1xi32> {
  %a = nn.constant dense<[[2147483647, 1]]> : tensor<1x2xi32>
  %b = nn.constant dense<1> : tensor<2x1xi32>
  %0 = nn.matmul %a, %b : (tensor<1x2xi32>, tensor<2x1xi32>) -> tensor<1x1xi32>
  return %0 : tensor<1x1xi32>
}

// Window first, channel innermost: ((1e8 + 1) - 1e8) + 1; channel by channel it would be 2.
// CHECK: @conv_order: tensor<1x1x1xf32> = [1]
func.func @conv_order() -> tensor<1x1x1xf32> {
  %x = nn.constant dense<[[[1.0e8, -1.0e8], [1.0, 1.0]]]> : tensor<1x2x2xf32>
  %w = nn.constant dense<1.0> : tensor<1x2x2xf32>
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64}
     : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x1x1xf32>
  return %0 : tensor<1x1x1xf32>
}
// CHECK: @conv_2d: tensor<1x1x2x2xf32> = [6, 8, 12, 14]
func.func @conv_2d() -> tensor<1x1x2x2xf32> {
  %x = nn.constant dense<[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]]> : tensor<1x1x3x3xf32>
  %w = nn.constant dense<[[[[1.0, 0.0], [0.0, 1.0]]]]> : tensor<1x1x2x2xf32>
  %b = nn.constant dense<[0.0]> : tensor<1xf32>
  %0 = nn.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
     : (tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>, tensor<1xf32>) -> tensor<1x1x2x2xf32>
  return %0 : tensor<1x1x2x2xf32>
}
// Strides, dilation and unequal pads.
// CHECK: @conv_strided: tensor<1x1x3xf32> = [100, 301, 3]
func.func @conv_strided() -> tensor<1x1x3xf32> {
  %x = nn.constant dense<[[[1.0, 2.0, 3.0, 4.0]]]> : tensor<1x1x4xf32>
  %w = nn.constant dense<[[[1.0, 100.0]]]> : tensor<1x1x2xf32>
  %0 = nn.conv %x, %w {strides = array<i64: 2>, dilations = array<i64: 2>, pads = array<i64: 2, 2>, group = 1 : i64}
     : (tensor<1x1x4xf32>, tensor<1x1x2xf32>) -> tensor<1x1x3xf32>
  return %0 : tensor<1x1x3xf32>
}
// Two groups of one channel, two filters each; a batch of two.
// CHECK: @conv_groups: tensor<2x4x1xf32> = [1, 2, 6, 8, 5, 10, 18, 24]
func.func @conv_groups() -> tensor<2x4x1xf32> {
  %x = nn.constant dense<[[[1.0], [2.0]], [[5.0], [6.0]]]> : tensor<2x2x1xf32>
  %w = nn.constant dense<[[[1.0]], [[2.0]], [[3.0]], [[4.0]]]> : tensor<4x1x1xf32>
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 2 : i64}
     : (tensor<2x2x1xf32>, tensor<4x1x1xf32>) -> tensor<2x4x1xf32>
  return %0 : tensor<2x4x1xf32>
}
// A tap in the padding is multiplied: an infinite weight shows it.
// CHECK: @conv_padding_multiplies: tensor<1x1x2xf32> = [nan, inf]
func.func @conv_padding_multiplies() -> tensor<1x1x2xf32> {
  %x = nn.constant dense<1.0> : tensor<1x1x2xf32>
  %w = nn.constant dense<[[[0x7F800000, 1.0]]]> : tensor<1x1x2xf32>
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 0>, group = 1 : i64}
     : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  return %0 : tensor<1x1x2xf32>
}
