// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br \
// RUN:   --implicit-check-not=math. --implicit-check-not=scf.for

// Our own functions are straight lines of multiply-adds, selects and bit operations: no call, no table, no branch, no loop,
// and the math dialect, which a library would have to answer, does not appear. Only the ones whose formula divides do.

// CHECK: func.func private @exp
// CHECK-NOT: divf
// CHECK: llvm.intr.fma
// CHECK: arith.shli
// CHECK-NOT: divf
// CHECK: return
// CHECK: func.func private @tanh
// CHECK: arith.divf
// CHECK-NOT: arith.divf
// CHECK: return
// CHECK: func.func private @erf
// CHECK-NOT: divf
// CHECK-COUNT-18: llvm.intr.fma
// CHECK-NOT: divf
// CHECK: return
// CHECK: func.func private @log
// CHECK-NOT: divf
// CHECK: return
// CHECK: func.func private @sigmoid
// CHECK: arith.divf
// CHECK: return
module {
  plan.kernel @exp attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%x: tensor<8xf32>):
    %0 = nn.exp %x : tensor<8xf32>
    nn.yield %0 : tensor<8xf32>
  }
  plan.kernel @tanh attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%x: tensor<8xf32>):
    %0 = nn.tanh %x : tensor<8xf32>
    nn.yield %0 : tensor<8xf32>
  }
  plan.kernel @erf attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%x: tensor<8xf32>):
    %0 = nn.erf %x : tensor<8xf32>
    nn.yield %0 : tensor<8xf32>
  }
  plan.kernel @log attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%x: tensor<8xf32>):
    %0 = nn.log %x : tensor<8xf32>
    nn.yield %0 : tensor<8xf32>
  }
  plan.kernel @sigmoid attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%x: tensor<8xf32>):
    %0 = nn.sigmoid %x : tensor<8xf32>
    nn.yield %0 : tensor<8xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %exp_x = plan.input 0 "exp_x" : tensor<8xf32>
    %tanh_x = plan.input 1 "tanh_x" : tensor<8xf32>
    %erf_x = plan.input 2 "erf_x" : tensor<8xf32>
    %log_x = plan.input 3 "log_x" : tensor<8xf32>
    %sigmoid_x = plan.input 4 "sigmoid_x" : tensor<8xf32>
    %exp_out0 = plan.output 0 "exp_out0" : tensor<8xf32>
    %tanh_out0 = plan.output 1 "tanh_out0" : tensor<8xf32>
    %erf_out0 = plan.output 2 "erf_out0" : tensor<8xf32>
    %log_out0 = plan.output 3 "log_out0" : tensor<8xf32>
    %sigmoid_out0 = plan.output 4 "sigmoid_out0" : tensor<8xf32>
    plan.step @exp (%exp_x[0]) -> (%exp_out0[0]) nodes []
    plan.step @tanh (%tanh_x[0]) -> (%tanh_out0[0]) nodes []
    plan.step @erf (%erf_x[0]) -> (%erf_out0[0]) nodes []
    plan.step @log (%log_x[0]) -> (%log_out0[0]) nodes []
    plan.step @sigmoid (%sigmoid_x[0]) -> (%sigmoid_out0[0]) nodes []
  }
}
