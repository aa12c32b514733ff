# RUN: %python %s %clang %nn-verify %S/Inputs %t
"""nn-verify FILE -manifest=NAME.json: code and constants are those that were proved, in the object, in a library of
either kind and in a linked program; without a description a changed weight cannot be seen."""

import json
import pathlib
import shutil
import struct
import subprocess
import sys


def main():
    clang, verify, inputs, work = sys.argv[1:]
    work = pathlib.Path(work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    obj = work / "net.o"
    flags = ["-O2", "-march=x86-64-v3", "-ffreestanding", "-fno-stack-protector", "-fPIC", f"-I{inputs}", "-c"]
    subprocess.run([clang, *flags, f"{inputs}/scaled.c", "-o", obj], check=True)
    original = obj.read_bytes()
    wrong = 0

    def say(what, run):
        nonlocal wrong
        print(f"wrong: {what}: status {run.returncode}\n{run.stdout}{run.stderr}")
        wrong += 1

    def link():
        """All that may hold the object; libraries have members that are none of the network's."""
        (work / "other.c").write_text("int other(int x) { return x + 1; }\n")
        (work / "notes.txt").write_text("not a member to check\n")
        subprocess.run([clang, "-c", work / "other.c", "-o", work / "other.o"], check=True)
        (work / "libnet.a").unlink(missing_ok=True)
        subprocess.run(["llvm-ar", "rcs", "libnet.a", "notes.txt", "other.o", "net.o"], cwd=work, check=True)
        subprocess.run([clang, "-shared", "-nostdlib", obj, "-o", work / "libnet.so"], check=True)
        program = [clang, "-O1", "-march=x86-64-v3", f"{inputs}/paint.c", obj]
        subprocess.run([*program, "-o", work / "program"], check=True)
        subprocess.run([*program, "-static", "-o", work / "static"], check=True)
        return [obj, work / "libnet.a", work / "libnet.so", work / "program", work / "static"]

    # The description as nn-compile writes it: what the analysis found, and the CRC of the constants.
    base = json.loads(pathlib.Path(inputs, "net.json").read_text()) | {"cpu": "x86-64-v3"}
    plain, described = work / "plain.json", work / "net.json"
    plain.write_text(json.dumps(base))
    run = subprocess.run([verify, obj, f"-manifest={plain}", "-json"], capture_output=True, text=True)
    weights = struct.pack("<64f", 1, -2, 3, 0.25, *[0] * 60)
    crc = 0xFFFFFFFF
    for byte in weights:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    described.write_text(json.dumps(base | {"proofs": json.loads(run.stdout), "rom_crc32c": crc ^ 0xFFFFFFFF}))

    def check(what, files, error):
        for file in files:
            run = subprocess.run([verify, file, f"-manifest={described}"], capture_output=True, text=True)
            if run.returncode != (1 if error else 0) or (error or "") not in run.stderr:
                say(f"{what}, {file.name}", run)
            run = subprocess.run([verify, file, f"-manifest={plain}"], capture_output=True, text=True)
            if run.returncode != 0:
                say(f"{what}, {file.name}, without hashes", run)

    def patched(old, new):
        assert old in original, old
        obj.write_bytes(original.replace(old, new))
        return link()

    check("as compiled", link(), None)
    good = described.read_text()
    described.write_text(good.replace('"status": "proved"', '"status": "tested"'))
    check("another status", link(), "memory is proved, the description says tested")
    described.write_text(good)
    check("another weight", patched(weights[:16], weights[:8] + struct.pack("<f", 3.5) + weights[12:16]),
          "the CRC-32C of its constants is")
    constant = patched(struct.pack("<f", 0.61237), struct.pack("<f", 0.75))
    check("another constant of the code", constant, "its code is not what")
    check("another constant of the code", constant[:1], "its read-only data is not what")
    text = subprocess.run(["llvm-objdump", "-d", "--x86-asm-syntax=intel", obj], capture_output=True, text=True).stdout
    add = next(line for line in text.splitlines() if "vaddps" in line or "vfmadd" in line)
    code = bytes.fromhex(add.split(":")[1].split("\t")[0].replace(" ", ""))
    assert original.count(code) >= 1, add
    at = original.index(code)
    # Another second operand: the inverted bits of VEX.vvvv.
    place = at + (1 if code[0] == 0xC5 else 2)
    obj.write_bytes(original[:place] + bytes([original[place] ^ 0x08]) + original[place + 1:])
    check("another operand of a sum", link(), "its code is not what")

    # What no symbol names cannot be compared: an error in the object, a note in a program.
    obj.write_bytes(original)
    files = link()
    for file, status, word in ((files[0], 1, "error"), (files[3], 0, "note")):
        subprocess.run(["llvm-strip", "--strip-symbol=net.rom", file], check=False)
        subprocess.run(["llvm-objcopy", "--redefine-sym=net.rom=elsewhere", file], check=True)
        run = subprocess.run([verify, file, f"-manifest={described}"], capture_output=True, text=True)
        if run.returncode != status or f"{word}: {file}: has no symbol net.rom" not in run.stderr:
            say("no name", run)
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
