// RUN: split-file %s %t
// RUN: nn-opt %t/native.mlir --nn-native-ports --split-input-file 2>%t/remarks | FileCheck %t/native.mlir
// RUN: FileCheck %t/native.mlir --check-prefix=REMARK --input-file=%t/remarks
// RUN: nn-opt %t/native.mlir --nn-native-ports=any-rounding --split-input-file 2>/dev/null | FileCheck %t/native.mlir --check-prefix=ANY
// RUN: not nn-opt %t/floats.mlir --nn-native-ports 2>&1 | FileCheck %t/floats.mlir

//--- native.mlir
// CHECK-LABEL: func.func @both_ends
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xi8> {nn.name = "x", nn.scale = 5.000000e-01 : f32, nn.zero_point = -3 : i32})
// CHECK-SAME: -> (tensor<6xi8> {nn.name = "y", nn.scale = 2.500000e-01 : f32, nn.zero_point = 0 : i32})
func.func @both_ends(%x: tensor<2x3xf32> {nn.name = "x"}) -> (tensor<6xf32> {nn.name = "y"}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-3> : tensor<i8>
  %t = nn.constant dense<0.25> : tensor<f32>
  %o = nn.constant dense<0> : tensor<i8>
  // CHECK-NEXT: %[[T:.*]] = nn.transpose %[[X]] {{.*}} : (tensor<2x3xi8>) -> tensor<3x2xi8>
  // CHECK-NEXT: %[[N:.*]] = nn.neg %[[T]] : tensor<3x2xi8>
  // CHECK-NEXT: %[[Y:.*]] = nn.reshape %[[N]] : tensor<3x2xi8> to tensor<6xi8>
  // CHECK-NEXT: return %[[Y]] : tensor<6xi8>
  %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = nn.quantize %0, %s, %z : (tensor<3x2xf32>, tensor<f32>, tensor<i8>) -> tensor<3x2xi8>
  %2 = nn.neg %1 : tensor<3x2xi8>
  %3 = nn.dequantize %2, %t, %o : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %4 = nn.reshape %3 : tensor<3x2xf32> to tensor<6xf32>
  return %4 : tensor<6xf32>
}

// Floats that others read stay for them.
// CHECK-LABEL: func.func @output_read_inside
// CHECK-SAME: -> (tensor<4xi8> {{.*}}, tensor<4xf32>)
func.func @output_read_inside(%q: tensor<4xi8>) -> (tensor<4xf32>, tensor<4xf32>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.neg %q : tensor<4xi8>
  %1 = nn.dequantize %0, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  // CHECK: %[[Q:.*]] = nn.neg
  // CHECK: %[[D:.*]] = nn.dequantize %[[Q]], %
  // CHECK: %[[T:.*]] = nn.tanh %[[D]]
  // CHECK: return %[[Q]], %[[T]]
  // REMARK: output stays float32: 'step' is no DequantizeLinear
  %2 = nn.tanh %1 : tensor<4xf32> loc("step")
  return %1, %2 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @four_bits
// CHECK-SAME: (%[[X:.*]]: tensor<2xui8> {nn.packed = tensor<1x3xi4>, {{.*}}}) -> (tensor<2xui8> {nn.packed = tensor<3xi4>,
func.func @four_bits(%x: tensor<1x3xf32>) -> tensor<3xf32> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<1> : tensor<i4>
  // CHECK-NEXT: %[[U:.*]] = nn.unpack %[[X]] : tensor<2xui8> to tensor<3xi4>
  // CHECK-NEXT: %[[R:.*]] = nn.reshape %[[U]] : tensor<3xi4> to tensor<1x3xi4>
  // CHECK-NEXT: %[[S:.*]] = nn.reshape %[[R]] : tensor<1x3xi4> to tensor<3xi4>
  // CHECK-NEXT: %[[P:.*]] = nn.pack %[[S]] : tensor<3xi4> to tensor<2xui8>
  // CHECK-NEXT: return %[[P]]
  %0 = nn.quantize %x, %s, %z : (tensor<1x3xf32>, tensor<f32>, tensor<i4>) -> tensor<1x3xi4>
  %1 = nn.reshape %0 : tensor<1x3xi4> to tensor<3xi4>
  %2 = nn.dequantize %1, %s, %z : (tensor<3xi4>, tensor<f32>, tensor<i4>) -> tensor<3xf32>
  return %2 : tensor<3xf32>
}

// CHECK-LABEL: func.func @some_stay
// CHECK-SAME: (%{{.*}}: tensor<4xf32> {nn.name = "two grids"}, %{{.*}}: tensor<4xf32> {nn.name = "floats"},
// CHECK-SAME: %{{.*}}: tensor<4xf32> {nn.name = "unread"}, %{{.*}}: tensor<4xf32> {nn.name = "through"}, %{{.*}}: tensor<4xi8> {
// CHECK-SAME: -> (tensor<4xi8>, tensor<4xf32> {nn.name = "y"}, tensor<4xf32> {nn.name = "z"})
func.func @some_stay(%two: tensor<4xf32> {nn.name = "two grids"}, %floats: tensor<4xf32> {nn.name = "floats"},
    %unread: tensor<4xf32> {nn.name = "unread"}, %through: tensor<4xf32> {nn.name = "through"}, %native: tensor<4xf32>)
    -> (tensor<4xi8>, tensor<4xf32> {nn.name = "y"}, tensor<4xf32> {nn.name = "z"}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  // REMARK: -io=native: input 'two grids' stays float32: it is read with several scales, zero points or types
  %0 = nn.quantize %two, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %1 = nn.quantize %two, %t, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  // REMARK: -io=native: input 'floats' stays float32: 'tanh' reads it as it is
  %2 = nn.quantize %floats, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %3 = nn.tanh %floats : tensor<4xf32> loc("tanh")
  // REMARK: -io=native: input 'unread' stays float32: nothing reads it
  // REMARK: -io=native: input 'through' stays float32: it is an output as well
  %4 = nn.quantize %native, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %5 = nn.add %0, %1 : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  %6 = nn.add %2, %4 : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  %7 = nn.add %5, %6 : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  // REMARK: -io=native: output 'y' stays float32: 'tanh' is no DequantizeLinear
  // REMARK: -io=native: output 'z' stays float32: it is an input
  return %7, %3, %through : tensor<4xi8>, tensor<4xf32>, tensor<4xf32>
}

// What no node is called after has the name of its op.
// CHECK-LABEL: func.func @nameless
// CHECK-SAME: -> (tensor<4xi8> {{.*}}, tensor<4xf32>)
func.func @nameless(%q: tensor<4xi8>) -> (tensor<4xf32>, tensor<4xf32>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.neg %q : tensor<4xi8>
  %1 = nn.dequantize %0, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  // REMARK: output stays float32: 'nn.tanh' is no DequantizeLinear
  %2 = nn.tanh %1 : tensor<4xf32>
  return %1, %2 : tensor<4xf32>, tensor<4xf32>
}

// With -any-rounding the caller rounds as the network does; without, only halves to even.
// CHECK-LABEL: func.func @rounded_down
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
// ANY-LABEL: func.func @rounded_down
// ANY-SAME: (%[[X:.*]]: tensor<4xi8> {nn.rounding = "floor", nn.scale = 5.000000e-01 : f32, nn.zero_point = 3 : i32})
func.func @rounded_down(%x: tensor<4xf32>) -> tensor<4xi8> {
  // REMARK: input stays float32: 'nn.quantize' does not round halves to even
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {rounding = 6 : i64} : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %1 = nn.neg %0 : tensor<4xi8>
  return %1 : tensor<4xi8>
}

// An input's integers leave as they are.
// CHECK-LABEL: func.func @quantized_only
// CHECK-SAME: (%[[X:.*]]: tensor<4xi8> {nn.scale = 5.000000e-01 : f32, nn.zero_point = 3 : i32})
// CHECK-SAME: -> (tensor<4xi8> {nn.scale = 5.000000e-01 : f32, nn.zero_point = 3 : i32})
func.func @quantized_only(%x: tensor<4xf32>) -> tensor<4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

//--- floats.mlir
// CHECK: error: -io=native: no input or output of the network is quantized; leave the option away, or quantize the network
func.func @floats(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nn.relu %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}
