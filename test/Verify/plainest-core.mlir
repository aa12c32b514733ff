// RUN: rm -rf %t && nn-compile %s -target=x86 -cpu=x86-64 -name=net -q -o %t
// RUN: FileCheck %s --check-prefix=JSON < %t/net.json
// RUN: nn-verify %t | FileCheck %s

// The plainest core has no features to name: its list is empty, and its folder is as good as others.
// JSON: "cpu_features": [],
// CHECK: net.o
// CHECK: instruction trace: proved
func.func @f(%x: tensor<4x7xi8> {nn.name = "x"}, %w: tensor<7x9xi8> {nn.name = "w"}) -> (tensor<4x9xi32> {nn.name = "y"}) {
  %0 = nn.matmul %x, %w : (tensor<4x7xi8>, tensor<7x9xi8>) -> tensor<4x9xi32>
  return %0 : tensor<4x9xi32>
}
