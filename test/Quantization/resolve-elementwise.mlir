// RUN: nn-opt %s --nn-resolve-elementwise=exact=tflm-double | FileCheck %s
// RUN: nn-opt %s --nn-resolve-elementwise=exact=tflite-single | FileCheck %s --check-prefix=SINGLE
// RUN: nn-opt %s --nn-resolve-elementwise | FileCheck %s --check-prefix=ORT

// Both operands in units of twice the larger scale, 20 bits up; scales 1/2 and 1/4 to 1: factors 1/2, 1/4 and 1/2^20.
// CHECK-LABEL: func.func @add
// SINGLE-LABEL: func.func @add
// ORT-LABEL: func.func @add
func.func @add(%a: tensor<4xi8>, %b: tensor<4xui8>) -> tensor<4xi8> {
  // CHECK-DAG: %[[UP:.*]] = nn.constant dense<1048576> : tensor<i32>
  // CHECK: %[[A:.*]] = nn.sub %{{.*}} : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  // CHECK: %[[AU:.*]] = nn.mul %[[A]], %[[UP]]
  // CHECK-DAG: %[[M:.*]] = nn.constant dense<1073741824> : tensor<i32>
  // CHECK-DAG: %[[SA:.*]] = nn.constant dense<31> : tensor<i32>
  // CHECK: %[[TA:.*]] = nn.rescale %[[AU]], %[[M]], %[[SA]], %{{.*}} {rounding = 1 : i64}
  // CHECK: nn.constant dense<32> : tensor<i32>
  // CHECK: %[[TB:.*]] = nn.rescale
  // CHECK: %[[T:.*]] = nn.add %[[TA]], %[[TB]] : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  // CHECK: nn.constant dense<50> : tensor<i32>
  // CHECK: %[[Q:.*]] = nn.rescale %[[T]], %{{.*}} {rounding = 1 : i64} : (tensor<4xi32>, tensor<i32>, tensor<i32>, tensor<i8>) -> tensor<4xi8>
  // CHECK-NEXT: return %[[Q]]
  // SINGLE: nn.rescale %{{.*}} {rounding = 0 : i64}
  // SINGLE: nn.rescale %{{.*}} {rounding = 0 : i64}
  // SINGLE: nn.rescale %{{.*}} {rounding = 0 : i64}
  // ORT-NOT: nn.rescale
  // ORT: nn.add %{{.*}} : (tensor<4xf32>, tensor<4xf32>)
  %sa = nn.constant dense<0.5> : tensor<f32>
  %za = nn.constant dense<3> : tensor<i8>
  %sb = nn.constant dense<0.25> : tensor<f32>
  %zb = nn.constant dense<128> : tensor<ui8>
  %sy = nn.constant dense<1.0> : tensor<f32>
  %x = nn.dequantize %a, %sa, %za : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %y = nn.dequantize %b, %sb, %zb : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  %0 = nn.add %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %q = nn.quantize %0, %sy, %za : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %q : tensor<4xi8>
}

// Differences alike; what is limited is limited as integers, 6 / 0.4 = 15 steps above the zero point.
// CHECK-LABEL: func.func @limited_difference
func.func @limited_difference(%a: tensor<4xi8>, %b: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: nn.sub %{{.*}} : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  // CHECK: %[[Q:.*]] = nn.rescale
  // CHECK: nn.clip %[[Q]] {max = 18 : i8, min = 3 : i8} : tensor<4xi8>
  %s = nn.constant dense<0.5> : tensor<f32>
  %sy = nn.constant dense<0.4> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %x = nn.dequantize %a, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %y = nn.dequantize %b, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %0 = nn.sub %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.clip %0 {min = 0.0 : f32, max = 6.0 : f32} : tensor<4xf32>
  %q = nn.quantize %1, %sy, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %q : tensor<4xi8>
}

// From one grid to another.
// CHECK-LABEL: func.func @other_grid
func.func @other_grid(%a: tensor<4xi8>) -> tensor<4xui8> {
  // CHECK: nn.rescale %{{.*}} {rounding = 1 : i64} : (tensor<4xi32>, tensor<i32>, tensor<i32>, tensor<ui8>) -> tensor<4xui8>
  %s = nn.constant dense<0.5> : tensor<f32>
  %sy = nn.constant dense<0.4> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %zy = nn.constant dense<128> : tensor<ui8>
  %x = nn.dequantize %a, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %q = nn.quantize %x, %sy, %zy : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  return %q : tensor<4xui8>
}

// What enters as floats is rounded as TFLite rounds it.
// CHECK-LABEL: func.func @input
// ORT-LABEL: func.func @input
func.func @input(%x: tensor<4xf32>) -> tensor<4xi8> {
  // CHECK: nn.quantize %{{.*}} {rounding = 1 : i64}
  // ORT: nn.quantize
  // ORT-NOT: rounding
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %q = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %q : tensor<4xi8>
}

// A product has no form here, nor has a sum whose scale is known at run time, or that floats read, too.
// CHECK-LABEL: func.func @others
func.func @others(%a: tensor<4xi8>, %s: tensor<f32>) -> (tensor<4xi8>, tensor<4xi8>, tensor<4xf32>) {
  // CHECK-NOT: nn.rescale
  // CHECK: nn.mul %{{.*}} : (tensor<4xf32>, tensor<4xf32>)
  // CHECK: nn.add %{{.*}} : (tensor<4xf32>, tensor<4xf32>)
  // CHECK-NOT: nn.rescale
  %c = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %x = nn.dequantize %a, %c, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %0 = nn.mul %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %q = nn.quantize %0, %c, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %y = nn.dequantize %a, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.add %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %r = nn.quantize %1, %c, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %q, %r, %1 : tensor<4xi8>, tensor<4xi8>, tensor<4xf32>
}
