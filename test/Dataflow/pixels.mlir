// A convolution and a pool over pixels: the network of docs/Unrolled.md.
// RUN: nn-opt %s -nn-build-flow -nn-generate-modules -nn-schedule-streams | FileCheck %s

// Two columns of padding, and the pool's second row: what each engine adds to the start.
// CHECK: flow.network "net" attributes {interval = 16 : i64, latency = 12 : i64, settle = 5 : i64}
// CHECK: flow.window {{.*}} {latency = 6 : i64, schedule = array<i64: 6, 4, 1>}
// CHECK: flow.matrix {{.*}}latency = 0 : i64, module = @net::@net_conv, schedule = array<i64: 6, 4, 1>}
// CHECK: flow.window {{.*}} {latency = 6 : i64, schedule = array<i64: 12, 8, 2>}
// CHECK: flow.max {{.*}} schedule = array<i64: 12, 8, 2>}
func.func @net(%x: tensor<1x1x4x4xi8> {nn.name = "pixels"}) -> tensor<1x1x2x2xi8> {
  %w = nn.constant dense<[[[[1, 2, 1], [0, 0, 0], [-1, -2, -1]]]]> : tensor<1x1x3x3xi8>
  %s = nn.constant dense<0.125> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
     : (tensor<1x1x4x4xi8>, tensor<1x1x3x3xi8>) -> tensor<1x1x4x4xi32> loc("conv")
  %1 = nn.requantize %0, %s, %z {nn.affine = dense<[[1, 4, 3]]> : tensor<1x3xi64>}
     : (tensor<1x1x4x4xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1x4x4xi8> loc("conv")
  %2 = nn.max_pool %1 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
     : (tensor<1x1x4x4xi8>) -> tensor<1x1x2x2xi8> loc("pool")
  return %2 : tensor<1x1x2x2xi8>
}
