// RUN: nn-opt %s --nn-mark-moderate-scales | FileCheck %s

// CHECK-LABEL: func.func @moderate
func.func @moderate(%x: tensor<1x2x2xf32>) -> tensor<1x2x2xf32> {
  %s = nn.constant dense<[[1.0], [0.003]]> : tensor<2x1xf32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK: nn.quantize {{.*}} {nn.moderate_scale}
  %q = nn.quantize %x, %s, %z : (tensor<1x2x2xf32>, tensor<2x1xf32>, tensor<i8>) -> tensor<1x2x2xi8>
  // CHECK: nn.dequantize {{.*}} {nn.moderate_scale}
  %y = nn.dequantize %q, %s, %z : (tensor<1x2x2xi8>, tensor<2x1xf32>, tensor<i8>) -> tensor<1x2x2xf32>
  return %y : tensor<1x2x2xf32>
}

// One element that is too small or too great, or a scale that only run time knows. What a text says does not count.
// CHECK-LABEL: func.func @not_moderate
// CHECK-NOT: nn.moderate_scale
// CHECK-LABEL: func.func @grouped
func.func @not_moderate(%x: tensor<2xf32>, %t: tensor<f32>) -> (tensor<2xi8>, tensor<2xi8>, tensor<2xi8>) {
  %small = nn.constant dense<[1.0, 5.0e-20]> : tensor<2xf32>
  %great = nn.constant dense<2.0e+19> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %small, %z : (tensor<2xf32>, tensor<2xf32>, tensor<i8>) -> tensor<2xi8>
  %1 = nn.quantize %x, %great, %z {nn.moderate_scale} : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  %2 = nn.quantize %x, %t, %z : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  return %0, %1, %2 : tensor<2xi8>, tensor<2xi8>, tensor<2xi8>
}

// The operands of groups are what they are bound to.
func.func @grouped(%x: tensor<2xf32>) -> tensor<2xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK: nn.quantize {{.*}} {nn.moderate_scale}
  %0 = nn.fused(%x, %s, %z) : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8> {
  ^bb0(%a: tensor<2xf32>, %b: tensor<f32>, %c: tensor<i8>):
    %q = nn.quantize %a, %b, %c : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
    nn.yield %q : tensor<2xi8>
  }
  return %0 : tensor<2xi8>
}
