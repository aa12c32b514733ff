// RUN: %nn-opt %s --nn-verify-plan --split-input-file --verify-diagnostics

// Kernels may read an operand after they have begun to write: what a step writes stands where it reads nothing, or element
// for element on an operand.

plan.kernel @relu attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [1]>],
    result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<8xf32>):
  %0 = nn.relu %a : tensor<8xf32>
  nn.yield %0 : tensor<8xf32>
}
plan.program @in_place attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<8xf32>
  %y = plan.output 0 "y" : tensor<8xf32>
  %s = plan.slot offset 0 bytes 64 live 0 to 3
  plan.step @relu (%x[0]) -> (%s[0]) nodes []
  plan.step @relu (%s[0]) -> (%s[0]) nodes []
  plan.step @relu (%s[0]) -> (%s[32]) nodes []
  plan.step @relu (%s[32]) -> (%y[0]) nodes []
}
plan.program @one_element_further attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<8xf32>
  %y = plan.output 0 "y" : tensor<8xf32>
  %s = plan.slot offset 0 bytes 64 live 0 to 2
  plan.step @relu (%x[0]) -> (%s[0]) nodes []
  // expected-error @+1 {{result 0 shares bytes with operand 0, and @relu cannot run in place so}}
  plan.step @relu (%s[0]) -> (%s[4]) nodes []
  plan.step @relu (%s[4]) -> (%y[0]) nodes []
}

// -----

plan.kernel @copy attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [4, 1]>],
    result_layouts = [#plan.layout<strides = [4, 1]>]} {
^bb0(%a: tensor<4x4xf32>):
  nn.yield %a : tensor<4x4xf32>
}
plan.kernel @transpose attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [4, 1]>],
    result_layouts = [#plan.layout<strides = [1, 4]>]} {
^bb0(%a: tensor<4x4xf32>):
  nn.yield %a : tensor<4x4xf32>
}
plan.program @in_another_layout attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<4x4xf32>
  %y = plan.output 0 "y" : tensor<4x4xf32>
  %s = plan.slot offset 0 bytes 64 live 0 to 2
  plan.step @copy (%x[0]) -> (%s[0]) nodes []
  // expected-error @+1 {{result 0 shares bytes with operand 0, and @transpose cannot run in place so}}
  plan.step @transpose (%s[0]) -> (%s[0]) nodes []
  plan.step @copy (%s[0]) -> (%y[0]) nodes []
}

// -----

// Channels 0 and 1 of a joint buffer are read, 2 and 3 written: between the first byte and the last they alternate.
plan.kernel @half attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [1, 4]>],
    result_layouts = [#plan.layout<strides = [1, 4]>]} {
^bb0(%a: tensor<2x4xf32>):
  %0 = nn.relu %a : tensor<2x4xf32>
  nn.yield %0 : tensor<2x4xf32>
}
plan.kernel @fill attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [4, 1]>],
    result_layouts = [#plan.layout<strides = [1, 4]>]} {
^bb0(%a: tensor<2x4xf32>):
  nn.yield %a : tensor<2x4xf32>
}
plan.kernel @whole attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [1, 4]>],
    result_layouts = [#plan.layout<strides = [4, 1]>]} {
^bb0(%a: tensor<4x4xf32>):
  nn.yield %a : tensor<4x4xf32>
}
plan.program @alternating attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<2x4xf32>
  %y = plan.output 0 "y" : tensor<4x4xf32>
  %s = plan.slot offset 0 bytes 64 live 0 to 2
  plan.step @fill (%x[0]) -> (%s[0]) nodes []
  plan.step @half (%s[0]) -> (%s[8]) nodes []
  plan.step @whole (%s[0]) -> (%y[0]) nodes []
}
plan.program @one_channel_shared attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<2x4xf32>
  %y = plan.output 0 "y" : tensor<4x4xf32>
  %s = plan.slot offset 0 bytes 64 live 0 to 2
  plan.step @fill (%x[0]) -> (%s[0]) nodes []
  // expected-error @+1 {{result 0 shares bytes with operand 0, and @half cannot run in place so}}
  plan.step @half (%s[0]) -> (%s[4]) nodes []
  plan.step @whole (%s[0]) -> (%y[0]) nodes []
}

// -----

plan.kernel @two attributes {algorithm = "any", tile = {}, operand_layouts = [#plan.layout<strides = [1]>],
    result_layouts = [#plan.layout<strides = [1]>, #plan.layout<strides = [1]>]} {
^bb0(%a: tensor<8xf32>):
  %0 = nn.relu %a : tensor<8xf32>
  %1 = nn.neg %a : tensor<8xf32>
  nn.yield %0, %1 : tensor<8xf32>, tensor<8xf32>
}
plan.program @two_results attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %x = plan.input 0 "x" : tensor<8xf32>
  %y = plan.output 0 "y" : tensor<8xf32>
  %s = plan.slot offset 0 bytes 64 live 0 to 1
  plan.step @two (%x[0]) -> (%s[0], %s[32]) nodes []
  // expected-error @+1 {{results 0 and 1 share bytes}}
  plan.step @two (%s[0]) -> (%y[0], %y[0]) nodes []
}
