// RUN: %nn-opt %s --nn-assign-layouts --nn-order-steps --nn-plan-memory --nn-verify-plan | FileCheck %s

// What was proved of integers stands on the step: two groups that differ in it alone, and in their weights, share a kernel,
// which says nothing of it.

// CHECK: plan.kernel @[[$K:k0_matmul_requantize]]
// CHECK: nn.matmul
// CHECK-NOT: nn.partial_sums
// CHECK: nn.requantize
// CHECK-NOT: nn.a
// CHECK: plan.program
// CHECK: plan.step @[[$K]]
// CHECK-SAME: nn.partial_sums = dense<[-128, 127]> : tensor<2xi64>
// CHECK-SAME: nn.requantizations = [{accumulators = dense<{{\[}}[-128, 127]]> : tensor<1x2xi64>, affine = dense<{{\[}}[1, 0, 1]]> : tensor<1x3xi64>}]
// CHECK: plan.step @[[$K]]
// CHECK-SAME: nn.partial_sums = dense<[-256, 254]> : tensor<2xi64>
// CHECK-SAME: nn.requantizations = [{}]
// CHECK: plan.step @{{.*}}relu
// CHECK-NOT: nn.
func.func @two(%x: tensor<1x1xi8>) -> tensor<1x1xi8> {
  %w = nn.constant dense<1> : tensor<1x1xi8>
  %v = nn.constant dense<2> : tensor<1x1xi8>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.fused(%x, %w, %s, %z) : (tensor<1x1xi8>, tensor<1x1xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8> {
  ^bb0(%a: tensor<1x1xi8>, %b: tensor<1x1xi8>, %c: tensor<f32>, %d: tensor<i8>):
    %p = nn.matmul %a, %b {nn.partial_sums = dense<[-128, 127]> : tensor<2xi64>} : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
    %q = nn.requantize %p, %c, %d {nn.accumulators = dense<[[-128, 127]]> : tensor<1x2xi64>, nn.affine = dense<[[1, 0, 1]]> : tensor<1x3xi64>} : (tensor<1x1xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
    nn.yield %q : tensor<1x1xi8>
  }
  %1 = nn.fused(%0, %v, %s, %z) : (tensor<1x1xi8>, tensor<1x1xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8> {
  ^bb0(%a: tensor<1x1xi8>, %b: tensor<1x1xi8>, %c: tensor<f32>, %d: tensor<i8>):
    %p = nn.matmul %a, %b {nn.partial_sums = dense<[-256, 254]> : tensor<2xi64>} : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
    %q = nn.requantize %p, %c, %d : (tensor<1x1xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
    nn.yield %q : tensor<1x1xi8>
  }
  %2 = nn.fused(%1) : (tensor<1x1xi8>) -> tensor<1x1xi8> {
  ^bb0(%a: tensor<1x1xi8>):
    %r = nn.relu %a : tensor<1x1xi8>
    nn.yield %r : tensor<1x1xi8>
  }
  return %2 : tensor<1x1xi8>
}

// Of floats between integers likewise, an entry for each nn.quantize in order.
// CHECK: plan.program @islands
// CHECK: plan.step
// CHECK-SAME: nn.islands = [{}, {bilinear = dense<[1, 1, 0, 0, 0, -128, 127, 0]> : tensor<8xi64>}, {obstacle = "words"}]
func.func @islands(%x: tensor<4xf32>, %s: tensor<f32>, %z: tensor<i8>) -> tensor<4xi8> {
  %0 = nn.fused(%x, %s, %z) : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8> {
  ^bb0(%a: tensor<4xf32>, %b: tensor<f32>, %c: tensor<i8>):
    %p = nn.quantize %a, %b, %c : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
    %q = nn.dequantize %p, %b, %c : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
    %r = nn.quantize %q, %b, %c {nn.bilinear = dense<[1, 1, 0, 0, 0, -128, 127, 0]> : tensor<8xi64>} : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
    %t = nn.dequantize %r, %b, %c : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
    %u = nn.quantize %t, %b, %c {nn.obstacle = "words"} : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
    nn.yield %u : tensor<4xi8>
  }
  return %0 : tensor<4xi8>
}
