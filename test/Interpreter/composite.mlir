// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s
// Composites have the bits of the sequences in NumericSpec 8.

// CHECK: @softmax: [[T:.*]] = [[V:\[0.2689[0-9]*, 0.7310[0-9]*, .*\]]]
// CHECK-NEXT: @softmax_decomposed: [[T]] = [[V]]
func.func @softmax() -> tensor<2x2xf32> {
  %x = nn.constant dense<[[1.0, 2.0], [3.0, -1.5]]> : tensor<2x2xf32>
  %0 = nn.softmax %x {axes = array<i64: 1>} : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
func.func @softmax_decomposed() -> tensor<2x2xf32> {
  %x = nn.constant dense<[[1.0, 2.0], [3.0, -1.5]]> : tensor<2x2xf32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %m = nn.reduce_max %x {axes = array<i64: 1>, keepdims = true} : (tensor<2x2xf32>) -> tensor<2x1xf32>
  %d = nn.sub %x, %m : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %e = nn.exp %d : tensor<2x2xf32>
  %s = nn.reduce_sum %e {axes = array<i64: 1>, keepdims = true} : (tensor<2x2xf32>) -> tensor<2x1xf32>
  %r = nn.div %one, %s : (tensor<f32>, tensor<2x1xf32>) -> tensor<2x1xf32>
  %y = nn.mul %e, %r : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}
// Alone, far below and infinitely below the greatest.
// CHECK: @softmax_ends: tensor<3xf32> = [1, 0, 0]
// CHECK: @softmax_nan: tensor<2xf32> = [nan, nan]
func.func @softmax_ends() -> tensor<3xf32> {
  %x = nn.constant dense<[0.0, -200.0, 0xFF800000]> : tensor<3xf32>
  %0 = nn.softmax %x {axes = array<i64: 0>} : tensor<3xf32>
  return %0 : tensor<3xf32>
}
func.func @softmax_nan() -> tensor<2xf32> {
  %x = nn.constant dense<[0.0, 0x7FC00000]> : tensor<2xf32>
  %0 = nn.softmax %x {axes = array<i64: 0>} : tensor<2xf32>
  return %0 : tensor<2xf32>
}
// CHECK: @log_softmax: tensor<2xf32> = [-0.6931472, -0.6931472]
func.func @log_softmax() -> tensor<2xf32> {
  %x = nn.constant dense<[5.0, 5.0]> : tensor<2xf32>
  %0 = nn.log_softmax %x {axes = array<i64: 0>} : tensor<2xf32>
  return %0 : tensor<2xf32>
}
// CHECK: @layer_norm: tensor<1x2xf32> = [-9, 12]
func.func @layer_norm() -> tensor<1x2xf32> {
  %x = nn.constant dense<[[1.0, 3.0]]> : tensor<1x2xf32>
  %s = nn.constant dense<[10.0, 10.0]> : tensor<2xf32>
  %b = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %0 = nn.layer_norm %x, %s, %b {axis = 1 : i64, epsilon = 0.0 : f32} : (tensor<1x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
// CHECK: @batch_norm: tensor<1x2x2xf32> = [1, 3, 0, 0.5]
func.func @batch_norm() -> tensor<1x2x2xf32> {
  %x = nn.constant dense<[[[1.0, 2.0], [3.0, 4.0]]]> : tensor<1x2x2xf32>
  %s = nn.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %b = nn.constant dense<[1.0, 0.0]> : tensor<2xf32>
  %m = nn.constant dense<[1.0, 3.0]> : tensor<2xf32>
  %v = nn.constant dense<[1.0, 4.0]> : tensor<2xf32>
  %0 = nn.batch_norm %x, %s, %b, %m, %v {epsilon = 0.0 : f32}
     : (tensor<1x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x2xf32>
  return %0 : tensor<1x2x2xf32>
}
// A group has the meaning of its body.
// CHECK: @fused: tensor<2xf32> = [0, 3]
func.func @fused() -> tensor<2xf32> {
  %x = nn.constant dense<[-1.0, 2.0]> : tensor<2xf32>
  %0 = nn.fused(%x) : (tensor<2xf32>) -> tensor<2xf32> {
  ^bb0(%a: tensor<2xf32>):
    %one = nn.constant dense<1.0> : tensor<f32>
    %1 = nn.add %a, %one : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
    %2 = nn.relu %1 : tensor<2xf32>
    nn.yield %2 : tensor<2xf32>
  }
  return %0 : tensor<2xf32>
}
