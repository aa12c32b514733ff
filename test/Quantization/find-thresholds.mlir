// RUN: nn-opt %s --nn-find-thresholds --split-input-file | FileCheck %s
// RUN: nn-opt %s --nn-find-thresholds=keeps-scales --split-input-file | FileCheck %s --check-prefix=KEEPS

// sums / 4 - 1, from 0 to 3, halves to even: 0.5 is at 6, and goes to 0; 1.5 is at 10; 2.5 is at 14, and goes to 2.
// CHECK-LABEL: func.func @relu
// CHECK: %[[SUMS:.*]] = nn.matmul
// CHECK-DAG: %[[T:.*]] = nn.constant dense<{{\[\[}}7, 10, 15]]> : tensor<1x3xi32>
// CHECK: %[[Q:.*]] = nn.threshold %[[SUMS]], %[[T]] {channel = 0 : i64, least = 0 : i64} : {{.*}} -> tensor<1x1xui2>
// CHECK-NEXT: return %[[Q]]
func.func @relu(%x: tensor<1x2xui4>) -> tensor<1x1xui2> {
  %w = nn.constant dense<[[1], [2]]> : tensor<2x1xi8>
  %s = nn.constant dense<0.25> : tensor<f32>
  %t = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i32>
  %o = nn.constant dense<0> : tensor<ui2>
  %0 = nn.matmul %x, %w : (tensor<1x2xui4>, tensor<2x1xi8>) -> tensor<1x1xi32>
  %1 = nn.dequantize %0, %s, %z : (tensor<1x1xi32>, tensor<f32>, tensor<i32>) -> tensor<1x1xf32>
  %2 = nn.sub %1, %t : (tensor<1x1xf32>, tensor<f32>) -> tensor<1x1xf32>
  %3 = nn.relu %2 : tensor<1x1xf32>
  %4 = nn.quantize %3, %t, %o : (tensor<1x1xf32>, tensor<f32>, tensor<ui2>) -> tensor<1x1xui2>
  return %4 : tensor<1x1xui2>
}

// -----

// A negative factor in the second channel: its sums change sign. What is not reached at all stands beyond.
// CHECK-LABEL: func.func @channels
// CHECK-DAG: %[[SIGNS:.*]] = nn.constant dense<{{.*}}1, -1{{.*}}> : tensor<1x2xi32>
// CHECK-DAG: nn.constant dense<1> : tensor<2x1xi32>
// CHECK-DAG: nn.mul %{{.*}}, %[[SIGNS]]
// CHECK: nn.threshold {{.*}} {channel = 1 : i64, least = 0 : i64}
func.func @channels(%x: tensor<1x2xi4>) -> tensor<1x2xui2> {
  %w = nn.constant dense<[[1, 0], [0, 1]]> : tensor<2x2xi8>
  %s = nn.constant dense<1.0> : tensor<f32>
  %f = nn.constant dense<[2.0, -3.0]> : tensor<2xf32>
  %z = nn.constant dense<0> : tensor<i32>
  %o = nn.constant dense<0> : tensor<ui2>
  %0 = nn.matmul %x, %w : (tensor<1x2xi4>, tensor<2x2xi8>) -> tensor<1x2xi32>
  %1 = nn.dequantize %0, %s, %z : (tensor<1x2xi32>, tensor<f32>, tensor<i32>) -> tensor<1x2xf32>
  %2 = nn.mul %1, %f : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %3 = nn.clip %2 {min = 0.0 : f32, max = 1.0 : f32} : tensor<1x2xf32>
  %4 = nn.quantize %3, %s, %o : (tensor<1x2xf32>, tensor<f32>, tensor<ui2>) -> tensor<1x2xui2>
  return %4 : tensor<1x2xui2>
}

// -----

// Two tensors are none, and what turns back is none.
// CHECK-LABEL: func.func @two
// CHECK: nn.quantize {{.*}} {nn.obstacle = "it depends on several tensors of integers"}
func.func @two(%a: tensor<1x2xi32>, %b: tensor<1x2xi32>) -> tensor<1x2xi8> {
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i32>
  %o = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %a, %s, %z : (tensor<1x2xi32>, tensor<f32>, tensor<i32>) -> tensor<1x2xf32>
  %1 = nn.dequantize %b, %s, %z : (tensor<1x2xi32>, tensor<f32>, tensor<i32>) -> tensor<1x2xf32>
  %2 = nn.add %0, %1 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %3 = nn.quantize %2, %s, %o : (tensor<1x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  return %3 : tensor<1x2xi8>
}

// -----

// CHECK-LABEL: func.func @hill
// CHECK: nn.quantize {{.*}} {nn.obstacle = "it neither rises nor falls with its sums"}
func.func @hill(%x: tensor<1x2xi8>) -> tensor<1x2xi8> {
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.mul %0, %0 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<1x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  return %2 : tensor<1x2xi8>
}

// -----

// A scale without an affine form has steps; a target that multiplies may have a way of its own.
// CHECK-LABEL: func.func @scale
// CHECK: nn.threshold
// KEEPS-LABEL: func.func @scale
// KEEPS: nn.requantize
// KEEPS-NEXT: return
func.func @scale(%x: tensor<1x2xi8>) -> tensor<1x1xi8> {
  %w = nn.constant dense<[[1], [2]]> : tensor<2x1xi8>
  %s = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.matmul %x, %w : (tensor<1x2xi8>, tensor<2x1xi8>) -> tensor<1x1xi32>
  %1 = nn.requantize %0, %s, %z {nn.affine = dense<[[0, 0, -1]]> : tensor<1x3xi64>} : (tensor<1x1xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

// -----

// So has one in fixed point, of more sums than could be looked at: it rises, since it does not wrap. Once its sums are beyond int32
// on their way it may do anything.
// CHECK-LABEL: func.func @fixed
// CHECK: dense<{{\[}}[-253951, -237567, {{.*}}, -8191, 8191, {{.*}}, 237567, 253951]]> : tensor<1x32xi32>
// CHECK: nn.threshold
// CHECK-LABEL: func.func @wraps
// CHECK: nn.rescale
func.func @fixed(%x: tensor<1x20xi8>) -> tensor<1x1xi8> {
  %w = nn.constant dense<100> : tensor<20x1xi8>
  %m = nn.constant dense<1073741824> : tensor<i32>
  %s = nn.constant dense<44> : tensor<i32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.matmul %x, %w : (tensor<1x20xi8>, tensor<20x1xi8>) -> tensor<1x1xi32>
  %1 = nn.rescale %0, %m, %s, %z {nn.affine = dense<[[0, 0, -1]]> : tensor<1x3xi64>, rounding = 1 : i64}
     : (tensor<1x1xi32>, tensor<i32>, tensor<i32>, tensor<i8>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

func.func @wraps(%x: tensor<1x20xi8>) -> tensor<1x1xi8> {
  %w = nn.constant dense<100> : tensor<20x1xi8>
  %m = nn.constant dense<16384> : tensor<i32>
  %s = nn.constant dense<10> : tensor<i32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.matmul %x, %w : (tensor<1x20xi8>, tensor<20x1xi8>) -> tensor<1x1xi32>
  %1 = nn.rescale %0, %m, %s, %z {nn.affine = dense<[[0, 0, -1]]> : tensor<1x3xi64>, rounding = 1 : i64}
     : (tensor<1x1xi32>, tensor<i32>, tensor<i32>, tensor<i8>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

// -----

// Steps at the ends of int32 have no number beside them that is never reached.
// CHECK-LABEL: func.func @ends
// CHECK: nn.quantize {{.*}} {nn.obstacle = "its sums reach the ends of int32"}
func.func @ends(%x: tensor<1x2xi32>) -> tensor<1x2xi8> {
  %s = nn.constant dense<[1.0e-8, 2.0]> : tensor<2xf32>
  %t = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i32>
  %o = nn.constant dense<0> : tensor<i8>
  %1 = nn.dequantize %x, %s, %z : (tensor<1x2xi32>, tensor<2xf32>, tensor<i32>) -> tensor<1x2xf32>
  %4 = nn.quantize %1, %t, %o : (tensor<1x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  return %4 : tensor<1x2xi8>
}

// -----

// One number without dimensions is a row of one.
// CHECK-LABEL: func.func @one_number
// CHECK: %[[Q:.*]] = nn.threshold %{{.*}} {channel = 0 : i64, least = 3 : i64} : (tensor<1xi32>, tensor<1x124xi32>) -> tensor<1xi8>
// CHECK-NEXT: %[[Y:.*]] = nn.reshape %[[Q]] : tensor<1xi8> to tensor<i8>
// CHECK-NEXT: return %[[Y]]
func.func @one_number(%x: tensor<i8>) -> tensor<i8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.dequantize %x, %s, %z : (tensor<i8>, tensor<f32>, tensor<i8>) -> tensor<f32>
  %1 = nn.neg %0 : tensor<f32>
  %2 = nn.relu %1 : tensor<f32>
  %3 = nn.quantize %2, %s, %z : (tensor<f32>, tensor<f32>, tensor<i8>) -> tensor<i8>
  return %3 : tensor<i8>
}

// -----

// A channel that is multiplied by 0 is constant, of however many sums; its thresholds are never reached, or always.
// CHECK-LABEL: func.func @dead
// CHECK-DAG: nn.constant dense<{{\[\[}}299, 8322819], [-8323072, -8323072]]> : tensor<2x2xi32>
// CHECK: nn.threshold
func.func @dead(%x: tensor<1x2xi16>) -> tensor<1x2xui2> {
  %w = nn.constant dense<[[127, 127], [127, 127]]> : tensor<2x2xi8>
  %s = nn.constant dense<1.0e-10> : tensor<f32>
  %f = nn.constant dense<[1.0, 0.0]> : tensor<2xf32>
  %b = nn.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %t = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i32>
  %o = nn.constant dense<0> : tensor<ui2>
  %0 = nn.matmul %x, %w : (tensor<1x2xi16>, tensor<2x2xi8>) -> tensor<1x2xi32>
  %1 = nn.dequantize %0, %s, %z : (tensor<1x2xi32>, tensor<f32>, tensor<i32>) -> tensor<1x2xf32>
  %2 = nn.mul %1, %f : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %3 = nn.add %2, %b : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %4 = nn.quantize %3, %t, %o : (tensor<1x2xf32>, tensor<f32>, tensor<ui2>) -> tensor<1x2xui2>
  return %4 : tensor<1x2xui2>
}

// -----

// Unless it is infinite before: then the product is no number.
// CHECK-LABEL: func.func @infinite
// CHECK: nn.quantize {{.*}} {nn.obstacle = "it is not known to rise with its sums, which are too many to look at"}
func.func @infinite(%x: tensor<1x2xi16>) -> tensor<1x2xui2> {
  %w = nn.constant dense<[[127, 127], [127, 127]]> : tensor<2x2xi8>
  %s = nn.constant dense<1.0e+35> : tensor<f32>
  %f = nn.constant dense<[1.0, 0.0]> : tensor<2xf32>
  %b = nn.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %t = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i32>
  %o = nn.constant dense<0> : tensor<ui2>
  %0 = nn.matmul %x, %w : (tensor<1x2xi16>, tensor<2x2xi8>) -> tensor<1x2xi32>
  %1 = nn.dequantize %0, %s, %z : (tensor<1x2xi32>, tensor<f32>, tensor<i32>) -> tensor<1x2xf32>
  %2 = nn.mul %1, %f : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %3 = nn.add %2, %b : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %4 = nn.quantize %3, %t, %o : (tensor<1x2xf32>, tensor<f32>, tensor<ui2>) -> tensor<1x2xui2>
  return %4 : tensor<1x2xui2>
}

// -----

// Divided by 0, they jump where they change sign.
// CHECK-LABEL: func.func @divided_by_zero
// CHECK: nn.quantize {{.*}} {nn.obstacle = "it is not known to rise with its sums, which are too many to look at"}
func.func @divided_by_zero(%x: tensor<1x2xi16>) -> tensor<1x2xui2> {
  %w = nn.constant dense<[[1, 9], [0, 9]]> : tensor<2x2xi16>
  %s = nn.constant dense<1.0> : tensor<f32>
  %f = nn.constant dense<[0.0, 1.0]> : tensor<2xf32>
  %z = nn.constant dense<0> : tensor<i32>
  %o = nn.constant dense<0> : tensor<ui2>
  %0 = nn.matmul %x, %w : (tensor<1x2xi16>, tensor<2x2xi16>) -> tensor<1x2xi32>
  %1 = nn.dequantize %0, %s, %z : (tensor<1x2xi32>, tensor<f32>, tensor<i32>) -> tensor<1x2xf32>
  %2 = nn.div %1, %f : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %3 = nn.quantize %2, %s, %o : (tensor<1x2xf32>, tensor<f32>, tensor<ui2>) -> tensor<1x2xui2>
  return %3 : tensor<1x2xui2>
}

// -----

// Of sums that floats tell apart the greatest is that of integers.
// CHECK-LABEL: func.func @greatest
// CHECK: %[[SUMS:.*]] = nn.matmul
// CHECK-NEXT: nn.arg_max %[[SUMS]] {{.*}} : (tensor<1x2xi32>)
func.func @greatest(%x: tensor<1x2xi8>) -> tensor<1xi64> {
  %w = nn.constant dense<[[1, 9], [0, 9]]> : tensor<2x2xi8>
  %s = nn.constant dense<0.3> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i32>
  %0 = nn.matmul %x, %w : (tensor<1x2xi8>, tensor<2x2xi8>) -> tensor<1x2xi32>
  %1 = nn.dequantize %0, %s, %z : (tensor<1x2xi32>, tensor<f32>, tensor<i32>) -> tensor<1x2xf32>
  %2 = nn.arg_max %1 {axis = 1 : i64, keepdims = false, last = false} : (tensor<1x2xf32>) -> tensor<1xi64>
  return %2 : tensor<1xi64>
}

// -----

// Wider ones may be one float, and scales that differ change their order.
// CHECK-LABEL: func.func @greatest_float
// CHECK-COUNT-2: nn.arg_max {{.*}} : (tensor<1x2xf32>)
func.func @greatest_float(%x: tensor<1x2xi16>) -> (tensor<1xi64>, tensor<1xi64>) {
  %w = nn.constant dense<[[1, 99], [0, 99]]> : tensor<2x2xi16>
  %v = nn.constant dense<1> : tensor<2x2xi16>
  %s = nn.constant dense<0.3> : tensor<f32>
  %t = nn.constant dense<[0.3, 0.4]> : tensor<2xf32>
  %z = nn.constant dense<0> : tensor<i32>
  %0 = nn.matmul %x, %w : (tensor<1x2xi16>, tensor<2x2xi16>) -> tensor<1x2xi32>
  %1 = nn.dequantize %0, %s, %z : (tensor<1x2xi32>, tensor<f32>, tensor<i32>) -> tensor<1x2xf32>
  %2 = nn.arg_max %1 {axis = 1 : i64, keepdims = false, last = false} : (tensor<1x2xf32>) -> tensor<1xi64>
  %3 = nn.matmul %x, %v : (tensor<1x2xi16>, tensor<2x2xi16>) -> tensor<1x2xi32>
  %4 = nn.dequantize %3, %t, %z : (tensor<1x2xi32>, tensor<2xf32>, tensor<i32>) -> tensor<1x2xf32>
  %5 = nn.arg_max %4 {axis = 1 : i64, keepdims = false, last = false} : (tensor<1x2xf32>) -> tensor<1xi64>
  return %2, %5 : tensor<1xi64>, tensor<1xi64>
}

// -----

// Thresholds of floats, a row for each channel, become those of the integers: 1 and 2 in steps of 1/2.
// CHECK-LABEL: func.func @thresholds_of_floats
// CHECK: %[[T:.*]] = nn.constant dense<{{\[\[}}2], [4]]> : tensor<2x1xi32>
// CHECK: nn.threshold %{{.*}}, %[[T]] {channel = 1 : i64, least = 0 : i64} : (tensor<1x2xi32>, tensor<2x1xi32>) -> tensor<1x2xui2>
func.func @thresholds_of_floats(%x: tensor<1x2xi8>) -> tensor<1x2xui2> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %t = nn.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %0 = nn.dequantize %x, %s, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.threshold %0, %t {channel = 1 : i64, least = 0 : i64} : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x2xui2>
  return %1 : tensor<1x2xui2>
}
