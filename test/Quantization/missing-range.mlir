// RUN: not nn-opt %s --nn-insert-quantization --split-input-file 2>&1 | FileCheck %s

// A value without a range cannot be quantized.
// CHECK: error: has no range: 'nn.range' must hold its least and greatest number
func.func @dense(%x: tensor<1x2xf32> {nn.range = array<f64: 0.0, 1.0>}) -> tensor<1x2xf32> {
  %w = nn.constant dense<1.0> : tensor<2x2xf32>
  %0 = nn.matmul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// With one it is.
// CHECK-NOT: error
// CHECK: func.func @ranged
// CHECK: nn.quantize
func.func @ranged(%x: tensor<1x2xf32> {nn.range = array<f64: 0.0, 1.0>}) -> tensor<1x2xf32> {
  %w = nn.constant dense<1.0> : tensor<2x2xf32>
  %0 = nn.matmul %x, %w {nn.range = array<f64: 0.0, 2.0>} : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
