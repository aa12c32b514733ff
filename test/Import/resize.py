"""Resize picks elements by slices, broadcasts and gathers, or blends gathered ones; coordinates and coefficients are
constants."""
# RUN: %python %s %t
# REQUIRES: onnx
import resource

import numpy as np
from importing import check, constants, one, ops, refused
from nnctest import build, node, tensor

f32, nan, inf = np.float32, float("nan"), float("inf")


def resize(shape, scales=None, sizes=None, opset=19, roi=None, words=None, **attributes):
    """Resize of a float image of `shape`."""
    lists = {"roi": None if roi is None else f32(roi), "scales": None if scales is None else f32(scales),
             "sizes": None if sizes is None else np.array(sizes)}
    words = words or " ".join(["x0", *("-" if value is None else name for name, value in lists.items())])
    return one("Resize", [shape], {name: value for name, value in lists.items() if value is not None}, opset, operands=words, **attributes)


def crop(shape, roi, **more):
    return resize(shape, roi=roi, coordinate_transformation_mode="tf_crop_and_resize", **more)


def old(kind, scales, opset, shape=(1, 1, 4, 4), **attributes):
    return one(kind, [shape], {"scales": f32(scales)}, opset, operands="x0 scales", **attributes)


def indices(model):
    """The numbers of the only gather's index table."""
    return [int(v) for v in constants(model)[-1].split("<[")[1].split("]")[0].split(",")]


# --- Nearest moves elements: repeated, every second one, turned round, or by index.
moved = ops(resize([1, 2, 3, 4], [1, 1, 2, 3]))
check(moved, "reshape : tensor<1x2x3x4xf32> to tensor<1x2x3x1x4x1xf32>", "broadcast : tensor<1x2x3x1x4x1xf32> to tensor<1x2x3x2x4x3xf32>",
      "reshape : tensor<1x2x3x2x4x3xf32> to tensor<1x2x6x12xf32>")
assert len(moved) == 3, moved
halved = ops(resize([1, 2, 4, 6], sizes=[1, 2, 2, 3]))
check(halved, "nn.slice {starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 1, 2, 2>}")
assert len(halved) == 1, halved
turned = ops(crop([1, 4], [0, 1, 1, 0], sizes=[1, 4]))
check(turned, "nn.slice {starts = array<i64: 0, 3>, steps = array<i64: 1, -1>}")
assert len(turned) == 1, turned
check(ops(resize([4], [2.5])), "nn.gather {axis = 0 : i64} : (tensor<4xf32>, tensor<10xi32>) -> tensor<10xf32>")
assert ops(resize([2, 3], [1, 1])) == ops(resize([2, 3], sizes=[2, 3], mode="cubic")) == [], "nothing changes"
for element in (np.uint8, np.int8, np.int64, np.bool_):
    model = build([node("Resize", "x - s", "y")], [tensor("x", [2], element)], [tensor("y", [4], element)], {"s": f32([2])}, 19)
    check(ops(model), "nn.broadcast")

# --- Which index a coordinate is, and which coordinate an element has.
for mode, expected in {"round_prefer_floor": [0, 0, 0, 1, 1, 2, 2, 2, 3, 3], "round_prefer_ceil": [0, 0, 1, 1, 1, 2, 2, 3, 3, 3],
                       "floor": [0, 0, 0, 0, 1, 1, 2, 2, 2, 3], "ceil": [0, 1, 1, 1, 2, 2, 3, 3, 3, 3]}.items():
    found = indices(resize([4], [2.5], nearest_mode=mode))
    assert found == expected, (mode, found)
for mode, scale, expected in [("half_pixel", 1.7, [0, 0, 0, 1, 2, 2, 3, 3]), ("half_pixel_symmetric", 1.7, [0, 0, 1, 1, 2, 2, 3, 4]),
                              ("pytorch_half_pixel", 1.7, [0, 0, 0, 1, 2, 2, 3, 3]), ("asymmetric", 1.7, [0, 0, 1, 1, 2, 2, 3, 4]),
                              ("align_corners", 1.8, [0, 0, 1, 1, 2, 2, 3, 3, 4]), ("tf_half_pixel_for_nn", 1.7, [0, 0, 1, 2, 2, 3, 3, 4])]:
    found = indices(resize([5], [scale], coordinate_transformation_mode=mode, nearest_mode="floor"))
    assert found == expected, (mode, found)

# --- Before opset 11: upwards where the image shrinks, else downwards.
assert indices(old("Resize", [1, 1, 1, 0.75], 10)) == [0, 2, 3]
assert indices(old("Resize", [1, 1, 1, 1.5], 10)) == [0, 0, 1, 2, 2, 3]
check(ops(old("Upsample", [1, 1, 2, 2], 9)), "broadcast : tensor<1x1x4x1x4x1xf32> to tensor<1x1x4x2x4x2xf32>")
check(ops(one("Upsample", [[1, 1, 4, 4]], opset=7, scales=[1.0, 1.0, 1.0, 2.0], mode="linear")), "nn.reduce_sum")

# --- How large the result is. A product of floats: 0.7 of 10 elements are 7, although 0.7 is a little less in binary.
check(ops(resize([10], [0.7])), "-> tensor<7xf32>")
check(ops(resize([2, 9], [0.5], axes=[-2])), "tensor<1x9xf32>")
for policy, shape in {"not_larger": "5x3", "not_smaller": "11x6", "stretch": "5x6"}.items():
    check(ops(resize([2, 7, 4], sizes=[5, 6], axes=[1, 2], keep_aspect_ratio_policy=policy)), f"tensor<2x{shape}xf32>")
check(ops(resize([2, 4], [], [4, 4], opset=11, roi=[])), "to tensor<4x4xf32>")

# --- Linear and cubic: terms gathered, weighted, summed. The dimension that shrinks most comes first, of two alike the inner one.
blended = ops(resize([1, 1, 4, 3], [1, 1, 2, 2], mode="linear"))
assert [line.split()[0] for line in blended] == ["nn.gather", "nn.mul", "nn.reduce_sum"] * 2, blended
check(blended[0], "{axis = 3 : i64} : (tensor<1x1x4x3xf32>, tensor<2x6xi32>) -> tensor<1x1x4x2x6xf32>")
check(blended[2], "{axes = array<i64: 3>, keepdims = false}", "-> tensor<1x1x4x6xf32>")
check(blended[4], "(tensor<1x1x2x8x6xf32>, tensor<2x8x1xf32>)")
check(ops(resize([4, 3], [0.5, 2], mode="linear"))[0], "axis = 0 : i64")
check(ops(resize([9], [2], mode="cubic")), "tensor<4x18xi32>")
check(ops(resize([9], sizes=[3], mode="linear", antialias=1)), "tensor<5x3xi32>")
check(constants(resize([2], [2], mode="linear")), "[7.500000e-01, 2.500000e-01, 7.500000e-01, 2.500000e-01]")
# Every second element is that element, whatever the mode.
every = ops(resize([8], [0.5], mode="linear", coordinate_transformation_mode="asymmetric"))
check(every, "nn.slice {starts = array<i64: 0>, steps = array<i64: 2>}")
assert len(every) == 1, every
# The longest dimension that may be resized, down to one element: what lies outside of it is no term. The work grows with the length,
# not with its square.
started = []
for length in (2**17, 2**20):
    started.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime)
    check(ops(resize([length], sizes=[1], mode="linear", antialias=1, exclude_outside=1)), f"tensor<{length}x1xi32>")
short, long = np.diff([*started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime])
assert long < 24 * short, (short, long)

# --- Outside of a crop, at an end or everywhere.
check(ops(crop([4, 4], [0, 0.4, 1, 1.2], scales=[1, 2], extrapolation_value=7.0)),
      "nn.pad {high = array<i64: 0, 2>, low = array<i64: 0, 0>, mode = 0 : i64, value = 7.000000e+00 : f32}")
assert ops(crop([4, 4], [2, 0, 3, 1], scales=[1, 2], extrapolation_value=7.0)) == []
check(constants(crop([4, 4], [2, 0, 3, 1], scales=[1, 2], extrapolation_value=7.0)), "dense<7.000000e+00> : tensor<4x8xf32>")

model = build([node("Resize", "x r s", "y", coordinate_transformation_mode="tf_crop_and_resize", extrapolation_value=1.0)],
              [tensor("x", [2], np.bool_)], [tensor("y", [4], np.bool_)], {"s": f32([2]), "r": f32([0, 2])}, 19)
check(ops(model), "value = true")

# --- Refused: what is not known, ...
check(refused(one("Resize", [[1, 4], [2]], opset=19, operands="x0 - x1")), "error: 'step' Resize-19, inputs f32[1,4], none, f32[2]:",
      "scales ('x1') must be known when we compile, it is computed at run time", "help: make it a constant: -const=x1=VALUE")
check(refused(one("Resize", [[1, 4], [1, 4]], {"n": np.array([2, 4])}, 19, operands="x0 x1 - n", coordinate_transformation_mode="tf_crop_and_resize")),
      "roi ('x1') must be known when we compile")
# ... lists that fit nothing, ...
check(refused(resize([4, 4])), "has neither scales nor sizes")
check(refused(resize([4, 4], [2, 2], [8, 8])), "has both scales and sizes, expected one of them")
check(refused(resize([4, 4], [2])), "scales has 1 entries, expected 2")
check(refused(resize([4, 4], sizes=[8, 8, 8])), "sizes has 3 entries, expected 2")
check(refused(resize([4, 4], [2, 2], axes=[0])), "scales has 2 entries, expected 1")
check(refused(crop([4, 4], [0, 1], scales=[1, 2])), "roi has 2 entries, expected 4")
check(refused(crop([4, 4], None, scales=[1, 2])), "roi is missing")
check(refused(resize([4, 4], [2, 2], axes=[0, -2])), "names an axis twice")
check(refused(resize([4, 4], [2, 2], axes=[0, 2])), "axis 2 is no dimension of rank 2")
check(refused(one("Resize", [[4]], {"s": np.int32([2])}, 19, operands="x0 - s")), "scales is i32[1], expected float32")
check(refused(old("Upsample", [1, 1, 2, 2], 11)), "was removed in opset 10", "help: write Resize instead")
check(refused(one("Resize", [[4]], {"s": f32([2])}, 10, operands="x0 s s")), "takes at most 2 inputs in this opset")
# ... numbers that mean nothing, ...
for scale in (0, -1, nan, inf, -inf):
    check(refused(resize([4, 4], [1, scale])), "error: 'step' Resize-19", "the scale of axis 1 is", "expected more than 0")
check(refused(resize([4, 4], [1, 0.2])), "leaves nothing of the 4 elements of axis 1")
for size in (0, -3, -(2**63)):
    check(refused(resize([4, 4], sizes=[4, size])), f"the size of axis 1 is {size}, expected 1 or more")
check(refused(old("Upsample", [1, 1, 0.5, 1], 9)), "has a scale below 1")
check(refused(crop([4, 4], [0, nan, 1, 1], scales=[1, 2])), "roi has an entry that is not finite")
check(refused(resize([400, 4], sizes=[1, 1], keep_aspect_ratio_policy="not_larger")), "keeping the aspect ratio leaves nothing of axis 1")
# ... sizes of which nobody has the memory, ...
check(refused(resize([4, 4], [1e9, 1])), "axis 0 has more than 1048576 elements")
check(refused(resize([4, 4], sizes=[2**62, 4])), "the result has more than")
check(refused(resize([1000, 1000], [1000, 1000])), "the result has more than")
# ... words and types that are none.
check(refused(resize([4], [2], mode="area")), "mode is 'area', expected nearest, linear, cubic")
check(refused(old("Resize", [1, 1, 2, 2], 10, mode="cubic")), "mode is 'cubic', expected nearest, linear")
# Coordinates that come from other frameworks: where roundings differ, which one is meant must be said; where they agree, need not.
foreign = {"operands": "x0 - s", "coordinate_transformation_mode": "asymmetric"}
check(refused(one("Resize", [[5]], {"s": f32([1.7])}, 11, **foreign)), "does not state nearest_mode", "state the attribute")
for said in (one("Resize", [[5]], {"s": f32([1.7])}, 11, nearest_mode="floor", **foreign), one("Resize", [[5]], {"s": f32([1.7])}, 13, **foreign)):
    indices(said)
ops(one("Resize", [[5]], {"s": f32([1])}, 11, **foreign))
check(refused(resize([4], [2], nearest_mode="round")), "nearest_mode is 'round', expected round_prefer_floor,")
check(refused(resize([4], [2], coordinate_transformation_mode="corner")), "coordinate_transformation_mode is 'corner', expected half_pixel,")
check(refused(resize([4], sizes=[2], keep_aspect_ratio_policy="none")), "keep_aspect_ratio_policy is 'none', expected stretch,")
check(refused(resize([4], [2], mode="cubic", cubic_coeff_a=nan)), "cubic_coeff_a must be finite")
check(refused(resize([4], [2], antialias=1)), "antialias needs mode linear or cubic, mode is nearest")
check(refused(resize([4], [2], opset=13, antialias=1)), "has the unknown attribute 'antialias'")
model = build([node("Resize", "x - s", "y", mode="linear")], [tensor("x", [2], np.uint8)], [tensor("y", [4], np.uint8)], {"s": f32([2])}, 19)
check(refused(model), "modes linear and cubic are of float32, the input is ui8[2]")
model = build([node("Resize", "x r s", "y", coordinate_transformation_mode="tf_crop_and_resize", extrapolation_value=300.0)],
              [tensor("x", [2], np.uint8)], [tensor("y", [4], np.uint8)], {"s": f32([2]), "r": f32([0, 2])}, 19)
check(refused(model), "extrapolation_value 300", "is no element of the input, which is ui8[2]")
