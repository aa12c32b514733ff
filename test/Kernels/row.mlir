// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br

// A softmax is one kernel with three passes over each row; what the passes have in common is kept, the exponentials in the
// result's own memory: the last pass reads them from there and not the input again. A sum over the row ends by
// halves: lanes 4 to 7 onto 0 to 3, and so on.

// CHECK: func.func private @softmax(%[[X:[a-z0-9]*]]: {{.*}}, %{{.*}}: {{.*}}, %[[Y:[a-z0-9]*]]: {{.*}})
// CHECK: scf.for {{.*}} to %c3
// CHECK: llvm.getelementptr inbounds %[[X]]
// CHECK: llvm.getelementptr inbounds %[[Y]]
// CHECK: arith.divf
// CHECK-NOT: llvm.getelementptr inbounds %[[X]]
// CHECK: scf.for
// CHECK: llvm.getelementptr inbounds %[[Y]]
// CHECK-NOT: llvm.getelementptr inbounds %[[X]]
// CHECK: return

// CHECK: func.func private @sum_rows
// CHECK: scf.for {{.*}} to %c3
// CHECK-COUNT-2: llvm.load {{.*}} -> vector<8xf32>
// CHECK: llvm.intr.masked.load
// CHECK: vector.extract_strided_slice {{.*}}offsets = [4], sizes = [4]
// CHECK: vector.extract_strided_slice {{.*}}offsets = [2], sizes = [2]
// CHECK: vector.extract_strided_slice {{.*}}offsets = [1], sizes = [1]
// CHECK: llvm.store {{.*}} : f32
// CHECK: return

// Over columns the lanes are the results: no lane ever meets another.

// CHECK: func.func private @sum_columns
// CHECK-NOT: vector.{{shuffle|extract|reduction}}
// CHECK-COUNT-20: llvm.load {{.*}} -> vector<8xf32>
// CHECK-NOT: vector.{{shuffle|extract|reduction}}
// CHECK: return
module {
  plan.kernel @softmax attributes {algorithm = "row",
      operand_layouts = [#plan.layout<strides = [20, 1]>, #plan.layout<strides = []>],
      result_layouts = [#plan.layout<strides = [20, 1]>], tile = {}} {
  ^bb0(%x: tensor<3x20xf32>, %one: tensor<f32>):
    %0 = nn.reduce_max %x {axes = array<i64: 1>, keepdims = true} : (tensor<3x20xf32>) -> tensor<3x1xf32>
    %1 = nn.sub %x, %0 : (tensor<3x20xf32>, tensor<3x1xf32>) -> tensor<3x20xf32>
    %2 = nn.exp %1 : tensor<3x20xf32>
    %3 = nn.reduce_sum %2 {axes = array<i64: 1>, keepdims = true} : (tensor<3x20xf32>) -> tensor<3x1xf32>
    %4 = nn.div %one, %3 : (tensor<f32>, tensor<3x1xf32>) -> tensor<3x1xf32>
    %5 = nn.mul %2, %4 : (tensor<3x20xf32>, tensor<3x1xf32>) -> tensor<3x20xf32>
    nn.yield %5 : tensor<3x20xf32>
  }
  plan.kernel @sum_rows attributes {algorithm = "row", operand_layouts = [#plan.layout<strides = [20, 1]>],
      result_layouts = [#plan.layout<strides = [1, 1]>], tile = {}} {
  ^bb0(%x: tensor<3x20xf32>):
    %0 = nn.reduce_sum %x {axes = array<i64: 1>, keepdims = true} : (tensor<3x20xf32>) -> tensor<3x1xf32>
    nn.yield %0 : tensor<3x1xf32>
  }
  plan.kernel @sum_columns attributes {algorithm = "row", operand_layouts = [#plan.layout<strides = [16, 1]>],
      result_layouts = [#plan.layout<strides = [16, 1]>], tile = {}} {
  ^bb0(%x: tensor<20x16xf32>):
    %0 = nn.reduce_sum %x {axes = array<i64: 0>, keepdims = true} : (tensor<20x16xf32>) -> tensor<1x16xf32>
    nn.yield %0 : tensor<1x16xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %softmax_x = plan.input 0 "softmax_x" : tensor<3x20xf32>
    %softmax_one = plan.input 1 "softmax_one" : tensor<f32>
    %sum_rows_x = plan.input 2 "sum_rows_x" : tensor<3x20xf32>
    %sum_columns_x = plan.input 3 "sum_columns_x" : tensor<20x16xf32>
    %softmax_out0 = plan.output 0 "softmax_out0" : tensor<3x20xf32>
    %sum_rows_out0 = plan.output 1 "sum_rows_out0" : tensor<3x1xf32>
    %sum_columns_out0 = plan.output 2 "sum_columns_out0" : tensor<1x16xf32>
    plan.step @softmax (%softmax_x[0], %softmax_one[0]) -> (%softmax_out0[0]) nodes []
    plan.step @sum_rows (%sum_rows_x[0]) -> (%sum_rows_out0[0]) nodes []
    plan.step @sum_columns (%sum_columns_x[0]) -> (%sum_columns_out0[0]) nodes []
  }
}
