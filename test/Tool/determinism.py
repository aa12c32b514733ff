"""Two compilations give the same bytes, whatever the folder, the user, the language, the time and the environment; no byte
tells where on which machine it was."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/examples/digits/digits.onnx
# REQUIRES: onnx
import getpass
import os
import pathlib
import shutil
import socket
import subprocess
import sys

from nnctest import save
from promises import every_kind

root, digits = (pathlib.Path(p).resolve() for p in sys.argv[1:])
KINDS = "-emit=obj,lib,so,asm,llvm,report"


def compile_in(folder, model, where, *options, **environment):
    """All files of a compilation that ran in `folder`."""
    command = ["nn-compile", model, "-target=x86", "-cpu=x86-64-v3", "-name=net", KINDS, "-q", "-o", where, *options]
    done = subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {p.name: p.read_bytes() for p in (folder / where).iterdir()}


for name, options in ("digits", ["-MD"]), ("kinds", ["-g"]):
    here, there = root / name / "here", root / name / "a longer name of a folder" / "there"
    there.mkdir(parents=True)
    here.mkdir()
    if name == "digits":
        shutil.copy(digits, here / "m.onnx")
    else:
        save(every_kind(), here / "m.onnx")
    shutil.copy(here / "m.onnx", there / "m.onnx")
    first = compile_in(here, "m.onnx", "out", *options)
    assert len(first) == 10, first.keys()
    second = compile_in(
        there, str(there / "m.onnx"), str(there / "x" / "y"), *options, HOME="/nowhere", LANG="tr_TR.UTF-8", LC_ALL="C", TZ="Asia/Kolkata", USER="somebody",
        TMPDIR=str(there), SOURCE_DATE_EPOCH="12345", MALLOC_PERTURB_="165",
    )
    assert first.keys() == second.keys()
    dependencies = first.pop("net.d", None), second.pop("net.d", None)
    assert dependencies[0] != dependencies[1] or options != ["-MD"]  # the one file that is made of paths
    for file in first:
        assert first[file] == second[file], f"{name}: {file} differs"

    # Neither the folders of this machine nor its or its user's name; names too short to tell would be found anywhere.
    telling = {str(root), str(here), str(there), str(pathlib.Path.home()), str(pathlib.Path(shutil.which("nn-compile")).parent)}
    telling |= {w for w in (socket.gethostname(), getpass.getuser()) if len(w) > 5}
    telling = {w for w in telling if len(w) > 5}
    for file, data in first.items():
        for word in telling:
            assert word.encode() not in data, f"{name}: {file} holds {word}"

    # Another model's name is in the comment of the header, in no code.
    (here / "m.onnx").rename(here / "other.onnx")
    other = compile_in(here, "other.onnx", "other", *options)
    assert other["net.o"] == first["net.o"] and other["libnet.so"] == first["libnet.so"]
    assert other["net.h"] != first["net.h"]
