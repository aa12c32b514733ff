// RUN: nn-compile %s -target=x86 -stop-after=schedule | FileCheck %s

// A dimension of one element with a halo has a stride of its own: it must not stand inside of the channels, which the depthwise kernel
// writes side by side.
// CHECK-LABEL: plan.kernel @k1_depthwise3
// CHECK-SAME: result_layouts = [#plan.layout<strides = [57, 1, 19], low = [0, 0, 1], high = [0, 0, 1]>]
func.func @network(%x: tensor<1x19x1xf32> {nn.name = "x"}) -> (tensor<1x7x1xf32> {nn.name = "y"}) {
  %w1 = nn.constant dense<0.5> : tensor<19x1x3xf32>
  %w2 = nn.constant dense<0.25> : tensor<7x19x3xf32>
  %f = nn.floor0 %x {exponent = -40 : i64} : tensor<1x19x1xf32>
  %0 = nn.conv %f, %w1 {dilations = array<i64: 1>, group = 19 : i64, pads = array<i64: 2, 0>, strides = array<i64: 2>} : (tensor<1x19x1xf32>, tensor<19x1x3xf32>) -> tensor<1x19x1xf32>
  %g = nn.floor0 %0 {exponent = -40 : i64} : tensor<1x19x1xf32>
  %1 = nn.conv %g, %w2 {dilations = array<i64: 1>, group = 1 : i64, pads = array<i64: 1, 1>, strides = array<i64: 1>} : (tensor<1x19x1xf32>, tensor<7x19x3xf32>) -> tensor<1x7x1xf32>
  return %1 : tensor<1x7x1xf32>
}
