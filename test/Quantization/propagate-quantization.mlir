// RUN: nn-opt %s --nn-propagate-quantization | FileCheck %s

// CHECK-LABEL: func.func @pair_on_one_grid
// CHECK-SAME: (%[[Q:.*]]: tensor<4xi8>)
func.func @pair_on_one_grid(%q: tensor<4xi8>) -> tensor<4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %s1 = nn.constant dense<0.5> : tensor<1xf32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.quantize %0, %s1, %z : (tensor<4xf32>, tensor<1xf32>, tensor<i8>) -> tensor<4xi8>
  // CHECK: return %[[Q]]
  return %1 : tensor<4xi8>
}

// CHECK-LABEL: func.func @pair_on_one_grid_per_channel
// CHECK-SAME: (%[[Q:.*]]: tensor<2x3xi8>)
func.func @pair_on_one_grid_per_channel(%q: tensor<2x3xi8>) -> tensor<2x3xi8> {
  %s = nn.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %z = nn.constant dense<[[3], [4]]> : tensor<2x1xi8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x3xi8>, tensor<2x1xf32>, tensor<2x1xi8>) -> tensor<2x3xf32>
  %1 = nn.quantize %0, %s, %z : (tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x1xi8>) -> tensor<2x3xi8>
  // CHECK: return %[[Q]]
  return %1 : tensor<2x3xi8>
}

// CHECK-LABEL: func.func @pair_on_two_scales
func.func @pair_on_two_scales(%q: tensor<4xi8>) -> tensor<4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  // CHECK: nn.dequantize
  // CHECK-NEXT: nn.quantize
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.quantize %0, %t, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %1 : tensor<4xi8>
}

// CHECK-LABEL: func.func @pair_on_two_zero_points
func.func @pair_on_two_zero_points(%q: tensor<4xi8>) -> tensor<4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %y = nn.constant dense<4> : tensor<i8>
  // CHECK: nn.dequantize
  // CHECK-NEXT: nn.quantize
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.quantize %0, %s, %y : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %1 : tensor<4xi8>
}

// CHECK-LABEL: func.func @pair_of_two_types
func.func @pair_of_two_types(%q: tensor<4xi8>) -> tensor<4xui8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %y = nn.constant dense<3> : tensor<ui8>
  // CHECK: nn.dequantize
  // CHECK-NEXT: nn.quantize
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.quantize %0, %s, %y : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  return %1 : tensor<4xui8>
}

// A scale that the caller gives may be anything, NaN too.
// CHECK-LABEL: func.func @pair_on_an_unknown_scale
func.func @pair_on_an_unknown_scale(%q: tensor<4xi8>, %s: tensor<f32>) -> tensor<4xi8> {
  %z = nn.constant dense<3> : tensor<i8>
  // CHECK: nn.dequantize
  // CHECK-NEXT: nn.quantize
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.quantize %0, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %1 : tensor<4xi8>
}

// 100 * 1e38 is infinite and becomes 127.
// CHECK-LABEL: func.func @pair_on_a_scale_that_overflows
func.func @pair_on_a_scale_that_overflows(%q: tensor<4xi8>) -> tensor<4xi8> {
  %s = nn.constant dense<1.0e38> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK: nn.dequantize
  // CHECK-NEXT: nn.quantize
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.quantize %0, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %1 : tensor<4xi8>
}

// 1 * 2^-126 is flushed.
// CHECK-LABEL: func.func @pair_on_a_scale_that_is_flushed
func.func @pair_on_a_scale_that_is_flushed(%q: tensor<4xi8>) -> tensor<4xi8> {
  %s = nn.constant dense<0x00800000> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK: nn.dequantize
  // CHECK-NEXT: nn.quantize
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.quantize %0, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %1 : tensor<4xi8>
}

// Movement between the two goes to the integers.
// CHECK-LABEL: func.func @movement
// CHECK-SAME: (%[[Q:.*]]: tensor<2x3xui8>)
func.func @movement(%q: tensor<2x3xui8>) -> tensor<6xui8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<128> : tensor<ui8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x3xf32>
  // CHECK: %[[T:.*]] = nn.transpose %[[Q]] {{.*}} : (tensor<2x3xui8>) -> tensor<3x2xui8>
  // CHECK-NEXT: %[[R:.*]] = nn.reshape %[[T]] : tensor<3x2xui8> to tensor<6xui8>
  // CHECK-NEXT: return %[[R]]
  %1 = nn.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %2 = nn.reshape %1 : tensor<3x2xf32> to tensor<6xf32>
  %3 = nn.quantize %2, %s, %z : (tensor<6xf32>, tensor<f32>, tensor<ui8>) -> tensor<6xui8>
  return %3 : tensor<6xui8>
}

// The greatest integer stands for the greatest float.
// CHECK-LABEL: func.func @max_pool
// CHECK-SAME: (%[[Q:.*]]: tensor<1x2x4xi8>)
func.func @max_pool(%q: tensor<1x2x4xi8>) -> tensor<1x2x2xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x4xf32>
  // CHECK: %[[P:.*]] = nn.max_pool %[[Q]] {{.*}} : (tensor<1x2x4xi8>) -> tensor<1x2x2xi8>
  // CHECK-NEXT: return %[[P]]
  %1 = nn.max_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 0>} : (tensor<1x2x4xf32>) -> tensor<1x2x2xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<1x2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x2xi8>
  return %2 : tensor<1x2x2xi8>
}

// An average is none of its elements.
// CHECK-LABEL: func.func @average_pool
func.func @average_pool(%q: tensor<1x2x4xi8>) -> tensor<1x2x2xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  // CHECK: nn.dequantize
  // CHECK-NEXT: nn.average_pool
  // CHECK-NEXT: nn.quantize
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x2xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<1x2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x2xi8>
  return %2 : tensor<1x2x2xi8>
}

// The padding's float becomes what it is on the grid: 1.25 / 0.5 - 7, ties to even.
// CHECK-LABEL: func.func @pad
func.func @pad(%q: tensor<2xi8>) -> tensor<4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  // CHECK: nn.pad %{{.*}} {high = array<i64: 1>, low = array<i64: 1>, mode = 0 : i64, value = -5 : i8} : (tensor<2xi8>) -> tensor<4xi8>
  // CHECK-NEXT: return
  %1 = nn.pad %0 {low = array<i64: 1>, high = array<i64: 1>, mode = 0 : i64, value = 1.25 : f32} : (tensor<2xf32>) -> tensor<4xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %2 : tensor<4xi8>
}

// Zero is on every grid, whatever reads it behind.
// CHECK-LABEL: func.func @zeros
// CHECK-SAME: (%[[Q:.*]]: tensor<2xi8>)
func.func @zeros(%q: tensor<2xi8>) -> tensor<4xf32> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  // CHECK: %[[P:.*]] = nn.pad %[[Q]] {{.*}} value = -7 : i8}
  // CHECK-NEXT: %[[F:.*]] = nn.dequantize %[[P]]
  // CHECK-NEXT: nn.exp %[[F]]
  %0 = nn.dequantize %q, %s, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %1 = nn.pad %0 {low = array<i64: 1>, high = array<i64: 1>, mode = 0 : i64, value = 0.0 : f32} : (tensor<2xf32>) -> tensor<4xf32>
  %2 = nn.exp %1 : tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: func.func @no_zeros
func.func @no_zeros(%q: tensor<2xi8>) -> tensor<4xf32> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  // CHECK: %[[F:.*]] = nn.dequantize
  // CHECK-NEXT: nn.pad %[[F]]
  %0 = nn.dequantize %q, %s, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %1 = nn.pad %0 {low = array<i64: 1>, high = array<i64: 1>, mode = 0 : i64, value = 0.3 : f32} : (tensor<2xf32>) -> tensor<4xf32>
  %2 = nn.exp %1 : tensor<4xf32>
  return %2 : tensor<4xf32>
}

// What is on one grid is joined as integers.
// CHECK-LABEL: func.func @joined
// CHECK-SAME: (%[[A:.*]]: tensor<2xi8>, %[[B:.*]]: tensor<2xi8>)
func.func @joined(%a: tensor<2xi8>, %b: tensor<2xi8>) -> (tensor<4xf32>, tensor<4xf32>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  // CHECK: %[[C:.*]] = nn.concat %[[A]], %[[B]]
  // CHECK: %[[F:.*]] = nn.dequantize %[[C]]
  // CHECK-NEXT: %[[D:.*]] = nn.concat {{.*}} -> tensor<4xf32>
  // CHECK-NEXT: nn.exp %[[F]]
  // CHECK-NEXT: nn.exp %[[D]]
  %0 = nn.dequantize %a, %s, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %1 = nn.dequantize %b, %s, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %2 = nn.dequantize %b, %t, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %3 = nn.concat %0, %1 {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %4 = nn.concat %0, %2 {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %5 = nn.exp %3 : tensor<4xf32>
  %6 = nn.exp %4 : tensor<4xf32>
  return %5, %6 : tensor<4xf32>, tensor<4xf32>
}

// On a grid that is not known the padding has no integer.
// CHECK-LABEL: func.func @pad_on_an_unknown_grid
func.func @pad_on_an_unknown_grid(%q: tensor<2xi8>, %t: tensor<f32>) -> tensor<4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  // CHECK: nn.dequantize
  // CHECK-NEXT: nn.pad
  // CHECK-NEXT: nn.quantize
  %0 = nn.dequantize %q, %s, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %1 = nn.pad %0 {low = array<i64: 1>, high = array<i64: 1>, mode = 0 : i64, value = 1.25 : f32} : (tensor<2xf32>) -> tensor<4xf32>
  %2 = nn.quantize %1, %t, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %2 : tensor<4xi8>
}

// Parts on the result's grid are joined as they are, the other one alone is put on it.
// CHECK-LABEL: func.func @concat
// CHECK-SAME: (%[[A:.*]]: tensor<2xi8>, %[[B:.*]]: tensor<2xi8>)
func.func @concat(%a: tensor<2xi8>, %b: tensor<2xi8>) -> tensor<4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  // CHECK: %[[F:.*]] = nn.dequantize %[[B]]
  // CHECK-NEXT: %[[Q:.*]] = nn.quantize %[[F]]
  // CHECK-NEXT: nn.concat %[[A]], %[[Q]] {axis = 0 : i64} : (tensor<2xi8>, tensor<2xi8>) -> tensor<4xi8>
  %0 = nn.dequantize %a, %s, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %1 = nn.dequantize %b, %t, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %2 = nn.concat %0, %1 {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// Sums are counted where their channels are: as QONNX has convolutions with channels last.
// CHECK-LABEL: func.func @thresholds_transposed
func.func @thresholds_transposed(%x: tensor<1x1x4x4xf32>, %w: tensor<3x1x1x1xf32>,
                                 %v: tensor<3xf32>) -> (tensor<1x4x4x3xui2>, tensor<1x4x4x3xui2>) {
  %t = nn.constant dense<[[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]> : tensor<3x2xf32>
  // CHECK: %[[N:.*]] = nn.batch_norm
  // CHECK-NEXT: %[[Q:.*]] = nn.threshold %[[N]], %{{.*}} {channel = 1 : i64, least = 0 : i64}
  // CHECK-NEXT: nn.transpose %[[Q]] {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x3x4x4xui2>) -> tensor<1x4x4x3xui2>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64}
     : (tensor<1x1x4x4xf32>, tensor<3x1x1x1xf32>) -> tensor<1x3x4x4xf32>
  %1 = nn.batch_norm %0, %v, %v, %v, %v {epsilon = 1.0e-05 : f32}
     : (tensor<1x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x4x4xf32>
  %2 = nn.transpose %1 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x3x4x4xf32>) -> tensor<1x4x4x3xf32>
  %3 = nn.threshold %2, %t {channel = 3 : i64, least = 0 : i64} : (tensor<1x4x4x3xf32>, tensor<3x2xf32>) -> tensor<1x4x4x3xui2>
  // So are those of a function of them.
  // CHECK: %[[R:.*]] = nn.relu %{{.*}} : tensor<1x3x4x4xf32>
  // CHECK-NEXT: nn.threshold %[[R]], %{{.*}} {channel = 1 : i64
  %4 = nn.transpose %0 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x3x4x4xf32>) -> tensor<1x4x4x3xf32>
  %5 = nn.relu %4 : tensor<1x4x4x3xf32>
  %6 = nn.threshold %5, %t {channel = 3 : i64, least = 0 : i64} : (tensor<1x4x4x3xf32>, tensor<3x2xf32>) -> tensor<1x4x4x3xui2>
  return %3, %6 : tensor<1x4x4x3xui2>, tensor<1x4x4x3xui2>
}

// Nothing says that these are integers.
// CHECK-LABEL: func.func @thresholds_of_floats
func.func @thresholds_of_floats(%x: tensor<3x4xf32>) -> tensor<4x3xui2> {
  %t = nn.constant dense<[[0.0, 1.0]]> : tensor<1x2xf32>
  // CHECK: nn.transpose
  // CHECK-NEXT: nn.threshold
  %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %1 = nn.threshold %0, %t {channel = 1 : i64, least = 0 : i64} : (tensor<4x3xf32>, tensor<1x2xf32>) -> tensor<4x3xui2>
  return %1 : tensor<4x3xui2>
}

// What is done for each channel is done where the sums' channels are: factors, offsets, scales.
// CHECK-LABEL: func.func @channels_transposed
func.func @channels_transposed(%x: tensor<1x1x4x5xf32>, %w: tensor<3x1x1x1xf32>) -> tensor<1x4x5x3xi8> {
  %m = nn.constant dense<[2.0, 3.0, 5.0]> : tensor<3xf32>
  %a = nn.constant dense<1.0> : tensor<1x1x1x1xf32>
  %s = nn.constant dense<[[[[0.5, 0.25, 0.125]]]]> : tensor<1x1x1x3xf32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK: %[[C:.*]] = nn.conv
  // CHECK: %[[R:.*]] = nn.reshape %{{.*}} : tensor<3xf32> to tensor<1x1x1x3xf32>
  // CHECK: %[[F:.*]] = nn.transpose %[[R]] {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x1x1x3xf32>) -> tensor<1x3x1x1xf32>
  // CHECK: %[[M:.*]] = nn.mul %[[C]], %[[F]]
  // CHECK: %[[A:.*]] = nn.add %[[M]]
  // CHECK: %[[S:.*]] = nn.transpose %{{.*}} {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x1x1x3xf32>) -> tensor<1x3x1x1xf32>
  // CHECK: %[[Q:.*]] = nn.quantize %[[A]], %[[S]]
  // CHECK: %[[T:.*]] = nn.transpose %[[Q]] {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x3x4x5xi8>) -> tensor<1x4x5x3xi8>
  // CHECK: return %[[T]]
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64}
     : (tensor<1x1x4x5xf32>, tensor<3x1x1x1xf32>) -> tensor<1x3x4x5xf32>
  %1 = nn.transpose %0 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x3x4x5xf32>) -> tensor<1x4x5x3xf32>
  %2 = nn.mul %1, %m : (tensor<1x4x5x3xf32>, tensor<3xf32>) -> tensor<1x4x5x3xf32>
  %3 = nn.add %2, %a : (tensor<1x4x5x3xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x5x3xf32>
  %4 = nn.quantize %3, %s, %z : (tensor<1x4x5x3xf32>, tensor<1x1x1x3xf32>, tensor<i8>) -> tensor<1x4x5x3xi8>
  return %4 : tensor<1x4x5x3xi8>
}

// Batch normalization with channels last stands between transposes; a function before it as well.
// CHECK-LABEL: func.func @normalized_channels_last
func.func @normalized_channels_last(%x: tensor<1x1x4x5xf32>, %w: tensor<3x1x1x1xf32>, %v: tensor<3xf32>) -> tensor<1x3x4x5xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK: %[[C:.*]] = nn.conv
  // CHECK: %[[R:.*]] = nn.relu %[[C]]
  // CHECK-NEXT: %[[L:.*]] = nn.transpose %[[R]] {permutation = array<i64: 0, 2, 3, 1>}
  // CHECK-NEXT: nn.transpose %[[L]] {permutation = array<i64: 0, 3, 1, 2>}
  // CHECK-NEXT: nn.batch_norm
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64}
     : (tensor<1x1x4x5xf32>, tensor<3x1x1x1xf32>) -> tensor<1x3x4x5xf32>
  %1 = nn.transpose %0 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x3x4x5xf32>) -> tensor<1x4x5x3xf32>
  %2 = nn.relu %1 : tensor<1x4x5x3xf32>
  %3 = nn.transpose %2 {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x3xf32>) -> tensor<1x3x4x5xf32>
  %4 = nn.batch_norm %3, %v, %v, %v, %v {epsilon = 1.0e-05 : f32}
     : (tensor<1x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x4x5xf32>
  %5 = nn.quantize %4, %s, %z : (tensor<1x3x4x5xf32>, tensor<f32>, tensor<i8>) -> tensor<1x3x4x5xi8>
  return %5 : tensor<1x3x4x5xi8>
}

// Before a reshape there may be no such channel.
// CHECK-LABEL: func.func @channels_reshaped
func.func @channels_reshaped(%q: tensor<2x6xi8>, %w: tensor<6x6xf32>) -> tensor<4x3xi8> {
  %m = nn.constant dense<[2.0, 3.0, 5.0]> : tensor<3xf32>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.reshape
  // CHECK-NEXT: nn.mul
  // CHECK-NEXT: nn.quantize
  %0 = nn.dequantize %q, %s, %z : (tensor<2x6xi8>, tensor<f32>, tensor<i8>) -> tensor<2x6xf32>
  %1 = nn.matmul %0, %w : (tensor<2x6xf32>, tensor<6x6xf32>) -> tensor<2x6xf32>
  %2 = nn.reshape %1 : tensor<2x6xf32> to tensor<4x3xf32>
  %3 = nn.mul %2, %m : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  %4 = nn.quantize %3, %s, %z : (tensor<4x3xf32>, tensor<f32>, tensor<i8>) -> tensor<4x3xi8>
  return %4 : tensor<4x3xi8>
}

// Indices are no elements.
// CHECK-LABEL: func.func @gather
func.func @gather(%q: tensor<4xi8>, %i: tensor<2xi64>) -> tensor<2xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  // CHECK: nn.gather %{{.*}} {axis = 0 : i64} : (tensor<4xi8>, tensor<2xi64>) -> tensor<2xi8>
  // CHECK-NEXT: return
  %1 = nn.gather %0, %i {axis = 0 : i64} : (tensor<4xf32>, tensor<2xi64>) -> tensor<2xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  return %2 : tensor<2xi8>
}

// Scales per slice move with a transpose.
// CHECK-LABEL: func.func @weights_transposed
func.func @weights_transposed() -> tensor<3x2xf32> {
  %q = nn.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8>
  %s = nn.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x3xi8>, tensor<2x1xf32>, tensor<i8>) -> tensor<2x3xf32>
  // CHECK: nn.dequantize %{{.*}} : (tensor<3x2xi8>, tensor<1x2xf32>, tensor<i8>) -> tensor<3x2xf32>
  // CHECK-NEXT: return
  %1 = nn.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// A reshape would tear the slices apart.
// CHECK-LABEL: func.func @weights_reshaped
func.func @weights_reshaped(%q: tensor<2x6xi8>) -> tensor<4x3xf32> {
  %s = nn.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK: nn.dequantize
  // CHECK-NEXT: nn.reshape
  %0 = nn.dequantize %q, %s, %z : (tensor<2x6xi8>, tensor<2x1xf32>, tensor<i8>) -> tensor<2x6xf32>
  %1 = nn.reshape %0 : tensor<2x6xf32> to tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// Scales of which each element has its own move with a reshape, too.
// CHECK-LABEL: func.func @each_element_reshaped
func.func @each_element_reshaped(%q: tensor<2x2xi8>) -> tensor<4xf32> {
  // CHECK: nn.dequantize %{{.*}} : (tensor<4xi8>, tensor<4xf32>, tensor<i8>) -> tensor<4xf32>
  // CHECK-NEXT: return
  %s = nn.constant dense<[[0.5, 0.25], [1.0, 2.0]]> : tensor<2x2xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x2xi8>, tensor<2x2xf32>, tensor<i8>) -> tensor<2x2xf32>
  %1 = nn.reshape %0 : tensor<2x2xf32> to tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Per slice the greatest integer of two slices need not be the greatest float.
// CHECK-LABEL: func.func @max_pool_per_channel
func.func @max_pool_per_channel(%q: tensor<1x2x4xi8>) -> tensor<1x2x2xf32> {
  %s = nn.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK: nn.dequantize
  // CHECK-NEXT: nn.max_pool
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xi8>, tensor<2x1xf32>, tensor<i8>) -> tensor<1x2x4xf32>
  %1 = nn.max_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 0>} : (tensor<1x2x4xf32>) -> tensor<1x2x2xf32>
  return %1 : tensor<1x2x2xf32>
}

// What has another reader stays one of floats for that reader.
// CHECK-LABEL: func.func @another_reader
func.func @another_reader(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>) -> (tensor<4xi8>, tensor<4xf32>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.reshape
  // CHECK-NEXT: nn.quantize
  %0 = nn.matmul %x, %w : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  %1 = nn.reshape %0 : tensor<1x4xf32> to tensor<4xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %2, %1 : tensor<4xi8>, tensor<4xf32>
}

// Contractions may become integers: what moves their result is moved behind the quantization.
// CHECK-LABEL: func.func @behind_a_contraction
func.func @behind_a_contraction(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>) -> tensor<4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.quantize
  // CHECK-NEXT: nn.reshape
  %0 = nn.matmul %x, %w : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  %1 = nn.reshape %0 : tensor<1x4xf32> to tensor<4xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %2 : tensor<4xi8>
}

// So is what a function makes of them, element by element.
// CHECK-LABEL: func.func @function_behind_movement
func.func @function_behind_movement(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>) -> tensor<4xi8> {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.tanh %{{.*}} : tensor<1x4xf32>
  // CHECK-NEXT: nn.quantize
  // CHECK-NEXT: nn.reshape %{{.*}} : tensor<1x4xi8> to tensor<4xi8>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  %0 = nn.matmul %x, %w : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  %1 = nn.reshape %0 : tensor<1x4xf32> to tensor<4xf32>
  %2 = nn.tanh %1 : tensor<4xf32>
  %3 = nn.quantize %2, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// With a number for each element it would have to move these as well.
// CHECK-LABEL: func.func @function_of_several_numbers
func.func @function_of_several_numbers(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>) -> tensor<4xi8> {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.reshape
  // CHECK-NEXT: nn.mul
  // CHECK-NEXT: nn.quantize
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  %each = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %0 = nn.matmul %x, %w : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  %1 = nn.reshape %0 : tensor<1x4xf32> to tensor<4xf32>
  %2 = nn.mul %1, %each : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// Pixels, which are bytes, move before they become floats; words as they are.
// CHECK-LABEL: func.func @pixels
func.func @pixels(%x: tensor<1x4x3xui8>, %y: tensor<1x4x3xui16>) -> (tensor<1x3x4xf32>, tensor<1x3x4xf32>) {
  // CHECK: nn.transpose %{{.*}} : (tensor<1x4x3xui8>) -> tensor<1x3x4xui8>
  // CHECK-NEXT: nn.cast %{{.*}} : tensor<1x3x4xui8> to tensor<1x3x4xf32>
  // CHECK-NEXT: nn.cast %{{.*}} : tensor<1x4x3xui16> to tensor<1x4x3xf32>
  // CHECK-NEXT: nn.transpose
  %0 = nn.cast %x : tensor<1x4x3xui8> to tensor<1x4x3xf32>
  %1 = nn.transpose %0 {permutation = array<i64: 0, 2, 1>} : (tensor<1x4x3xf32>) -> tensor<1x3x4xf32>
  %2 = nn.cast %y : tensor<1x4x3xui16> to tensor<1x4x3xf32>
  %3 = nn.transpose %2 {permutation = array<i64: 0, 2, 1>} : (tensor<1x4x3xf32>) -> tensor<1x3x4xf32>
  return %1, %3 : tensor<1x3x4xf32>, tensor<1x3x4xf32>
}

// Floats of another origin are quantized where they were.
// CHECK-LABEL: func.func @floats_move_as_floats
func.func @floats_move_as_floats(%x: tensor<1x4xf32>) -> tensor<4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  // CHECK: nn.reshape
  // CHECK-NEXT: nn.quantize
  %0 = nn.reshape %x : tensor<1x4xf32> to tensor<4xf32>
  %1 = nn.quantize %0, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %1 : tensor<4xi8>
}

// The greatest along an axis is one of them, their sum is none.
// CHECK-LABEL: func.func @greatest
func.func @greatest(%q: tensor<2x4xi8>) -> (tensor<2xi8>, tensor<2xi8>) {
  // CHECK: %[[W:.*]] = nn.cast %arg0 : tensor<2x4xi8> to tensor<2x4xi32>
  // CHECK: %[[M:.*]] = nn.reduce_max %[[W]] {axes = array<i64: 1>, keepdims = false} : (tensor<2x4xi32>) -> tensor<2xi32>
  // CHECK: %[[Q:.*]] = nn.cast %[[M]] : tensor<2xi32> to tensor<2xi8>
  // CHECK: nn.reduce_sum %{{.*}} : (tensor<2x4xf32>) -> tensor<2xf32>
  // CHECK: return %[[Q]],
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-7> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<2x4xf32>
  %1 = nn.reduce_max %0 {axes = array<i64: 1>, keepdims = false} : (tensor<2x4xf32>) -> tensor<2xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  %3 = nn.reduce_sum %0 {axes = array<i64: 1>, keepdims = false} : (tensor<2x4xf32>) -> tensor<2xf32>
  %4 = nn.quantize %3, %s, %z : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  return %2, %4 : tensor<2xi8>, tensor<2xi8>
}

// The lesser of two is alike.
// CHECK-LABEL: func.func @lesser
func.func @lesser(%p: tensor<4xi8>, %q: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: %[[M:.*]] = nn.min %arg0, %arg1 : (tensor<4xi8>, tensor<4xi8>)
  // CHECK-NEXT: return %[[M]]
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.dequantize %p, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %2 = nn.min %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// The greater of two on one grid is that of the integers; on two grids it is not.
// CHECK-LABEL: func.func @greater
func.func @greater(%p: tensor<4xi8>, %q: tensor<1xi8>) -> (tensor<4xi8>, tensor<4xf32>) {
  // CHECK: %[[M:.*]] = nn.max %arg0, %arg1 : (tensor<4xi8>, tensor<1xi8>)
  // CHECK: nn.max %{{.*}}, %{{.*}} : (tensor<4xf32>, tensor<1xf32>)
  // CHECK: return %[[M]],
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.dequantize %p, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.dequantize %q, %s, %z : (tensor<1xi8>, tensor<f32>, tensor<i8>) -> tensor<1xf32>
  %2 = nn.max %0, %1 : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %4 = nn.dequantize %q, %t, %z : (tensor<1xi8>, tensor<f32>, tensor<i8>) -> tensor<1xf32>
  %5 = nn.max %0, %4 : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %3, %5 : tensor<4xi8>, tensor<4xf32>
}

// The way to round moves along. A pair on one grid cancels where a last bit of a quotient does not decide.
// CHECK-LABEL: func.func @roundings
func.func @roundings(%q: tensor<2x3xi8>) -> (tensor<6xi8>, tensor<2x3xi8>, tensor<2x3xi8>) {
  // CHECK-DAG: %[[UP:.*]] = nn.quantize {{.*}} {rounding = 3 : i64}
  // CHECK-DAG: %[[MOVED:.*]] = nn.reshape %{{.*}} : tensor<2x3xi8> to tensor<6xi8>
  // CHECK-DAG: nn.quantize {{.*}} {rounding = 5 : i64}
  // CHECK: return %[[MOVED]], %[[UP]], %arg0
  %s = nn.constant dense<0.3> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  %1 = nn.relu %0 : tensor<2x3xf32>
  %2 = nn.reshape %1 : tensor<2x3xf32> to tensor<6xf32>
  %3 = nn.quantize %2, %s, %z {rounding = 5 : i64} : (tensor<6xf32>, tensor<f32>, tensor<i8>) -> tensor<6xi8>
  %4 = nn.quantize %0, %s, %z {rounding = 3 : i64} : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
  %5 = nn.quantize %0, %s, %z {rounding = 2 : i64} : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
  return %3, %4, %5 : tensor<6xi8>, tensor<2x3xi8>, tensor<2x3xi8>
}

// CHECK-LABEL: func.func @arg_max
// CHECK-SAME: %[[Q:.*]]: tensor<1x4xi8>
func.func @arg_max(%q: tensor<1x4xi8>) -> tensor<1xi64> {
  // CHECK: nn.arg_max %[[Q]] {axis = 1 : i64, keepdims = false, last = true} : (tensor<1x4xi8>) -> tensor<1xi64>
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %1 = nn.arg_max %0 {axis = 1 : i64, keepdims = false, last = true} : (tensor<1x4xf32>) -> tensor<1xi64>
  return %1 : tensor<1xi64>
}

// One scale for each element: the greatest integer may not be the greatest float.
// CHECK-LABEL: func.func @arg_max_per_channel
func.func @arg_max_per_channel(%q: tensor<1x2xi8>) -> tensor<1xi64> {
  // CHECK: nn.arg_max %{{.*}} : (tensor<1x2xf32>) -> tensor<1xi64>
  %s = nn.constant dense<[0.1, 0.2]> : tensor<2xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2xi8>, tensor<2xf32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.arg_max %0 {axis = 1 : i64, keepdims = false, last = false} : (tensor<1x2xf32>) -> tensor<1xi64>
  return %1 : tensor<1xi64>
}

// Sums of 32 bits: different ones may stand for one float, the first of which counts.
// CHECK-LABEL: func.func @arg_max_of_sums
func.func @arg_max_of_sums(%q: tensor<1x4xi32>) -> tensor<1xi64> {
  // CHECK: nn.arg_max %{{.*}} : (tensor<1x4xf32>) -> tensor<1xi64>
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i32>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x4xi32>, tensor<f32>, tensor<i32>) -> tensor<1x4xf32>
  %1 = nn.arg_max %0 {axis = 1 : i64, keepdims = false, last = false} : (tensor<1x4xf32>) -> tensor<1xi64>
  return %1 : tensor<1xi64>
}
