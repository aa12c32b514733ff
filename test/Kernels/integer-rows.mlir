// RUN: split-file %s %t
// RUN: nn-compile %t/pairs.mlir -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %t/pairs.mlir
// RUN: nn-compile %t/floats.mlir -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %t/floats.mlir
// RUN: nn-compile %t/filter.mlir -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %t/filter.mlir
// RUN: nn-run %t/pairs.mlir -via=native -compare -cpu=x86-64-v3
// RUN: nn-run %t/pairs.mlir -via=native -compare -cpu=x86-64
// RUN: nn-run %t/filter.mlir -via=native -compare -cpu=x86-64-v3
// REQUIRES: x86-64-v3

// Matrices of words that are known at run time only are multiplied in pairs, too: two rows are joined word by word, and
// two neighbours of the left operand, which stand side by side, are repeated. The last of an odd number of rows is
// joined with zeros.
//--- pairs.mlir
// CHECK: func.func private
// CHECK: scf.for {{.*}} to %c7{{.*}} iter_args
// CHECK: vector.shuffle %{{.*}}, %{{.*}} [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15] : vector<8xi16>, vector<8xi16>
// CHECK: llvm.load {{.*}} -> i32
// CHECK: "llvm.x86.avx2.pmadd.wd"
// CHECK: scf.yield
// CHECK: vector.shuffle %{{.*}}, %cst{{.*}} [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15]
// CHECK: "llvm.x86.avx2.pmadd.wd"
func.func @pairs(%x: tensor<2x5x15xi16> {nn.name = "x"}, %w: tensor<2x15x19xi16> {nn.name = "w"}, %a: tensor<3x1xui8> {nn.name = "a"},
                 %b: tensor<1x9xi8> {nn.name = "b"}, %c: tensor<3x2xi8> {nn.name = "c"}, %d: tensor<2x4x2x33xui8> {nn.name = "d"})
    -> (tensor<2x5x19xi32> {nn.name = "y"}, tensor<3x9xi32> {nn.name = "z"}, tensor<2x4x3x33xi32> {nn.name = "u"}) {
  %0 = nn.matmul %x, %w : (tensor<2x5x15xi16>, tensor<2x15x19xi16>) -> tensor<2x5x19xi32>
  %1 = nn.matmul %a, %b : (tensor<3x1xui8>, tensor<1x9xi8>) -> tensor<3x9xi32>
  %2 = nn.matmul %c, %d : (tensor<3x2xi8>, tensor<2x4x2x33xui8>) -> tensor<2x4x3x33xi32>
  return %0, %1, %2 : tensor<2x5x19xi32>, tensor<3x9xi32>, tensor<2x4x3x33xi32>
}

// Floats are multiplied one by one, in the order of the numeric spec.
//--- floats.mlir
// CHECK: func.func private
// CHECK-NOT: vector.shuffle
// CHECK: llvm.intr.fma
// CHECK-NOT: vector.shuffle
func.func @floats(%x: tensor<5x7xf32> {nn.name = "x"}, %w: tensor<7x19xf32> {nn.name = "w"}) -> (tensor<5x19xf32> {nn.name = "y"}) {
  %0 = nn.matmul %x, %w : (tensor<5x7xf32>, tensor<7x19xf32>) -> tensor<5x19xf32>
  return %0 : tensor<5x19xf32>
}

// So are words under a filter that is known at run time only.
//--- filter.mlir
// CHECK: func.func private @k1_conv1x1
// CHECK-NOT: vector.shuffle
// CHECK: "llvm.x86.avx2.pmadd.wd"
// CHECK-NOT: vector.shuffle
// CHECK: return
func.func @filter(%x: tensor<1x2x4x4xi16> {nn.name = "x"}, %w: tensor<8x2x1x1xi16> {nn.name = "w"}) -> (tensor<1x8x4x4xi32> {nn.name = "y"}) {
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64} : (tensor<1x2x4x4xi16>, tensor<8x2x1x1xi16>) -> tensor<1x8x4x4xi32>
  return %0 : tensor<1x8x4x4xi32>
}
