// RUN: not nn-opt %s -split-input-file -nn-evaluate -o /dev/null 2>&1 | FileCheck %s

// CHECK: error: 'plan.step' @copy accesses bytes 4 to 12 of a buffer of 8
func.func @ones() -> tensor<2xf32> {
  %x = nn.constant dense<1.0> : tensor<2xf32>
  return %x : tensor<2xf32>
}
plan.kernel @copy attributes {algorithm = "light", tile = {},
    operand_layouts = [#plan.layout<strides = [1]>], result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<2xf32>):
  nn.yield %a : tensor<2xf32>
}
plan.program @past_the_end attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<2xf32>
  %s = plan.slot offset 0 bytes 8 live 0 to 0
  plan.step @copy (%x[0]) -> (%s[4]) nodes []
}

// -----

// The halo counts, on the side that writes it.
// CHECK: error: 'plan.step' @pad accesses bytes -4 to 8 of a buffer of 8
func.func @ones() -> tensor<2xf32> {
  %x = nn.constant dense<1.0> : tensor<2xf32>
  return %x : tensor<2xf32>
}
plan.kernel @pad attributes {algorithm = "light", tile = {},
    operand_layouts = [#plan.layout<strides = [1]>], result_layouts = [#plan.layout<strides = [1], low = [1], high = [0]>]} {
^bb0(%a: tensor<2xf32>):
  nn.yield %a : tensor<2xf32>
}
plan.program @halo attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<2xf32>
  %s = plan.slot offset 0 bytes 8 live 0 to 0
  plan.step @pad (%x[0]) -> (%s[0]) nodes []
}

// -----

// CHECK: error: 'plan.step' @copy writes to an input or a constant
func.func @ones() -> tensor<2xf32> {
  %x = nn.constant dense<1.0> : tensor<2xf32>
  return %x : tensor<2xf32>
}
plan.kernel @copy attributes {algorithm = "light", tile = {},
    operand_layouts = [#plan.layout<strides = [1]>], result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<2xf32>):
  nn.yield %a : tensor<2xf32>
}
plan.program @input_written attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<2xf32>
  plan.step @copy (%x[0]) -> (%x[0]) nodes []
}

// -----

// CHECK: error: 'plan.input' has index 1, 1 inputs are given
func.func @ones() -> tensor<2xf32> {
  %x = nn.constant dense<1.0> : tensor<2xf32>
  return %x : tensor<2xf32>
}
plan.program @no_such_input attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<2xf32>
  %y = plan.input 1 "y" : tensor<2xf32>
}

// -----

// A conv's window that nobody cleared: the reader states a halo, the writer did not.
// CHECK: error: 'plan.step' @sum reads a halo that is not +0 as operand 0
func.func @ones() -> tensor<2xf32> {
  %x = nn.constant dense<1.0> : tensor<2xf32>
  return %x : tensor<2xf32>
}
plan.kernel @copy attributes {algorithm = "light", tile = {},
    operand_layouts = [#plan.layout<strides = [1]>], result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<2xf32>):
  nn.yield %a : tensor<2xf32>
}
plan.kernel @sum attributes {algorithm = "light", tile = {},
    operand_layouts = [#plan.layout<strides = [1], low = [1], high = [1]>], result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<2xf32>):
  nn.yield %a : tensor<2xf32>
}
plan.program @halo_missing attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<2xf32>
  %y = plan.output 0 "y" : tensor<2xf32>
  %s = plan.slot offset 0 bytes 16 live 0 to 1
  plan.step @copy (%x[0]) -> (%s[4]) nodes []
  plan.step @sum (%s[4]) -> (%y[0]) nodes []
}
