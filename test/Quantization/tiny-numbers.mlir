// RUN: nn-opt %s --nn-insert-quantization | FileCheck %s

// Products of scales stay normal numbers: an activation that is hardly there takes greater weight scales.
// CHECK-LABEL: func.func @dense
func.func @dense(%x: tensor<1x1xf32> {nn.range = array<f64: 0.0, 2.0e-26>}) -> tensor<1x1xf32> {
  %w = nn.constant dense<1.0e-20> : tensor<1x1xf32>
  // CHECK: nn.constant dense<0> : tensor<1x1xi8>
  // CHECK: nn.constant dense<0.010{{.*}}> : tensor<f32>
  %0 = nn.matmul %x, %w {nn.range = array<f64: 0.0, 1.0e-20>} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
