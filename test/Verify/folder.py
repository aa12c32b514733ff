# RUN: %python %s %clang %nn-verify %S/Inputs %S %source/runtime %t
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
    clang, verify, inputs, tests, runtime, work = sys.argv[1:]
    work = pathlib.Path(work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    obj, header = work / "net.o", work / "net.h"
    flags = ["-O2", "-march=x86-64-v3", "-ffreestanding", "-fno-stack-protector", f"-I{inputs}", "-c"]
    source = work / "net.c"
    rom = '__attribute__((used)) static const char rom[1] __asm__("net.rom") = {0};'  # one byte stands for none
    source.write_text(pathlib.Path(tests, "good-kernels.c").read_text() + rom)
    subprocess.run([clang, *flags, source, "-o", obj], check=True)
    proofs = findings(verify, obj, f"{inputs}/net.json")
    sections = subprocess.run(["llvm-size", "-A", obj], capture_output=True, text=True).stdout
    code, constants = (sum(map(int, re.findall(rf"^\.{kind}\S* +(\d+)", sections, re.MULTILINE))) for kind in ("text", "rodata"))
    good = json.loads(pathlib.Path(inputs, "net.json").read_text())
    sizes = {"arena_bytes": good["arena_bytes"], "arena_align": 64, "stack_bytes": proofs["memory"]["stack_bytes"],
             "state_bytes": 0, "rom_bytes": constants, "code_bytes": code}
    macros = {key.upper(): value for key, value in sizes.items()}
    macros |= {"BUILD_ID": "0x00c0ffeeUL", "NUMERIC_SPEC": '"1.1"', "ROM_CRC32C": "0UL", "STEPS": 1, "INPUTS": 1, "OUTPUTS": 1}
    macros |= {"INPUT_0_NAME": '"x"', "INPUT_0_BYTES": 1024, "OUTPUT_0_NAME": '"y"', "OUTPUT_0_BYTES": 1024}
    header.write_text("".join(f"#define NET_{name} {value}\n" for name, value in macros.items()))
    good |= sizes | {"build_id": "00c0ffee", "numeric_spec": "1.1", "steps": [{}]}
    good |= {"rom_crc32c": 0, "cpu_features": ["avx2", "fma", "bmi", "bmi2"], "assumptions": ["none"]}
    proofs |= {"exact": {"status": "proved", "channels": 4}, "overflow": {"status": "not_claimed", "reason": "no sums"}}
    shutil.copy(f"{runtime}/nn_runtime.h", work)
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
    for promise in ("instruction_trace", "address_trace", "memory"):
        check("less claimed than holds", changed(["proofs", promise, "status"], "not_claimed"),
              f"{promise} is proved, the description says not_claimed")
    check("tested, where the analysis knows", changed(["proofs", "memory", "status"], "tested"), "says tested")
    check("other code", changed(["proofs", "memory", "text_sha256"], "0" * 64), "text_sha256 of memory")
    check("no status", changed(["proofs", "memory", "status"], None), "'proofs.memory.status' is missing")
    for promise, counted, count in (("exact", "channels", 4), ("exact", "bilinear", 4), ("overflow", "accumulators", 9)):
        evidence = {"not_claimed": {"reason": "none"}, "proved": {counted: count}}
        if promise == "exact":
            evidence["tested"] = {"data_sets": 3}
        if promise == "overflow":
            evidence["excepted"] = {counted: count, "exceptions": [{"nodes": ["n"]}]}
        for status in ("proved", "excepted", "not_claimed", "violated", "tested"):
            for holds, beside in evidence.items():
                check(f"{promise} is {status}, {beside}", changed(["proofs", promise], {"status": status} | beside),
                      None if status == holds else f"proofs.{promise}.status is {status}, what stands beside it says {holds}")
        check(f"no {promise}", changed(["proofs", promise], None), f"'proofs.{promise}.status' is missing")
    for field in ("rom_crc32c", "cpu_features", "assumptions"):
        check(f"no {field}", changed([field], None), f"field '{field}' is missing")
    check("assumptions of nothing", changed(["assumptions"], []), "field 'assumptions' is empty")
    check("features of the plainest core", changed(["cpu_features"], []), "needs ")
    check("no object listed", changed(["files", "obj"], None), "net.o: holds code of 'net', and the description does not list it")
    for copied in ("other.o", "liball.a"):
        if copied.endswith(".a"):
            subprocess.run(["llvm-ar", "rcs", work / copied, obj], check=True)
        else:
            shutil.copy(obj, work / copied)
        check("other code in the folder", good, f"{copied}: holds code of 'net'")
        (work / copied).unlink()
    (work / "notes.txt").write_text("anything else is the user's")
    check("a text in the folder", good, None)
    (work / "nn_runtime.h").write_text("#define NN_RUNTIME_ABI 1\n")
    check("another nn_runtime.h", good, "nn_runtime.h: is not the text")
    (work / "nn_runtime.h").unlink()
    check("no nn_runtime.h", good, "nn_runtime.h: No such file")
    shutil.copy(f"{runtime}/nn_runtime.h", work)
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
