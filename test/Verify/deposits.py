# RUN: %python %s %clang %nn-verify %S/Inputs %t
"""pdep and pext of data are refused where they are not known to take a fixed time; of constants they are not, nor is
pextrd, which only begins with the same letters."""

import json
import pathlib
import sys

from handwritten import Checker, as_expected, in_float_mode

FIXED = ["haswell", "znver3", "znver4", "znver5", "skylake-avx512", "cascadelake", "icelake-server", "sapphirerapids"]
NOT_KNOWN = ["x86-64-v3", "x86-64-v4", "znver2", "alderlake"]
VARIES = "takes a time that depends on its operands"


def main():
    clang, verify, inputs, work = sys.argv[1:]
    check = Checker(clang, verify, f"{inputs}/net.json", work)
    net = json.loads(pathlib.Path(inputs, "net.json").read_text())
    wrong = 0
    for cpu in FIXED + NOT_KNOWN:
        manifest = pathlib.Path(work, f"{cpu}.json")
        manifest.write_text(json.dumps(net | {"cpu": cpu}))
        run = check(in_float_mode("mov rax, [rdi]; movups xmm0, [rax]; pextrd r10d, xmm0, 1; ret"), manifest)
        if not as_expected(run, None):
            print(f"wrong: {cpu} pextrd: status {run.returncode}\n{run.stdout}{run.stderr}")
            wrong += 1
        for instruction in ("pdep", "pext"):
            for operand, error in (("r8d", VARIES if cpu in NOT_KNOWN else None), ("r9d", None)):
                body = f"mov rax, [rdi]; mov r8d, [rax]; mov r9d, 5; {instruction} r10d, {operand}, {operand}; ret"
                run = check(in_float_mode(body), manifest)
                if not as_expected(run, error):
                    print(f"wrong: {cpu} {instruction} {operand}: status {run.returncode}\n{run.stdout}{run.stderr}")
                    wrong += 1
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
