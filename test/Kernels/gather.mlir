// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br

// A small table is read whole for every index, in a loop of public length, and the wanted row kept by select: no address
// comes from the index.

// CHECK: func.func private @scan(%[[T:[a-z0-9]*]]: {{.*}}, %[[I:[a-z0-9]*]]: {{.*}}, %{{.*}})
// CHECK: scf.for {{.*}} to %c4
// CHECK: %[[INDEX:.*]] = llvm.load {{.*}} -> i64
// CHECK: vector.broadcast %[[INDEX]] : i64 to vector<8xi64>
// CHECK: scf.for %[[ROW:.*]] = %c0{{.*}} to %c16{{.*}} iter_args(%[[KEPT:.*]] = %
// CHECK: arith.muli %[[ROW]],
// CHECK: %[[CANDIDATE:.*]] = llvm.load {{.*}} -> vector<8xf32>
// CHECK: %[[SAME:.*]] = arith.cmpi eq
// CHECK: arith.select %[[SAME]], %[[CANDIDATE]], %[[KEPT]]
// CHECK: return

// A look-up clamps the index by selects, multiplies it and reads one row.

// CHECK: func.func private @look_up(%[[T:[a-z0-9]*]]: {{.*}}, %[[I:[a-z0-9]*]]: {{.*}}, %{{.*}})
// CHECK: scf.for {{.*}} to %c4
// CHECK-NOT: scf.for
// CHECK-COUNT-2: arith.select {{.*}} : i64
// CHECK: %[[SAFE:.*]] = arith.select {{.*}} : i64
// CHECK: %[[AT:.*]] = arith.muli %[[SAFE]],
// CHECK: llvm.load {{.*}} -> vector<8xf32>
// CHECK-NOT: llvm.load
// CHECK: return
module {
  plan.kernel @scan attributes {algorithm = "point.gather_scan",
      operand_layouts = [#plan.layout<strides = [8, 1]>, #plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [8, 1]>], tile = {}} {
  ^bb0(%t: tensor<16x8xf32>, %i: tensor<4xi64>):
    %0 = nn.gather %t, %i {axis = 0 : i64} : (tensor<16x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
    nn.yield %0 : tensor<4x8xf32>
  }
  plan.kernel @look_up attributes {algorithm = "point.gather_lookup",
      operand_layouts = [#plan.layout<strides = [8, 1]>, #plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [8, 1]>], tile = {}} {
  ^bb0(%t: tensor<257x8xf32>, %i: tensor<4xi64>):
    %0 = nn.gather %t, %i {axis = 0 : i64} : (tensor<257x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
    nn.yield %0 : tensor<4x8xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %scan_t = plan.input 0 "scan_t" : tensor<16x8xf32>
    %scan_i = plan.input 1 "scan_i" : tensor<4xi64>
    %look_up_t = plan.input 2 "look_up_t" : tensor<257x8xf32>
    %look_up_i = plan.input 3 "look_up_i" : tensor<4xi64>
    %scan_out0 = plan.output 0 "scan_out0" : tensor<4x8xf32>
    %look_up_out0 = plan.output 1 "look_up_out0" : tensor<4x8xf32>
    plan.step @scan (%scan_t[0], %scan_i[0]) -> (%scan_out0[0]) nodes []
    plan.step @look_up (%look_up_t[0], %look_up_i[0]) -> (%look_up_out0[0]) nodes []
  }
}
