# RUN: rm -rf %t && mkdir %t
# RUN: nn-compile %source/examples/digits/digits.onnx -target=x86 -cpu=x86-64-v3 -emit=obj -name=net -q -o %t/v3
# RUN: nn-compile %source/examples/digits/digits.onnx -target=x86 -cpu=x86-64-v4 -emit=obj -name=net -q -o %t/v4
# RUN: %python %s %clang %nn-verify %S/Inputs %t
"""What a compiled network asks of linkers and loaders: a core that has its instructions, and no executable stack; in the
object and in a library made of it."""

import pathlib
import struct
import subprocess
import sys


def section(data, name):
    """Offset of the header of a section of an ELF file."""
    headers, = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<3H", data, 0x3A)
    strings, = struct.unpack_from("<Q", data, headers + names * size + 0x18)
    for at in range(headers, headers + count * size, size):
        start = strings + struct.unpack_from("<I", data, at)[0]
        if data[start:data.index(b"\0", start)] == name:
            return at
    raise ValueError(name)


def main():
    clang, verify, inputs, work = sys.argv[1:]
    work = pathlib.Path(work)
    v3, v4 = work / "v3" / "net.o", work / "v4" / "net.o"
    changed, library = work / "changed.o", work / "libnet.so"
    wrong = 0

    def expect(what, file, error, *options):
        nonlocal wrong
        run = subprocess.run([verify, file, *options], capture_output=True, text=True)
        if run.returncode != (1 if error else 0) or (error or "") not in run.stderr:
            print(f"wrong: {what}: status {run.returncode}\n{run.stdout}{run.stderr}")
            wrong += 1

    def patched(obj, old, new):
        data = obj.read_bytes()
        assert data.count(old) == 1, (obj, old)
        changed.write_bytes(data.replace(old, new))
        return changed

    def without(obj, name):
        subprocess.run(["llvm-objcopy", f"--remove-section={name}", obj, changed], check=True)
        return changed

    def with_level(obj, old, new):
        return patched(obj, struct.pack("<3I", 0xC0008002, 4, old), struct.pack("<3I", 0xC0008002, 4, new))

    # The core.
    expect("v3 as compiled", v3, None)
    expect("v4 as compiled", v4, None)
    expect("no note", without(v3, ".note.gnu.property"), "has no GNU property note that asks for x86-64-v3")
    expect("a level too low", with_level(v3, 7, 3), "its GNU property note asks for x86-64-v2, its code needs x86-64-v3")
    expect("v3 for AVX-512", with_level(v4, 15, 7), "its GNU property note asks for x86-64-v3, its code needs x86-64-v4")
    expect("no level", with_level(v4, 15, 0), "has no GNU property note that asks for x86-64-v4")
    expect("more than is needed", with_level(v3, 7, 15), None)
    expect("another property", patched(v3, struct.pack("<2I", 0xC0008002, 4), struct.pack("<2I", 0xC0008001, 4)),
           "has no GNU property note")
    expect("a length beyond the note", patched(v3, struct.pack("<2I", 0xC0008002, 4), struct.pack("<2I", 0xC0008002, 0xFFFFFFF8)),
           "has no GNU property note")
    expect("a note longer than its section", patched(v3, struct.pack("<3I", 4, 16, 5), struct.pack("<3I", 4, 0xFFFFFF00, 5)),
           "section .note.gnu.property")

    # The stack.
    data = bytearray(v3.read_bytes())
    flags = section(data, b".note.GNU-stack") + 8
    struct.pack_into("<Q", data, flags, struct.unpack_from("<Q", data, flags)[0] | 4)
    changed.write_bytes(data)
    expect("an executable stack", changed, "asks for an executable stack: .note.GNU-stack is missing or says so")
    expect("nothing said about the stack", without(v3, ".note.GNU-stack"), "asks for an executable stack")

    def link(obj, *options):
        subprocess.run([clang, "-shared", "-nostdlib", *options, obj, "-o", library], check=True)
        return library

    expect("a library", link(v4, "-fuse-ld=bfd"), None)
    expect("a library with an executable stack", link(v4, "-fuse-ld=bfd", "-Wl,-z,execstack"),
           "asks for an executable stack: PT_GNU_STACK is missing or says so")
    expect("a linker that drops the note", link(v4, "-fuse-ld=lld"), "has no GNU property note")

    # What the user's compiler made has no description in it, and need not have the note.
    flags = ["-O2", "-march=x86-64-v3", "-ffreestanding", "-fno-stack-protector", f"-I{inputs}", "-c"]
    subprocess.run([clang, *flags, f"{inputs}/scaled.c", "-o", changed], check=True)
    expect("somebody else's object", changed, None, f"-manifest={inputs}/net.json")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
