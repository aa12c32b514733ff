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
