// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s

// CHECK: @ties_go_to_even: tensor<10xi8> = [-2, -2, 0, 0, 0, 2, 2, 4, 3, -3]
func.func @ties_go_to_even() -> tensor<10xi8> {
  %x = nn.constant dense<[-1.25, -0.75, -0.25, 0.0, 0.25, 0.75, 1.25, 1.75, 1.499, -1.499]> : tensor<10xf32>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<10xf32>, tensor<f32>, tensor<i8>) -> tensor<10xi8>
  return %0 : tensor<10xi8>
}

// The quotient is rounded before its zero point is added: an odd one does not turn ties.
// CHECK: @ties_before_the_zero_point: tensor<4xui8> = [129, 129, 131, 127]
func.func @ties_before_the_zero_point() -> tensor<4xui8> {
  %x = nn.constant dense<[0.5, -0.5, 1.5, -1.5]> : tensor<4xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<129> : tensor<ui8>
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  return %0 : tensor<4xui8>
}

// CHECK: @saturates_i8: tensor<9xi8> = [127, -128, 127, -128, 127, -128, 127, -128, -128]
func.func @saturates_i8() -> tensor<9xi8> {
  %x = nn.constant dense<[127.5, -128.5, 128.0, -129.0, 1.0e38, -1.0e38, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<9xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<9xf32>, tensor<f32>, tensor<i8>) -> tensor<9xi8>
  return %0 : tensor<9xi8>
}

// A zero point at the greatest value leaves room below only.
// CHECK: @zero_point_at_the_top: tensor<7xui8> = [255, 255, 254, 0, 0, 255, 0]
func.func @zero_point_at_the_top() -> tensor<7xui8> {
  %x = nn.constant dense<[0.0, 9.0, -1.0, -255.0, -1.0e30, 0x7F800000, 0x7FC00000]> : tensor<7xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<255> : tensor<ui8>
  %0 = nn.quantize %x, %s, %z : (tensor<7xf32>, tensor<f32>, tensor<ui8>) -> tensor<7xui8>
  return %0 : tensor<7xui8>
}

// CHECK: @zero_point_at_the_bottom: tensor<6xi8> = [-128, -128, -127, 127, 127, -128]
func.func @zero_point_at_the_bottom() -> tensor<6xi8> {
  %x = nn.constant dense<[0.0, -9.0, 1.0, 255.0, 1.0e30, 0x7FC00000]> : tensor<6xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<-128> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<6xf32>, tensor<f32>, tensor<i8>) -> tensor<6xi8>
  return %0 : tensor<6xi8>
}

// CHECK: @words: tensor<6xi16> = [32767, -32768, 32766, -32768, -32768, 0]
func.func @words() -> tensor<6xi16> {
  %x = nn.constant dense<[1.0e6, -1.0e6, 32766.4, -32767.5, 0x7FC00000, 0.5]> : tensor<6xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i16>
  %0 = nn.quantize %x, %s, %z : (tensor<6xf32>, tensor<f32>, tensor<i16>) -> tensor<6xi16>
  return %0 : tensor<6xi16>
}

// CHECK: @unsigned_words: tensor<4xui16> = [65535, 0, 65534, 1]
func.func @unsigned_words() -> tensor<4xui16> {
  %x = nn.constant dense<[1.0, -65536.0, -1.0, -65534.0]> : tensor<4xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<65535> : tensor<ui16>
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<ui16>) -> tensor<4xui16>
  return %0 : tensor<4xui16>
}

// Narrower than the bytes that hold them.
// CHECK: @quantize_to_four_bits: tensor<4xi4> = [7, -8, -8, 3]
func.func @quantize_to_four_bits() -> tensor<4xi4> {
  %x = nn.constant dense<[100.0, -100.0, 0x7FC00000, 2.5]> : tensor<4xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<1> : tensor<i4>
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i4>) -> tensor<4xi4>
  return %0 : tensor<4xi4>
}

// Divided by the scale, not multiplied by its inverse: 45.5 * (1 / 7) is more than 6.5, 143.5 * (1 / 41) less than 3.5.
// CHECK: @divides: tensor<2xi8> = [6, 4]
func.func @divides() -> tensor<2xi8> {
  %x = nn.constant dense<[45.5, 143.5]> : tensor<2xf32>
  %s = nn.constant dense<[7.0, 41.0]> : tensor<2xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<2xf32>, tensor<2xf32>, tensor<i8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// CHECK: @per_axis: tensor<2x3xi8> = [1, -2, 7, 2, -1, 7]
func.func @per_axis() -> tensor<2x3xi8> {
  %x = nn.constant dense<[[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]> : tensor<2x3xf32>
  %s = nn.constant dense<[1.0, 1.0, 1.0e9]> : tensor<3xf32>
  %z = nn.constant dense<[0, -3, 7]> : tensor<3xi8>
  %0 = nn.quantize %x, %s, %z : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xi8>) -> tensor<2x3xi8>
  return %0 : tensor<2x3xi8>
}

// CHECK: @dequantize: tensor<4xf32> = [-127.5, 0, 0.5, 0]
func.func @dequantize() -> tensor<4xf32> {
  %q = nn.constant dense<[0, 255, 255, 0]> : tensor<4xui8>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<[255, 255, 254, 0]> : tensor<4xui8>
  %0 = nn.dequantize %q, %s, %z : (tensor<4xui8>, tensor<f32>, tensor<4xui8>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK: @dequantize_per_axis: tensor<2x2xf32> = [-128, -256, 127, 254]
func.func @dequantize_per_axis() -> tensor<2x2xf32> {
  %q = nn.constant dense<[[-128, -128], [127, 127]]> : tensor<2x2xi8>
  %s = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x2xi8>, tensor<2xf32>, tensor<i8>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// Differences of words wrap, and are rounded to floats: 2^24 + 1 is none.
// CHECK: @dequantize_words: tensor<3xf32> = [-2147483648, 16777216, 16777218]
func.func @dequantize_words() -> tensor<3xf32> {
  %q = nn.constant dense<[2147483647, 16777217, 16777218]> : tensor<3xi32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<[-1, 0, 0]> : tensor<3xi32>
  %0 = nn.dequantize %q, %s, %z : (tensor<3xi32>, tensor<f32>, tensor<3xi32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// What stands for less than 2^-125 is +0.
// CHECK: @dequantize_flushes: tensor<3xf32> = [0, 0, 2.3509887e-38]
func.func @dequantize_flushes() -> tensor<3xf32> {
  %q = nn.constant dense<[1, -1, 2]> : tensor<3xi8>
  %s = nn.constant dense<0x00800000> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<3xi8>, tensor<f32>, tensor<i8>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// CHECK: @requantize_ties: tensor<6xi8> = [0, 2, 2, 0, -2, -2]
func.func @requantize_ties() -> tensor<6xi8> {
  %a = nn.constant dense<[1, 3, 5, -1, -3, -5]> : tensor<6xi32>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.requantize %a, %s, %z : (tensor<6xi32>, tensor<f32>, tensor<i8>) -> tensor<6xi8>
  return %0 : tensor<6xi8>
}

// CHECK: @requantize_saturates: tensor<4xui8> = [255, 0, 10, 255]
func.func @requantize_saturates() -> tensor<4xui8> {
  %a = nn.constant dense<[2147483647, -2147483648, 0, 245]> : tensor<4xi32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<10> : tensor<ui8>
  %0 = nn.requantize %a, %s, %z : (tensor<4xi32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  return %0 : tensor<4xui8>
}

// The accumulator is rounded to a float before it is multiplied: 2^24 + 1 becomes 2^24, so a half.
// CHECK: @requantize_rounds_twice: tensor<2xi8> = [0, 0]
func.func @requantize_rounds_twice() -> tensor<2xi8> {
  %a = nn.constant dense<[16777216, 16777217]> : tensor<2xi32>
  %s = nn.constant dense<2.98023224E-8> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.requantize %a, %s, %z : (tensor<2xi32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// 0 times an infinite scale is NaN, and NaN the least.
// CHECK: @requantize_nan: tensor<3xi8> = [-128, 127, -128]
func.func @requantize_nan() -> tensor<3xi8> {
  %a = nn.constant dense<[0, 1, -1]> : tensor<3xi32>
  %s = nn.constant dense<0x7F800000> : tensor<f32>
  %z = nn.constant dense<5> : tensor<i8>
  %0 = nn.requantize %a, %s, %z : (tensor<3xi32>, tensor<f32>, tensor<i8>) -> tensor<3xi8>
  return %0 : tensor<3xi8>
}

// CHECK: @requantize_per_channel: tensor<1x2x2xi8> = [1, 2, 12, 14]
func.func @requantize_per_channel() -> tensor<1x2x2xi8> {
  %a = nn.constant dense<[[[1, 2], [1, 2]]]> : tensor<1x2x2xi32>
  %s = nn.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %z = nn.constant dense<[[0], [10]]> : tensor<2x1xi8>
  %0 = nn.requantize %a, %s, %z : (tensor<1x2x2xi32>, tensor<2x1xf32>, tensor<2x1xi8>) -> tensor<1x2x2xi8>
  return %0 : tensor<1x2x2xi8>
}

// Taps in the padding count as the zero point; each factor has its own signedness.
// CHECK: @conv_pads_with_the_zero_point: tensor<1x1x3xi32> = [-655, -400, -545]
func.func @conv_pads_with_the_zero_point() -> tensor<1x1x3xi32> {
  %x = nn.constant dense<[[[255, 0, 200]]]> : tensor<1x1x3xui8>
  %w = nn.constant dense<[[[-1, -2, -1]]]> : tensor<1x1x3xi8>
  %b = nn.constant dense<[55]> : tensor<1xi32>
  %0 = nn.conv %x, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64, pad_value = 200 : i64}
    : (tensor<1x1x3xui8>, tensor<1x1x3xi8>, tensor<1xi32>) -> tensor<1x1x3xi32>
  return %0 : tensor<1x1x3xi32>
}

// CHECK: @sums_wrap: tensor<1x2xi32> = [-2147483648, -131072]
func.func @sums_wrap() -> tensor<1x2xi32> {
  %x = nn.constant dense<[[-32768, -32768]]> : tensor<1x2xi16>
  %w = nn.constant dense<[[-32768, 2], [-32768, 2]]> : tensor<2x2xi16>
  %0 = nn.matmul %x, %w : (tensor<1x2xi16>, tensor<2x2xi16>) -> tensor<1x2xi32>
  return %0 : tensor<1x2xi32>
}
