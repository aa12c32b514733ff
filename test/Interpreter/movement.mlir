// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s

// CHECK: @transpose: tensor<3x2xf32> = [1, 4, -0, 5, nan, 6]
func.func @transpose() -> tensor<3x2xf32> {
  %x = nn.constant dense<[[1.0, 0x80000000, 0x7FC00000], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}
// CHECK: @transpose_3d: tensor<2x2x2xi8> = [1, 5, 2, 6, 3, 7, 4, 8]
func.func @transpose_3d() -> tensor<2x2x2xi8> {
  %x = nn.constant dense<[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]> : tensor<2x2x2xi8>
  %0 = nn.transpose %x {permutation = array<i64: 1, 2, 0>} : (tensor<2x2x2xi8>) -> tensor<2x2x2xi8>
  return %0 : tensor<2x2x2xi8>
}
// CHECK: @reshape: tensor<3x2xi1> = [true, false, false, true, true, true]
func.func @reshape() -> tensor<3x2xi1> {
  %x = nn.constant dense<[true, false, false, true, true, true]> : tensor<6xi1>
  %0 = nn.reshape %x : tensor<6xi1> to tensor<3x2xi1>
  return %0 : tensor<3x2xi1>
}
// CHECK: @broadcast: tensor<2x2x2xf32> = [1, 1, 2, 2, 1, 1, 2, 2]
func.func @broadcast() -> tensor<2x2x2xf32> {
  %x = nn.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %0 = nn.broadcast %x : tensor<2x1xf32> to tensor<2x2x2xf32>
  return %0 : tensor<2x2x2xf32>
}
// CHECK: @slice: tensor<2x2xf32> = [6, 4, 9, 7]
func.func @slice() -> tensor<2x2xf32> {
  %x = nn.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]> : tensor<3x3xf32>
  %0 = nn.slice %x {starts = array<i64: 1, 2>, steps = array<i64: 1, -2>} : tensor<3x3xf32> to tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
// CHECK: @slice_to_nothing: tensor<0xf32> = []
func.func @slice_to_nothing() -> tensor<0xf32> {
  %x = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %0 = nn.slice %x {starts = array<i64: 7>, steps = array<i64: 1>} : tensor<2xf32> to tensor<0xf32>
  return %0 : tensor<0xf32>
}
// CHECK: @concat: tensor<2x3xf32> = [1, 10, 20, 2, 30, 40]
func.func @concat() -> tensor<2x3xf32> {
  %a = nn.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %b = nn.constant dense<[[10.0, 20.0], [30.0, 40.0]]> : tensor<2x2xf32>
  %0 = nn.concat %a, %b {axis = 1 : i64} : (tensor<2x1xf32>, tensor<2x2xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
// CHECK: @pad: tensor<3x4xf32> = [-0, -0, -0, -0, -0, 1, 2, -0, -0, 3, 4, -0]
func.func @pad() -> tensor<3x4xf32> {
  %x = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %0 = nn.pad %x {low = array<i64: 1, 1>, high = array<i64: 0, 1>, mode = 0 : i64, value = -0.0 : f32} : (tensor<2x2xf32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}
// CHECK: @pad_reflect: tensor<7xi64> = [3, 2, 1, 2, 3, 2, 1]
// CHECK: @pad_edge: tensor<6xi64> = [1, 1, 1, 2, 3, 3]
// CHECK: @pad_wrap: tensor<6xi64> = [2, 3, 1, 2, 3, 1]
func.func @pad_reflect() -> tensor<7xi64> {
  %x = nn.constant dense<[1, 2, 3]> : tensor<3xi64>
  %0 = nn.pad %x {low = array<i64: 2>, high = array<i64: 2>, mode = 1 : i64, value = 0 : i64} : (tensor<3xi64>) -> tensor<7xi64>
  return %0 : tensor<7xi64>
}
func.func @pad_edge() -> tensor<6xi64> {
  %x = nn.constant dense<[1, 2, 3]> : tensor<3xi64>
  %0 = nn.pad %x {low = array<i64: 2>, high = array<i64: 1>, mode = 2 : i64, value = 0 : i64} : (tensor<3xi64>) -> tensor<6xi64>
  return %0 : tensor<6xi64>
}
func.func @pad_wrap() -> tensor<6xi64> {
  %x = nn.constant dense<[1, 2, 3]> : tensor<3xi64>
  %0 = nn.pad %x {low = array<i64: 2>, high = array<i64: 1>, mode = 3 : i64, value = 0 : i64} : (tensor<3xi64>) -> tensor<6xi64>
  return %0 : tensor<6xi64>
}
// Negative indices count from the end, out of range is clamped.
// CHECK: @gather: tensor<6x2xf32> = [3, 4, 5, 6, 1, 2, 5, 6, 1, 2, 1, 2]
func.func @gather() -> tensor<6x2xf32> {
  %x = nn.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %i = nn.constant dense<[1, -1, -3, 7, -9, 0]> : tensor<6xi64>
  %0 = nn.gather %x, %i {axis = 0 : i64} : (tensor<3x2xf32>, tensor<6xi64>) -> tensor<6x2xf32>
  return %0 : tensor<6x2xf32>
}
// CHECK: @gather_inner: tensor<2x1x2xf32> = [2, 1, 4, 3]
func.func @gather_inner() -> tensor<2x1x2xf32> {
  %x = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %i = nn.constant dense<[[1, 0]]> : tensor<1x2xi32>
  %0 = nn.gather %x, %i {axis = 1 : i64} : (tensor<2x2xf32>, tensor<1x2xi32>) -> tensor<2x1x2xf32>
  return %0 : tensor<2x1x2xf32>
}
