// RUN: nn-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: flow.network "image" attributes {pipeline = 8 : i64} {
flow.network "image" attributes {pipeline = 8 : i64} {
  // CHECK: %[[X:.*]] = flow.input "pixels" : !flow.stream<[8, 8] x 3, 0, 255>
  %x = flow.input "pixels" : !flow.stream<[8, 8] x 3, 0, 255>
  // CHECK: flow.window %[[X]] kernel [3, 3] strides [2, 1] dilations [1, 1] pads [1, 1, 0, 1] fill 0 :
  %w = flow.window %x kernel [3, 3] strides [2, 1] dilations [1, 1] pads [1, 1, 0, 1] fill 0
     : !flow.stream<[8, 8] x 3, 0, 255> -> !flow.stream<[4, 8] x 27, 0, 255>
  // CHECK: flow.max %{{.*}} : !flow.stream<[4, 8] x 27, 0, 255> -> !flow.stream<[4, 8] x 3, 0, 255>
  %m = flow.max %w : !flow.stream<[4, 8] x 27, 0, 255> -> !flow.stream<[4, 8] x 3, 0, 255>
  // CHECK: flow.delay %{{.*}} by 34 holds 17 : !flow.stream<[4, 8] x 3, 0, 255>
  %d = flow.delay %m by 34 holds 17 : !flow.stream<[4, 8] x 3, 0, 255>
  // CHECK: flow.reduce sum %{{.*}} -> !flow.stream<[] x 3, 0, 8160>
  %s = flow.reduce sum %d : !flow.stream<[4, 8] x 3, 0, 255> -> !flow.stream<[] x 3, 0, 8160>
  // CHECK: flow.reduce max %{{.*}} -> !flow.stream<[] x 3, 0, 255>
  %g = flow.reduce max %d : !flow.stream<[4, 8] x 3, 0, 255> -> !flow.stream<[] x 3, 0, 255>
  // CHECK: flow.collect %{{.*}} -> !flow.stream<[] x 96, 0, 255>
  %c = flow.collect %d : !flow.stream<[4, 8] x 3, 0, 255> -> !flow.stream<[] x 96, 0, 255>
  // CHECK: flow.output %{{.*}}, %{{.*}}, %{{.*}} :
  flow.output %s, %g, %c : !flow.stream<[] x 3, 0, 8160>, !flow.stream<[] x 3, 0, 255>, !flow.stream<[] x 96, 0, 255>
}

// Beats of their own, on a raster of one dimension.
// CHECK-LABEL: flow.network "row" {
flow.network "row" {
  // CHECK: %[[X:.*]] = flow.input "x" : !flow.stream<[5] x 3, -2, 1>
  %x = flow.input "x" : !flow.stream<[5] x 3, -2, 1>
  // CHECK: flow.matrix %[[X]] by dense<1> : tensor<2x3xi8> plus dense<0> : tensor<2xi64> :
  %0 = flow.matrix %x by dense<1> : tensor<2x3xi8> plus dense<0> : tensor<2xi64>
     : !flow.stream<[5] x 3, -2, 1> -> !flow.stream<[5] x 2, -6, 3>
  // CHECK: plus dense<0> : tensor<2xi64> forms dense<{{.*}}> : tensor<1x6xi8> :
  %1 = flow.matrix %0 by dense<1> : tensor<2x2xi8> plus dense<0> : tensor<2xi64> forms dense<[[1, 2, 2, 1, -2, 1]]> : tensor<1x6xi8>
     : !flow.stream<[5] x 2, -6, 3> -> !flow.stream<[5] x 2, -2, 1>
  // CHECK: thresholds dense<{{.*}}> : tensor<1x3xi8> {least = -2 : i64} :
  %2 = flow.matrix %0 by dense<1> : tensor<2x2xi8> plus dense<0> : tensor<2xi64> thresholds dense<[[-4, 0, 4]]> : tensor<1x3xi8> {least = -2 : i64}
     : !flow.stream<[5] x 2, -6, 3> -> !flow.stream<[5] x 2, -2, 1>
  // CHECK: flow.multiply %{{.*}}, %{{.*}} : !flow.stream<[5] x 2, -2, 1> -> !flow.stream<[5] x 2, -2, 4>
  %3 = flow.multiply %1, %2 : !flow.stream<[5] x 2, -2, 1> -> !flow.stream<[5] x 2, -2, 4>
  // CHECK: flow.lanes %{{.*}}, %{{.*}} take [0, 4, 2] : !flow.stream<[5] x 3, -2, 1>, !flow.stream<[5] x 2, -2, 1> ->
  %4 = flow.lanes %x, %1 take [0, 4, 2] : !flow.stream<[5] x 3, -2, 1>, !flow.stream<[5] x 2, -2, 1> -> !flow.stream<[5] x 3, -2, 1>
  // CHECK: flow.table %{{.*}} in dense<{{.*}}> : tensor<1x4xi8> : {{.*}} -> !flow.stream<[5] x 3, 0, 3>
  %5 = flow.table %4 in dense<[[3, 0, 1, 2]]> : tensor<1x4xi8> : !flow.stream<[5] x 3, -2, 1> -> !flow.stream<[5] x 3, 0, 3>
  // CHECK: flow.arg_max %{{.*}} -> !flow.stream<[5] x 1, 0, 2>
  %6 = flow.arg_max %5 : !flow.stream<[5] x 3, 0, 3> -> !flow.stream<[5] x 1, 0, 2>
  // CHECK: flow.arg_max last %{{.*}} -> !flow.stream<[5] x 1, 0, 2>
  %7 = flow.arg_max last %5 : !flow.stream<[5] x 3, 0, 3> -> !flow.stream<[5] x 1, 0, 2>
  // CHECK: flow.softmax %{{.*}} groups 1 exponentials [64, 24, 9, 3] factor 1 shift 8 plus -128 :
  %8 = flow.softmax %5 groups 1 exponentials [64, 24, 9, 3] factor 1 shift 8 plus -128 : !flow.stream<[5] x 3, 0, 3> -> !flow.stream<[5] x 3, -128, 127>
  flow.output %3, %6, %7, %8 : !flow.stream<[5] x 2, -2, 4>, !flow.stream<[5] x 1, 0, 2>, !flow.stream<[5] x 1, 0, 2>, !flow.stream<[5] x 3, -128, 127>
}
