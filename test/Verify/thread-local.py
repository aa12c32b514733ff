# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %source/examples/digits/digits.onnx %cc %nn-verify %t
# REQUIRES: x86-64-v3
"""Programs with variables of their own threads, and those that are loaded anywhere without a loader, hold the network as others do: their
.tbss has an address but takes none, and what says that it is a program is no library. A library with an entry is one still."""
import pathlib
import subprocess
import sys

model, cc, verify, out = sys.argv[1:]
out = pathlib.Path(out)
subprocess.run(["nn-compile", model, "-target=x86", "-name=net", "-q", "-o", out / "net"], check=True)
(out / "threads.c").write_text(
    '#include "net.h"\nstatic _Thread_local int count;\nstatic _Thread_local char large[17000];\n'
    "static _Alignas(64) unsigned char arena[NET_ARENA_BYTES];\n"
    "int main(int argc, char **argv) { count += argc; large[argc] = 1; (void)argv; return net_selftest(arena) + count + large[2] - argc; }\n")
(out / "bare.c").write_text(
    '#include "net.h"\nstatic _Alignas(64) unsigned char arena[NET_ARENA_BYTES];\n'
    "void _start(void) { int code = net_selftest(arena); __asm__ volatile(\"syscall\" : : \"a\"(60), \"D\"(code)); }\n")
bare = ["-ffreestanding", "-fno-stack-protector", "-nostdlib"]
for name, options in (("threads", []), ("threads", ["-fPIE", "-pie"]), ("threads", ["-no-pie"]), ("bare", [*bare, "-fPIE", "-static-pie"]), ("bare", [*bare, "-static"])):
    program = out / f"{name}-{len(options)}"
    subprocess.run([cc, "-O1", "-I", out / "net", *options, out / f"{name}.c", out / "net" / "net.o", "-o", program], check=True)
    done = subprocess.run([verify, program, f"-manifest={out / 'net' / 'net.json'}"], capture_output=True, text=True)
    assert done.returncode == 0, (name, options, done.stdout, done.stderr)

library = out / "entry.so"
subprocess.run([cc, "-O1", "-shared", "-fPIC", "-I", out / "net", *bare, "-Wl,-e,_start", out / "bare.c", out / "net" / "net.o", "-o", library], check=True)
done = subprocess.run([verify, library, f"-manifest={out / 'net' / 'net.json'}"], capture_output=True, text=True)
assert done.returncode == 1 and "exports '_start'" in done.stderr + done.stdout, (done.stdout, done.stderr)
