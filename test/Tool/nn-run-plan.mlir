// RUN: %nn-run %s -via=interpreter | FileCheck %s
// RUN: not %nn-run %s -via=native 2>&1 | FileCheck %s --check-prefix=NATIVE

// The interpreter runs a plan as it stands: no kernel is generated for it, so it also runs one that has no code here.

// CHECK: random: y tensor<8xf32> =
// NATIVE: error: {{.*}}no kernel family is called 'fft.fast'
module {
  plan.kernel @unknown attributes {algorithm = "fft.fast", operand_layouts = [#plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%x: tensor<8xf32>):
    %0 = nn.neg %x : tensor<8xf32>
    nn.yield %0 : tensor<8xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %x = plan.input 0 "x" : tensor<8xf32>
    %y = plan.output 0 "y" : tensor<8xf32>
    plan.step @unknown (%x[0]) -> (%y[0]) nodes []
  }
}
