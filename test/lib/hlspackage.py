"""All files around the cores of rtlcores.py, and the programs that use them."""

import json
import math
import pathlib
import re
import shutil

from verilog import checked, run


def tensors(core, bus, prefix):
    """One tensor a side, of integers, unless the core says otherwise."""
    name = "int" if bus.signed else "uint"
    bits = next(b for b in (8, 16, 32, 64) if b >= bus.lane_bits)
    return [tensor(prefix, f"{name}{bits}", bits // 8, [1, bus.elements])]


def tensor(name, dtype, size, shape, **quantized):
    """A tensor as NAME.json has it, its elements of `size` bytes."""
    c_name = re.sub(r"\W", "_", name)
    return {"name": name, "c_name": c_name, "dtype": dtype, "shape": shape, "bytes": math.prod(shape) * size, **quantized}


def describe(core, frames):
    inputs, outputs = core.vectors(frames)

    def bus(b):
        fields = {"beats": b.beats, "lanes": b.lanes, "lane_bits": b.lane_bits, "signed": b.signed}
        return {**fields, "order": b.order} if b.order else fields

    return {
        "name": core.name,
        "inputs": core.inputs or tensors(core, core.input, "x"),
        "outputs": core.outputs or tensors(core, core.output, "y"),
        "latency_cycles": core.latency,
        "ii_cycles": core.input.beats + core.pause,
        "bus": {"in": bus(core.input), "out": bus(core.output)},
        "build_id": 0x1234ABCD,
        "vectors": {"inputs": inputs, "outputs": outputs},
    }


def package(core, folder, *options, frames=60):
    """Writes the package of `core` into `folder`; returns the paths of its Verilog."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "design.mlir").write_text(core.text)
    (folder / "core.json").write_text(json.dumps(describe(core, frames)))
    checked("test-write-package", folder / "design.mlir", folder / "core.json", folder, *options)
    return sources(folder, core.name)


def sources(folder, name):
    manifest = json.loads((pathlib.Path(folder) / f"{name}.json").read_text())
    return [entry["path"] for entry in manifest["files"]["verilog"]]


def icarus(folder, name, files):
    """The plain testbench, played; not ok() says that it found a fault."""
    built = run("iverilog", "-g2005", "-Wall", "-s", f"{name}_tb", "-o", "tb.vvp", *files, f"tb/{name}_tb.v", cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    noise = [line for line in built.stderr.splitlines() if "timescale" not in line]
    assert not noise, built.stderr
    return run("vvp", "tb.vvp", cwd=folder)


def verilator(folder, name, files, axis=None, optimize="-O0", arguments=()):
    """Verilator's program, run: of the plain testbench (axis=None), or of the C++ one on one of the tops."""
    top = f"{name}_tb" if axis is None else f"{name}_axis" if axis else name
    how = ["--binary"] if axis is None else ["--cc", "--exe", "--build"]
    flags = ["-CFLAGS", f"{optimize} -DAXIS" if axis else optimize, "--output-split", "8000"]
    flags += ["-MAKEFLAGS", f"OPT_FAST={optimize} OPT_SLOW=-O0"]
    bench = f"tb/{name}_tb.{'v' if axis is None else 'cpp'}"
    library, made = pathlib.Path(folder).parent / "verilated", pathlib.Path(folder) / f"obj_{top}"
    library.mkdir(exist_ok=True)
    made.mkdir(exist_ok=True)
    for compiled in library.iterdir():  # Verilator's own library, which takes longest, once for all
        shutil.copy(compiled, made)
    command = ["verilator", *how, *flags, "--x-initial", "unique", "--Mdir", f"obj_{top}", "--top-module", top]
    checked(*command, *files, bench, cwd=folder)
    for compiled in made.glob("verilated*.o"):
        shutil.copy(compiled, library)
    return run(made.resolve() / f"V{top}", *arguments, cwd=folder)


def passes(done):
    return done.returncode == 0 and re.search(r"^PASS: ", done.stdout, re.M) is not None


def fails(done, why=""):
    return done.returncode != 0 and re.search(rf"^FAIL: .*{why}", done.stdout, re.M) is not None
