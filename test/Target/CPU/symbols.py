"""An object asks for nothing and shows nothing but NAME_*: no undefined symbol, no other global, no writable section but
the relocated table of NAME_model, no executable stack; kernels are functions of their own, each step calls one."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/examples/digits/digits.onnx
import json
import re
import subprocess
import sys

from nnctest import nn_compile

out, digits = sys.argv[1:]


def tool(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


for cpu in "x86-64-v3", "x86-64-v4":
    done = nn_compile(digits, "-target=x86", f"-cpu={cpu}", "-name=net", "-emit=obj,so,llvm", "-o", f"{out}/{cpu}")
    assert done.returncode == 0, done.stderr
    obj, so = f"{out}/{cpu}/net.o", f"{out}/{cpu}/libnet.so"
    public = {"net_run", "net_run_v", "net_run_steps", "net_selftest", "net_cpu_ok", "net_model"}
    assert tool("llvm-nm", "--undefined-only", obj) == ""
    defined = {line.split()[-1]: line.split()[-2] for line in tool("llvm-nm", "--defined-only", obj).splitlines()}
    assert {name for name, kind in defined.items() if kind.isupper()} == public, defined
    assert {line.split()[-1] for line in tool("llvm-nm", "-D", so).splitlines()} == public

    # Sections: name, size, flags.
    sections = re.findall(r"^ +\[ *\d+\] (\S+) +\S+ +\w+ \w+ (\w+) \w+ +([A-Zop]*) +\d", tool("llvm-readelf", "-SW", obj), re.M)
    sizes = {name: int(size, 16) for name, size, flags in sections}
    assert {name for name, size, flags in sections if "W" in flags and int(size, 16)} == {".data.rel.ro"}, sections
    assert sizes[".text"] > 0 and ".rodata.net" in sizes, sections
    assert [flags for name, _, flags in sections if name == ".note.GNU-stack"] == [""], sections
    assert not any(name.startswith((".debug", ".comment", ".eh_frame", ".init", ".fini", ".ctors", ".tbss")) and size for name, size in sizes.items()), sizes

    # In the library the table is read-only once it is relocated, and no segment is written to and executed.
    segments = tool("llvm-readelf", "-lW", so)
    assert "GNU_RELRO" in segments and not re.search(r"RWE", segments), segments

    # One call for each step in net.steps, none for which LLVM had another idea.
    kernels = [step["kernel"] for step in json.load(open(f"{out}/{cpu}/net.json"))["steps"]]
    code = tool("llvm-objdump", "-dr", "--no-show-raw-insn", "--disassemble-symbols=net.steps", obj)
    called = re.findall(r"call\w*\s+0x[0-9a-f]+ <([^>+]+)>", code)
    assert called == kernels, (called, kernels)
    assert all(defined[k] == "t" for k in kernels), defined
    text = open(f"{out}/{cpu}/net.ll").read()
    attributes = dict(re.findall(r"^attributes #(\d+) = \{(.*)\}", text, re.M))
    for name, number in re.findall(r"^define .*@([\w.]+)\(.*#(\d+)", text, re.M):
        assert "noinline" in attributes[number] and "noredzone" in attributes[number], (name, attributes[number])
