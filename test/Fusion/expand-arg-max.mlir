// Indices of greatest integers become primitives; of floats there is no such form.
// RUN: nn-opt %s -split-input-file -verify-diagnostics -nn-expand-arg-max | FileCheck %s

// The first one: the greatest place from the end.
// CHECK-LABEL: @first
// CHECK: %[[X:.*]] = nn.cast %arg0 : tensor<2x3x4xi8> to tensor<2x3x4xi32>
// CHECK: %[[MOST:.*]] = nn.reduce_max %[[X]] {axes = array<i64: 1>, keepdims = true}
// CHECK: %[[LESS:.*]] = nn.sub %[[MOST]], %[[X]]
// CHECK: %[[MASK:.*]] = nn.cast %[[LESS]] : tensor<2x3x4xi32> to tensor<2x3x4xi1>
// CHECK: %[[ZERO:.*]] = nn.constant dense<0> : tensor<i32>
// CHECK: %[[PLACES:.*]] = nn.constant dense<{{\[\[\[}}2], [1], [0]]]> : tensor<1x3x1xi32>
// CHECK: %[[PLACE:.*]] = nn.select %[[MASK]], %[[ZERO]], %[[PLACES]]
// CHECK: %[[FOUND:.*]] = nn.reduce_max %[[PLACE]] {axes = array<i64: 1>, keepdims = false}
// CHECK: %[[LAST:.*]] = nn.constant dense<2> : tensor<i32>
// CHECK: %[[INDEX:.*]] = nn.sub %[[LAST]], %[[FOUND]]
// CHECK: nn.cast %[[INDEX]] : tensor<2x4xi32> to tensor<2x4xi64>
func.func @first(%x: tensor<2x3x4xi8>) -> tensor<2x4xi64> {
  %0 = nn.arg_max %x {axis = 1 : i64, keepdims = false, last = false} : (tensor<2x3x4xi8>) -> tensor<2x4xi64>
  return %0 : tensor<2x4xi64>
}

// -----

// CHECK-LABEL: @last
// CHECK: nn.constant dense<{{\[\[}}0, 1, 2]]> : tensor<1x3xi32>
// CHECK-NOT: nn.arg_max
// CHECK: nn.reduce_max %{{.*}} {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xi32>) -> tensor<2x1xi32>
// CHECK-NEXT: nn.cast %{{.*}} : tensor<2x1xi32> to tensor<2x1xi64>
func.func @last(%x: tensor<2x3xi64>) -> tensor<2x1xi64> {
  %0 = nn.arg_max %x {axis = 1 : i64, keepdims = true, last = true} : (tensor<2x3xi64>) -> tensor<2x1xi64>
  return %0 : tensor<2x1xi64>
}

// -----

func.func @floats(%x: tensor<2x3xf32>) -> tensor<2xi64> {
  // expected-error @below {{ArgMax of floats has no kernel}}
  %0 = nn.arg_max %x {axis = 1 : i64, keepdims = false, last = false} : (tensor<2x3xf32>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}
