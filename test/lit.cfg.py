"""Configuration of the suite: which files are tests, what their RUN lines may name, what this machine can run."""

import os
import shutil
import subprocess

import lit.formats

config.name = "nn-compile"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test", ".py", ".c", ".cpp", ".s", ".ll"]
config.excludes = ["lib", "Fuzz", "Inputs", "lit.cfg.py"]
config.test_source_root = os.path.dirname(__file__)

# --- environment of a RUN line: our programs first, then FileCheck, not, count, split-file and the llvm tools.
llvm_bin = subprocess.check_output([config.llvm_config, "--bindir"], text=True).strip()
config.environment["PATH"] = os.pathsep.join([config.nnc_bin, llvm_bin, os.environ["PATH"]])
config.environment["PYTHONPATH"] = os.path.join(config.test_source_root, "lib")
config.environment["PYTHONDONTWRITEBYTECODE"] = "1"
# A variable that no line defines, or a prefix that no line uses, is a test that checks nothing.
config.environment["FILECHECK_OPTS"] = (
    "-enable-var-scope --allow-unused-prefixes=false --dump-input=fail"
)
if config.sanitized:
    # LLVM keeps its singletons; its own libraries are not instrumented, so they grow vectors behind our back.
    config.environment["ASAN_OPTIONS"] = "detect_leaks=0:detect_container_overflow=0"

# --- substitutions. Longer names first where one is the beginning of another.
for program in ("nn-compile", "nn-run", "nn-verify", "nn-opt"):
    config.substitutions.append((f"%{program}", os.path.join(config.nnc_bin, program)))
config.substitutions += [
    ("%python", config.python),
    ("%clang", os.path.join(llvm_bin, "clang")),
    ("%cmake", config.cmake),
    ("%cxx", config.cxx_compiler),
    ("%cc", config.c_compiler),
    ("%source", config.source_root),
    ("%build", config.build_root),
]


# --- features. A test names what it needs in REQUIRES; what is missing is said once, never silently.
def machine_flags():
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("flags"):
                return set(line.split(":")[1].split())
    return set()


def imports(module):
    command = [config.python, "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True).returncode == 0


flags = machine_flags()
features = {
    "valgrind": (shutil.which("valgrind"), "equal instruction counts, undefined inputs"),
    "x86-64-v3": ({"avx2", "fma", "bmi2"} <= flags, "every run of compiled code"),
    "avx512": (
        {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"} <= flags,
        "runs of x86-64-v4 code",
    ),
    "vnni": (
        {"avx512_vnni", "avx_vnni"} & flags,
        "comparison with ONNX Runtime's integer kernels, which saturate elsewhere",
    ),
    "amx": ({"amx_tile", "amx_int8"} <= flags, "runs of code in matrix registers"),
    "verilator": (shutil.which("verilator"), "lint and simulation of Verilog, compiled"),
    "iverilog": (shutil.which("iverilog"), "lint and simulation of Verilog, with unknown values"),
    "yosys": (shutil.which("yosys"), "synthesis of Verilog"),
    "nextpnr-ice40": (shutil.which("nextpnr-ice40") and shutil.which("icepack"), "placing and routing of the example"),
    "git": (shutil.which("git"), "which files are ours"),
    "onnx": (imports("numpy, onnx"), "tests that write or read ONNX files"),
    "onnxruntime": (imports("onnxruntime"), "comparison with ONNX Runtime"),
}
for name, (present, what) in features.items():
    if present:
        config.available_features.add(name)
    else:
        lit_config.note(f"no {name} here, skipping: {what}")
config.available_features.add("asan" if config.sanitized else "no-asan")
