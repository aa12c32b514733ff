// RUN: nn-opt %s --nn-decompose-composites | FileCheck %s

// CHECK-LABEL: func.func @softmax
func.func @softmax(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // CHECK-DAG: %[[ONE:.*]] = nn.constant dense<1.000000e+00> : tensor<f32>
  // CHECK-DAG: %[[M:.*]] = nn.reduce_max %[[X:.*]] {axes = array<i64: 1>, keepdims = true}
  // CHECK: %[[D:.*]] = nn.sub %[[X]], %[[M]]
  // CHECK: %[[E:.*]] = nn.exp %[[D]]
  // CHECK: %[[S:.*]] = nn.reduce_sum %[[E]] {axes = array<i64: 1>, keepdims = true}
  // CHECK: %[[R:.*]] = nn.div %[[ONE]], %[[S]]
  // CHECK: nn.mul %[[E]], %[[R]]
  %0 = nn.softmax %x {axes = array<i64: 1>} : tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @log_softmax
func.func @log_softmax(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // CHECK: %[[D:.*]] = nn.sub
  // CHECK: %[[E:.*]] = nn.exp %[[D]]
  // CHECK: %[[S:.*]] = nn.reduce_sum %[[E]]
  // CHECK: %[[L:.*]] = nn.log %[[S]]
  // CHECK: nn.sub %[[D]], %[[L]]
  %0 = nn.log_softmax %x {axes = array<i64: 1>} : tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @layer_norm
func.func @layer_norm(%x: tensor<2x8xf32>, %scale: tensor<8xf32>, %bias: tensor<8xf32>) -> tensor<2x8xf32> {
  // CHECK: %[[M:.*]] = nn.reduce_mean %[[X:.*]] {axes = array<i64: 1>, keepdims = true}
  // CHECK: %[[D:.*]] = nn.sub %[[X]], %[[M]]
  // CHECK: %[[Q:.*]] = nn.mul %[[D]], %[[D]]
  // CHECK: %[[V:.*]] = nn.reduce_mean %[[Q]]
  // CHECK: %[[A:.*]] = nn.add %[[V]]
  // CHECK: %[[T:.*]] = nn.sqrt %[[A]]
  // CHECK: %[[R:.*]] = nn.div %{{.*}}, %[[T]]
  // CHECK: %[[N:.*]] = nn.mul %[[D]], %[[R]]
  // CHECK: %[[P:.*]] = nn.mul %[[N]]
  // CHECK: nn.add %[[P]]
  %0 = nn.layer_norm %x, %scale, %bias {axis = 1 : i64, epsilon = 1.0e-05 : f32}
    : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// scale 2, variance 4: factor 1; bias 3, mean 1: offset 2.
// CHECK-LABEL: func.func @batch_norm
func.func @batch_norm(%x: tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32> {
  %scale = nn.constant dense<2.0> : tensor<2xf32>
  %bias = nn.constant dense<3.0> : tensor<2xf32>
  %mean = nn.constant dense<1.0> : tensor<2xf32>
  %variance = nn.constant dense<4.0> : tensor<2xf32>
  // CHECK-DAG: %[[A:.*]] = nn.constant dense<1.000000e+00> : tensor<2x1x1xf32>
  // CHECK-DAG: %[[B:.*]] = nn.constant dense<2.000000e+00> : tensor<2x1x1xf32>
  // CHECK: %[[P:.*]] = nn.mul %{{.*}}, %[[A]]
  // CHECK: nn.add %[[P]], %[[B]]
  %0 = nn.batch_norm %x, %scale, %bias, %mean, %variance {epsilon = 0.0 : f32}
    : (tensor<1x2x3x3xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x3x3xf32>
  return %0 : tensor<1x2x3x3xf32>
}

// Statistics that are known at run time only are computed with.
// CHECK-LABEL: func.func @batch_norm_at_run_time
func.func @batch_norm_at_run_time(%x: tensor<1x2x3xf32>, %s: tensor<2xf32>) -> tensor<1x2x3xf32> {
  // CHECK: nn.sqrt
  // CHECK: nn.div
  // CHECK-NOT: nn.batch_norm
  %0 = nn.batch_norm %x, %s, %s, %s, %s {epsilon = 1.0e-05 : f32}
    : (tensor<1x2x3xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x3xf32>
  return %0 : tensor<1x2x3xf32>
}
