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
