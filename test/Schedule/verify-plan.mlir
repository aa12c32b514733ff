// RUN: %nn-opt %s --nn-verify-plan --split-input-file --verify-diagnostics

plan.kernel @relu attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [1]>],
    result_layouts = [#plan.layout<strides = [1], low = [1], high = [0]>]} {
^bb0(%a: tensor<8xf32>):
  %0 = nn.relu %a : tensor<8xf32>
  nn.yield %0 : tensor<8xf32>
}
plan.program @halo_before_the_buffer attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<8xf32>
  %s = plan.slot offset 0 bytes 36 live 0 to 0
  // expected-error @+1 {{writes bytes -4 to 32 of a buffer of 36}}
  plan.step @relu (%x[0]) -> (%s[0]) nodes []
}

// -----

plan.kernel @relu attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [1]>],
    result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<8xf32>):
  %0 = nn.relu %a : tensor<8xf32>
  nn.yield %0 : tensor<8xf32>
}
plan.program @fits attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<8xf32>
  %y = plan.output 0 "y" : tensor<8xf32>
  %s = plan.slot offset 0 bytes 32 live 0 to 1
  plan.step @relu (%x[0]) -> (%s[0]) nodes []
  plan.step @relu (%s[0]) -> (%y[0]) nodes []
}
plan.program @dead_slot attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<8xf32>
  %y = plan.output 0 "y" : tensor<8xf32>
  %s = plan.slot offset 0 bytes 32 live 0 to 0
  plan.step @relu (%x[0]) -> (%s[0]) nodes []
  // expected-error @+1 {{reads a slot in step 1 that is live in steps 0 to 0}}
  plan.step @relu (%s[0]) -> (%y[0]) nodes []
}

// -----

plan.kernel @relu attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [1]>],
    result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<8xf32>):
  %0 = nn.relu %a : tensor<8xf32>
  nn.yield %0 : tensor<8xf32>
}
plan.program @nothing_written attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %y = plan.output 0 "y" : tensor<8xf32>
  %s = plan.slot offset 0 bytes 32 live 0 to 0
  // expected-error @+1 {{reads a buffer that no step has written}}
  plan.step @relu (%s[0]) -> (%y[0]) nodes []
}

// -----

plan.program @no_output attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{no step writes this output}}
  %y = plan.output 0 "y" : tensor<8xf32>
}

// -----

plan.kernel @relu attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [1]>],
    result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<8xf32>):
  %0 = nn.relu %a : tensor<8xf32>
  nn.yield %0 : tensor<8xf32>
}
plan.program @writes_input attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<8xf32>
  // expected-error @+1 {{writes to plan.input}}
  plan.step @relu (%x[0]) -> (%x[0]) nodes []
}

// -----

// What a kernel claims of scales holds of those that are bound.
plan.kernel @quantize attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [1]>, #plan.layout<strides = []>, #plan.layout<strides = []>],
    result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<8xf32>, %s: tensor<f32>, %z: tensor<i8>):
  %0 = nn.quantize %a, %s, %z {nn.moderate_scale} : (tensor<8xf32>, tensor<f32>, tensor<i8>) -> tensor<8xi8>
  nn.yield %0 : tensor<8xi8>
}
plan.program @claimed_scales attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<8xf32>
  %y = plan.output 0 "y" : tensor<8xi8>
  %v = plan.output 1 "v" : tensor<8xi8>
  %s = plan.constant dense<0.5> : tensor<f32> as #plan.layout<strides = []>
  %t = plan.constant dense<3.0e38> : tensor<f32> as #plan.layout<strides = []>
  %z = plan.constant dense<0> : tensor<i8> as #plan.layout<strides = []>
  plan.step @quantize (%x[0], %s[0], %z[0]) -> (%y[0]) nodes []
  // expected-error @+1 {{kernel @quantize claims nn.moderate_scale, which the scale that is bound here is not}}
  plan.step @quantize (%x[0], %t[0], %z[0]) -> (%v[0]) nodes []
}
