// RUN: %nn-opt %s --nn-assign-layouts --nn-order-steps | FileCheck %s

// Two big tensors, each reduced to a small one: the reductions move up so that the big ones are never live together.

// CHECK-LABEL: func.func @reduce_early
// CHECK: nn.relu
// CHECK: nn.reduce_sum
// CHECK: nn.neg
// CHECK: nn.reduce_sum
func.func @reduce_early(%x: tensor<4xf32>, %w: tensor<64x4xf32>) -> tensor<4xf32> {
  %0 = nn.fused(%w) : (tensor<64x4xf32>) -> tensor<64x4xf32> {
  ^bb0(%a: tensor<64x4xf32>):
    %r = nn.relu %a : tensor<64x4xf32>
    nn.yield %r : tensor<64x4xf32>
  }
  %1 = nn.fused(%w) : (tensor<64x4xf32>) -> tensor<64x4xf32> {
  ^bb0(%a: tensor<64x4xf32>):
    %r = nn.neg %a : tensor<64x4xf32>
    nn.yield %r : tensor<64x4xf32>
  }
  %2 = nn.fused(%0) : (tensor<64x4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<64x4xf32>):
    %r = nn.reduce_sum %a {axes = array<i64: 0>, keepdims = false} : (tensor<64x4xf32>) -> tensor<4xf32>
    nn.yield %r : tensor<4xf32>
  }
  %3 = nn.fused(%1, %2) : (tensor<64x4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<64x4xf32>, %b: tensor<4xf32>):
    %r = nn.reduce_sum %a {axes = array<i64: 0>, keepdims = false} : (tensor<64x4xf32>) -> tensor<4xf32>
    %s = nn.add %r, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    nn.yield %s : tensor<4xf32>
  }
  return %3 : tensor<4xf32>
}

// The branch that leaves less runs first, though its first step makes more.

// CHECK-LABEL: func.func @valley
// CHECK: nn.relu
// CHECK: nn.mul
// CHECK: nn.reduce_sum
// CHECK: nn.neg
// CHECK: nn.reduce_sum
func.func @valley(%x: tensor<16x4xf32>, %s: tensor<2x1x1xf32>) -> tensor<4xf32> {
  %0 = nn.fused(%x) : (tensor<16x4xf32>) -> tensor<16x4xf32> {
  ^bb0(%a: tensor<16x4xf32>):
    %r = nn.relu %a : tensor<16x4xf32>
    nn.yield %r : tensor<16x4xf32>
  }
  %1 = nn.fused(%0) : (tensor<16x4xf32>) -> tensor<16x4xf32> {
  ^bb0(%a: tensor<16x4xf32>):
    %r = nn.neg %a : tensor<16x4xf32>
    nn.yield %r : tensor<16x4xf32>
  }
  %2 = nn.fused(%0, %s) : (tensor<16x4xf32>, tensor<2x1x1xf32>) -> tensor<2x16x4xf32> {
  ^bb0(%a: tensor<16x4xf32>, %b: tensor<2x1x1xf32>):
    %r = nn.mul %a, %b : (tensor<16x4xf32>, tensor<2x1x1xf32>) -> tensor<2x16x4xf32>
    nn.yield %r : tensor<2x16x4xf32>
  }
  %3 = nn.fused(%2) : (tensor<2x16x4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<2x16x4xf32>):
    %r = nn.reduce_sum %a {axes = array<i64: 0, 1>, keepdims = false} : (tensor<2x16x4xf32>) -> tensor<4xf32>
    nn.yield %r : tensor<4xf32>
  }
  %4 = nn.fused(%1, %3) : (tensor<16x4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<16x4xf32>, %b: tensor<4xf32>):
    %r = nn.reduce_sum %a {axes = array<i64: 0>, keepdims = false} : (tensor<16x4xf32>) -> tensor<4xf32>
    %t = nn.add %r, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    nn.yield %t : tensor<4xf32>
  }
  return %4 : tensor<4xf32>
}

// Nothing to gain: the file's order stays.

// CHECK-LABEL: func.func @as_written
// CHECK: nn.relu
// CHECK: nn.neg
// CHECK: nn.add
func.func @as_written(%x: tensor<64xf32>) -> tensor<64xf32> {
  %0 = nn.fused(%x) : (tensor<64xf32>) -> tensor<64xf32> {
  ^bb0(%a: tensor<64xf32>):
    %r = nn.relu %a : tensor<64xf32>
    nn.yield %r : tensor<64xf32>
  }
  %1 = nn.fused(%x) : (tensor<64xf32>) -> tensor<64xf32> {
  ^bb0(%a: tensor<64xf32>):
    %r = nn.neg %a : tensor<64xf32>
    nn.yield %r : tensor<64xf32>
  }
  %2 = nn.fused(%0, %1) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32> {
  ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>):
    %r = nn.add %a, %b : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
    nn.yield %r : tensor<64xf32>
  }
  return %2 : tensor<64xf32>
}
