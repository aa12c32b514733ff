// RUN: not nn-opt %s --nn-insert-quantization 2>&1 | FileCheck %s

// CHECK: error: has no range: 'nn.range' must hold its least and greatest number
func.func @dense(%x: tensor<1x2xf32> {nn.range = array<f64: 0.0, 1.0>}) -> tensor<1x2xf32> {
  %w = nn.constant dense<1.0> : tensor<2x2xf32>
  %0 = nn.matmul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
