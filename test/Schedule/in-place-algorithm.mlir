// RUN: split-file %s %t
// RUN: %nn-compile %t/point.mlir -target=x86 -q -o %t/out
// RUN: not %nn-compile %t/row.mlir -target=x86 -q -o %t/out 2>&1 | FileCheck %s

// A kernel that keeps a value of its own in the result while it still reads the operand cannot stand on it, although both
// have one layout; an elementwise one can.

// CHECK: row.mlir:13:{{.*}}error: result 0 shares bytes with operand 0, and @k cannot run in place so

//--- point.mlir
plan.kernel @k attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [20, 1]>],
    result_layouts = [#plan.layout<strides = [20, 1]>], tile = {}} {
^bb0(%x: tensor<3x20xf32>):
  %0 = nn.neg %x : tensor<3x20xf32>
  nn.yield %0 : tensor<3x20xf32>
}
plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 256 : i64} {
  %x = plan.input 0 "x" : tensor<3x20xf32>
  %y = plan.output 0 "y" : tensor<3x20xf32>
  %s = plan.slot offset 0 bytes 240 live 0 to 2
  plan.step @k (%x[0]) -> (%s[0]) nodes []
  plan.step @k (%s[0]) -> (%s[0]) nodes []
  plan.step @k (%s[0]) -> (%y[0]) nodes []
}

//--- row.mlir
plan.kernel @k attributes {algorithm = "row", operand_layouts = [#plan.layout<strides = [20, 1]>],
    result_layouts = [#plan.layout<strides = [20, 1]>], tile = {}} {
^bb0(%x: tensor<3x20xf32>):
  %0 = nn.reduce_max %x {axes = array<i64: 1>, keepdims = true} : (tensor<3x20xf32>) -> tensor<3x1xf32>
  %1 = nn.sub %x, %0 : (tensor<3x20xf32>, tensor<3x1xf32>) -> tensor<3x20xf32>
  nn.yield %1 : tensor<3x20xf32>
}
plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 256 : i64} {
  %x = plan.input 0 "x" : tensor<3x20xf32>
  %y = plan.output 0 "y" : tensor<3x20xf32>
  %s = plan.slot offset 0 bytes 240 live 0 to 2
  plan.step @k (%x[0]) -> (%s[0]) nodes []
  plan.step @k (%s[0]) -> (%s[0]) nodes []
  plan.step @k (%s[0]) -> (%y[0]) nodes []
}
