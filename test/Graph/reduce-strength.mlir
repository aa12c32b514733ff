// RUN: nn-opt %s --nn-reduce-strength | FileCheck %s

// CHECK-LABEL: func.func @square
func.func @square(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: nn.mul %[[X:.*]], %[[X]]
  %c = nn.constant dense<2.0> : tensor<f32>
  %0 = nn.pow %x, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @root
func.func @root(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: nn.sqrt
  %c = nn.constant dense<0.5> : tensor<4xf32>
  %0 = nn.pow %x, %c : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @other_power_stays
func.func @other_power_stays(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: nn.pow
  %c = nn.constant dense<1.5> : tensor<f32>
  %0 = nn.pow %x, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The power of a base with fewer elements than the exponents has no op of its own.
// CHECK-LABEL: func.func @broadcasting_power_stays
func.func @broadcasting_power_stays(%x: tensor<1xf32>) -> tensor<4xf32> {
  // CHECK: nn.pow
  %c = nn.constant dense<2.0> : tensor<4xf32>
  %0 = nn.pow %x, %c : (tensor<1xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @division_by_constant
func.func @division_by_constant(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[R:.*]] = nn.constant dense<1.250000e-01>
  // CHECK: nn.mul %{{.*}}, %[[R]]
  %c = nn.constant dense<8.0> : tensor<f32>
  %0 = nn.div %x, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// A last bit more or less would move ties.
// CHECK-LABEL: func.func @quotient_that_is_quantized_stays
func.func @quotient_that_is_quantized_stays(%x: tensor<1x4x3xui8>) -> (tensor<1x3x4xi8>, tensor<1x4x3xf32>) {
  %c = nn.constant dense<[5.0, 6.0, 8.0]> : tensor<3xf32>
  %m = nn.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.cast %x : tensor<1x4x3xui8> to tensor<1x4x3xf32>
  // CHECK: nn.div
  %1 = nn.div %0, %c : (tensor<1x4x3xf32>, tensor<3xf32>) -> tensor<1x4x3xf32>
  %2 = nn.sub %1, %m : (tensor<1x4x3xf32>, tensor<3xf32>) -> tensor<1x4x3xf32>
  %3 = nn.transpose %2 {permutation = array<i64: 0, 2, 1>} : (tensor<1x4x3xf32>) -> tensor<1x3x4xf32>
  %4 = nn.quantize %3, %s, %z : (tensor<1x3x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x3x4xi8>
  // CHECK: nn.mul
  %5 = nn.div %0, %m : (tensor<1x4x3xf32>, tensor<3xf32>) -> tensor<1x4x3xf32>
  return %4, %5 : tensor<1x3x4xi8>, tensor<1x4x3xf32>
}

// Powers of two have exact reciprocals.
// CHECK-LABEL: func.func @exact_reciprocal_before_quantize
func.func @exact_reciprocal_before_quantize(%x: tensor<4xf32>) -> tensor<4xi8> {
  %c = nn.constant dense<[5.0e-01, -8.0, 1.0, 4.0]> : tensor<4xf32>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  // CHECK: nn.mul
  // CHECK-NEXT: nn.quantize
  %0 = nn.div %x, %c : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.quantize %0, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %1 : tensor<4xi8>
}

// 1 / 1e38 would be subnormal.
// CHECK-LABEL: func.func @division_by_huge_constant_stays
func.func @division_by_huge_constant_stays(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: nn.div
  %c = nn.constant dense<1.0e+38> : tensor<f32>
  %0 = nn.div %x, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @one_division_per_row
func.func @one_division_per_row(%x: tensor<2x8xf32>, %v: tensor<2x1xf32>) -> tensor<2x8xf32> {
  // CHECK: %[[T:.*]] = nn.sqrt
  // CHECK: %[[R:.*]] = nn.div %{{.*}}, %[[T]] : (tensor<f32>, tensor<2x1xf32>) -> tensor<2x1xf32>
  // CHECK: nn.mul %{{.*}}, %[[R]]
  %t = nn.sqrt %v : tensor<2x1xf32>
  %0 = nn.div %x, %t : (tensor<2x8xf32>, tensor<2x1xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// The divisor may be so large that its reciprocal vanishes.
// CHECK-LABEL: func.func @unbounded_divisor_stays
func.func @unbounded_divisor_stays(%x: tensor<2x8xf32>, %v: tensor<2x1xf32>) -> tensor<2x8xf32> {
  // CHECK-NEXT: nn.div
  %0 = nn.div %x, %v : (tensor<2x8xf32>, tensor<2x1xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// Scales of quantization stay quotients: another last bit would move ties.
// CHECK-LABEL: func.func @scale
func.func @scale(%x: tensor<4xf32>, %range: tensor<f32>) -> tensor<4xui8> {
  %c = nn.constant dense<255.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<ui8>
  // CHECK: %[[S:.*]] = nn.div %arg1
  // CHECK-NEXT: nn.quantize %arg0, %[[S]]
  %s = nn.div %range, %c : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  return %0 : tensor<4xui8>
}

// Functions have bits of their own; GELU is no place for a division.
// CHECK-LABEL: func.func @quotient_in_a_function
func.func @quotient_in_a_function(%x: tensor<4xf32>) -> tensor<4xi8> {
  // CHECK-NOT: nn.div
  %c = nn.constant dense<1.41421354> : tensor<f32>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.div %x, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  // CHECK: nn.erf
  %1 = nn.erf %0 : tensor<4xf32>
  %2 = nn.mul %1, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// What is only part of a sum of products before it is quantized moves no tie of its own.
// CHECK-LABEL: func.func @quotient_in_a_sum
func.func @quotient_in_a_sum(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>, %s: tensor<f32>) -> tensor<1x4xui8> {
  %c = nn.constant dense<255.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<ui8>
  // CHECK-NOT: nn.div
  // CHECK: nn.mul
  // CHECK-NEXT: nn.matmul
  %0 = nn.div %x, %c : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  %1 = nn.matmul %0, %w : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4xui8>
  return %2 : tensor<1x4xui8>
}

// With the maximum subtracted a sum of exponentials is between 1 and the number of them.
// CHECK-LABEL: func.func @one_division_per_sum_of_exponentials
func.func @one_division_per_sum_of_exponentials(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // CHECK: %[[S:.*]] = nn.reduce_sum
  // CHECK: %[[R:.*]] = nn.div %{{.*}}, %[[S]] : (tensor<f32>, tensor<2x1xf32>) -> tensor<2x1xf32>
  // CHECK: nn.mul %{{.*}}, %[[R]]
  %m = nn.reduce_max %x {axes = array<i64: 1>, keepdims = true} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  %d = nn.sub %x, %m : (tensor<2x8xf32>, tensor<2x1xf32>) -> tensor<2x8xf32>
  %e = nn.exp %d : tensor<2x8xf32>
  %s = nn.reduce_sum %e {axes = array<i64: 1>, keepdims = true} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  %0 = nn.div %e, %s : (tensor<2x8xf32>, tensor<2x1xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// Without, it passes 2^125, whose reciprocal is flushed.
// CHECK-LABEL: func.func @sum_of_large_exponentials_stays
func.func @sum_of_large_exponentials_stays(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // CHECK: nn.reduce_sum
  // CHECK-NEXT: nn.div %{{.*}} : (tensor<2x8xf32>, tensor<2x1xf32>)
  %e = nn.exp %x : tensor<2x8xf32>
  %s = nn.reduce_sum %e {axes = array<i64: 1>, keepdims = true} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  %0 = nn.div %e, %s : (tensor<2x8xf32>, tensor<2x1xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// The maximum of something else.
// CHECK-LABEL: func.func @other_maximum_stays
func.func @other_maximum_stays(%x: tensor<2x8xf32>, %y: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // CHECK: nn.reduce_sum
  // CHECK-NEXT: nn.div
  %m = nn.reduce_max %y {axes = array<i64: 1>, keepdims = true} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  %d = nn.sub %x, %m : (tensor<2x8xf32>, tensor<2x1xf32>) -> tensor<2x8xf32>
  %e = nn.exp %d : tensor<2x8xf32>
  %s = nn.reduce_sum %e {axes = array<i64: 1>, keepdims = true} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  %0 = nn.div %e, %s : (tensor<2x8xf32>, tensor<2x1xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// Dropped dimensions: the maximum of row i is subtracted from column i.
// CHECK-LABEL: func.func @maximum_of_other_elements_stays
func.func @maximum_of_other_elements_stays(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  // CHECK: nn.reduce_sum
  // CHECK-NEXT: nn.div
  %m = nn.reduce_max %x {axes = array<i64: 1>, keepdims = false} : (tensor<8x8xf32>) -> tensor<8xf32>
  %d = nn.sub %x, %m : (tensor<8x8xf32>, tensor<8xf32>) -> tensor<8x8xf32>
  %e = nn.exp %d : tensor<8x8xf32>
  %s = nn.reduce_sum %e {axes = array<i64: 1>, keepdims = true} : (tensor<8x8xf32>) -> tensor<8x1xf32>
  %0 = nn.div %e, %s : (tensor<8x8xf32>, tensor<8x1xf32>) -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}
