// RUN: nn-opt %s --split-input-file --verify-diagnostics

plan.program @slots_overlap attributes {arena_bytes = 128 : i64, arena_align = 64 : i64} {
  // expected-note @+1 {{the other slot is here}}
  %a = plan.slot offset 0 bytes 64 live 0 to 1
  // expected-error @+1 {{overlaps a slot that is live at the same step}}
  %b = plan.slot offset 32 bytes 64 live 1 to 2
}

// -----

// The same bytes are free again after the last reader.
plan.program @slots_follow_each_other attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %a = plan.slot offset 0 bytes 64 live 0 to 1
  %b = plan.slot offset 0 bytes 64 live 2 to 2
}

// -----

plan.program @slot_outside attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{lies outside of the arena of 64 bytes}}
  %a = plan.slot offset 32 bytes 64 live 0 to 0
}

// -----

// expected-error @+1 {{needs a power of two up to 4096 as arena_align and no negative arena_bytes}}
plan.program @crooked_alignment attributes {arena_bytes = 64 : i64, arena_align = 48 : i64} {
}

// -----

// expected-error @+1 {{has 1 operands and 0 layouts for them}}
plan.kernel @layout_missing attributes {algorithm = "point.elementwise", tile = {}, operand_layouts = [],
    result_layouts = [#plan.layout<strides = [1]>]} {
^bb0(%a: tensor<4xf32>):
  nn.yield %a : tensor<4xf32>
}

// -----

// expected-error @+1 {{layout lists must be empty or have 2 entries}}
#crooked = #plan.layout<strides = [4, 1], low = [1], high = [1]>
