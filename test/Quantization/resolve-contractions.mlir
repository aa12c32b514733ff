// RUN: nn-opt %s --nn-resolve-contractions | FileCheck %s

// Sums of integers, requantized once by scale * scale / scale.
// CHECK-LABEL: func.func @conv
func.func @conv(%q: tensor<1x3x8xui8>, %k: tensor<4x3x3xi8>, %b: tensor<4xi32>) -> tensor<1x4x8xi8> {
  %sx = nn.constant dense<0.5> : tensor<f32>
  %zx = nn.constant dense<128> : tensor<ui8>
  %sw = nn.constant dense<0.25> : tensor<f32>
  %zw = nn.constant dense<0> : tensor<i8>
  %sb = nn.constant dense<0.125> : tensor<f32>
  %zb = nn.constant dense<0> : tensor<i32>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<5> : tensor<i8>
  // CHECK-DAG: %[[SX:.*]] = nn.constant dense<5.000000e-01>
  // CHECK-DAG: %[[SW:.*]] = nn.constant dense<2.500000e-01>
  // CHECK-DAG: %[[SY:.*]] = nn.constant dense<2.000000e+00>
  // CHECK-DAG: %[[ZY:.*]] = nn.constant dense<5> : tensor<i8>
  // CHECK-DAG: %[[P:.*]] = nn.mul %[[SX]], %[[SW]]
  // CHECK-DAG: %[[S:.*]] = nn.div %[[P]], %[[SY]]
  // CHECK-DAG: %[[X:.*]] = nn.sub %{{.*}} : (tensor<1x3x8xi16>, tensor<i16>)
  // CHECK-DAG: %[[W:.*]] = nn.sub %{{.*}} : (tensor<4x3x3xi16>, tensor<i16>)
  // CHECK: %[[A:.*]] = nn.conv %[[X]], %[[W]], %arg2 {{.*}}pads = array<i64: 1, 1>{{.*}} : (tensor<1x3x8xi16>, tensor<4x3x3xi16>, tensor<4xi32>) -> tensor<1x4x8xi32>
  // CHECK-NEXT: %[[Q:.*]] = nn.requantize %[[A]], %[[S]], %[[ZY]]
  // CHECK-NEXT: return %[[Q]]
  %x = nn.dequantize %q, %sx, %zx : (tensor<1x3x8xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x3x8xf32>
  %w = nn.dequantize %k, %sw, %zw : (tensor<4x3x3xi8>, tensor<f32>, tensor<i8>) -> tensor<4x3x3xf32>
  %c = nn.dequantize %b, %sb, %zb : (tensor<4xi32>, tensor<f32>, tensor<i32>) -> tensor<4xf32>
  %0 = nn.conv %x, %w, %c {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x3x8xf32>, tensor<4x3x3xf32>, tensor<4xf32>) -> tensor<1x4x8xf32>
  %1 = nn.quantize %0, %sy, %zy : (tensor<1x4x8xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4x8xi8>
  return %1 : tensor<1x4x8xi8>
}

// One scale per filter.
// CHECK-LABEL: func.func @conv_per_channel
func.func @conv_per_channel(%q: tensor<1x3x8xui8>, %k: tensor<2x3x3xi8>) -> tensor<1x2x8xi8> {
  %sx = nn.constant dense<0.5> : tensor<f32>
  %zx = nn.constant dense<128> : tensor<ui8>
  %sw = nn.constant dense<[[[0.25]], [[0.5]]]> : tensor<2x1x1xf32>
  %zw = nn.constant dense<[[[1]], [[2]]]> : tensor<2x1x1xi8>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<5> : tensor<i8>
  // CHECK: nn.sub %{{.*}} : (tensor<2x3x3xi16>, tensor<2x1x1xi16>) -> tensor<2x3x3xi16>
  // CHECK: nn.requantize %{{.*}} : (tensor<1x2x8xi32>, tensor<2x1xf32>, tensor<i8>) -> tensor<1x2x8xi8>
  %x = nn.dequantize %q, %sx, %zx : (tensor<1x3x8xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x3x8xf32>
  %w = nn.dequantize %k, %sw, %zw : (tensor<2x3x3xi8>, tensor<2x1x1xf32>, tensor<2x1x1xi8>) -> tensor<2x3x3xf32>
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x3x8xf32>, tensor<2x3x3xf32>) -> tensor<1x2x8xf32>
  %1 = nn.quantize %0, %sy, %zy : (tensor<1x2x8xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x8xi8>
  return %1 : tensor<1x2x8xi8>
}

// One scale per column, and per row.
// CHECK-LABEL: func.func @matmul
func.func @matmul(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> tensor<3x4xi8> {
  %sx = nn.constant dense<[[0.5], [0.25], [1.0]]> : tensor<3x1xf32>
  %sw = nn.constant dense<[0.25, 0.5, 1.0, 2.0]> : tensor<4xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %sy = nn.constant dense<2.0> : tensor<f32>
  // CHECK: nn.mul %{{.*}} : (tensor<3x1xf32>, tensor<1x4xf32>) -> tensor<3x4xf32>
  // CHECK: nn.matmul %{{.*}} : (tensor<3x2xi16>, tensor<2x4xi16>) -> tensor<3x4xi32>
  // CHECK: nn.requantize %{{.*}} : (tensor<3x4xi32>, tensor<3x4xf32>, tensor<i8>) -> tensor<3x4xi8>
  %x = nn.dequantize %q, %sx, %z : (tensor<3x2xi8>, tensor<3x1xf32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %sw, %z : (tensor<2x4xi8>, tensor<4xf32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %1 = nn.quantize %0, %sy, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %1 : tensor<3x4xi8>
}

// Bounds of activations become integers: 0 is the zero point, 6 is 3 more. ReLU's upper one is none.
// CHECK-LABEL: func.func @activations
func.func @activations(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> (tensor<3x4xi8>, tensor<3x4xi8>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<5> : tensor<i8>
  // CHECK: nn.requantize
  // CHECK: nn.clip %{{.*}} {max = 8 : i8, min = 5 : i8}
  // CHECK: nn.requantize
  // CHECK: nn.clip %{{.*}} {max = 127 : i8, min = 5 : i8}
  // CHECK-NEXT: return
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %1 = nn.clip %0 {min = 0.0 : f32, max = 6.0 : f32} : tensor<3x4xf32>
  %2 = nn.quantize %1, %sy, %zy : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  %3 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %4 = nn.relu %3 : tensor<3x4xf32>
  %5 = nn.quantize %4, %sy, %zy : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %2, %5 : tensor<3x4xi8>, tensor<3x4xi8>
}

// A ReLU whose zero is the least integer is the saturation itself.
// CHECK-LABEL: func.func @relu_by_saturation
func.func @relu_by_saturation(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> tensor<3x4xui8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %zy = nn.constant dense<0> : tensor<ui8>
  // CHECK: %[[Q:.*]] = nn.requantize
  // CHECK-NEXT: return %[[Q]]
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %1 = nn.relu %0 : tensor<3x4xf32>
  %2 = nn.quantize %1, %s, %zy : (tensor<3x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<3x4xui8>
  return %2 : tensor<3x4xui8>
}

// A bound that is no number bounds nothing.
// CHECK-LABEL: func.func @clip_without_bounds
func.func @clip_without_bounds(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> tensor<3x4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK: %[[Q:.*]] = nn.requantize
  // CHECK-NEXT: return %[[Q]]
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %1 = nn.clip %0 {min = 0xFFC00000 : f32, max = 0x7FC00000 : f32} : tensor<3x4xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %2 : tensor<3x4xi8>
}

// The product of scales may be stated with another rounding.
// CHECK-LABEL: func.func @bias_scale_rounded
func.func @bias_scale_rounded(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>, %b: tensor<4xi32>) -> tensor<3x4xi8> {
  %s = nn.constant dense<0.1> : tensor<f32>
  %sb = nn.constant dense<0.0100000007> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %zb = nn.constant dense<0> : tensor<i32>
  // CHECK: nn.matmul %{{.*}}, %{{.*}}, %arg2 : (tensor<3x2xi16>, tensor<2x4xi16>, tensor<4xi32>) -> tensor<3x4xi32>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %c = nn.dequantize %b, %sb, %zb : (tensor<4xi32>, tensor<f32>, tensor<i32>) -> tensor<4xf32>
  %0 = nn.matmul %x, %w, %c : (tensor<3x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %1 = nn.quantize %0, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %1 : tensor<3x4xi8>
}

// The importer's product of scales that the network computes itself.
// CHECK-LABEL: func.func @bias_scale_known_at_run_time
func.func @bias_scale_known_at_run_time(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>, %b: tensor<4xi32>, %s: tensor<f32>) -> tensor<3x4xi8> {
  %t = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %zb = nn.constant dense<0> : tensor<i32>
  // CHECK: nn.matmul %{{.*}}, %{{.*}}, %arg2 : (tensor<3x2xi16>, tensor<2x4xi16>, tensor<4xi32>) -> tensor<3x4xi32>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %t, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %p = nn.mul %s, %t : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %c = nn.dequantize %b, %p, %zb : (tensor<4xi32>, tensor<f32>, tensor<i32>) -> tensor<4xf32>
  %0 = nn.matmul %x, %w, %c : (tensor<3x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %1 = nn.quantize %0, %t, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %1 : tensor<3x4xi8>
}

// --- What stays one of floats.

// A float bias.
// CHECK-LABEL: func.func @float_bias
func.func @float_bias(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>, %c: tensor<4xf32>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w, %c : (tensor<3x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %9 = nn.quantize %0, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// A bias on a grid of its own.
// CHECK-LABEL: func.func @bias_of_another_scale
func.func @bias_of_another_scale(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>, %b: tensor<4xi32>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %zb = nn.constant dense<0> : tensor<i32>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %sb = nn.constant dense<0.251> : tensor<f32>
  %c = nn.dequantize %b, %sb, %zb : (tensor<4xi32>, tensor<f32>, tensor<i32>) -> tensor<4xf32>
  %0 = nn.matmul %x, %w, %c : (tensor<3x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %9 = nn.quantize %0, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// A product of other scales, which are known at run time only.
// CHECK-LABEL: func.func @bias_of_another_product
func.func @bias_of_another_product(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>, %b: tensor<4xi32>, %t: tensor<f32>, %u: tensor<f32>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %zb = nn.constant dense<0> : tensor<i32>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %t, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %p = nn.mul %s, %u : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %c = nn.dequantize %b, %p, %zb : (tensor<4xi32>, tensor<f32>, tensor<i32>) -> tensor<4xf32>
  %0 = nn.matmul %x, %w, %c : (tensor<3x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %9 = nn.quantize %0, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// A bias with a zero point.
// CHECK-LABEL: func.func @bias_with_a_zero_point
func.func @bias_with_a_zero_point(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>, %b: tensor<4xi32>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %sb = nn.constant dense<0.25> : tensor<f32>
  %one = nn.constant dense<1> : tensor<i32>
  %c = nn.dequantize %b, %sb, %one : (tensor<4xi32>, tensor<f32>, tensor<i32>) -> tensor<4xf32>
  %0 = nn.matmul %x, %w, %c : (tensor<3x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %9 = nn.quantize %0, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// A bias of bytes.
// CHECK-LABEL: func.func @narrow_bias
func.func @narrow_bias(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>, %b: tensor<4xi8>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %sb = nn.constant dense<0.25> : tensor<f32>
  %c = nn.dequantize %b, %sb, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %0 = nn.matmul %x, %w, %c : (tensor<3x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %9 = nn.quantize %0, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// Scales that vary along what is summed.
// CHECK-LABEL: func.func @scales_along_the_sum
func.func @scales_along_the_sum(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %each = nn.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %w = nn.dequantize %k, %each, %z : (tensor<2x4xi8>, tensor<2x1xf32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %9 = nn.quantize %0, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// Several scales of the result.
// CHECK-LABEL: func.func @several_result_scales
func.func @several_result_scales(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %each = nn.constant dense<[0.5, 0.25, 1.0, 2.0]> : tensor<4xf32>
  %9 = nn.quantize %0, %each, %z : (tensor<3x4xf32>, tensor<4xf32>, tensor<i8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// Several zero points of the result.
// CHECK-LABEL: func.func @several_result_zero_points
func.func @several_result_zero_points(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %each = nn.constant dense<[0, 1, 2, 3]> : tensor<4xi8>
  %9 = nn.quantize %0, %s, %each : (tensor<3x4xf32>, tensor<f32>, tensor<4xi8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// The floats have another reader.
// CHECK-LABEL: func.func @another_reader
func.func @another_reader(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> (tensor<3x4xi8>, tensor<3x4xf32>) {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %9 = nn.quantize %0, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9, %0 : tensor<3x4xi8>, tensor<3x4xf32>
}

// So has what an activation reads.
// CHECK-LABEL: func.func @another_reader_of_the_activation
func.func @another_reader_of_the_activation(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> (tensor<3x4xi8>, tensor<3x4xf32>) {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %1 = nn.relu %0 : tensor<3x4xf32>
  %9 = nn.quantize %1, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9, %0 : tensor<3x4xi8>, tensor<3x4xf32>
}

// Weights that are floats.
// CHECK-LABEL: func.func @float_weights
func.func @float_weights(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>, %w: tensor<2x4xf32>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %9 = nn.quantize %0, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// Factors of 16 bits: their sums of products could leave int32.
// CHECK-LABEL: func.func @words
func.func @words(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>, %v: tensor<3x2xi16>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %zv = nn.constant dense<0> : tensor<i16>
  %x = nn.dequantize %v, %s, %zv : (tensor<3x2xi16>, tensor<f32>, tensor<i16>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %9 = nn.quantize %0, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// No quantized result.
// CHECK-LABEL: func.func @no_quantized_result
func.func @no_quantized_result(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> tensor<3x4xf32> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// A function between the two that is no clamp.
// CHECK-LABEL: func.func @another_function
func.func @another_function(%q: tensor<3x2xi8>, %k: tensor<2x4xi8>) -> tensor<3x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %x = nn.dequantize %q, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %w = nn.dequantize %k, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = nn.matmul %x, %w : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  %1 = nn.sigmoid %0 : tensor<3x4xf32>
  %9 = nn.quantize %1, %s, %z : (tensor<3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<3x4xi8>
  return %9 : tensor<3x4xi8>
}

// A bias per column cannot count in units of a row, be there as many rows as columns.
// CHECK-LABEL: func.func @bias_and_scales_of_rows
func.func @bias_and_scales_of_rows(%q: tensor<4x2xi8>, %k: tensor<2x4xi8>, %b: tensor<4xi32>) -> tensor<4x4xi8> {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<[[0.5], [0.25], [1.0], [2.0]]> : tensor<4x1xf32>
  %t = nn.constant dense<1.0> : tensor<f32>
  %sb = nn.constant dense<[0.5, 0.25, 1.0, 2.0]> : tensor<4xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %zb = nn.constant dense<0> : tensor<i32>
  %x = nn.dequantize %q, %s, %z : (tensor<4x2xi8>, tensor<4x1xf32>, tensor<i8>) -> tensor<4x2xf32>
  %w = nn.dequantize %k, %t, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %c = nn.dequantize %b, %sb, %zb : (tensor<4xi32>, tensor<4xf32>, tensor<i32>) -> tensor<4xf32>
  %0 = nn.matmul %x, %w, %c : (tensor<4x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  %1 = nn.quantize %0, %t, %z : (tensor<4x4xf32>, tensor<f32>, tensor<i8>) -> tensor<4x4xi8>
  return %1 : tensor<4x4xi8>
}

// Another rounding than that of nn.requantize.
// CHECK-LABEL: func.func @rounded_down
func.func @rounded_down(%q: tensor<1x2xi8>) -> tensor<1x2xi8> {
  // CHECK: nn.matmul {{.*}} -> tensor<1x2xf32>
  // CHECK-NEXT: nn.quantize {{.*}} {rounding = 6 : i64}
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %3 = nn.quantize %2, %half, %z {rounding = 6 : i64} : (tensor<1x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  return %3 : tensor<1x2xi8>
}
