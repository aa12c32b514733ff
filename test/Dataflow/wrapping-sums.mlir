// Sums that could leave int32 wrap there on a processor, and would not in hardware: refused in every style, by node. What stays inside
// is compiled.
// RUN: rm -rf %t && split-file %s %t
// RUN: not nn-compile %t/wraps.mlir -target=hls -o %t/out 2>&1 | FileCheck %s
// RUN: not nn-compile %t/wraps.mlir -target=hls -style=sequencer -o %t/out 2>&1 | FileCheck %s
// RUN: not ls %t/out
// RUN: nn-compile %t/fits.mlir -target=hls -o %t/out
// CHECK: error: sums can reach -32512 to 2147515858, beyond int32 they wrap, which hardware does not do: use fewer bits, or smaller biases

//--- wraps.mlir
func.func @wraps(%x: tensor<1x2xi8>) -> tensor<1x1xi8> {
  %w = nn.constant dense<[[127], [127]]> : tensor<2x1xi8>
  %b = nn.constant dense<2147483600> : tensor<1xi32>
  %s = nn.constant dense<1.0e-8> : tensor<f32>
  %o = nn.constant dense<0> : tensor<i8>
  %0 = nn.matmul %x, %w, %b : (tensor<1x2xi8>, tensor<2x1xi8>, tensor<1xi32>) -> tensor<1x1xi32>
  %1 = nn.requantize %0, %s, %o : (tensor<1x1xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

//--- fits.mlir
func.func @fits(%x: tensor<1x2xi8>) -> tensor<1x1xi8> {
  %w = nn.constant dense<[[127], [127]]> : tensor<2x1xi8>
  %b = nn.constant dense<2147400000> : tensor<1xi32>
  %s = nn.constant dense<1.0e-8> : tensor<f32>
  %o = nn.constant dense<0> : tensor<i8>
  %0 = nn.matmul %x, %w, %b : (tensor<1x2xi8>, tensor<2x1xi8>, tensor<1xi32>) -> tensor<1x1xi32>
  %1 = nn.requantize %0, %s, %o : (tensor<1x1xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}
