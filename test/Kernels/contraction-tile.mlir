// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br

// Four rows by twenty columns stand in registers for the whole reduction: twelve accumulators are the loop's values,
// each weight vector is loaded once per step, and nothing is stored before the loop ends. The six rows that are left
// make two tiles of three of their own.

// CHECK: func.func private @rows14
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c8{{.*}} step %c4
// CHECK: :12 = scf.for {{.*}} iter_args({{.*}}) -> (vector<8xf32>, vector<8xf32>, vector<4xf32>, vector<8xf32>,
// CHECK-COUNT-2: -> vector<8xf32>
// CHECK: -> vector<4xf32>
// CHECK-NOT: llvm.load {{.*}} -> vector
// CHECK-NOT: llvm.store
// CHECK-COUNT-12: llvm.intr.fma
// CHECK-NOT: llvm.intr.fma
// CHECK: scf.yield
// CHECK-COUNT-12: llvm.store
// CHECK-NOT: llvm.store
// CHECK: scf.for %{{.*}} = %c8{{.*}} to %c14{{.*}} step %c3
// CHECK: :9 = scf.for
// CHECK-COUNT-9: llvm.intr.fma
// CHECK: scf.yield
// CHECK-COUNT-9: llvm.store
// CHECK: return

// Where the rows divide there is no tile but the one.

// CHECK: func.func private @rows8
// CHECK: :12 = scf.for
// CHECK: scf.yield
// CHECK-NOT: scf.for
// CHECK: return
module {
  plan.kernel @rows14 attributes {algorithm = "contraction.packed",
      operand_layouts = [#plan.layout<strides = [37, 1]>, #plan.layout<strides = [20, 740], blocks = [1, 20], block_strides = [0, 1]>],
      result_layouts = [#plan.layout<strides = [20, 1]>], tile = {block = 20 : i64, columns_outside, rows0 = 1 : i64, rows1 = 4 : i64}} {
  ^bb0(%x: tensor<14x37xf32>, %w: tensor<37x20xf32>):
    %0 = nn.matmul %x, %w : (tensor<14x37xf32>, tensor<37x20xf32>) -> tensor<14x20xf32>
    nn.yield %0 : tensor<14x20xf32>
  }
  plan.kernel @rows8 attributes {algorithm = "contraction.packed",
      operand_layouts = [#plan.layout<strides = [37, 1]>, #plan.layout<strides = [20, 740], blocks = [1, 20], block_strides = [0, 1]>],
      result_layouts = [#plan.layout<strides = [20, 1]>], tile = {block = 20 : i64, columns_outside, rows0 = 1 : i64, rows1 = 4 : i64}} {
  ^bb0(%x: tensor<8x37xf32>, %w: tensor<37x20xf32>):
    %0 = nn.matmul %x, %w : (tensor<8x37xf32>, tensor<37x20xf32>) -> tensor<8x20xf32>
    nn.yield %0 : tensor<8x20xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %x = plan.input 0 "x" : tensor<14x37xf32>
    %y = plan.output 0 "y" : tensor<14x20xf32>
    %z = plan.output 1 "z" : tensor<8x20xf32>
    %w = plan.constant dense<0.5> : tensor<37x20xf32> as #plan.layout<strides = [20, 740], blocks = [1, 20], block_strides = [0, 1]>
    plan.step @rows14 (%x[0], %w[0]) -> (%y[0]) nodes []
    plan.step @rows8 (%x[0], %w[0]) -> (%z[0]) nodes []
  }
}
