// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br

// One row: each column has four sums, k mod 4, as the numeric spec says; the loop carries four times two vectors and takes
// four steps of k at once, the last two of 42 stand behind it, and the sums meet as (0 + 1) + (2 + 3).

// CHECK: func.func private @one_row
// CHECK: %[[S:.*]]:8 = scf.for %{{.*}} = %c0{{.*}} to %c40{{.*}} step %c4{{.*}} iter_args(
// CHECK-COUNT-8: llvm.intr.fma
// CHECK-NOT: llvm.intr.fma
// CHECK: scf.yield
// CHECK: %[[P:.*]] = llvm.intr.fma({{.*}}, %[[S]]#0)
// CHECK: llvm.intr.fma({{.*}}, %[[S]]#1)
// CHECK: %[[Q:.*]] = llvm.intr.fma({{.*}}, %[[S]]#2)
// CHECK: llvm.intr.fma({{.*}}, %[[S]]#3)
// CHECK-NOT: llvm.intr.fma
// CHECK: %[[L:.*]] = arith.addf %[[P]], %[[Q]]
// CHECK: %[[R:.*]] = arith.addf %[[S]]#4, %[[S]]#6
// CHECK: arith.addf %[[L]], %[[R]]
// CHECK: llvm.intr.masked.store
// CHECK: return

// Fewer products than sums: no loop, and four sums all the same.

// CHECK: func.func private @two_products
// CHECK-NOT: scf.for
// CHECK-COUNT-6: arith.addf
// CHECK: return
module {
  plan.kernel @one_row attributes {algorithm = "dense.packed",
      operand_layouts = [#plan.layout<strides = [42, 1]>, #plan.layout<strides = [12, 504], blocks = [1, 12], block_strides = [0, 1]>],
      result_layouts = [#plan.layout<strides = [10, 1]>], tile = {block = 12 : i64}} {
  ^bb0(%x: tensor<1x42xf32>, %w: tensor<42x10xf32>):
    %0 = nn.matmul %x, %w : (tensor<1x42xf32>, tensor<42x10xf32>) -> tensor<1x10xf32>
    nn.yield %0 : tensor<1x10xf32>
  }
  plan.kernel @two_products attributes {algorithm = "dense.packed",
      operand_layouts = [#plan.layout<strides = [2, 1]>, #plan.layout<strides = [12, 24], blocks = [1, 12], block_strides = [0, 1]>],
      result_layouts = [#plan.layout<strides = [10, 1]>], tile = {block = 12 : i64}} {
  ^bb0(%x: tensor<1x2xf32>, %w: tensor<2x10xf32>):
    %0 = nn.matmul %x, %w : (tensor<1x2xf32>, tensor<2x10xf32>) -> tensor<1x10xf32>
    nn.yield %0 : tensor<1x10xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %one_row_x = plan.input 0 "one_row_x" : tensor<1x42xf32>
    %two_products_x = plan.input 1 "two_products_x" : tensor<1x2xf32>
    %one_row_out0 = plan.output 0 "one_row_out0" : tensor<1x10xf32>
    %two_products_out0 = plan.output 1 "two_products_out0" : tensor<1x10xf32>
    %one_row_w = plan.constant dense<0.5> : tensor<42x10xf32> as #plan.layout<strides = [12, 504], blocks = [1, 12], block_strides = [0, 1]>
    %two_products_w = plan.constant dense<0.5> : tensor<2x10xf32> as #plan.layout<strides = [12, 24], blocks = [1, 12], block_strides = [0, 1]>
    plan.step @one_row (%one_row_x[0], %one_row_w[0]) -> (%one_row_out0[0]) nodes []
    plan.step @two_products (%two_products_x[0], %two_products_w[0]) -> (%two_products_out0[0]) nodes []
  }
}
