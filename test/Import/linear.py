"""Gemm is a matmul whose bias starts the accumulators where C is a row and nothing scales; MatMul takes vectors."""
# RUN: %python %s %t
# REQUIRES: onnx
import numpy as np
from importing import check, one, ops, refused


def kinds(model):
    return [line.split()[0] for line in ops(model)]


def gemm(c, **attributes):
    constants = {"w": np.zeros((4, 3), np.float32)} | ({} if c is None else {"c": np.zeros(c, np.float32)})
    return one("Gemm", [[2, 4]], constants, **attributes)


assert kinds(gemm(None)) == ["nn.matmul"]
assert kinds(gemm(3)) == kinds(gemm((3,), beta=1.0)) == ["nn.matmul"]
assert kinds(gemm((1, 3))) == ["nn.reshape", "nn.matmul"]
assert kinds(gemm((2, 3))) == kinds(gemm((2, 1))) == kinds(gemm(())) == ["nn.matmul", "nn.add"]
assert kinds(gemm(3, alpha=0.5)) == ["nn.matmul", "nn.mul", "nn.add"]
assert kinds(gemm(3, beta=0.5)) == ["nn.matmul", "nn.mul", "nn.add"]
assert kinds(gemm(3, beta=0.0)) == ["nn.matmul"]
assert kinds(one("Gemm", [[4, 2]], {"w": np.zeros((3, 4), np.float32)}, transA=1, transB=1)) == [
    "nn.transpose",
    "nn.transpose",
    "nn.matmul",
]
check(refused(gemm((5,))), "cannot be broadcast")
check(refused(gemm((4, 2, 3))), "does not broadcast to f32[2,3]")

for a, b, result in (([4], [4, 3], "3"), ([2, 4], [4], "2"), ([4], [4], ""), ([4], [5, 4, 3], "5x3"), ([5, 2, 4], [4], "5x2")):
    shape = f"tensor<{result}x" if result else "tensor<"
    assert ops(one("MatMul", [a, b]))[-1].endswith(f" to {shape}f32>"), (a, b)
check(ops(one("MatMul", [[5, 1, 2, 4], [3, 4, 6]])), "-> tensor<5x3x2x6xf32>")
check(refused(one("MatMul", [[2, 4], [5, 3]])), "disagree on the inner dimension")
check(refused(one("MatMul", [[], [5, 3]])), "rank 1 or more")
