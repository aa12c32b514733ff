// RUN: nn-opt %s --split-input-file --verify-diagnostics

func.func @conv_window_does_not_fit(%x: tensor<1x3x4x4xf32>, %w: tensor<4x3x5x5xf32>) {
  // expected-error @+2 {{conv_c6: a window of 5 does not fit into 4 padded elements of spatial dimension 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
    : (tensor<1x3x4x4xf32>, tensor<4x3x5x5xf32>) -> tensor<1x4x1x1xf32>
  return
}

// -----

func.func @conv_channels_disagree(%x: tensor<1x6x8x8xf32>, %w: tensor<4x16x3x3xf32>) {
  // expected-error @+2 {{conv_c3: expects 16 input channels (filter channels * group), got 6}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
    : (tensor<1x6x8x8xf32>, tensor<4x16x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

func.func @matmul_inner_dimensions_disagree(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) {
  // expected-error @+2 {{lhs 2x3 and rhs 4x5 disagree on the inner dimension}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.matmul %a, %b : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @shapes_do_not_broadcast(%a: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error @+2 {{shapes 2x3 and 2 cannot be broadcast together}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.add %a, %b : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @reshape_loses_elements(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{must keep element type and count}}
  %0 = nn.reshape %x : tensor<2x3xf32> to tensor<5xf32>
  return
}

// -----

func.func @slice_reads_outside(%x: tensor<5xf32>) {
  // expected-error @+1 {{reads outside of dimension 0 (size 5)}}
  %0 = nn.slice %x {starts = array<i64: 3>, steps = array<i64: 1>} : tensor<5xf32> to tensor<3xf32>
  return
}

// -----

func.func @pool_window_outside(%x: tensor<1x1x4x4xf32>) {
  // expected-error @+1 {{has a window outside of the input in spatial dimension 0}}
  %0 = nn.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x4x4xf32>) -> tensor<1x1x3x2xf32>
  return
}

// -----

func.func @group_yields_another_type(%x: tensor<4xf32>) {
  // expected-error @+1 {{body yields other types than the results have}}
  %0 = nn.fused(%x) : (tensor<4xf32>) -> tensor<2xf32> {
  ^bb0(%a: tensor<4xf32>):
    nn.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @clip_bound_of_another_type(%x: tensor<4xf32>) {
  // expected-error @+1 {{bounds must have the element type 'f32'}}
  %0 = nn.clip %x {min = 0 : i64, max = 6 : i64} : tensor<4xf32>
  return
}

// -----

func.func @conv_of_two_types(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xi1>) {
  // expected-error @+2 {{conv_c7: operands must have one element type, got 'f32' and 'i1'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64} : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xi1>) -> tensor<1x4x6x6xf32>
  return
}

// -----

func.func @matmul_bias_of_another_type(%x: tensor<2x3xi32>, %w: tensor<3x4xi32>, %b: tensor<4xf32>) {
  // expected-error @+2 {{bias must have the element type of the sums, 'i32', got 'f32'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.matmul %x, %w, %b : (tensor<2x3xi32>, tensor<3x4xi32>, tensor<4xf32>) -> tensor<2x4xi32>
  return
}

// -----

func.func @pad_value_of_another_type(%x: tensor<4xf32>) {
  // expected-error @+2 {{value must have the element type 'f32', got 'i64'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.pad %x {low = array<i64: 1>, high = array<i64: 1>, mode = 0 : i64, value = 0 : i64} : (tensor<4xf32>) -> tensor<6xf32>
  return
}

// -----

// Sums of i32 are not a third type of 32 bits: those stay one type for all.
func.func @conv_of_wide_integers(%x: tensor<1x4x8xi32>, %w: tensor<4x4x3xi8>) {
  // expected-error @+2 {{conv_c7: operands must have one element type, got 'i32' and 'i8'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x4x8xi32>, tensor<4x4x3xi8>) -> tensor<1x4x6xi32>
  return
}

// -----

func.func @conv_bias_of_another_type(%x: tensor<1x4x8xui8>, %w: tensor<4x4x3xi8>, %b: tensor<4xi16>) {
  // expected-error @+2 {{conv_c7: bias must have the element type of the sums, 'i32', got 'i16'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.conv %x, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x4x8xui8>, tensor<4x4x3xi8>, tensor<4xi16>) -> tensor<1x4x6xi32>
  return
}

// -----

func.func @conv_sums_are_words(%x: tensor<1x4x8xui8>, %w: tensor<4x4x3xi8>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{inferred type(s) 'tensor<1x4x6xi32>' are incompatible with return type(s) of operation 'tensor<1x4x6xui8>'}}
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x4x8xui8>, tensor<4x4x3xi8>) -> tensor<1x4x6xui8>
  return
}

// -----

func.func @pad_value_of_floats(%x: tensor<1x4x8xf32>, %w: tensor<4x4x3xf32>) {
  // expected-error @+2 {{conv_c8: pad_value 1 is no value of 'f32'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64, pad_value = 1 : i64} : (tensor<1x4x8xf32>, tensor<4x4x3xf32>) -> tensor<1x4x6xf32>
  return
}

// -----

func.func @pad_value_too_great(%x: tensor<1x4x8xi8>, %w: tensor<4x4x3xi8>) {
  // expected-error @+2 {{conv_c8: pad_value 128 is no value of 'i8'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64, pad_value = 128 : i64} : (tensor<1x4x8xi8>, tensor<4x4x3xi8>) -> tensor<1x4x6xi32>
  return
}

// -----

func.func @pad_value_below_zero(%x: tensor<1x4x8xui8>, %w: tensor<4x4x3xi8>) {
  // expected-error @+2 {{conv_c8: pad_value -1 is no value of 'ui8'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64, pad_value = -1 : i64} : (tensor<1x4x8xui8>, tensor<4x4x3xi8>) -> tensor<1x4x6xi32>
  return
}

// -----

func.func @quantize_zero_point_of_another_type(%x: tensor<4xf32>, %s: tensor<f32>, %z: tensor<i8>) {
  // expected-error @+1 {{'nn.quantize' op zero point must have the element type 'ui8'}}
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xui8>
  return
}

// -----

func.func @dequantize_zero_point_of_another_type(%x: tensor<4xi8>, %s: tensor<f32>, %z: tensor<i16>) {
  // expected-error @+1 {{'nn.dequantize' op zero point must have the element type 'i8'}}
  %0 = nn.dequantize %x, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i16>) -> tensor<4xf32>
  return
}

// -----

func.func @requantize_zero_point_of_another_type(%x: tensor<4xi32>, %s: tensor<f32>, %z: tensor<ui8>) {
  // expected-error @+1 {{'nn.requantize' op zero point must have the element type 'i8'}}
  %0 = nn.requantize %x, %s, %z : (tensor<4xi32>, tensor<f32>, tensor<ui8>) -> tensor<4xi8>
  return
}

// -----

func.func @quantize_to_words(%x: tensor<4xf32>, %s: tensor<f32>, %z: tensor<i32>) {
  // expected-error @+1 {{'nn.quantize' op operand #2 must be}}
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i32>) -> tensor<4xi32>
  return
}

// -----

func.func @requantize_narrow_integers(%x: tensor<4xi16>, %s: tensor<f32>, %z: tensor<i8>) {
  // expected-error @+1 {{'nn.requantize' op operand #0 must be}}
  %0 = nn.requantize %x, %s, %z : (tensor<4xi16>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return
}

// -----

func.func @quantize_to_another_shape(%x: tensor<4xf32>, %s: tensor<f32>, %z: tensor<i8>) {
  // expected-error @+1 {{'nn.quantize' op keeps the shape of its input}}
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<2x2xi8>
  return
}

// -----

func.func @scale_does_not_broadcast(%x: tensor<2x4xf32>, %s: tensor<2xf32>, %z: tensor<i8>) {
  // expected-error @+1 {{'nn.quantize' op scale must broadcast to the input, got 'tensor<2xf32>'}}
  %0 = nn.quantize %x, %s, %z : (tensor<2x4xf32>, tensor<2xf32>, tensor<i8>) -> tensor<2x4xi8>
  return
}

// -----

func.func @zero_point_does_not_broadcast(%x: tensor<2x4xi8>, %s: tensor<f32>, %z: tensor<3x1xi8>) {
  // expected-error @+1 {{'nn.dequantize' op zero point must broadcast to the input, got 'tensor<3x1xi8>'}}
  %0 = nn.dequantize %x, %s, %z : (tensor<2x4xi8>, tensor<f32>, tensor<3x1xi8>) -> tensor<2x4xf32>
  return
}

// -----

// Broadcasting would make the input greater.
func.func @scale_of_greater_shape(%x: tensor<1x4xi32>, %s: tensor<2x4xf32>, %z: tensor<i8>) {
  // expected-error @+1 {{'nn.requantize' op scale must broadcast to the input, got 'tensor<2x4xf32>'}}
  %0 = nn.requantize %x, %s, %z : (tensor<1x4xi32>, tensor<2x4xf32>, tensor<i8>) -> tensor<1x4xi8>
  return
}

// -----

func.func @scale_of_greater_rank(%x: tensor<4xi32>, %s: tensor<1x4xf32>, %z: tensor<i8>) {
  // expected-error @+1 {{'nn.requantize' op scale must broadcast to the input, got 'tensor<1x4xf32>'}}
  %0 = nn.requantize %x, %s, %z : (tensor<4xi32>, tensor<1x4xf32>, tensor<i8>) -> tensor<4xi8>
  return
}

// -----

func.func @softmax_axis_out_of_range(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{axes must be ascending dimensions of the input}}
  %0 = nn.softmax %x {axes = array<i64: 7>} : tensor<2x8xf32>
  return
}

// -----

func.func @softmax_axes_descend(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{axes must be ascending dimensions of the input}}
  %0 = nn.softmax %x {axes = array<i64: 1, 0>} : tensor<2x8xf32>
  return
}

// -----

func.func @log_softmax_axis_negative(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{axes must be ascending dimensions of the input}}
  %0 = nn.log_softmax %x {axes = array<i64: -1>} : tensor<2x8xf32>
  return
}

// -----

// Any ascending dimensions are axes, trailing or not.
func.func @axes(%x: tensor<2x8x3xf32>) {
  %0 = nn.softmax %x {axes = array<i64: 0, 2>} : tensor<2x8x3xf32>
  %1 = nn.log_softmax %x {axes = array<i64: 1>} : tensor<2x8x3xf32>
  return
}

// -----

func.func @unpacked_into_too_many(%x: tensor<2xui8>) {
  // expected-error @+1 {{'nn.unpack' op expects elements in a row and 'tensor<3xui8>' for them, got 'tensor<5xi4>' and 'tensor<2xui8>'}}
  %0 = nn.unpack %x : tensor<2xui8> to tensor<5xi4>
  return
}

// -----

func.func @packed_in_two_dimensions(%x: tensor<2x2xui2>) {
  // expected-error @+1 {{'nn.pack' op expects elements in a row and 'tensor<1xui8>' for them, got 'tensor<2x2xui2>' and 'tensor<1xui8>'}}
  %0 = nn.pack %x : tensor<2x2xui2> to tensor<1xui8>
  return
}

// -----

// expected-error @+1 {{nn.packed must be a tensor of elements below eight bits that 'tensor<2xui8>' holds}}
func.func @bytes_of_another_tensor(%x: tensor<2xui8> {nn.packed = tensor<5xi4>}) {
  return
}

// -----

// expected-error @+1 {{nn.packed must be a tensor of elements below eight bits that 'tensor<2xui8>' holds}}
func.func @whole_bytes_are_not_packed() -> (tensor<2xui8> {nn.packed = tensor<2xi8>}) {
  %0 = nn.constant dense<0> : tensor<2xui8>
  return %0 : tensor<2xui8>
}

// -----

// expected-error @+1 {{nn.scale must be a positive number of type f32}}
func.func @negative_scale(%x: tensor<2xi8> {nn.scale = -1.0 : f32, nn.zero_point = 0 : i32}) {
  return
}

// -----

// expected-error @+1 {{nn.zero_point must be an integer of type i32}}
func.func @wide_zero_point(%x: tensor<2xi8> {nn.scale = 1.0 : f32, nn.zero_point = 0 : i64}) {
  return
}

// -----

func.func @multiplier_does_not_broadcast(%x: tensor<2x3xi32>, %m: tensor<2xi32>, %s: tensor<i32>, %z: tensor<i8>) {
  // expected-error @+1 {{'nn.rescale' op multiplier must broadcast to the input, got 'tensor<2xi32>'}}
  %0 = nn.rescale %x, %m, %s, %z {rounding = 0 : i64} : (tensor<2x3xi32>, tensor<2xi32>, tensor<i32>, tensor<i8>) -> tensor<2x3xi8>
  return
}

// -----

func.func @short_table(%x: tensor<2xi32>) {
  // expected-error @+1 {{expects a table of 256 numbers, got 2}}
  %0 = nn.lookup %x {table = array<i32: 1, 2>} : tensor<2xi32> to tensor<2xi32>
  return
}

// -----

func.func @table_of_another_width(%x: tensor<2xi8>) {
  // expected-error @+1 {{maps bytes to bytes or i32 to i32, got 'i8' and 'i32'}}
  %0 = nn.lookup %x {table = array<i32: 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7>} : tensor<2xi8> to tensor<2xi32>
  return
}

// -----

func.func @table_out_of_range(%x: tensor<2xi8>) {
  // expected-error @+1 {{expects numbers of 'ui8', got -7}}
  %0 = nn.lookup %x {table = array<i32: -7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7>} : tensor<2xi8> to tensor<2xui8>
  return
}

// -----

func.func @shift_too_far(%x: tensor<2xi32>, %s: tensor<1xi64>, %z: tensor<i8>) {
  // expected-error @+1 {{expects a shift of 0 to 16}}
  %0 = nn.proportion %x, %s, %z {division = 1 : i64, shift = 17 : i64} : (tensor<2xi32>, tensor<1xi64>, tensor<i8>) -> tensor<2xi8>
  return
}

// -----

func.func @shift_does_not_broadcast(%x: tensor<2x3xi32>, %m: tensor<i32>, %s: tensor<2xi32>, %z: tensor<i8>) {
  // expected-error @+1 {{'nn.rescale' op shift must broadcast to the input, got 'tensor<2xi32>'}}
  %0 = nn.rescale %x, %m, %s, %z {rounding = 0 : i64} : (tensor<2x3xi32>, tensor<i32>, tensor<2xi32>, tensor<i8>) -> tensor<2x3xi8>
  return
}

// -----

func.func @sum_does_not_broadcast(%x: tensor<2x3xi32>, %s: tensor<2xi64>, %z: tensor<i8>) {
  // expected-error @+1 {{'nn.proportion' op sum must broadcast to the input, got 'tensor<2xi64>'}}
  %0 = nn.proportion %x, %s, %z {division = 0 : i64, shift = 8 : i64} : (tensor<2x3xi32>, tensor<2xi64>, tensor<i8>) -> tensor<2x3xi8>
  return
}

// -----

func.func @negative_multiplier(%x: tensor<2xi32>, %s: tensor<i32>, %z: tensor<i8>) {
  %m = nn.constant dense<[7, -1]> : tensor<2xi32>
  // expected-error @+1 {{'nn.rescale' op multiplier must be from 0 to 2147483647, got -1}}
  %0 = nn.rescale %x, %m, %s, %z {rounding = 0 : i64} : (tensor<2xi32>, tensor<2xi32>, tensor<i32>, tensor<i8>) -> tensor<2xi8>
  return
}

// -----

func.func @no_shift(%x: tensor<2xi32>, %m: tensor<i32>, %z: tensor<i8>) {
  %s = nn.constant dense<0> : tensor<i32>
  // expected-error @+1 {{'nn.rescale' op shift must be from 1 to 62, got 0}}
  %0 = nn.rescale %x, %m, %s, %z {rounding = 1 : i64} : (tensor<2xi32>, tensor<i32>, tensor<i32>, tensor<i8>) -> tensor<2xi8>
  return
}

// -----

func.func @shift_beyond_64_bits(%x: tensor<2xi32>, %m: tensor<i32>, %z: tensor<i8>) {
  %s = nn.constant dense<63> : tensor<i32>
  // expected-error @+1 {{'nn.rescale' op shift must be from 1 to 62, got 63}}
  %0 = nn.rescale %x, %m, %s, %z {rounding = 2 : i64} : (tensor<2xi32>, tensor<i32>, tensor<i32>, tensor<i8>) -> tensor<2xi8>
  return
}

// -----

// The ends of the ranges.
func.func @factors(%x: tensor<2xi32>, %z: tensor<i8>) {
  %m = nn.constant dense<[0, 2147483647]> : tensor<2xi32>
  %s = nn.constant dense<[1, 62]> : tensor<2xi32>
  %0 = nn.rescale %x, %m, %s, %z {rounding = 2 : i64} : (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<i8>) -> tensor<2xi8>
  return
}

// -----

func.func @thresholds_of_another_type(%x: tensor<2x4xi32>, %t: tensor<1x2xf32>) {
  // expected-error @+1 {{(threshold_c1) compares 'i32' with 'f32'}}
  %0 = nn.threshold %x, %t {channel = 1 : i64, least = 0 : i64} : (tensor<2x4xi32>, tensor<1x2xf32>) -> tensor<2x4xi8>
  return
}

// -----

func.func @threshold_channel(%x: tensor<2x4xf32>, %t: tensor<1x2xf32>) {
  // expected-error @+1 {{(threshold_c2) channel 2 is no dimension of rank 2}}
  %0 = nn.threshold %x, %t {channel = 2 : i64, least = 0 : i64} : (tensor<2x4xf32>, tensor<1x2xf32>) -> tensor<2x4xi8>
  return
}

// -----

func.func @threshold_rows(%x: tensor<2x4xf32>, %t: tensor<2x2xf32>) {
  // expected-error @+1 {{(threshold_c2) expects 4 rows of thresholds or one, got 'tensor<2x2xf32>'}}
  %0 = nn.threshold %x, %t {channel = 1 : i64, least = 0 : i64} : (tensor<2x4xf32>, tensor<2x2xf32>) -> tensor<2x4xi8>
  return
}

// -----

func.func @threshold_shape(%x: tensor<2x4xf32>, %t: tensor<1x2xf32>) {
  // expected-error @+1 {{keeps the shape of its input}}
  %0 = nn.threshold %x, %t {channel = 1 : i64, least = 0 : i64} : (tensor<2x4xf32>, tensor<1x2xf32>) -> tensor<4x2xi8>
  return
}

// -----

func.func @threshold_result(%x: tensor<2x4xf32>, %t: tensor<1x3xf32>) {
  // expected-error @+1 {{(threshold_c3) 'i2' does not hold -1 to -1 + 3}}
  %0 = nn.threshold %x, %t {channel = 1 : i64, least = -1 : i64} : (tensor<2x4xf32>, tensor<1x3xf32>) -> tensor<2x4xi2>
  return
}

// -----

func.func @threshold_order(%x: tensor<2x4xf32>) {
  %t = nn.constant dense<[[0.0, 1.0], [1.0, 0.5]]> : tensor<2x2xf32>
  // expected-error @+1 {{(threshold_c4) expects thresholds in ascending order}}
  %0 = nn.threshold %x, %t {channel = 0 : i64, least = 0 : i64} : (tensor<2x4xf32>, tensor<2x2xf32>) -> tensor<2x4xi8>
  return
}

// -----

func.func @threshold_nan(%x: tensor<2x4xf32>) {
  %t = nn.constant dense<[[0.0, 0x7FC00000]]> : tensor<1x2xf32>
  // expected-error @+1 {{(threshold_c4) expects thresholds in ascending order}}
  %0 = nn.threshold %x, %t {channel = 0 : i64, least = 0 : i64} : (tensor<2x4xf32>, tensor<1x2xf32>) -> tensor<2x4xi8>
  return
}

// -----

// The next row begins anew, and equal ones are in order.
func.func @threshold_rows_ascend(%x: tensor<2x4xi16>) {
  %t = nn.constant dense<[[0, 7, 7], [-5, -5, 7]]> : tensor<2x3xi16>
  %0 = nn.threshold %x, %t {channel = 0 : i64, least = -2 : i64} : (tensor<2x4xi16>, tensor<2x3xi16>) -> tensor<2x4xi2>
  return
}
