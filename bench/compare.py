"""Compares compiled networks with ONNX Runtime: one thread each, in one process, in alternating short slices.

    bench/run MODEL.onnx ...          `bench/run` alone takes build/bench/models, which make_models.py writes

A row gives the cycles of one call (minima), multiply-adds per cycle as share of the peak that this core showed in that
minute, and ONNX Runtime's cycles over ours: above 1 we are faster. The ratio is the median of several rounds' ratios
of minima; the range of the rounds stands behind it. Outputs are compared before anything is timed.
"""
import argparse
import ctypes
import pathlib
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import helper

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test" / "lib"))
from nnctest import Network, address, pointers  # noqa: E402

import cycles  # noqa: E402


def example_inputs(facts, seed=0):
    """Seeded inputs for the inputs of NAME.json: normal floats, small integers, ones for a mask."""
    rng, arrays = np.random.default_rng(seed), []
    for tensor in facts:
        shape, dtype = tensor["shape"], np.dtype(tensor["dtype"])
        if "mask" in tensor["name"] or dtype == bool:
            arrays.append(np.ones(shape, dtype))
        elif dtype.kind == "f":
            arrays.append(rng.standard_normal(shape).astype(dtype))
        else:
            arrays.append(rng.integers(0, 100, shape).astype(dtype))
    return arrays


# --- the two contenders


def ours(model, folder, args):
    """Compiles the model; returns the loaded network."""
    name = "bench_" + "".join(c if c.isalnum() else "_" for c in model.stem)
    command = [args.nn_compile, model, "-target=x86", f"-cpu={args.cpu}", f"-name={name}", "-emit=obj", "-emit=so", "-q"]
    done = subprocess.run([*map(str, command), *args.options, "-o", str(folder / name)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["no reason given"])[0])
    return Network(folder / name / f"{name}.json")


def our_contender(network, arrays):
    """The contender and its outputs."""
    inputs = [network.place(f, a) for f, a in zip(network.json["inputs"], arrays)]
    outputs = [network.place(f) for f in network.json["outputs"]]
    tables = pointers(inputs), pointers(outputs)
    contender = cycles.Contender(
        "nn-compile", network.function("run_v"), [*map(ctypes.addressof, tables), address(network.arena)]
    )
    contender.keep = (network, inputs, outputs, tables)
    return contender, outputs


def runtime_contender(model, feeds):
    """ONNX Runtime at its best for one thread: all optimisations, bound inputs and outputs. Returns it and its outputs.

    The call passes through Python, which call_floor() puts a number on."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 4
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    first, binding = session.run(None, feeds), session.io_binding()
    values = {k: ort.OrtValue.ortvalue_from_numpy(a) for k, a in feeds.items()}
    results = [ort.OrtValue.ortvalue_from_numpy(a) for a in first]
    for name, value in values.items():
        binding.bind_ortvalue_input(name, value)
    for info, value in zip(session.get_outputs(), results):
        binding.bind_ortvalue_output(info.name, value)
    run, bound, quiet = session._sess.run_with_iobinding, binding._iobinding, ort.RunOptions()
    contender = cycles.Contender("ONNX Runtime", lambda: run(bound, quiet))
    contender.keep = (session, binding, values, results)
    return contender, first


def call_floor(counter):
    """Cycles of an ONNX Runtime call that computes nothing."""
    x, y = (helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [1]) for n in "xy")
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "floor", [x], [y])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    contender, _ = runtime_contender(model.SerializeToString(), {"x": np.zeros(1, np.float32)})
    return cycles.alternate(counter, [contender], 0.3)[contender.name][0]


# --- one row


def largest_error(got, want):
    """Largest difference over the largest magnitude."""
    got, want = got.astype(np.float64), want.astype(np.float64)
    return np.abs(got - want).max(initial=0) / max(1.0, np.abs(want).max(initial=0))


def measure(counter, model, folder, args):
    """(multiply-adds, our cycles, theirs, share of the peak, ratios of the rounds)"""
    network = ours(model, folder, args)
    arrays = example_inputs(network.json["inputs"])
    feeds = {facts["name"]: array for facts, array in zip(network.json["inputs"], arrays)}
    us, outputs = our_contender(network, arrays)
    them, expected = runtime_contender(str(model), feeds)
    counter.slices(us, 1, 1)
    error = max(largest_error(g, w) for g, w in zip(outputs, expected))
    if not error <= args.tolerance:
        raise RuntimeError(f"outputs differ by {error:.1e} of the largest magnitude: not timed")
    rounds, peak = [], 0.0
    for _ in range(args.rounds):
        peak = max(peak, counter.fma_peak())
        rounds.append(cycles.alternate(counter, [us, them], args.seconds / args.rounds))
    best = {name: min(r[name][0] for r in rounds) for name in (us.name, them.name)}
    macs = sum(step["macs"] for step in network.json["steps"])
    ratios = [r[them.name][0] / r[us.name][0] for r in rounds]
    return macs, best[us.name], best[them.name], macs / best[us.name] / peak, ratios


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", type=pathlib.Path, metavar="MODEL.onnx")
    parser.add_argument("--nn-compile", default=ROOT / "build/release/bin/nn-compile")
    parser.add_argument("--cpu", default="native")
    parser.add_argument("--options", nargs="*", default=[], help="further options of nn-compile")
    parser.add_argument("--seconds", type=float, default=10, help="for each model")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tolerance", type=float, default=1e-3)
    parser.add_argument("--min-ratio", type=float, help="leave with 1 if any model is below")
    args = parser.parse_args()
    folder = ROOT / "build" / "bench"
    models = args.models or sorted((folder / "models").glob("*.onnx"))
    if not models:
        parser.error("no models: name some, or run build/venv/bin/python bench/make_models.py first")

    cycles.pin()
    counter = cycles.Counter(folder)
    print(f"unit: {counter.unit}; peak: {counter.fma_peak():.1f} multiply-adds per cycle; ", end="")
    print(f"floor of a call to ONNX Runtime {ort.__version__}: {call_floor(counter):.0f} cycles")
    print(f"{'model':<24} {'multiply-adds':>14} {'ours':>13} {'ONNX Runtime':>13} {'of peak':>8} {'ratio':>7}  range")
    ratios = []
    for model in models:
        try:
            macs, us, them, share, rounds = measure(counter, model, folder, args)
        except Exception as error:  # noqa: BLE001: ONNX Runtime raises types of its own
            print(f"{model.stem:<24} not measured: {error}", flush=True)
            continue
        ratios.append(float(np.median(rounds)))
        print(f"{model.stem:<24} {macs:>14,} {us:>13,.0f} {them:>13,.0f} {share:>8.0%} {ratios[-1]:>7.2f}"
              f"  {min(rounds):.2f} to {max(rounds):.2f}", flush=True)
    if ratios:
        print(f"geometric mean of {len(ratios)}: {np.exp(np.mean(np.log(ratios))):.2f}")
    slow = args.min_ratio is not None and any(r < args.min_ratio for r in ratios)
    return 1 if slow or len(ratios) < len(models) else 0


if __name__ == "__main__":
    sys.exit(main())
