// RUN: nn-opt %s --nn-quantize-weights | FileCheck %s

// CHECK-LABEL: func.func @dense
// CHECK-SAME: %[[X:.*]]: tensor<1x1xf32>
func.func @dense(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[1.27, 0.635]]> : tensor<1x2xf32>
  %b = nn.constant dense<[1.0, 0.0]> : tensor<2xf32>
  // CHECK: %[[B:.*]] = nn.constant dense<[1.000000e+00, 0.000000e+00]>
  // CHECK: %[[Q:.*]] = nn.constant dense<127> : tensor<1x2xi8>
  // CHECK: %[[W:.*]] = nn.dequantize %[[Q]]
  // CHECK: nn.matmul %[[X]], %[[W]], %[[B]]
  %0 = nn.matmul %x, %w, %b : (tensor<1x1xf32>, tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
