// RUN: nn-opt %s -split-input-file -nn-evaluate -o /dev/null | FileCheck %s

// The function before a program gives its inputs. One network, once as nn and
// once as steps on an arena: channels last with a halo, a blocked filter.

// CHECK: @input: tensor<1x2x2x2xf32> = [1, 2, 3, 4, 5, 6, 7, 8]
// CHECK: @net: tensor<1x2x2x2xf32> = [[R:\[.*\]]]
func.func @input() -> tensor<1x2x2x2xf32> {
  %x = nn.constant dense<[[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]]> : tensor<1x2x2x2xf32>
  return %x : tensor<1x2x2x2xf32>
}
plan.kernel @relayout attributes {algorithm = "light", tile = {},
    operand_layouts = [#plan.layout<strides = [8, 4, 2, 1]>],
    result_layouts = [#plan.layout<strides = [32, 1, 8, 2], low = [0, 0, 1, 1], high = [0, 0, 1, 1]>]} {
^bb0(%a: tensor<1x2x2x2xf32>):
  nn.yield %a : tensor<1x2x2x2xf32>
}
plan.kernel @conv attributes {algorithm = "conv", tile = {},
    operand_layouts = [#plan.layout<strides = [32, 1, 8, 2], low = [0, 0, 1, 1], high = [0, 0, 1, 1]>,
                       #plan.layout<strides = [16, 2, 12, 4], blocks = [2, 1, 1, 1], block_strides = [1, 0, 0, 0]>],
    result_layouts = [#plan.layout<strides = [8, 1, 4, 2]>]} {
^bb0(%a: tensor<1x2x2x2xf32>, %w: tensor<2x2x3x3xf32>):
  %0 = nn.conv %a, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
     : (tensor<1x2x2x2xf32>, tensor<2x2x3x3xf32>) -> tensor<1x2x2x2xf32>
  nn.yield %0 : tensor<1x2x2x2xf32>
}
plan.kernel @back attributes {algorithm = "light", tile = {},
    operand_layouts = [#plan.layout<strides = [8, 1, 4, 2]>], result_layouts = [#plan.layout<strides = [8, 4, 2, 1]>]} {
^bb0(%a: tensor<1x2x2x2xf32>):
  nn.yield %a : tensor<1x2x2x2xf32>
}
plan.program @net attributes {arena_bytes = 192 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<1x2x2x2xf32>
  %y = plan.output 0 "y" : tensor<1x2x2x2xf32>
  %w = plan.constant dense<[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]],
                            [[[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]], [[2.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]]]> : tensor<2x2x3x3xf32>
       as #plan.layout<strides = [16, 2, 12, 4], blocks = [2, 1, 1, 1], block_strides = [1, 0, 0, 0]>
  %s = plan.slot offset 0 bytes 128 live 0 to 1
  %t = plan.slot offset 128 bytes 64 live 1 to 2
  plan.step @relayout (%x[0]) -> (%s[40]) nodes []
  plan.step @conv (%s[40], %w[0]) -> (%t[0]) nodes ["conv"]
  plan.step @back (%t[0]) -> (%y[0]) nodes []
}
// CHECK: @input_again
// CHECK: @reference: tensor<1x2x2x2xf32> = [[R]]
func.func @input_again() -> tensor<1x2x2x2xf32> {
  %x = nn.constant dense<[[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]]> : tensor<1x2x2x2xf32>
  return %x : tensor<1x2x2x2xf32>
}
func.func @reference() -> tensor<1x2x2x2xf32> {
  %x = nn.constant dense<[[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]]> : tensor<1x2x2x2xf32>
  %w = nn.constant dense<[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]],
                          [[[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]], [[2.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]]]> : tensor<2x2x3x3xf32>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
     : (tensor<1x2x2x2xf32>, tensor<2x2x3x3xf32>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}

// -----

// A slot that is overwritten while it is needed changes the answer: its live
// range lies about the last step.
// CHECK: @ones: tensor<2xf32> = [1, 1]
// CHECK: @clobbered: tensor<2xf32> = [2, 2]
func.func @ones() -> tensor<2xf32> {
  %x = nn.constant dense<1.0> : tensor<2xf32>
  return %x : tensor<2xf32>
}
plan.kernel @double attributes {algorithm = "light", tile = {},
    operand_layouts = [#plan.layout<strides = [1]>], result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<2xf32>):
  %0 = nn.add %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  nn.yield %0 : tensor<2xf32>
}
plan.kernel @copy attributes {algorithm = "light", tile = {},
    operand_layouts = [#plan.layout<strides = [1]>], result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<2xf32>):
  nn.yield %a : tensor<2xf32>
}
plan.program @clobbered attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<2xf32>
  %y = plan.output 0 "y" : tensor<2xf32>
  %s = plan.slot offset 0 bytes 8 live 0 to 0
  %t = plan.slot offset 0 bytes 8 live 1 to 1
  plan.step @copy (%x[0]) -> (%s[0]) nodes []
  plan.step @double (%x[0]) -> (%t[0]) nodes []
  plan.step @copy (%s[0]) -> (%y[0]) nodes []
}
