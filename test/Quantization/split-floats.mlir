// RUN: nn-opt %s --nn-split-floats --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @softmax
// CHECK-SAME: (%[[Q:.*]]: tensor<1x4xi8>) -> (tensor<1x4xi8> {nn.name = "y", nn.scale = 5.000000e-01 : f32, nn.zero_point = 3 : i32})
// CHECK-NEXT: %[[R:.*]] = nn.clip
// CHECK-NEXT: return %[[R]]
func.func @softmax(%q: tensor<1x4xi8>) -> (tensor<1x4xf32> {nn.name = "y"}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  // expected-remark @below {{output 'y' leaves as the integers before softmax}}
  %r = nn.clip %q {min = -5 : i8, max = 9 : i8} : tensor<1x4xi8>
  %0 = nn.dequantize %r, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32> loc("last")
  %1 = nn.softmax %0 {axes = array<i64: 1>} : tensor<1x4xf32> loc("softmax")
  return %1 : tensor<1x4xf32>
}

// -----

// Integers stay, and nothing is said.
// CHECK-LABEL: func.func @integers
// CHECK-NEXT: return %{{.*}} : tensor<1x4xi8>
func.func @integers(%q: tensor<1x4xi8>) -> tensor<1x4xi8> {
  return %q : tensor<1x4xi8>
}

// -----

func.func @layer(%q: tensor<1x4xi8>) -> (tensor<1x2xf32> {nn.name = "y"}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %w = nn.constant dense<1.0> : tensor<4x2xf32>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  // expected-error @below {{computes with floats, which hardware has not}}
  %1 = nn.matmul %0, %w : (tensor<1x4xf32>, tensor<4x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}
