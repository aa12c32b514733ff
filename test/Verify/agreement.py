# RUN: rm -rf %t && mkdir %t
# RUN: nn-compile %source/examples/digits/digits.onnx -target=x86 -cpu=x86-64-v3 -emit=obj -name=net -q -o %t/good
# RUN: %python %s %nn-verify %t
"""The header's macros, NAME_model, NAME.json and the code say the same, or nn-verify DIR names the file, the field and
both values, though every hash is right; whatever stands in these files, it ends in a verdict."""

import copy
import hashlib
import json
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys

# Of nn_model and nn_tensor in nn_runtime.h: offset and size of what is no pointer.
MODEL = {"build_id": (4, 4), "inputs": (64, 4), "outputs": (68, 4), "steps": (72, 4), "arena_align": (76, 4),
         "arena_bytes": (80, 8), "stack_bytes": (88, 8), "state_bytes": (96, 8), "rom_bytes": (104, 8),
         "code_bytes": (112, 8)}
TENSOR = {"count": (16, 8), "bytes": (24, 8), "rank": (32, 4), "dtype": (36, 4), "scale": (40, 4), "zero_point": (44, 4)}


class Folder:
    def __init__(self, verify, work):
        self.verify, self.work, self.wrong = verify, work, 0
        self.header = (work / "good" / "net.h").read_text()
        self.object = (work / "good" / "net.o").read_bytes()
        self.json = json.loads((work / "good" / "net.json").read_text())

    def check(self, what, *errors, header=None, obj=None, manifest=None, only_survive=False):
        """Writes a folder in which every hash is right, and looks for `errors`; without any it must be accepted."""
        folder = self.work / "changed"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.work / "good", folder)
        (folder / "net.h").write_bytes(header if isinstance(header, bytes) else (header or self.header).encode())
        (folder / "net.o").write_bytes(obj or self.object)
        manifest = copy.deepcopy(manifest or self.json)
        for file in manifest["files"].values():
            data = (folder / file["path"]).read_bytes()
            file |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        (folder / "net.json").write_text(json.dumps(manifest))
        run = subprocess.run([self.verify, folder], capture_output=True, text=True, timeout=20)
        right = run.returncode == bool(errors) and all(error in run.stderr for error in errors)
        if run.returncode not in (0, 1) if only_survive else not right:
            print(f"wrong: {what}: status {run.returncode}, expected {errors}\n{run.stdout}{run.stderr}")
            self.wrong += 1


def headers(folder):
    macros = re.findall(r"#define (NET_\w+) (.+?)(?: /\*.*)?\n", folder.header)
    assert len(macros) >= 24, macros
    for name, value in macros:
        if value.startswith("{"):
            other = value.replace("{1", "{2")
        elif value.startswith('"'):
            other = '"other"'
        else:
            other = "NN_INT8" if value.startswith("NN_") else re.sub(r"^(0x|)(\w)", lambda m: f"{m[1]}1{m[2]}", value)
        line = f"#define {name} {value}"
        folder.check(f"{name} is {other}", f"net.h: {name} is ", ", the description says ",
                     header=folder.header.replace(line, f"#define {name} {other}"))
        folder.check(f"no {name}", f"net.h: {name} is " + ("[]" if name.endswith("SHAPE") else "missing"),
                     header=folder.header.replace(line, ""))
    line = next(line for line in folder.header.splitlines() if "NET_ARENA_BYTES" in line)
    bytes_ = line.split()[2]
    folder.check("the message", f"net.h: NET_ARENA_BYTES is 64, the description says {bytes_[:-1]} (arena_bytes)",
                 header=folder.header.replace(line, "#define NET_ARENA_BYTES 64U"))
    for what, text, error in [
        ("a second definition", f"{line}\n#define NET_ARENA_BYTES 64U", "NET_ARENA_BYTES is defined twice"),
        ("a definition taken back", f"{line}\n#undef NET_ARENA_BYTES", "NET_ARENA_BYTES is undefined"),
        ("a definition under a condition", f"#ifdef SMALL\n{line}\n#endif", "NET_ARENA_BYTES is defined under a condition"),
        ("a definition in a comment", f"/* {line} */", "NET_ARENA_BYTES is missing"),
        ("behind a comment that a string seems to end", f"/* \"*/ {line}", None),
        ("in a line comment that goes on", f"// \\\n{line}", "NET_ARENA_BYTES is missing"),
        ("a number in other words", f"#define NET_ARENA_BYTES (2 * {bytes_})", "NET_ARENA_BYTES is '(2 * "),
        ("nothing", "#define NET_ARENA_BYTES", "NET_ARENA_BYTES is ''"),
        ("blanks, continued lines, hexadecimal digits", f"# define\tNET_ARENA_BYTES \\\n {hex(int(bytes_[:-1]))}ul", None),
    ]:
        folder.check(what, *[error] * bool(error), header=folder.header.replace(line, text))
    # The network is not quantized; what the header alone says is wrong, if it says more than that.
    count = next(line for line in folder.header.splitlines() if "NET_INPUT_0_COUNT" in line)
    for macro, value, said in [("SCALE", "2.5e-01f", "2.50000000e-01"), ("SCALE", "0.0f", None), ("SCALE", "0.25", "'0.25'"),
                               ("ZERO_POINT", "(-3)", "-3"), ("ZERO_POINT", "3", "3"), ("ZERO_POINT", "0", None)]:
        folder.check(f"{macro} {value}", *[f"net.h: NET_INPUT_0_{macro} is {said}, the description says "] * bool(said),
                     header=folder.header.replace(count, f"{count}\n#define NET_INPUT_0_{macro} {value}"))
    include = '#include "nn_runtime.h"\n'
    for what, text, error in [
        ("a function renamed", "#define net_run evil", "net.h: defines net_run, which is no macro of network 'net'"),
        ("with parameters", "#define net_run(a, b, c) 0", "net.h: defines net_run, "),
        ("in other letters", "%:define net_run evil", "net.h: defines net_run, "),
        ("in letters that some compilers change", "??=define net_run evil", "net.h: has a trigraph"),
        ("a keyword changed", "#define const", "net.h: defines const, "),
        ("a macro of nn_runtime.h taken away", "#undef NN_OK", "net.h: defines NN_OK, "),
        ("another file", '#include "evil.h"', 'net.h: has \'#include "evil.h"\', which no header'),
        ("another file by a macro", "#include NET_FILE", "net.h: has '#include NET_FILE'"),
        ("a pragma", "#pragma redefine_extname net_run evil", "net.h: has '#pragma', which no header"),
        ("a macro of the network", "#define NET_MORE 1", None),
        ("an error under a condition", "#ifdef OLD\n#error\n#endif", None),
    ]:
        folder.check(what, *[error] * bool(error), header=folder.header.replace(include, f"{include}{text}\n"))
    for end in range(0, len(folder.header), 61):
        folder.check(f"a header of {end} bytes", "net.h: ", header=folder.header[:end].encode())
    folder.check("no text", "net.h: ", header=bytes(range(256)) * 8)


def manifests(folder):
    def changed(path, value):
        manifest = copy.deepcopy(folder.json)
        at = manifest
        for key in path[:-1]:
            at = at[key]
        if value is None:
            del at[path[-1]]
        else:
            at[path[-1]] = value
        return manifest

    for key in ("arena_align", "arena_bytes", "stack_bytes", "state_bytes", "rom_bytes", "code_bytes"):
        value = folder.json[key] + 64
        where = [f"net.h: NET_{key.upper()} is ", f"net.o: net_model.{key} is "]
        if key in ("stack_bytes", "rom_bytes", "code_bytes"):
            where.append(f"net.o: {key} is {folder.json[key]}, the description says {value}")
        if key != "state_bytes":  # another signature: the proofs go, too
            folder.check(f"another {key}", *where, manifest=changed([key], value))
        folder.check(f"{key} of another type", key, manifest=changed([key], str(value)))
    for key, value in (("build_id", "00000000"), ("steps", folder.json["steps"][1:])):
        folder.check(f"another {key}", f"net.h: NET_{key.upper()} is ", f"net.o: net_model.{key} is ",
                     manifest=changed([key], value))
        folder.check(f"no {key}", f"field '{key}' is missing", manifest=changed([key], None))
    shape = folder.json["inputs"][0]["shape"]
    for what, path, value, error in [
        ("bytes", ["bytes"], 252, "inputs[0].bytes is 252, float32 [1, 1, 8, 8] has 256"),
        ("a wider type", ["dtype"], "float64", "inputs[0].bytes is 256, float64 [1, 1, 8, 8] has 512"),
        ("a type as wide", ["dtype"], "int32", "net.h: NET_INPUT_0_DTYPE is float32, the description says int32"),
        ("no type", ["dtype"], "float7", "inputs[0].dtype 'float7' is unknown"),
        ("another shape", ["shape"], [1, 8, 8, 1], "net.o: net_model.inputs[0].shape is [1, 1, 8, 8], the description says [1, 8, 8, 1]"),
        ("a shape without a number", ["shape"], [1, 1, "8", 8], "inputs[0].shape [1, 1, -1, 8] is no shape"),
        ("more elements than there are numbers", ["shape"], [2**40, 2**40, 1, 1], "is no shape"),
        ("more bytes than there are numbers", ["shape"], [2**31, 2**31, 1, 1], "inputs[0].bytes is 256, float32"),
        ("a scale", ["scale"], 0.25, "net.h: NET_INPUT_0_SCALE is 0.00000000e+00, the description says 2.50000000e-01"),
        ("a zero point", ["zero_point"], -3, "net.o: net_model.inputs[0].zero_point is 0, the description says -3"),
        ("another name", ["name"], "picture", "net.h: NET_INPUT_0_NAME is image, the description says picture"),
    ]:
        folder.check(f"tensors: {what}", error, manifest=changed(["inputs", 0, *path], value))
    assert shape == [1, 1, 8, 8]


def place_of(folder, symbol):
    """File offset of the data of a symbol."""
    text = subprocess.run(["llvm-readelf", "-sSW", folder.work / "good" / "net.o"], capture_output=True, text=True).stdout
    value, section = re.search(rf"\d+: (\w+) .* (\d+) {re.escape(symbol)}\n", text).groups()
    offset = re.search(rf"\[ *{section}\] \S+ +\S+ +\w+ (\w+)", text).group(1)
    return int(value, 16) + int(offset, 16)


def models(folder):
    alone = folder.work / "alone.o"

    def patched(symbol, offset, size, change):
        at = place_of(folder, symbol) + offset
        old = int.from_bytes(folder.object[at:at + size], "little")
        return folder.object[:at] + change(old).to_bytes(size, "little") + folder.object[at + size:]

    for field, (offset, size) in MODEL.items():
        obj = patched("net_model", offset, size, lambda old: old ^ 1)
        folder.check(f"net_model.{field}", f"net.o: net_model.{field} is ", obj=obj)
        alone.write_bytes(obj)
        run = subprocess.run([folder.verify, alone], capture_output=True, text=True)
        if field in ("stack_bytes", "rom_bytes", "code_bytes") and "the analysis finds" not in run.stderr:
            print(f"wrong: {field} alone\n{run.stdout}{run.stderr}")
            folder.wrong += 1
    for field, (offset, size) in TENSOR.items():
        folder.check(f"net_model.inputs[0].{field}", f"net.o: net_model.inputs[0].{field} is ",
                     obj=patched("net.inputs", offset, size, lambda old: old ^ 2))
    folder.check("another layout", "net.o: net_model.abi is not 1", obj=patched("net_model", 0, 4, lambda old: 2))
    folder.check("a shape of four billion dimensions", "net.o: net_model.inputs[0].shape is missing",
                 obj=patched("net.inputs", 32, 4, lambda old: 0xFFFFFFFF))
    folder.check("four billion inputs", "net.o: net_model.inputs is 4294967295",
                 obj=patched("net_model", 64, 4, lambda old: 0xFFFFFFFF))
    # Another function, another string: the addresses come from relocations.
    rng = random.Random(2)
    for number in range(60):
        data = bytearray(folder.object)
        for _ in range(4):
            struct.pack_into("<B", data, rng.randrange(len(data) // 2, len(data)), rng.randrange(256))
        folder.check(f"damage {number}", obj=bytes(data), only_survive=True)


def main():
    folder = Folder(sys.argv[1], pathlib.Path(sys.argv[2]))
    folder.check("as compiled")
    headers(folder)
    manifests(folder)
    models(folder)
    return folder.wrong > 0


if __name__ == "__main__":
    sys.exit(main())
