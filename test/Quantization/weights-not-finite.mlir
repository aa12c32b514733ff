// RUN: nn-opt %s --nn-quantize-weights --verify-diagnostics

// No integers stand for these; all of them are said.
func.func @dense(%x: tensor<1x1xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %w = nn.constant dense<[[1.0, 0x7FC00000]]> : tensor<1x2xf32>
  %v = nn.constant dense<[[0xFF800000, 1.0]]> : tensor<1x2xf32>
  %b = nn.constant dense<[0x7F800000, 1.0]> : tensor<2xf32>
  // expected-error @below {{weights must be finite, element 1 is NaN: mend the model, no integer stands for it}}
  %0 = nn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  // expected-error @below {{weights must be finite, element 0 is infinite}}
  %1 = nn.matmul %x, %v, %b : (tensor<1x1xf32>, tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0, %1 : tensor<1x2xf32>, tensor<1x2xf32>
}
