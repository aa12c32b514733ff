# REQUIRES: x86-64-v3
# RUN: %python %s %clang %nn-verify %S/Inputs %t %S/good-kernels.c %S/Inputs/spills.c
"""The stack bytes that the checker computes are what a painted stack shows, realigned frames included."""

import json
import pathlib
import subprocess
import sys


def main():
    clang, verify, inputs, work, *sources = sys.argv[1:]
    pathlib.Path(work).mkdir(exist_ok=True)
    wrong = 0
    for source in sources:
        for flags in (["-O2", "-mno-red-zone"], ["-O1", "-mno-red-zone", "-fno-omit-frame-pointer"]):
            obj, exe = pathlib.Path(work) / "net.o", pathlib.Path(work) / "paint"
            common = [clang, "-march=x86-64-v3", f"-I{inputs}"]
            subprocess.run([*common, *flags, "-ffreestanding", "-fno-stack-protector", "-c", source, "-o", obj],
                           check=True)
            subprocess.run([*common, "-O1", f"{inputs}/paint.c", obj, "-o", exe], check=True)
            run = subprocess.run([verify, obj, f"-manifest={inputs}/net.json", "-json"], capture_output=True, text=True)
            computed = json.loads(run.stdout)["memory"]["stack_bytes_of"]["net_run_v"]
            painted = int(subprocess.run([exe], capture_output=True, text=True, check=True).stdout)
            print(pathlib.Path(source).name, *flags, "computed", computed, "painted", painted)
            wrong += computed != painted
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
