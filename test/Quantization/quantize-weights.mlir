// RUN: nn-opt %s --nn-quantize-weights --split-input-file | FileCheck %s

// Weights become i8 with a scale per output channel, the bias stays.
// CHECK-LABEL: func.func @dense
// CHECK-SAME: %[[X:.*]]: tensor<1x1xf32>
func.func @dense(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[1.27, 0.635]]> : tensor<1x2xf32>
  %b = nn.constant dense<[1.0, 0.0]> : tensor<2xf32>
  // CHECK: %[[B:.*]] = nn.constant dense<[1.000000e+00, 0.000000e+00]>
  // CHECK: %[[Q:.*]] = nn.constant dense<127> : tensor<1x2xi8>
  // CHECK: %[[S:.*]] = nn.constant dense<[0.00999999977, 5.000000e-03]> : tensor<2xf32>
  // CHECK: %[[W:.*]] = nn.dequantize %[[Q]], %[[S]],
  // CHECK: nn.matmul %[[X]], %[[W]], %[[B]]
  %0 = nn.matmul %x, %w, %b : (tensor<1x1xf32>, tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// Columns of a batch of matrices are no channels: one scale must do.
// CHECK-LABEL: func.func @batch
func.func @batch(%x: tensor<2x1x1xf32>) -> tensor<2x1x2xf32> {
  %w = nn.constant dense<[[[1.27, 0.64]], [[0.0, -1.27]]]> : tensor<2x1x2xf32>
  // CHECK: nn.constant dense<{{\[\[}}[127, 64]], {{\[\[}}0, -127]]]> : tensor<2x1x2xi8>
  // CHECK: nn.constant dense<0.00999999977> : tensor<f32>
  %0 = nn.matmul %x, %w : (tensor<2x1x1xf32>, tensor<2x1x2xf32>) -> tensor<2x1x2xf32>
  return %0 : tensor<2x1x2xf32>
}

// -----

// What is computed of inputs is no weight.
// CHECK-LABEL: func.func @activations
func.func @activations(%x: tensor<1x1xf32>, %y: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK-NOT: nn.dequantize
  // CHECK: nn.matmul %{{.*}}, %{{.*}} : (tensor<1x1xf32>, tensor<1x2xf32>)
  %0 = nn.matmul %x, %y : (tensor<1x1xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
