// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s
// Constants: 0x7FC00000 NaN, 0x7F800000 infinity, 0x80000000 -0, 0x00800000 2^-126, 0x01000000 2^-125.

// Results below 2^-125 are +0, also where IEEE gives -0 or a subnormal number.
// CHECK: @add_flushes: tensor<6xf32> = [0, 0, 0, 2.3509887e-38, nan, inf]
func.func @add_flushes() -> tensor<6xf32> {
  %a = nn.constant dense<[0x80000000, 0x00800000, 0x01000000, 0x01000000, 0x7FC00000, 0x7F800000]> : tensor<6xf32>
  %b = nn.constant dense<[0x80000000, 0x80000000, 0x81000000, 0.0, 1.0, 1.0]> : tensor<6xf32>
  %0 = nn.add %a, %b : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
  return %0 : tensor<6xf32>
}

// CHECK: @sub: tensor<4xf32> = [0, 0, nan, -1.5]
func.func @sub() -> tensor<4xf32> {
  %a = nn.constant dense<[0x80000000, 0x01000001, 0x7F800000, 0.5]> : tensor<4xf32>
  %b = nn.constant dense<[0.0, 0x01000000, 0x7F800000, 2.0]> : tensor<4xf32>
  %0 = nn.sub %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// 2^-63 * 2^-62 is at the bound, 2^-63 * 2^-63 below it.
// CHECK: @mul_flushes: tensor<5xf32> = [2.3509887e-38, 0, 0, nan, -inf]
func.func @mul_flushes() -> tensor<5xf32> {
  %a = nn.constant dense<[0x20000000, 0x20000000, -1.0, 0x7F800000, 0x7F800000]> : tensor<5xf32>
  %b = nn.constant dense<[0x20800000, 0x20000000, 0.0, 0.0, -2.0]> : tensor<5xf32>
  %0 = nn.mul %a, %b : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}

// CHECK: @div: tensor<6xf32> = [0.33333334, inf, -inf, nan, 0, 0]
func.func @div() -> tensor<6xf32> {
  %a = nn.constant dense<[1.0, 1.0, 1.0, 0.0, -1.0, 0x01000000]> : tensor<6xf32>
  %b = nn.constant dense<[3.0, 0.0, 0x80000000, 0.0, 0x7F800000, 2.0]> : tensor<6xf32>
  %0 = nn.div %a, %b : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
  return %0 : tensor<6xf32>
}

// The second operand, where either is NaN or both are zero.
// CHECK: @min: tensor<5xf32> = [1, 1, nan, -0, 0]
func.func @min() -> tensor<5xf32> {
  %a = nn.constant dense<[1.0, 0x7FC00000, 1.0, 0.0, 0x80000000]> : tensor<5xf32>
  %b = nn.constant dense<[2.0, 1.0, 0x7FC00000, 0x80000000, 0.0]> : tensor<5xf32>
  %0 = nn.min %a, %b : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}
// CHECK: @max: tensor<5xf32> = [2, 1, nan, -0, 0]
func.func @max() -> tensor<5xf32> {
  %a = nn.constant dense<[1.0, 0x7FC00000, 1.0, 0.0, 0x80000000]> : tensor<5xf32>
  %b = nn.constant dense<[2.0, 1.0, 0x7FC00000, 0x80000000, 0.0]> : tensor<5xf32>
  %0 = nn.max %a, %b : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}

// CHECK: @relu: tensor<4xf32> = [0, 2, nan, -0]
func.func @relu() -> tensor<4xf32> {
  %a = nn.constant dense<[-1.0, 2.0, 0x7FC00000, 0x80000000]> : tensor<4xf32>
  %0 = nn.relu %a : tensor<4xf32>
  return %0 : tensor<4xf32>
}
// CHECK: @leaky_relu: tensor<4xf32> = [-0.5, 2, nan, 0]
func.func @leaky_relu() -> tensor<4xf32> {
  %a = nn.constant dense<[-2.0, 2.0, 0x7FC00000, 0x81000000]> : tensor<4xf32>
  %0 = nn.leaky_relu %a {alpha = 0.25 : f32} : tensor<4xf32>
  return %0 : tensor<4xf32>
}
// The upper bound wins where the bounds cross; NaN passes.
// CHECK: @clip: tensor<4xf32> = [0, 6, 3, nan]
// CHECK: @clip_crossed: tensor<2xf32> = [1, 1]
func.func @clip() -> tensor<4xf32> {
  %a = nn.constant dense<[-1.0, 7.0, 3.0, 0x7FC00000]> : tensor<4xf32>
  %0 = nn.clip %a {min = 0.0 : f32, max = 6.0 : f32} : tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func @clip_crossed() -> tensor<2xf32> {
  %a = nn.constant dense<[-1.0, 7.0]> : tensor<2xf32>
  %0 = nn.clip %a {min = 2.0 : f32, max = 1.0 : f32} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// 2^-40 stays, what is below becomes +0.
// CHECK: @floor0: tensor<5xf32> = [9.094947e-13, 0, 0, nan, -1]
func.func @floor0() -> tensor<5xf32> {
  %a = nn.constant dense<[0x2B800000, 0x2B7FFFFF, 0x80000000, 0x7FC00000, -1.0]> : tensor<5xf32>
  %0 = nn.floor0 %a {exponent = -40 : i64} : tensor<5xf32>
  return %0 : tensor<5xf32>
}

// CHECK: @neg: tensor<3xf32> = [-0, 0, -1]
func.func @neg() -> tensor<3xf32> {
  %a = nn.constant dense<[0.0, 0x80000000, 1.0]> : tensor<3xf32>
  %0 = nn.neg %a : tensor<3xf32>
  return %0 : tensor<3xf32>
}

// CHECK: @sqrt: tensor<4xf32> = [1.4142135, nan, 0, inf]
func.func @sqrt() -> tensor<4xf32> {
  %a = nn.constant dense<[2.0, -1.0, 0x80000000, 0x7F800000]> : tensor<4xf32>
  %0 = nn.sqrt %a : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK: @broadcast_both: tensor<2x3xf32> = [11, 21, 31, 12, 22, 32]
func.func @broadcast_both() -> tensor<2x3xf32> {
  %a = nn.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %b = nn.constant dense<[10.0, 20.0, 30.0]> : tensor<3xf32>
  %0 = nn.add %a, %b : (tensor<2x1xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
// CHECK: @broadcast_middle: tensor<2x2x2xf32> = [1, 2, 1, 2, 3, 4, 3, 4]
func.func @broadcast_middle() -> tensor<2x2x2xf32> {
  %a = nn.constant dense<[[[1.0, 2.0]], [[3.0, 4.0]]]> : tensor<2x1x2xf32>
  %b = nn.constant dense<1.0> : tensor<2x2x2xf32>
  %0 = nn.mul %a, %b : (tensor<2x1x2xf32>, tensor<2x2x2xf32>) -> tensor<2x2x2xf32>
  return %0 : tensor<2x2x2xf32>
}

// Bits are taken, NaN and -0 too.
// CHECK: @select: tensor<4xf32> = [-0, 9, nan, 9]
func.func @select() -> tensor<4xf32> {
  %c = nn.constant dense<[true, false, true, false]> : tensor<4xi1>
  %a = nn.constant dense<[0x80000000, 1.0, 0x7FC00000, 1.0]> : tensor<4xf32>
  %b = nn.constant dense<9.0> : tensor<f32>
  %0 = nn.select %c, %a, %b : (tensor<4xi1>, tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK: @empty: tensor<0x3xf32> = []
func.func @empty() -> tensor<0x3xf32> {
  %a = nn.constant dense<> : tensor<0x3xf32>
  %b = nn.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %0 = nn.add %a, %b : (tensor<0x3xf32>, tensor<3xf32>) -> tensor<0x3xf32>
  return %0 : tensor<0x3xf32>
}
