// RUN: %nn-opt %s --nn-assign-layouts | FileCheck %s

// A sum that may overwrite an operand takes its halo where the network would need more than its liveness peak, and rows of
// 1 KiB stay 64 bytes apart if that is enough; below the peak each tensor has the halo that its readers ask for.

// Here the peak is 640 bytes, which separate halos would exceed: the sum takes the halo of what it overwrites.
// CHECK-LABEL: func.func @above
// CHECK: plan.results = [#plan.layout<strides = [16, 1], low = [1, 0], high = [1, 0]>]
// CHECK: plan.algorithm = "sum"
// CHECK-SAME: plan.results = [#plan.layout<strides = [16, 1], low = [1, 0], high = [1, 0]>]
func.func @above(%x: tensor<4x16xf32>) -> tensor<4x16xf32> attributes {plan.liveness_peak = 640 : i64} {
  %0 = nn.fused(%x) : (tensor<4x16xf32>) -> tensor<4x16xf32> {
  ^bb0(%a: tensor<4x16xf32>):
    %r = nn.relu %a : tensor<4x16xf32>
    nn.yield %r : tensor<4x16xf32>
  }
  %1 = nn.fused(%0) {plan.candidates = [{algorithm = "window", operands = [{low = array<i64: 1, 0>, high = array<i64: 1, 0>}]}]} : (tensor<4x16xf32>) -> tensor<4x16xf32> {
  ^bb0(%a: tensor<4x16xf32>):
    %r = nn.neg %a : tensor<4x16xf32>
    nn.yield %r : tensor<4x16xf32>
  }
  %2 = nn.fused(%0, %1) {plan.candidates = [{algorithm = "sum", alias = array<i1: true, false>}]} : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x16xf32> {
  ^bb0(%a: tensor<4x16xf32>, %b: tensor<4x16xf32>):
    %r = nn.add %a, %b : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x16xf32>
    nn.yield %r : tensor<4x16xf32>
  }
  %3 = nn.fused(%2) {plan.candidates = [{algorithm = "other"}]} : (tensor<4x16xf32>) -> tensor<4x16xf32> {
  ^bb0(%a: tensor<4x16xf32>):
    %r = nn.neg %a : tensor<4x16xf32>
    nn.yield %r : tensor<4x16xf32>
  }
  return %3 : tensor<4x16xf32>
}

// The same with a peak of 896 bytes, for which nothing has to be shared: the sum has no halo.
// CHECK-LABEL: func.func @below
// CHECK: plan.results = [#plan.layout<strides = [16, 1], low = [1, 0], high = [1, 0]>]
// CHECK: plan.algorithm = "sum"
// CHECK-SAME: plan.results = [#plan.layout<strides = [16, 1]>]
func.func @below(%x: tensor<4x16xf32>) -> tensor<4x16xf32> attributes {plan.liveness_peak = 896 : i64} {
  %0 = nn.fused(%x) : (tensor<4x16xf32>) -> tensor<4x16xf32> {
  ^bb0(%a: tensor<4x16xf32>):
    %r = nn.relu %a : tensor<4x16xf32>
    nn.yield %r : tensor<4x16xf32>
  }
  %1 = nn.fused(%0) {plan.candidates = [{algorithm = "window", operands = [{low = array<i64: 1, 0>, high = array<i64: 1, 0>}]}]} : (tensor<4x16xf32>) -> tensor<4x16xf32> {
  ^bb0(%a: tensor<4x16xf32>):
    %r = nn.neg %a : tensor<4x16xf32>
    nn.yield %r : tensor<4x16xf32>
  }
  %2 = nn.fused(%0, %1) {plan.candidates = [{algorithm = "sum", alias = array<i1: true, false>}]} : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x16xf32> {
  ^bb0(%a: tensor<4x16xf32>, %b: tensor<4x16xf32>):
    %r = nn.add %a, %b : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x16xf32>
    nn.yield %r : tensor<4x16xf32>
  }
  %3 = nn.fused(%2) {plan.candidates = [{algorithm = "other"}]} : (tensor<4x16xf32>) -> tensor<4x16xf32> {
  ^bb0(%a: tensor<4x16xf32>):
    %r = nn.neg %a : tensor<4x16xf32>
    nn.yield %r : tensor<4x16xf32>
  }
  return %3 : tensor<4x16xf32>
}

// The same as @above with rows of 1 KiB instead of 64 bytes: pitched by 64 bytes (272 elements), halos shared.
// CHECK-LABEL: func.func @rows
// CHECK: plan.results = [#plan.layout<strides = [272, 1], low = [1, 0], high = [1, 0]>]
// CHECK: plan.algorithm = "sum"
// CHECK-SAME: plan.results = [#plan.layout<strides = [272, 1], low = [1, 0], high = [1, 0]>]
func.func @rows(%x: tensor<4x256xf32>) -> tensor<4x256xf32> attributes {plan.liveness_peak = 10880 : i64} {
  %0 = nn.fused(%x) : (tensor<4x256xf32>) -> tensor<4x256xf32> {
  ^bb0(%a: tensor<4x256xf32>):
    %r = nn.relu %a : tensor<4x256xf32>
    nn.yield %r : tensor<4x256xf32>
  }
  %1 = nn.fused(%0) {plan.candidates = [{algorithm = "window", operands = [{low = array<i64: 1, 0>, high = array<i64: 1, 0>}]}]} : (tensor<4x256xf32>) -> tensor<4x256xf32> {
  ^bb0(%a: tensor<4x256xf32>):
    %r = nn.neg %a : tensor<4x256xf32>
    nn.yield %r : tensor<4x256xf32>
  }
  %2 = nn.fused(%0, %1) {plan.candidates = [{algorithm = "sum", alias = array<i1: true, false>}]} : (tensor<4x256xf32>, tensor<4x256xf32>) -> tensor<4x256xf32> {
  ^bb0(%a: tensor<4x256xf32>, %b: tensor<4x256xf32>):
    %r = nn.add %a, %b : (tensor<4x256xf32>, tensor<4x256xf32>) -> tensor<4x256xf32>
    nn.yield %r : tensor<4x256xf32>
  }
  %3 = nn.fused(%2) {plan.candidates = [{algorithm = "other"}]} : (tensor<4x256xf32>) -> tensor<4x256xf32> {
  ^bb0(%a: tensor<4x256xf32>):
    %r = nn.neg %a : tensor<4x256xf32>
    nn.yield %r : tensor<4x256xf32>
  }
  return %3 : tensor<4x256xf32>
}
