# RUN: rm -rf %t && mkdir %t
# RUN: sed 's/x86-64-v4/sapphirerapids+amx/' %S/Inputs/net.json > %t/amx.json
# RUN: %python %s %clang %nn-verify %t/amx.json %t
"""Numbers that linkers or loaders fill in are not those of a run: an address is one of a place, whatever it is for now,
and a distance bounds no loop. In objects and in shared libraries."""

import subprocess
import sys

from handwritten import Checker, function, in_float_mode

# Sixty-four elements of the input, which has 128, for a checker that puts sections where it likes.
LOOP = "mov rax, [rdi]; mov r10{}, [rip + number]; 1: mov r11, [rax + 8*r10 - 8]; dec r10{}; jnz 1b; ret"
DATA = '\n.section .data.rel.ro, "aw"\n.balign 8\nnumber: {}\n.section .rodata\nbase: .long 7\n.text\n'
COPY = "mov rax, [rip + number]; mov eax, [rax]; ret"


def main():
    *tools, amx, work = sys.argv[1:]
    check = Checker(*tools, amx, work)

    def library(obj):
        done = subprocess.run([tools[0], "-shared", "-nostdlib", obj, "-o", obj.with_suffix(".so")])
        assert done.returncode == 0
        return obj.with_suffix(".so")

    def judge(what, code, data, proved, link=lambda obj: obj):
        file = link(check.assemble(function("net_run_v", code) + DATA.format(data)))
        run = check.run(file)
        found = "memory:            proved" in run.stdout
        assert found == proved, f"{what}, {file.name}\n{run.stdout}{run.stderr}"

    long = LOOP.format("", "")
    short = LOOP.format("d", "d")
    judge("a number", long, ".quad 64", True)
    judge("a number", long, ".quad 64", True, library)
    judge("a pointer is read through", COPY, ".quad base", True)
    judge("a pointer is read through", COPY, ".quad base", True, library)
    for distance in range(0x10000, 0x30000, 0x1000):  # one of them is 64 where the checker lays sections out
        judge("a pointer as a number", long, f".quad net_run_v - {distance:#x} + 64", False)
        judge("half of a pointer", short, f".quad net_run_v - {distance:#x} + 64", False)
        judge("a distance as a number", short, f".long net_run_v - . + {distance:#x} + 64", False)
        shapes = f".byte 1, 0; .zero 14; .long net_run_v - number + {distance + 0x400040:#x}; .zero 28; .byte 16, 16; .zero 14"
        judge("shapes", "ldtilecfg [rip + number]; tilezero tmm0; tilerelease; ret", shapes, False)


if __name__ == "__main__":
    sys.exit(main())
