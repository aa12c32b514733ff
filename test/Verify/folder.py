# RUN: %python %s %clang %nn-verify %S/Inputs %S %t
"""nn-verify DIR: hashes, sizes and statuses in NAME.json must be what the files and the analysis say."""

import copy
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys


def entry(path):
    data = path.read_bytes()
    return {"path": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def findings(verify, obj, manifest):
    run = subprocess.run([verify, obj, f"-manifest={manifest}", "-json"], capture_output=True, text=True)
    return json.loads(run.stdout)


def main():
    clang, verify, inputs, tests, work = sys.argv[1:]
    work = pathlib.Path(work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    obj, header = work / "net.o", work / "net.h"
    flags = ["-O2", "-march=x86-64-v3", "-ffreestanding", "-fno-stack-protector", f"-I{inputs}", "-c"]
    subprocess.run([clang, *flags, f"{tests}/good-kernels.c", "-o", obj], check=True)
    proofs = findings(verify, obj, f"{inputs}/net.json")
    sections = subprocess.run(["llvm-size", "-A", obj], capture_output=True, text=True).stdout
    code, rom = (sum(map(int, re.findall(rf"^\.{kind}\S* +(\d+)", sections, re.MULTILINE))) for kind in ("text", "rodata"))
    good = json.loads(pathlib.Path(inputs, "net.json").read_text())
    sizes = {"arena_bytes": good["arena_bytes"], "arena_align": 64, "stack_bytes": proofs["memory"]["stack_bytes"],
             "state_bytes": 0, "rom_bytes": rom, "code_bytes": code}
    macros = {key.upper(): value for key, value in sizes.items()}
    macros |= {"BUILD_ID": "0x00c0ffeeUL", "NUMERIC_SPEC": '"1.1"', "STEPS": 1, "INPUTS": 1, "OUTPUTS": 1}
    macros |= {"INPUT_0_NAME": '"x"', "INPUT_0_BYTES": 1024, "OUTPUT_0_NAME": '"y"', "OUTPUT_0_BYTES": 1024}
    header.write_text("".join(f"#define NET_{name} {value}\n" for name, value in macros.items()))
    good |= sizes | {"build_id": "00c0ffee", "numeric_spec": "1.1", "steps": [{}]}
    good |= {"files": {"obj": entry(obj), "header": [entry(header)]}, "proofs": proofs}

    wrong = 0

    def check(what, manifest, error):
        nonlocal wrong
        (work / "net.json").write_text(json.dumps(manifest) if isinstance(manifest, dict) else manifest)
        run = subprocess.run([verify, work], capture_output=True, text=True)
        if run.returncode != (1 if error else 0) or (error or "") not in run.stderr:
            print(f"wrong: {what}: status {run.returncode}\n{run.stdout}{run.stderr}")
            wrong += 1

    def changed(path, value):
        manifest = copy.deepcopy(good)
        at = manifest
        for key in path[:-1]:
            at = at[key]
        if value is None:
            del at[path[-1]]
        else:
            at[path[-1]] = value
        return manifest

    check("as written", good, None)
    check("a smaller stack than there is", changed(["stack_bytes"], 8), "stack_bytes is")
    check("other code bytes", changed(["code_bytes"], 8), "code_bytes is")
    check("a smaller arena", changed(["arena_bytes"], 1024), "of the arena, which has 1024 bytes")
    check("another status", changed(["proofs", "memory", "status"], "violated"), "memory is proved, the description says")
    check("less claimed than holds", changed(["proofs", "memory", "status"], "not_claimed"), None)
    check("tested, where the analysis knows", changed(["proofs", "memory", "status"], "tested"), "says tested")
    check("other code", changed(["proofs", "memory", "text_sha256"], "0" * 64), "text_sha256 of memory")
    check("no status", changed(["proofs", "memory", "status"], None), "'proofs.memory.status' is missing")
    check("no proofs", changed(["proofs"], None), "field 'proofs' is missing")
    check("a wrong hash", changed(["files", "obj", "sha256"], "0" * 64), "its SHA-256 differs")
    check("a wrong size", changed(["files", "obj", "bytes"], 1), "the description says 1")
    check("a missing file", changed(["files", "obj", "path"], "gone.o"), "gone.o: No such file")
    check("a file elsewhere", changed(["files", "obj", "path"], "../net.o"), "leaves the folder")
    check("no header", changed(["files", "header"], None), "lists no header")
    check("no files", changed(["files"], None), "'files' is missing")
    check("sizes of the wrong type", changed(["inputs"], [{"bytes": "many"}]), "has no valid 'bytes'")
    check("no inputs", changed(["inputs"], None), "'inputs' is not a list")
    check("an unknown core", changed(["cpu"], "z80"), "z80")
    check("another schema", changed(["schema"], 2), "schema 1")
    check("not JSON", "{", "schema")

    # A status that claims more than the code holds.
    subprocess.run([clang, *flags, "-DBAD", f"{tests}/table-look-up.c", "-o", obj], check=True)
    manifest = changed(["files", "obj"], entry(obj))
    check("proved, says the description of a table look-up", manifest, "address_trace is violated")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
