// RUN: %nn-opt %s --nn-assign-layouts | FileCheck %s

// Rows of 1 KiB are set 64 bytes apart, rows of other lengths are not; nor are those of a tensor that someone reads
// as one row, nor the caller's.

// CHECK-LABEL: func.func @padded
// CHECK: plan.results = [#plan.layout<strides = [272, 1]>]
// CHECK: plan.operands = [#plan.layout<strides = [272, 1]>], plan.results = [#plan.layout<strides = [256, 1]>]
func.func @padded(%x: tensor<4x256xf32>) -> tensor<4x256xf32> {
  %0 = nn.fused(%x) : (tensor<4x256xf32>) -> tensor<4x256xf32> {
  ^bb0(%a: tensor<4x256xf32>):
    %r = nn.relu %a : tensor<4x256xf32>
    nn.yield %r : tensor<4x256xf32>
  }
  %1 = nn.fused(%0) {plan.candidates = [{algorithm = "other"}]} : (tensor<4x256xf32>) -> tensor<4x256xf32> {
  ^bb0(%a: tensor<4x256xf32>):
    %r = nn.neg %a : tensor<4x256xf32>
    nn.yield %r : tensor<4x256xf32>
  }
  return %1 : tensor<4x256xf32>
}

// CHECK-LABEL: func.func @other_length
// CHECK: plan.results = [#plan.layout<strides = [255, 1]>]
func.func @other_length(%x: tensor<4x255xf32>) -> tensor<4x255xf32> {
  %0 = nn.fused(%x) : (tensor<4x255xf32>) -> tensor<4x255xf32> {
  ^bb0(%a: tensor<4x255xf32>):
    %r = nn.relu %a : tensor<4x255xf32>
    nn.yield %r : tensor<4x255xf32>
  }
  %1 = nn.fused(%0) {plan.candidates = [{algorithm = "other"}]} : (tensor<4x255xf32>) -> tensor<4x255xf32> {
  ^bb0(%a: tensor<4x255xf32>):
    %r = nn.neg %a : tensor<4x255xf32>
    nn.yield %r : tensor<4x255xf32>
  }
  return %1 : tensor<4x255xf32>
}

// CHECK-LABEL: func.func @viewed
// CHECK: plan.results = [#plan.layout<strides = [256, 1]>]
func.func @viewed(%x: tensor<4x256xf32>) -> tensor<1024xf32> {
  %0 = nn.fused(%x) : (tensor<4x256xf32>) -> tensor<4x256xf32> {
  ^bb0(%a: tensor<4x256xf32>):
    %r = nn.relu %a : tensor<4x256xf32>
    nn.yield %r : tensor<4x256xf32>
  }
  %1 = nn.reshape %0 : tensor<4x256xf32> to tensor<1024xf32>
  %2 = nn.fused(%1) {plan.candidates = [{algorithm = "other"}]} : (tensor<1024xf32>) -> tensor<1024xf32> {
  ^bb0(%a: tensor<1024xf32>):
    %r = nn.neg %a : tensor<1024xf32>
    nn.yield %r : tensor<1024xf32>
  }
  return %2 : tensor<1024xf32>
}
