// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s
// Exact points, ends of the range and special values of NumericSpec 6.

// -86.6434 is the least operand with a result of at least 2^-125; 88.72283 the greatest with a finite one.
// CHECK: @exp: tensor<8xf32> = [1, 2.7182817, 2.351014e-38, 0, 3.4027985e+38, inf, 0, nan]
func.func @exp() -> tensor<8xf32> {
  %a = nn.constant dense<[0.0, 1.0, -86.64339, -86.6434100, 88.72283, 88.72284, 0xFF800000, 0x7FC00000]> : tensor<8xf32>
  %0 = nn.exp %a : tensor<8xf32>
  return %0 : tensor<8xf32>
}
// CHECK: @log: tensor<7xf32> = [0, 0.6931472, -inf, -inf, nan, inf, -87.33655]
func.func @log() -> tensor<7xf32> {
  %a = nn.constant dense<[1.0, 2.0, 0.0, 0x80000000, -1.0, 0x7F800000, 0x00800000]> : tensor<7xf32>
  %0 = nn.log %a : tensor<7xf32>
  return %0 : tensor<7xf32>
}
// CHECK: @tanh: tensor<8xf32> = [0, 0, 1, -1, 0.7615942, -0.7615942, nan, 0]
func.func @tanh() -> tensor<8xf32> {
  %a = nn.constant dense<[0.0, 0x80000000, 0x7F800000, -20.0, 1.0, -1.0, 0x7FC00000, 0x00800001]> : tensor<8xf32>
  %0 = nn.tanh %a : tensor<8xf32>
  return %0 : tensor<8xf32>
}
// CHECK: @sigmoid: tensor<6xf32> = [0.5, 1, 0, 0.7310586, nan, 0]
func.func @sigmoid() -> tensor<6xf32> {
  %a = nn.constant dense<[0.0, 0x7F800000, 0xFF800000, 1.0, 0x7FC00000, -87.0]> : tensor<6xf32>
  %0 = nn.sigmoid %a : tensor<6xf32>
  return %0 : tensor<6xf32>
}
// CHECK: @erf: tensor<7xf32> = [0, 0, 1, -1, 0.84270084, 0.112462915, nan]
func.func @erf() -> tensor<7xf32> {
  %a = nn.constant dense<[0.0, 0x80000000, 0x7F800000, -4.0, 1.0, 0.1, 0x7FC00000]> : tensor<7xf32>
  %0 = nn.erf %a : tensor<7xf32>
  return %0 : tensor<7xf32>
}
// CHECK: @pow: tensor<8xf32> = [8, 0.35355338, 1, 1, -8, nan, inf, 0]
func.func @pow() -> tensor<8xf32> {
  %a = nn.constant dense<[2.0, 2.0, 0x7FC00000, 1.0, -2.0, -2.0, 2.0, 2.0]> : tensor<8xf32>
  %b = nn.constant dense<[3.0, -1.5, 0.0, 0x7FC00000, 3.0, 0.5, 128.0, -126.0]> : tensor<8xf32>
  %0 = nn.pow %a, %b : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
// CHECK: @pow_special: tensor<10xf32> = [inf, -inf, 0, 0, inf, -inf, 1, inf, 0, nan]
func.func @pow_special() -> tensor<10xf32> {
  %a = nn.constant dense<[0.0, 0x80000000, 0x80000000, 0.5, 0xFF800000, 0xFF800000, -1.0, 0.5, 0x7F800000, 2.0]> : tensor<10xf32>
  %b = nn.constant dense<[-1.0, -1.0, 3.0, 0x7F800000, 2.0, 3.0, 0x7F800000, 0xFF800000, -2.0, 0x7FC00000]> : tensor<10xf32>
  %0 = nn.pow %a, %b : (tensor<10xf32>, tensor<10xf32>) -> tensor<10xf32>
  return %0 : tensor<10xf32>
}
