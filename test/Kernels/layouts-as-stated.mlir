// RUN: rm -rf %t && split-file %s %t && cd %t
// RUN: nn-compile integers.mlir -target=x86 -cpu=x86-64-v3 -name=net -stop-after=schedule > plan.mlir
// RUN: FileCheck %s --check-prefix=PLAN < plan.mlir
// RUN: nn-run plan.mlir -cpu=x86-64-v3 -via=native -compare
// RUN: sed 's/strides = \[7, 1\]/strides = [1, 6]/' plan.mlir > left.mlir
// RUN: not nn-compile left.mlir -target=x86 -cpu=x86-64-v3 -q -o out 2>&1 | FileCheck %s --check-prefix=LEFT
// RUN: sed 's/strides = \[9, 1\]/strides = [1, 7]/' plan.mlir > right.mlir
// RUN: not nn-compile right.mlir -target=x86 -cpu=x86-64-v3 -q -o out 2>&1 | FileCheck %s --check-prefix=RIGHT
// RUN: nn-compile floats.mlir -target=x86 -cpu=x86-64-v3 -name=net -stop-after=schedule > floats-plan.mlir
// RUN: sed 's/operand_layouts = \[#plan.layout<strides = \[7, 1\]>/operand_layouts = [#plan.layout<strides = [1, 6]>/; s/result_layouts = \[#plan.layout<strides = \[7, 1\]>/result_layouts = [#plan.layout<strides = [1, 6]>/' floats-plan.mlir > floats-left.mlir
// RUN: not cmp -s floats-plan.mlir floats-left.mlir
// RUN: nn-run floats-left.mlir -cpu=x86-64-v3 -via=native -compare
// REQUIRES: x86-64-v3

// Kernels read neighbours: of both operands, where they multiply in pairs. A plan that was edited so that they do not
// stand side by side is refused; its bits would be others.
// PLAN: algorithm = "contraction.streamed", operand_layouts = [#plan.layout<strides = [7, 1]>, #plan.layout<strides = [9, 1]>]
// LEFT: error: operand 0 stands as #plan.layout<strides = [1, 6]>; contraction.streamed needs a stride of 1 along dimension 1
// RIGHT: error: operand 1 stands as #plan.layout<strides = [1, 7]>; contraction.streamed needs a stride of 1 along dimension 1
//--- integers.mlir
func.func @f(%a: tensor<7x6xi8> {nn.name = "a"}, %b: tensor<9x7xui8> {nn.name = "b"}) -> (tensor<6x9xi32> {nn.name = "y"}) {
  %0 = nn.transpose %a {permutation = array<i64: 1, 0>} : (tensor<7x6xi8>) -> tensor<6x7xi8>
  %1 = nn.transpose %b {permutation = array<i64: 1, 0>} : (tensor<9x7xui8>) -> tensor<7x9xui8>
  %2 = nn.matmul %0, %1 : (tensor<6x7xi8>, tensor<7x9xui8>) -> tensor<6x9xi32>
  return %2 : tensor<6x9xi32>
}

// Floats are multiplied one by one: the left operand may stand anyhow.
//--- floats.mlir
func.func @f(%a: tensor<6x7xf32> {nn.name = "a"}, %b: tensor<7x9xf32> {nn.name = "b"}) -> (tensor<6x9xf32> {nn.name = "y"}) {
  %0 = nn.tanh %a : tensor<6x7xf32>
  %1 = nn.matmul %0, %b : (tensor<6x7xf32>, tensor<7x9xf32>) -> tensor<6x9xf32>
  return %1 : tensor<6x9xf32>
}
