// RUN: nn-opt %s --nn-quantize-constants | FileCheck %s

// Weights of three bits, and a sign.
// CHECK-LABEL: func.func @weights
func.func @weights(%x: tensor<1x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  // CHECK-DAG: nn.constant dense<{{\[}}[3, -4], [2, 0]]> : tensor<2x2xi4>
  // CHECK-DAG: nn.constant dense<{{\[}}[1, -1], [1, 1]]> : tensor<2x2xi2>
  // CHECK-NOT: nn.quantize
  // CHECK-NOT: nn.clip
  // CHECK-NOT: nn.threshold
  // CHECK: return
  %w = nn.constant dense<[[9.0, -9.0], [0.75, 0.0]]> : tensor<2x2xf32>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i4>
  %t = nn.constant dense<0.0> : tensor<1x2xf32>
  %y = nn.constant dense<0> : tensor<i2>
  %0 = nn.quantize %w, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<i4>) -> tensor<2x2xi4>
  %1 = nn.clip %0 {min = -4 : i4, max = 3 : i4} : tensor<2x2xi4>
  %2 = nn.dequantize %1, %s, %z : (tensor<2x2xi4>, tensor<f32>, tensor<i4>) -> tensor<2x2xf32>
  %3 = nn.matmul %x, %2 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %4 = nn.threshold %w, %t {channel = 0 : i64, least = -1 : i64} : (tensor<2x2xf32>, tensor<1x2xf32>) -> tensor<2x2xi2>
  %5 = nn.dequantize %4, %s, %y : (tensor<2x2xi2>, tensor<f32>, tensor<i2>) -> tensor<2x2xf32>
  %6 = nn.matmul %3, %5 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %3, %6 : tensor<1x2xf32>, tensor<1x2xf32>
}

// What depends on an input waits for it; floats are not ours.
// CHECK-LABEL: func.func @activations
func.func @activations(%x: tensor<2xf32>, %s: tensor<f32>) -> (tensor<2xi4>, tensor<2xi4>, tensor<2xf32>) {
  // CHECK: nn.quantize
  // CHECK: nn.quantize
  // CHECK: nn.clip
  %w = nn.constant dense<[9.0, -9.0]> : tensor<2xf32>
  %z = nn.constant dense<0> : tensor<i4>
  %one = nn.constant dense<1.0> : tensor<f32>
  %0 = nn.quantize %x, %one, %z : (tensor<2xf32>, tensor<f32>, tensor<i4>) -> tensor<2xi4>
  %1 = nn.quantize %w, %s, %z : (tensor<2xf32>, tensor<f32>, tensor<i4>) -> tensor<2xi4>
  %2 = nn.clip %w {min = -1.0 : f32, max = 1.0 : f32} : tensor<2xf32>
  return %0, %1, %2 : tensor<2xi4>, tensor<2xi4>, tensor<2xf32>
}
