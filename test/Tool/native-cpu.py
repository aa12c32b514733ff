"""-cpu=native is a core of this machine's own vendor, or a level that is nobody's, and the machine has all its features."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import json
import pathlib
import sys

from nnctest import build, node, nn_compile, save

out = pathlib.Path(sys.argv[1])
model = save(build([node("Relu", "x", "y")], {"x": [4]}, {"y": [4]}), out / "net.onnx")
done = nn_compile(model, "-target=x86", "-cpu=native", "-q", "-o", out)
assert done.returncode == 0, done.stderr
facts = json.load(open(out / "net.json"))
cpu = facts["cpu"]
machine = {key.strip(): value.strip() for key, value in (line.split(":") for line in open("/proc/cpuinfo") if ":" in line)}
vendor, flags = machine["vendor_id"], machine["flags"].replace("_", "").split()
linux = {"sse4.2": "sse42", "lzcnt": "abm", "bmi": "bmi1"}  # its names for what LLVM calls otherwise
missing = [feature for feature in facts["cpu_features"] if linux.get(feature, feature) not in flags]
assert facts["cpu_features"] and not missing, (cpu, missing)
assert "+" not in cpu, f"{cpu} wants more of the caller than a call"
assert cpu.startswith("x86-64") or cpu.startswith("znver") == (vendor == "AuthenticAMD"), (cpu, vendor)
