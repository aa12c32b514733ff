// RUN: nn-opt %s --nn-unpack-ports | FileCheck %s

// CHECK-LABEL: func.func @both
// CHECK-SAME: (%[[X:.*]]: tensor<1x5xi4> {nn.name = "x"}) -> (tensor<5x1xi4> {nn.name = "y"})
func.func @both(%x: tensor<3xui8> {nn.name = "x", nn.packed = tensor<1x5xi4>}) -> (tensor<3xui8> {nn.name = "y", nn.packed = tensor<5x1xi4>}) {
  // CHECK-NEXT: %[[F:.*]] = nn.reshape %[[X]] : tensor<1x5xi4> to tensor<5xi4>
  // CHECK-NEXT: %[[Y:.*]] = nn.reshape %[[F]] : tensor<5xi4> to tensor<5x1xi4>
  // CHECK-NEXT: return %[[Y]] : tensor<5x1xi4>
  %0 = nn.unpack %x : tensor<3xui8> to tensor<5xi4>
  %1 = nn.pack %0 : tensor<5xi4> to tensor<3xui8>
  return %1 : tensor<3xui8>
}

// What leaves as it came.
// CHECK-LABEL: func.func @through
// CHECK-SAME: (%[[X:.*]]: tensor<1x5xi4>) -> tensor<1x5xi4>
// CHECK-NEXT: return %[[X]]
func.func @through(%x: tensor<3xui8> {nn.packed = tensor<1x5xi4>}) -> (tensor<3xui8> {nn.packed = tensor<1x5xi4>}) {
  return %x : tensor<3xui8>
}

// Bytes are none.
// CHECK-LABEL: func.func @bytes
// CHECK-SAME: (%[[X:.*]]: tensor<3xui8>) -> tensor<3xui8>
// CHECK-NEXT: return %[[X]]
func.func @bytes(%x: tensor<3xui8>) -> tensor<3xui8> {
  return %x : tensor<3xui8>
}
