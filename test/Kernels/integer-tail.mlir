// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s --check-prefix=V3
// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v4 -stop-after=kernels | FileCheck %s --check-prefix=V4

// Integers have masked moves where the machine has mask registers. Without them the last three are moved one by one: no
// instruction there shows the checker how far it reaches.

// V3: func.func private @int11
// V3-NOT: masked
// V3-COUNT-3: llvm.store {{.*}} : i64, !llvm.ptr
// V3-NOT: llvm.store
// V3: return

// V4: func.func private @int11
// V4: llvm.intr.masked.store {{.*}} : vector<16xi64>
// V4-NOT: llvm.store {{.*}} : i64, !llvm.ptr
// V4: return
module {
  plan.kernel @int11 attributes {algorithm = "point.elementwise",
      operand_layouts = [#plan.layout<strides = [1]>, #plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%a: tensor<11xi64>, %b: tensor<11xi64>):
    %0 = nn.add %a, %b : (tensor<11xi64>, tensor<11xi64>) -> tensor<11xi64>
    nn.yield %0 : tensor<11xi64>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %int11_a = plan.input 0 "int11_a" : tensor<11xi64>
    %int11_b = plan.input 1 "int11_b" : tensor<11xi64>
    %int11_out0 = plan.output 0 "int11_out0" : tensor<11xi64>
    plan.step @int11 (%int11_a[0], %int11_b[0]) -> (%int11_out0[0]) nodes []
  }
}
