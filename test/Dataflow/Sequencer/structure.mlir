// RUN: nn-opt %s -nn-sequencer=lanes=2 -canonicalize -cse 2>%t.remark | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK --input-file=%t.remark
// RUN: nn-opt %s -nn-sequencer="lanes=2 multiplier-blocks=true" -canonicalize -cse 2>/dev/null | FileCheck %s --check-prefix=BLOCKS

// The words of both lanes side by side in the order of use, without bits that are always alike or equal to others; the bias
// is the offset of the scale; what comes as what is said. A dense layer needs no restart, no padding and no wait: there is no such hardware.
// CHECK: rtl.design @dense attributes {core = {
// CHECK-SAME: input = {beats = 3 : i64, bits = 8 : i64, order = array<i32: 0, 1, 2>, signed = true}, latency = 10 : i64,
// CHECK-SAME: output = {beats = 3 : i64, bits = 13 : i64, order = array<i32: 0, 1, 2>, signed = true}, pause = 11 : i64
// CHECK: rtl.comment "layer 0: fc: 1 x 2 of up to 2 results in 3 clocks, of sums from -2041 to 2039"
// CHECK: rtl.comment "sequence:
// CHECK-NOT: "column"
// CHECK-NOT: "wait"
// CHECK: rtl.reg {{.*}}"lane1_sum"
// CHECK-NOT: rtl.mul
// CHECK: "held0"
// CHECK: rtl.ram @dense_activations : 3 x i8
// CHECK: rtl.rom @dense_weights = dense<[17, 36, -25, 3, 6, 9]> : tensor<6xi7>
// CHECK: rtl.rom @dense_scales = dense<[5, 2, -7]> : tensor<3xi4>
// REMARK: remark: dense: 11 cycles from the last input to the last output = 2*3 + 5
// BLOCKS-COUNT-2: rtl.mul
func.func @dense(%x: tensor<1x3xi8>) -> tensor<1x3xi32> {
  %w = nn.constant dense<[[1, 2, 3], [4, 4, 6], [7, -4, -7]]> : tensor<3x3xi8>
  %b = nn.constant dense<[10, 20, -30]> : tensor<3xi32>
  %y = nn.matmul %x, %w, %b : (tensor<1x3xi8>, tensor<3x3xi8>, tensor<3xi32>) -> tensor<1x3xi32> loc("fc")
  return %y : tensor<1x3xi32>
}

// The twin: padding is told by a coordinate. One output channel has no use for a second lane, and sums are
// used where they are.
// CHECK: rtl.design @padded
// CHECK: "column"
// CHECK-NOT: lane1
// CHECK-NOT: "held0"
// CHECK: rtl.rom @padded_weights = dense<[1, -2]> : tensor<2xi2>
func.func @padded(%x: tensor<1x1x4xi8>) -> tensor<1x1x4xi32> {
  %w = nn.constant dense<[[[1, 2]]]> : tensor<1x1x2xi8>
  %y = nn.conv %x, %w {dilations = array<i64: 1>, group = 1 : i64, pad_value = -3 : i64, pads = array<i64: 1, 0>,
                       strides = array<i64: 1>} : (tensor<1x1x4xi8>, tensor<1x1x2xi8>) -> tensor<1x1x4xi32>
  return %y : tensor<1x1x4xi32>
}

// Equal filters are one filter, and equal weights need no memory.
// CHECK: rtl.design @mean
// CHECK-NOT: rtl.rom @mean_weights
func.func @mean(%x: tensor<1x2x4xi8>) -> tensor<1x2x2xi32> {
  %w = nn.constant dense<1> : tensor<2x1x2xi8>
  %y = nn.conv %x, %w {dilations = array<i64: 1>, group = 2 : i64, pads = array<i64: 0, 0>, strides = array<i64: 2>}
     : (tensor<1x2x4xi8>, tensor<2x1x2xi8>) -> tensor<1x2x2xi32>
  return %y : tensor<1x2x2xi32>
}

// The requantizer multiplies as the two lanes do, by carry chains or in a block. A multiplier that all channels have stands in
// no memory.
// CHECK: rtl.design @scaled
// CHECK-NOT: rtl.mul
// CHECK: "product_carry"
// CHECK-NOT: rtl.mul
// CHECK: rtl.rom @scaled_scales = dense<[3, 5, -8]> : tensor<3xi4>
// BLOCKS: rtl.design @scaled
// BLOCKS-COUNT-3: rtl.mul
// BLOCKS-NOT: rtl.mul
func.func @scaled(%x: tensor<1x3xi8>) -> tensor<1x3xi8> {
  %w = nn.constant dense<[[1, 2, 3], [4, 4, 6], [7, -4, -7]]> : tensor<3x3xi8>
  %b = nn.constant dense<[10, 20, -30]> : tensor<3xi32>
  %s = nn.constant dense<0.0137> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %y = nn.matmul %x, %w, %b : (tensor<1x3xi8>, tensor<3x3xi8>, tensor<3xi32>) -> tensor<1x3xi32>
  %r = nn.requantize %y, %s, %z : (tensor<1x3xi32>, tensor<f32>, tensor<i8>) -> tensor<1x3xi8>
  return %r : tensor<1x3xi8>
}

// A pair of numbers becomes its place in a table, from -10 on (whose last zero no ROM holds); its words are as wide as results.
// CHECK: rtl.design @pairs
// BLOCKS: rtl.design @pairs
// Of the factors 4 and 1 two bits are kept.
// CHECK: rtl.rom @pairs_weights = dense<[-2, 1]> : tensor<2xi2>
// CHECK: rtl.rom @pairs_tables = dense<{{.*}}> : tensor<256xi4>
// REMARK: remark: {{.*}}its results are a table of 16 numbers
func.func @pairs(%x: tensor<1x3xi2>, %y: tensor<1x3xi2>) -> tensor<1x3xi8> {
  %s = nn.constant dense<1.0> : tensor<f32>
  %o = nn.constant dense<0> : tensor<i2>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %o : (tensor<1x3xi2>, tensor<f32>, tensor<i2>) -> tensor<1x3xf32>
  %1 = nn.dequantize %y, %s, %o : (tensor<1x3xi2>, tensor<f32>, tensor<i2>) -> tensor<1x3xf32>
  %2 = nn.mul %0, %1 : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
  %3 = nn.quantize %2, %s, %z {nn.obstacle = "", nn.table = dense<[[4, 2, 0, -2], [2, 1, 0, -1], [0, 0, 0, 0], [-2, -1, 0, 1]]> : tensor<4x4xi32>}
     : (tensor<1x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x3xi8>
  return %3 : tensor<1x3xi8>
}
