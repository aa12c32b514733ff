// RUN: nn-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func @conv_block
func.func @conv_block(%x: tensor<1x3x8x8xf32> {nn.name = "image"}) -> (tensor<1x4x4x4xf32> {nn.name = "out"}) {
  %w = nn.constant dense<1.0> : tensor<4x3x3x3xf32>
  %b = nn.constant dense<0.5> : tensor<4xf32>
  // CHECK: nn.conv %{{.*}}, %{{.*}}, %{{.*}} {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
  %0 = nn.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
    : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
  // CHECK: nn.fused(%{{.*}}) : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
  %1 = nn.fused(%0) : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32> {
  ^bb0(%a: tensor<1x4x8x8xf32>):
    %r = nn.relu %a : tensor<1x4x8x8xf32>
    %p = nn.max_pool %r {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
      : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
    nn.yield %p : tensor<1x4x4x4xf32>
  }
  return %1 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @pad_and_clip
func.func @pad_and_clip(%x: tensor<4xf32>) -> tensor<7xf32> {
  // CHECK: nn.pad %{{.*}} {high = array<i64: 2>, low = array<i64: 1>, mode = 0 : i64, value = 0.000000e+00 : f32}
  %0 = nn.pad %x {low = array<i64: 1>, high = array<i64: 2>, mode = 0 : i64, value = 0.0 : f32} : (tensor<4xf32>) -> tensor<7xf32>
  %1 = nn.clip %0 {min = 0.0 : f32, max = 6.0 : f32} : tensor<7xf32>
  return %1 : tensor<7xf32>
}

// CHECK-LABEL: func.func @between_integers_and_floats
func.func @between_integers_and_floats(%x: tensor<2x4xf32>, %s: tensor<f32>, %each: tensor<4xf32>) -> (tensor<2x4xui8>, tensor<2x4xf32>, tensor<2x4xi16>) {
  %z = nn.constant dense<128> : tensor<ui8>
  %zs = nn.constant dense<[1, -2, 3, -4]> : tensor<4xi16>
  // CHECK: nn.quantize %{{.*}}, %{{.*}}, %{{.*}} : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
  %0 = nn.quantize %x, %s, %z : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
  // CHECK: nn.dequantize %{{.*}}, %{{.*}}, %{{.*}} : (tensor<2x4xui8>, tensor<4xf32>, tensor<ui8>) -> tensor<2x4xf32>
  %1 = nn.dequantize %0, %each, %z : (tensor<2x4xui8>, tensor<4xf32>, tensor<ui8>) -> tensor<2x4xf32>
  %a = nn.constant dense<7> : tensor<2x4xi32>
  // CHECK: nn.requantize %{{.*}}, %{{.*}}, %{{.*}} : (tensor<2x4xi32>, tensor<4xf32>, tensor<4xi16>) -> tensor<2x4xi16>
  %2 = nn.requantize %a, %each, %zs : (tensor<2x4xi32>, tensor<4xf32>, tensor<4xi16>) -> tensor<2x4xi16>
  return %0, %1, %2 : tensor<2x4xui8>, tensor<2x4xf32>, tensor<2x4xi16>
}

// What integer runtimes round with.
// CHECK-LABEL: func.func @fixed_point
func.func @fixed_point(%x: tensor<2x4xi32>, %f: tensor<2x4xf32>, %s: tensor<f32>, %m: tensor<4xi32>, %n: tensor<2x1xi64>) -> (tensor<2x4xi16>, tensor<2x4xi32>, tensor<2x4xui8>, tensor<2x4xi8>, tensor<2x4xi8>) {
  %k = nn.constant dense<33> : tensor<i32>
  %z = nn.constant dense<-3> : tensor<i16>
  %u = nn.constant dense<128> : tensor<ui8>
  %b = nn.constant dense<-128> : tensor<i8>
  // CHECK: nn.rescale %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {rounding = 2 : i64} : (tensor<2x4xi32>, tensor<4xi32>, tensor<i32>, tensor<i16>) -> tensor<2x4xi16>
  %0 = nn.rescale %x, %m, %k, %z {rounding = 2 : i64} : (tensor<2x4xi32>, tensor<4xi32>, tensor<i32>, tensor<i16>) -> tensor<2x4xi16>
  // CHECK: nn.lookup %{{.*}} {table = array<i32: 7, 7, {{.*}}>} : tensor<2x4xi32> to tensor<2x4xi32>
  %1 = nn.lookup %x {table = array<i32: 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7>} : tensor<2x4xi32> to tensor<2x4xi32>
  // CHECK: nn.proportion %{{.*}}, %{{.*}}, %{{.*}} {division = 1 : i64, shift = 8 : i64} : (tensor<2x4xi32>, tensor<2x1xi64>, tensor<ui8>) -> tensor<2x4xui8>
  %2 = nn.proportion %1, %n, %u {division = 1 : i64, shift = 8 : i64} : (tensor<2x4xi32>, tensor<2x1xi64>, tensor<ui8>) -> tensor<2x4xui8>
  // CHECK: nn.quantize %{{.*}}, %{{.*}}, %{{.*}} {rounding = 1 : i64} : (tensor<2x4xf32>, tensor<f32>, tensor<i8>) -> tensor<2x4xi8>
  %3 = nn.quantize %f, %s, %b {rounding = 1 : i64} : (tensor<2x4xf32>, tensor<f32>, tensor<i8>) -> tensor<2x4xi8>
  // CHECK: nn.quantize
  // CHECK-NOT: rounding
  %4 = nn.quantize %f, %s, %b : (tensor<2x4xf32>, tensor<f32>, tensor<i8>) -> tensor<2x4xi8>
  return %0, %1, %2, %3, %4 : tensor<2x4xi16>, tensor<2x4xi32>, tensor<2x4xui8>, tensor<2x4xi8>, tensor<2x4xi8>
}

// Weights of fewer than eight bits.
// CHECK-LABEL: func.func @sub_byte
func.func @sub_byte(%s: tensor<f32>) -> tensor<3xf32> {
  // CHECK: nn.constant dense<[-8, 7, 0]> : tensor<3xi4>
  %q = nn.constant dense<[-8, 7, 0]> : tensor<3xi4>
  %z = nn.constant dense<-1> : tensor<i4>
  // CHECK: nn.dequantize %{{.*}} : (tensor<3xi4>, tensor<f32>, tensor<i4>) -> tensor<3xf32>
  %0 = nn.dequantize %q, %s, %z : (tensor<3xi4>, tensor<f32>, tensor<i4>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// The caller's tensors hold several of them in a byte, and stand for numbers.
// CHECK-LABEL: func.func @packed
// CHECK-SAME: (%{{.*}}: tensor<2xui8> {nn.packed = tensor<1x3xi4>, nn.scale = 5.000000e-01 : f32, nn.zero_point = -1 : i32})
// CHECK-SAME: -> (tensor<1xui8> {nn.packed = tensor<3xui2>})
func.func @packed(%x: tensor<2xui8> {nn.packed = tensor<1x3xi4>, nn.scale = 0.5 : f32, nn.zero_point = -1 : i32})
    -> (tensor<1xui8> {nn.packed = tensor<3xui2>}) {
  // CHECK: nn.unpack %{{.*}} : tensor<2xui8> to tensor<3xi4>
  %0 = nn.unpack %x : tensor<2xui8> to tensor<3xi4>
  %1 = nn.cast %0 : tensor<3xi4> to tensor<3xui2>
  // CHECK: nn.pack %{{.*}} : tensor<3xui2> to tensor<1xui8>
  %2 = nn.pack %1 : tensor<3xui2> to tensor<1xui8>
  return %2 : tensor<1xui8>
}

// Factors each of their own signedness, sums of i32; what is not 0 is said of the padding.
// CHECK-LABEL: func.func @integer_contractions
func.func @integer_contractions(%x: tensor<1x3x8xui8>, %w: tensor<4x3x3xi8>, %b: tensor<4xi32>) -> (tensor<1x4x8xi32>, tensor<1x4x8xi32>, tensor<1x3x4xi32>) {
  // CHECK: nn.conv %{{.*}}, %{{.*}}, %{{.*}} {dilations = array<i64: 1>, group = 1 : i64, pad_value = 200 : i64, pads = array<i64: 1, 1>, strides = array<i64: 1>}
  // CHECK-SAME: (tensor<1x3x8xui8>, tensor<4x3x3xi8>, tensor<4xi32>) -> tensor<1x4x8xi32>
  %0 = nn.conv %x, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64, pad_value = 200 : i64}
    : (tensor<1x3x8xui8>, tensor<4x3x3xi8>, tensor<4xi32>) -> tensor<1x4x8xi32>
  // CHECK: nn.conv
  // CHECK-NOT: pad_value
  %1 = nn.conv %x, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64}
    : (tensor<1x3x8xui8>, tensor<4x3x3xi8>, tensor<4xi32>) -> tensor<1x4x8xi32>
  %m = nn.constant dense<3> : tensor<8x4xi16>
  // CHECK: nn.matmul %{{.*}} : (tensor<1x3x8xui8>, tensor<8x4xi16>) -> tensor<1x3x4xi32>
  %2 = nn.matmul %x, %m : (tensor<1x3x8xui8>, tensor<8x4xi16>) -> tensor<1x3x4xi32>
  return %0, %1, %2 : tensor<1x4x8xi32>, tensor<1x4x8xi32>, tensor<1x3x4xi32>
}

// One row of thresholds per channel, or one for all, and none at all.
// CHECK-LABEL: func.func @thresholds
func.func @thresholds(%x: tensor<1x4x8xf32>, %a: tensor<4x3xf32>, %b: tensor<1x2xi2>) -> tensor<1x4x8xi2> {
  // CHECK: nn.threshold %{{.*}}, %{{.*}} {channel = 1 : i64, least = -2 : i64} : (tensor<1x4x8xf32>, tensor<4x3xf32>) -> tensor<1x4x8xi2>
  %0 = nn.threshold %x, %a {channel = 1 : i64, least = -2 : i64} : (tensor<1x4x8xf32>, tensor<4x3xf32>) -> tensor<1x4x8xi2>
  %1 = nn.threshold %0, %b {channel = 2 : i64, least = -1 : i64} : (tensor<1x4x8xi2>, tensor<1x2xi2>) -> tensor<1x4x8xi2>
  %none = nn.constant dense<> : tensor<1x0xi2>
  %2 = nn.threshold %1, %none {channel = 0 : i64, least = 1 : i64} : (tensor<1x4x8xi2>, tensor<1x0xi2>) -> tensor<1x4x8xi2>
  return %2 : tensor<1x4x8xi2>
}
