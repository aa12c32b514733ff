// RUN: nn-opt %s --split-input-file --verify-diagnostics

// Numbers that no plan of ours holds and that would overflow, or ask for all memory there is, later.

// expected-error @+1 {{layout holds 2147483649, at most 2147483648 elements are supported}}
#huge = #plan.layout<strides = [4, 1], low = [0, 2147483649], high = [0, 0]>

// -----

// expected-error @+1 {{layout of result 0 reaches over more than 2147483648 elements}}
plan.kernel @halo attributes {algorithm = "point.elementwise", tile = {}, operand_layouts = [#plan.layout<strides = [1]>],
    result_layouts = [#plan.layout<strides = [2], low = [0], high = [1073741824]>]} {
^bb0(%a: tensor<4xf32>):
  nn.yield %a : tensor<4xf32>
}

// -----

// expected-error @+1 {{has an arena of 256 bytes, its slots end at 64}}
plan.program @arena_larger_than_its_slots attributes {arena_bytes = 256 : i64, arena_align = 64 : i64} {
  %a = plan.slot offset 0 bytes 64 live 0 to 1
}

// -----

// Up to the alignment is no waste.
plan.program @arena_in_whole_lines attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  %a = plan.slot offset 0 bytes 20 live 0 to 1
}

// -----

// expected-error @+1 {{needs a power of two up to 4096 as arena_align}}
plan.program @alignment attributes {arena_bytes = 0 : i64, arena_align = 1073741824 : i64} {
}

// -----

plan.program @slot attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{must begin and end within 17179869184 bytes}}
  %a = plan.slot offset 4611686018427387904 bytes 4611686018427387904 live 0 to 1
}

// -----

plan.program @live attributes {arena_bytes = 64 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{must be live from one step to the same or a later one}}
  %a = plan.slot offset 0 bytes 64 live 2 to 1
}

// -----

plan.program @constant attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{is packed into far more memory than its 4 elements need}}
  %a = plan.constant dense<1.0> : tensor<4xf32> as #plan.layout<strides = [1000000]>
}

// -----

plan.program @backwards attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{cannot be packed with negative strides}}
  %a = plan.constant dense<1.0> : tensor<4xf32> as #plan.layout<strides = [-1]>
}

// -----

plan.program @rank attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{layout does not fit the rank of its value}}
  %a = plan.constant dense<1.0> : tensor<4xf32> as #plan.layout<strides = [1, 1]>
}

// -----

plan.program @resource attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{names the resource 'absent', which is missing}}
  %a = plan.constant dense_resource<absent> : tensor<100xf32> as #plan.layout<strides = [1]>
}

// -----

plan.program @ports attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  %a = plan.input 0 "a" : tensor<4xf32>
  // expected-error @+1 {{has the number 0 of another one}}
  %b = plan.input 0 "b" : tensor<4xf32>
}

// -----

// expected-error @+1 {{does not number its inputs or outputs from 0 on}}
plan.program @gap attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  %a = plan.input 1 "a" : tensor<4xf32>
}

// -----

plan.program @size attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{'a' has more than 2147483648 elements}}
  %a = plan.input 0 "a" : tensor<65536x65536xf32>
}

// -----

plan.program @foreign attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{is neither a buffer nor a step of a program}}
  %a = nn.constant dense<1.0> : tensor<4xf32>
}

// -----

plan.program @offset attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  %a = plan.input 0 "a" : tensor<4xf32>
  // expected-error @+1 {{has a byte offset outside of any buffer}}
  plan.step @k (%a[-4]) -> () nodes ["n"]
}

// -----

plan.program @other_bytes attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{nn.packed must be a tensor of elements below eight bits that 'tensor<4xui8>' holds}}
  %a = plan.output 0 "a" {nn.packed = tensor<9xi4>} : tensor<4xui8>
}

// -----

plan.program @no_tensor attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
  // expected-error @+1 {{failed to satisfy constraint}}
  %a = plan.input 0 "a" : f32
}

// -----

// expected-error @+1 {{takes its buffers from ops, not from arguments}}
plan.program @argument attributes {arena_bytes = 0 : i64, arena_align = 64 : i64} {
^bb0(%a: !plan.buffer):
  plan.step @k (%a[0]) -> () nodes ["n"]
}
