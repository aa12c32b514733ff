"""Resize in every mode: compiled code against the interpreter bit for bit and against ONNX's reference implementation."""
# RUN: %python %s %t
# REQUIRES: onnx, x86-64-v3
import subprocess
import sys

import numpy as np
from nnctest import build, compile_model, node, save
from onnx.reference import ReferenceEvaluator

f32 = np.float32


def filters(r):
    """Attributes that say how elements are picked or blended. The reference knows no tf_half_pixel_for_nn."""
    mode = r.choice(["nearest", "linear", "cubic"])
    found = {"mode": mode, "exclude_outside": 0}
    if mode == "nearest":
        found["nearest_mode"] = r.choice(["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"])
    else:
        found["antialias"] = int(r.integers(2))
        found["exclude_outside"] = int(r.integers(2))
    if mode == "cubic":
        found["cubic_coeff_a"] = float(r.choice([-0.75, -0.5]))
    found["coordinate_transformation_mode"] = r.choice(
        ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize"])
    if found["coordinate_transformation_mode"] == "half_pixel_symmetric":
        found["exclude_outside"] = 0  # coordinates that round to almost nothing make the reference divide by that
    return found


def case(seed):
    """A model of one Resize and an input for it."""
    r = np.random.default_rng(seed)
    shape = [int(v) for v in r.choice([1, 2, 3, 5, 8, 17], r.integers(1, 5))]
    attributes = filters(r)
    axes = sorted(r.permutation(len(shape))[: r.integers(1, len(shape) + 1)].tolist())
    if r.integers(2):
        attributes["axes"] = axes
    else:
        axes = list(range(len(shape)))
    constants = {"roi": np.concatenate([r.uniform(-0.2, 0.5, len(axes)), r.uniform(0.4, 1.3, len(axes))]).astype(f32)}
    if r.integers(2):  # no size is 1, of which the reference has a view of its own
        constants["sizes"] = np.array([int(r.choice([s, 2 * s, 3 * s, r.integers(2, 12)])) for s in (shape[d] for d in axes)])
        constants["sizes"] = np.maximum(constants["sizes"], 2)
        attributes["keep_aspect_ratio_policy"] = r.choice(["stretch", "stretch", "not_smaller"])
        words = "x roi - sizes"
    else:
        scales = [r.choice([1, 2, 3, 1.5, 0.5, 1.75] if shape[d] > 3 else [2, 3, 2.5, 4]) for d in axes]
        constants["scales"] = np.array(scales, f32)
        words = "x roi scales"
    x = r.normal(0, 2, shape).astype(f32)
    # The output's shape is left to the compiler.
    model = build([node("Resize", words, "y", **attributes)], {"x": shape}, {"y": [f"d{i}" for i in range(len(shape))]}, constants, opset=19)
    return model, x, f"{seed}: {shape} {attributes} { {k: v.tolist() for k, v in constants.items()} }"


for seed in range(40):
    model, x, what = case(seed)
    folder = f"{sys.argv[1]}/{seed}"
    (y,) = compile_model(model, folder, "-cpu=x86-64-v3")(x)
    (expected,) = ReferenceEvaluator(model).run(None, {"x": x})
    assert y.shape == expected.shape, (what, y.shape, expected.shape)
    assert np.allclose(y, expected, rtol=1e-5, atol=1e-5), (what, np.abs(y - expected).max())
    np.savez(f"{folder}/data.npz", x=x)
    path = save(model, f"{folder}/model.onnx")
    subprocess.run(["nn-run", path, f"-data={folder}/data.npz", "-via=native", "-compare", "-cpu=x86-64-v3"], check=True)
