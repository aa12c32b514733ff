// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s

// Element 32 meets element 0 in partial 0: 1e8 - 1e8, then + 1. Added one by one the 1 would be lost.
// CHECK: @sum_partials: tensor<1xf32> = [1]
func.func @sum_partials() -> tensor<1xf32> {
  %big = nn.constant dense<[1.0e8, 1.0]> : tensor<2xf32>
  %last = nn.constant dense<[-1.0e8]> : tensor<1xf32>
  %zeros = nn.constant dense<0.0> : tensor<30xf32>
  %x = nn.concat %big, %zeros, %last {axis = 0 : i64} : (tensor<2xf32>, tensor<30xf32>, tensor<1xf32>) -> tensor<33xf32>
  %0 = nn.reduce_sum %x {axes = array<i64: 0>, keepdims = true} : (tensor<33xf32>) -> tensor<1xf32>
  return %0 : tensor<1xf32>
}
// The tree joins partial j with j + 16 first.
// CHECK: @sum_tree: tensor<f32> = [1]
func.func @sum_tree() -> tensor<f32> {
  %big = nn.constant dense<[1.0e8, 1.0]> : tensor<2xf32>
  %zeros = nn.constant dense<0.0> : tensor<14xf32>
  %last = nn.constant dense<[-1.0e8]> : tensor<1xf32>
  %x = nn.concat %big, %zeros, %last {axis = 0 : i64} : (tensor<2xf32>, tensor<14xf32>, tensor<1xf32>) -> tensor<17xf32>
  %0 = nn.reduce_sum %x {axes = array<i64: 0>, keepdims = false} : (tensor<17xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}
// 2^-100 counts, what is below does not; -0 sums to +0.
// CHECK: @sum_floor: tensor<3xf32> = [7.888609e-31, 0, 0]
func.func @sum_floor() -> tensor<3xf32> {
  %x = nn.constant dense<[[0x0D800000, 0.0], [0x0D7FFFFF, 0.0], [0x80000000, 0x80000000]]> : tensor<3x2xf32>
  %0 = nn.reduce_sum %x {axes = array<i64: 1>, keepdims = false} : (tensor<3x2xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
// 10 times the rounded third is not 10 / 3.
// CHECK: @mean: tensor<1x1xf32> = [3.3333335]
func.func @mean() -> tensor<1x1xf32> {
  %x = nn.constant dense<[[1.0, 2.0, 7.0]]> : tensor<1x3xf32>
  %0 = nn.reduce_mean %x {axes = array<i64: 1>, keepdims = true} : (tensor<1x3xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
// CHECK: @mean_outer_and_inner: tensor<2xf32> = [3.5, 5.5]
func.func @mean_outer_and_inner() -> tensor<2xf32> {
  %x = nn.constant dense<[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]> : tensor<2x2x2xf32>
  %0 = nn.reduce_mean %x {axes = array<i64: 0, 2>, keepdims = false} : (tensor<2x2x2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
// NaN is passed over; a row of nothing else is -infinity.
// CHECK: @max: tensor<3xf32> = [2, -inf, inf]
func.func @max() -> tensor<3xf32> {
  %x = nn.constant dense<[[1.0, 0x7FC00000, 2.0], [0x7FC00000, 0x7FC00000, 0x7FC00000], [0x7F800000, 1.0, -3.0]]> : tensor<3x3xf32>
  %0 = nn.reduce_max %x {axes = array<i64: 1>, keepdims = false} : (tensor<3x3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
// CHECK: @max_integers: tensor<i64> = [-3]
func.func @max_integers() -> tensor<i64> {
  %x = nn.constant dense<[-5, -3, -9]> : tensor<3xi64>
  %0 = nn.reduce_max %x {axes = array<i64: 0>, keepdims = false} : (tensor<3xi64>) -> tensor<i64>
  return %0 : tensor<i64>
}
// CHECK: @nothing: tensor<2xf32> = [0, 0]
// CHECK: @nothing_max: tensor<2xf32> = [-inf, -inf]
func.func @nothing() -> tensor<2xf32> {
  %x = nn.constant dense<> : tensor<2x0xf32>
  %0 = nn.reduce_sum %x {axes = array<i64: 1>, keepdims = false} : (tensor<2x0xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
func.func @nothing_max() -> tensor<2xf32> {
  %x = nn.constant dense<> : tensor<2x0xf32>
  %0 = nn.reduce_max %x {axes = array<i64: 1>, keepdims = false} : (tensor<2x0xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
// The first of equal ones, or the last; NaN is not greater than anything, and nothing than it.
// CHECK: @arg_max: tensor<2xi64> = [1, 0]
func.func @arg_max() -> tensor<2xi64> {
  %x = nn.constant dense<[[-3, 5, 5], [7, -128, 7]]> : tensor<2x3xi8>
  %0 = nn.arg_max %x {axis = 1 : i64, keepdims = false, last = false} : (tensor<2x3xi8>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}
// CHECK: @arg_max_last: tensor<2x1xi64> = [2, 2]
func.func @arg_max_last() -> tensor<2x1xi64> {
  %x = nn.constant dense<[[-3, 5, 5], [7, -128, 7]]> : tensor<2x3xi8>
  %0 = nn.arg_max %x {axis = 1 : i64, keepdims = true, last = true} : (tensor<2x3xi8>) -> tensor<2x1xi64>
  return %0 : tensor<2x1xi64>
}
// CHECK: @arg_max_columns: tensor<3xi64> = [1, 0, 1]
func.func @arg_max_columns() -> tensor<3xi64> {
  %x = nn.constant dense<[[1.0, 0x7FC00000, -0.0], [2.0, 9.0, 1.0]]> : tensor<2x3xf32>
  %0 = nn.arg_max %x {axis = 0 : i64, keepdims = false, last = false} : (tensor<2x3xf32>) -> tensor<3xi64>
  return %0 : tensor<3xi64>
}
