// RUN: nn-opt %s --nn-absorb-stored-bias | FileCheck %s
// RUN: nn-opt %s --nn-absorb-stored-bias=exact=tflite-double | FileCheck %s --check-prefix=TFLITE

// A bias of steps of 1/2 where sums count 1/8. TFLite rounds the sum where it stands.
// CHECK-LABEL: func.func @sum
// TFLITE-LABEL: func.func @sum
// TFLITE: nn.matmul
// TFLITE-NEXT: nn.add
func.func @sum(%q: tensor<1x2xi8>) -> tensor<1x3xf32> {
  // CHECK-DAG: %[[N:.*]] = nn.constant dense<[4, -8, 12]> : tensor<3xi32>
  // CHECK: %[[B:.*]] = nn.dequantize %[[N]], %{{.*}} : (tensor<3xi32>, tensor<f32>, tensor<i32>) -> tensor<3xf32>
  // CHECK-NEXT: %[[Y:.*]] = nn.matmul %{{.*}}, %{{.*}}, %[[B]]
  // CHECK-NEXT: return %[[Y]]
  %k = nn.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8>
  %b = nn.constant dense<[1, -2, 3]> : tensor<3xi8>
  %half = nn.constant dense<0.5> : tensor<f32>
  %quarter = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %quarter, %z : (tensor<2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  %2 = nn.dequantize %b, %half, %z : (tensor<3xi8>, tensor<f32>, tensor<i8>) -> tensor<3xf32>
  %3 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x3xf32>) -> tensor<1x3xf32>
  %4 = nn.add %3, %2 : (tensor<1x3xf32>, tensor<3xf32>) -> tensor<1x3xf32>
  return %4 : tensor<1x3xf32>
}

// Floats that are such multiples, and a step for each channel of a convolution.
// CHECK-LABEL: func.func @bias_of_conv
func.func @bias_of_conv(%q: tensor<1x1x4xi8>) -> tensor<1x2x4xf32> {
  // CHECK-DAG: %[[N:.*]] = nn.constant dense<[3, -10]> : tensor<2xi32>
  // CHECK: %[[B:.*]] = nn.dequantize %[[N]], %{{.*}} : (tensor<2xi32>, tensor<2xf32>, tensor<i32>) -> tensor<2xf32>
  // CHECK: nn.conv %{{.*}}, %{{.*}}, %[[B]]
  %k = nn.constant dense<[[[1]], [[2]]]> : tensor<2x1x1xi8>
  %b = nn.constant dense<[1.5, -2.5]> : tensor<2xf32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %each = nn.constant dense<[[[0.5]], [[0.25]]]> : tensor<2x1x1xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %one, %z : (tensor<1x1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1x4xf32>
  %1 = nn.dequantize %k, %each, %z : (tensor<2x1x1xi8>, tensor<2x1x1xf32>, tensor<i8>) -> tensor<2x1x1xf32>
  %2 = nn.conv %0, %1, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64}
    : (tensor<1x1x4xf32>, tensor<2x1x1xf32>, tensor<2xf32>) -> tensor<1x2x4xf32>
  return %2 : tensor<1x2x4xf32>
}

// The numbers count before they are rounded to floats: 2^24 + 1 times 1, and 8 halves, in steps of 1/4.
// CHECK-LABEL: func.func @scale_per_channel
func.func @scale_per_channel(%q: tensor<1x2xi8>) -> tensor<1x2xf32> {
  // CHECK-DAG: nn.constant dense<[67108868, 16]> : tensor<2xi32>
  // CHECK: nn.matmul %{{.*}}, %{{.*}}, %{{.*}} : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>)
  // CHECK-NEXT: return
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %b = nn.constant dense<[16777217, 8]> : tensor<2xi32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %each = nn.constant dense<[1.0, 0.5]> : tensor<2xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %zb = nn.constant dense<0> : tensor<i32>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.dequantize %b, %each, %zb : (tensor<2xi32>, tensor<2xf32>, tensor<i32>) -> tensor<2xf32>
  %3 = nn.matmul %0, %1, %2 : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %3 : tensor<1x2xf32>
}

// What is no whole number of steps, one of the two numbers here.
// CHECK-LABEL: func.func @part_of_a_step
func.func @part_of_a_step(%q: tensor<1x2xi8>) -> tensor<1x2xf32> {
  // CHECK: nn.matmul %{{.*}}, %{{.*}} : (tensor<1x2xf32>, tensor<2x2xf32>)
  // CHECK-NEXT: nn.add
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %b = nn.constant dense<[0.25, 0.3]> : tensor<2xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %3 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %4 = nn.add %3, %b : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %4 : tensor<1x2xf32>
}

// 1098907649 * (1 + 2^-23) is 2^-23 more than 274726945 steps of 4, which a double would not tell.
// CHECK-LABEL: func.func @least_part_of_a_step
func.func @least_part_of_a_step(%q: tensor<1x2xi8>) -> tensor<1x2xf32> {
  // CHECK: nn.matmul %{{.*}}, %{{.*}} : (tensor<1x2xf32>, tensor<2x2xf32>)
  // CHECK-NEXT: nn.add
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %b = nn.constant dense<1098907649> : tensor<2xi32>
  %two = nn.constant dense<2.0> : tensor<f32>
  %more = nn.constant dense<0x3F800001> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %zb = nn.constant dense<0> : tensor<i32>
  %0 = nn.dequantize %q, %two, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %two, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.dequantize %b, %more, %zb : (tensor<2xi32>, tensor<f32>, tensor<i32>) -> tensor<2xf32>
  %3 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %4 = nn.add %3, %2 : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %4 : tensor<1x2xf32>
}

// The product has another reader, to which the sum is nothing.
// CHECK-LABEL: func.func @another_reader
func.func @another_reader(%q: tensor<1x2xi8>) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  // CHECK: nn.matmul %{{.*}}, %{{.*}} : (tensor<1x2xf32>, tensor<2x2xf32>)
  // CHECK-NEXT: nn.add
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %b = nn.constant dense<0.25> : tensor<2xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %3 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %4 = nn.add %3, %b : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %3, %4 : tensor<1x2xf32>, tensor<1x2xf32>
}

// A number for each row is no bias.
// CHECK-LABEL: func.func @per_row
func.func @per_row(%q: tensor<2x2xi8>) -> tensor<2x2xf32> {
  // CHECK: nn.add
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %b = nn.constant dense<[[0.25], [0.5]]> : tensor<2x1xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %1 = nn.dequantize %k, %half, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %3 = nn.matmul %0, %1 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %4 = nn.add %3, %b : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  return %4 : tensor<2x2xf32>
}
