"""Whatever floating-point mode the caller has (rounding, flush-to-zero, exceptions that trap, flags that are up), a run
gives the same bits and leaves the mode, the flags and the x87 control word as they were; so does a run that is refused."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %cc %S/Inputs/float-mode.c
# REQUIRES: onnx, x86-64-v3
import subprocess
import sys

from nnctest import compile_model
from promises import adversarial, every_kind

out, compiler, source = sys.argv[1:]
net = compile_model(every_kind(), out, "-cpu=x86-64-v3", "-outputs=cat")
facts = net.json
macros = {
    "NETWORK_H": f'"{net.name}.h"', "NETWORK_RUN_V": f"{net.name}_run_v", "ARENA_BYTES": facts["arena_bytes"],
    "INPUT_BYTES": facts["inputs"][0]["bytes"], "OUTPUT_BYTES": facts["outputs"][0]["bytes"],
}
command = [compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", f"-I{net.folder}", source, *[f"-D{k}={v}" for k, v in macros.items()]]
subprocess.run([*map(str, command), str(net.folder / "network.o"), "-o", f"{out}/modes"], check=True)
answers = set()
for name, array in adversarial(facts["inputs"][0]["shape"]).items():
    array.tofile(f"{out}/input.bin")
    done = subprocess.run([f"{out}/modes", f"{out}/input.bin"], capture_output=True, text=True)
    assert done.returncode == 0, f"{name}: {done.returncode}\n{done.stdout}"
    answers.add(net(array)[0].tobytes())
# The inputs are of some use: their answers differ.
assert len(answers) >= 4, len(answers)
# The same arithmetic in the caller's mode does depend on it.
code = "#include <xmmintrin.h>\nint main(void) { volatile float a = 1, b = 3, c = a / b, d; _mm_setcsr(0x3f80); d = a / b; return c == d; }\n"
open(f"{out}/twin.c", "w").write(code)
subprocess.run([compiler, f"{out}/twin.c", "-o", f"{out}/twin"], check=True)
subprocess.run([f"{out}/twin"], check=True)
