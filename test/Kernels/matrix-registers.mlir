// RUN: split-file %s %t
// RUN: nn-compile %t/net.mlir -target=x86 -cpu=sapphirerapids+amx -stop-after=schedule | FileCheck %t/net.mlir --check-prefix=PLAN
// RUN: nn-compile %t/net.mlir -target=x86 -cpu=sapphirerapids+amx -stop-after=kernels | FileCheck %t/net.mlir --check-prefix=CODE
// RUN: nn-compile %t/net.mlir -target=x86 -cpu=sapphirerapids -stop-after=schedule | FileCheck %t/net.mlir --check-prefix=VECTORS
// RUN: nn-compile %t/net.mlir -target=x86 -cpu=sapphirerapids+amx -emit=obj,asm -name=net -q -o %t/out
// RUN: nn-verify %t/out
// RUN: FileCheck %t/net.mlir --check-prefix=ASM < %t/out/net.s
// RUN: nn-compile %t/vectors.mlir -target=x86 -cpu=sapphirerapids+amx -stop-after=schedule | FileCheck %t/vectors.mlir --implicit-check-not=matrix.

// A plan may be edited: other tiles are other code, and what means nothing is refused.
// RUN: nn-compile %t/net.mlir -target=x86 -cpu=sapphirerapids+amx -stop-after=schedule > %t/plan.mlir
// RUN: sed 's/depth = 15/depth = 5/; s/rows1 = 25/rows1 = 7/' %t/plan.mlir > %t/small.mlir
// RUN: nn-compile %t/small.mlir -target=x86 -cpu=sapphirerapids+amx -emit=obj -name=net -q -o %t/out
// RUN: nn-verify %t/out
// RUN: sed 's/depth = 15/depth = 8/' %t/plan.mlir > %t/rest.mlir
// RUN: not nn-compile %t/rest.mlir -target=x86 -cpu=sapphirerapids+amx -q -o %t/no 2>&1 | FileCheck %s --check-prefix=REST
// REST: error: {{.*}}what is reduced does not stand in steps of 8 groups of four
// RUN: sed 's/rows1 = 25/rows1 = 33/' %t/plan.mlir > %t/tall.mlir
// RUN: not nn-compile %t/tall.mlir -target=x86 -cpu=sapphirerapids+amx -q -o %t/no 2>&1 | FileCheck %s --check-prefix=TALL
// TALL: error: {{.*}}needs a `rows1` of 1 to 32
// RUN: sed 's/matrix.packed/matrix/' %t/plan.mlir > %t/plain.mlir
// RUN: not nn-compile %t/plain.mlir -target=x86 -cpu=sapphirerapids+amx -q -o %t/no 2>&1 | FileCheck %s --check-prefix=PLAIN
// PLAIN: error: {{.*}}its algorithm is matrix.packed
// RUN: not nn-compile %t/plan.mlir -target=x86 -cpu=sapphirerapids -q -o %t/no 2>&1 | FileCheck %s --check-prefix=CORE
// CORE: error: {{.*}}this core has no matrix registers

//--- net.mlir
// Contractions of bytes whose reduction has equal steps are computed in matrix registers where the core may use them.
// Fifty rows are two tiles of twenty-five, thirteen and twelve rows a register; forty columns a block of two registers
// and one of half a register, each with shapes of its own.
// PLAN: algorithm = "matrix.packed"
// PLAN-SAME: blocks = [4, 32], block_strides = [1, 4]
// PLAN-SAME: tile = {block = 32 : i64, {{(columns_outside, )?}}depth = 15 : i64, rows0 = 1 : i64, rows1 = 25 : i64}
// VECTORS: algorithm = "contraction.packed"

// CODE-COUNT-2: llvm.mlir.global internal constant @{{.*}}_shapes{{[01]}}(dense<{{.*}}> : tensor<64xi8>)
// CODE: func.func private
// CODE: llvm.alloca
// CODE: "llvm.x86.ldtilecfg"
// CODE: scf.for
// The bias stands in each row, by a distance of 0.
// CODE-COUNT-4: "llvm.x86.tileloadd64"(%{{.*}}, %{{.*}}, %c0
// CODE: scf.for {{.*}} step %c15
// CODE-COUNT-4: "llvm.x86.tdpbusd"
// CODE-NOT: "llvm.x86.tdpbusd"
// CODE: }
// CODE-COUNT-4: "llvm.x86.tilestored64"
// CODE: "llvm.x86.ldtilecfg"
// CODE-COUNT-2: "llvm.x86.tdpbusd"
// CODE-NOT: "llvm.x86.tdpbusd"
// CODE: "llvm.x86.tilerelease"
// CODE-NEXT: return

// ASM: ldtilecfg
// ASM: tileloadd
// ASM: tdpbusd
// ASM: tilestored
// ASM: tilerelease
func.func @net(%x: tensor<50x240xui8> {nn.name = "x"}) -> (tensor<50x40xi32> {nn.name = "y"}) {
  %w = nn.constant dense<3> : tensor<240x40xi8>
  %b = nn.constant dense<-7> : tensor<40xi32>
  %0 = nn.matmul %x, %w, %b : (tensor<50x240xui8>, tensor<240x40xi8>, tensor<40xi32>) -> tensor<50x40xi32>
  return %0 : tensor<50x40xi32>
}

//--- vectors.mlir
// Words, floats, reductions with a rest and matrices that are known at run time only stay with vectors.
// CHECK: plan.program
func.func @net(%x: tensor<48x240xi16> {nn.name = "x"}, %f: tensor<48x240xf32> {nn.name = "f"},
               %r: tensor<48x242xui8> {nn.name = "r"}, %a: tensor<48x240xui8> {nn.name = "a"}, %b: tensor<240x48xi8> {nn.name = "b"})
    -> (tensor<48x48xi32> {nn.name = "y0"}, tensor<48x48xf32> {nn.name = "y1"}, tensor<48x48xi32> {nn.name = "y2"},
        tensor<48x48xi32> {nn.name = "y3"}) {
  %w = nn.constant dense<3> : tensor<240x48xi8>
  %v = nn.constant dense<3.0> : tensor<240x48xf32>
  %u = nn.constant dense<3> : tensor<242x48xi8>
  %0 = nn.matmul %x, %w : (tensor<48x240xi16>, tensor<240x48xi8>) -> tensor<48x48xi32>
  %1 = nn.matmul %f, %v : (tensor<48x240xf32>, tensor<240x48xf32>) -> tensor<48x48xf32>
  %2 = nn.matmul %r, %u : (tensor<48x242xui8>, tensor<242x48xi8>) -> tensor<48x48xi32>
  %3 = nn.matmul %a, %b : (tensor<48x240xui8>, tensor<240x48xi8>) -> tensor<48x48xi32>
  return %0, %1, %2, %3 : tensor<48x48xi32>, tensor<48x48xf32>, tensor<48x48xi32>, tensor<48x48xi32>
}
