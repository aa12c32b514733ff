// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s

// A row for each channel; equal thresholds count twice, as the two of a sign do.
// CHECK: @rows: tensor<1x2x4xi8> = [-3, -2, -2, -1, -1, 1, 1, -1]
func.func @rows() -> tensor<1x2x4xi8> {
  %x = nn.constant dense<[[[-1.0, 0.5, 1.0, 2.0], [-0.1, 0.0, 3.0, -7.0]]]> : tensor<1x2x4xf32>
  %t = nn.constant dense<[[0.5, 2.0, 3.0], [-6.0, -0.1, 0.0]]> : tensor<2x3xf32>
  %s = nn.constant dense<[[0.0, 0.0]]> : tensor<1x2xf32>
  %0 = nn.threshold %x, %t {channel = 1 : i64, least = -3 : i64} : (tensor<1x2x4xf32>, tensor<2x3xf32>) -> tensor<1x2x4xi8>
  %1 = nn.threshold %x, %s {channel = 0 : i64, least = -1 : i64} : (tensor<1x2x4xf32>, tensor<1x2xf32>) -> tensor<1x2x4xi8>
  %2 = nn.slice %0 {starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>} : tensor<1x2x4xi8> to tensor<1x1x4xi8>
  %3 = nn.slice %1 {starts = array<i64: 0, 1, 0>, steps = array<i64: 1, 1, 1>} : tensor<1x2x4xi8> to tensor<1x1x4xi8>
  %4 = nn.concat %2, %3 {axis = 1 : i64} : (tensor<1x1x4xi8>, tensor<1x1x4xi8>) -> tensor<1x2x4xi8>
  return %4 : tensor<1x2x4xi8>
}

// NaN reaches nothing, +infinity all, also itself; both zeros reach zero.
// CHECK: @specials: tensor<5xui2> = [0, 2, 0, 1, 1]
func.func @specials() -> tensor<5xui2> {
  %x = nn.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0]> : tensor<5xf32>
  %t = nn.constant dense<[[0.0, 0x7F800000]]> : tensor<1x2xf32>
  %0 = nn.threshold %x, %t {channel = 0 : i64, least = 0 : i64} : (tensor<5xf32>, tensor<1x2xf32>) -> tensor<5xui2>
  return %0 : tensor<5xui2>
}

// Bytes compare by their sign.
// CHECK: @bytes: tensor<2xi4> = [0, 1]
func.func @bytes() -> tensor<2xi4> {
  %x = nn.constant dense<[-56, 1]> : tensor<2xi8>
  %t = nn.constant dense<[[1]]> : tensor<1x1xi8>
  %0 = nn.threshold %x, %t {channel = 0 : i64, least = 0 : i64} : (tensor<2xi8>, tensor<1x1xi8>) -> tensor<2xi4>
  return %0 : tensor<2xi4>
}

// CHECK: @unsigned_bytes: tensor<2xi4> = [1, 1]
func.func @unsigned_bytes() -> tensor<2xi4> {
  %x = nn.constant dense<[200, 1]> : tensor<2xui8>
  %t = nn.constant dense<[[1]]> : tensor<1x1xui8>
  %0 = nn.threshold %x, %t {channel = 0 : i64, least = 0 : i64} : (tensor<2xui8>, tensor<1x1xui8>) -> tensor<2xi4>
  return %0 : tensor<2xi4>
}
