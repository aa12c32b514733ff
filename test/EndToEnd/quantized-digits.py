"""The digits network, quantized after training on 100 images, loses at most half a point of accuracy on the others; read back from its
ONNX file it gives the same bits, and so does ONNX Runtime as it fuses such networks on a machine with VNNI; on others its sums saturate."""
# RUN: rm -rf %t
# RUN: %python %s %source/examples/digits %t %if vnni %{ onnxruntime %}
# REQUIRES: onnx, x86-64-v3
import pathlib
import sys

import numpy as np
from nnctest import Network, compile_model, nn_compile, same_bits

example, work = map(pathlib.Path, sys.argv[1:3])
work.mkdir(parents=True)
held_out = np.load(example / "test.npz")
images = held_out["images"].reshape(-1, 1, 1, 8, 8).astype(np.float32) / 16
np.savez(work / "calibration.npz", image=images[:100])
floats = compile_model(example / "digits.onnx", work / "float", name="digits")


def quantized(*options, out="int8"):
    done = nn_compile(example / "digits.onnx", "-target=x86", "-emit=obj,so,onnx", "-o", work / out, *options)
    assert done.returncode == 0, done.stderr
    return Network(work / out / "digits.json")


def right(network):
    return sum(int(network(image)[0].argmax() == label) for image, label in zip(images, held_out["labels"], strict=True))


data = f"-calibrate={work}/calibration.npz"
network = quantized("-quantize=int8", data)
limit = right(floats) - 0.005 * len(images)
assert right(network) >= limit, right(network)
for calibrator in ("minmax", "percentile", "mse", "entropy"):
    found = right(quantized("-quantize=int8", data, f"-calibrator={calibrator}", out=calibrator))
    assert found >= limit, (calibrator, found)
assert right(quantized("-quantize=int8w", out="weights")) >= limit

# With fewer bits it loses more, and its file still has the same bits.
for scheme, most in ("int6", 0.015), ("int4", 0.04):
    narrow = quantized(f"-quantize={scheme}", data, out=scheme)
    assert right(narrow) >= right(floats) - most * len(images), (scheme, right(narrow), right(floats))
    again = compile_model(work / scheme / f"digits_{scheme}.onnx", work / f"{scheme}-again", name="digits")
    for image in images[:50]:
        assert same_bits(again(image)[0], narrow(image)[0]), scheme

model = work / "int8" / "digits_int8.onnx"
again = compile_model(model, work / "again", name="digits")
answers = [network(image)[0] for image in images]
for image, answer in zip(images, answers, strict=True):
    assert same_bits(again(image)[0], answer)

if "onnxruntime" not in sys.argv[3:]:
    sys.exit()
try:
    import onnxruntime
except ImportError:
    print("onnxruntime is missing: its bits were not compared")
    sys.exit()
options = onnxruntime.SessionOptions()
options.add_session_config_entry("session.qdqisint8allowed", "1")
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
for image, answer in zip(images, answers, strict=True):
    assert same_bits(session.run(None, {"image": image})[0], answer)
