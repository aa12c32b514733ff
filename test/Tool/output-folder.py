"""The output folder: what did not change keeps its time, what is no longer made goes, what is the user's stays and stops
the compilation, and a compilation that fails, whatever for, leaves every byte as it was."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/examples/digits/digits.onnx
import hashlib
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys

root, digits = map(pathlib.Path, sys.argv[1:])
os.chdir(root)
ALL = {"net.o", "net.h", "net.json", "libnet.a", "libnet.so", "nn_runtime.h", "report.html"}


def compile_to(folder, *options, name="net", prepare=None, model=digits):
    command = ["nn-compile", model, "-target=x86", f"-name={name}", "-q", "-o", folder, *options]
    return subprocess.run([*map(str, command)], capture_output=True, text=True, preexec_fn=prepare, restore_signals=False)


def good(*arguments, **more):
    done = compile_to(*arguments, **more)
    assert done.returncode == 0 and not done.stderr, (arguments, done.stderr)


def refused(words, *arguments, **more):
    done = compile_to(*arguments, **more)
    assert done.returncode == 1 and words in done.stderr and done.stderr.count("\n") == 1, (arguments, done.returncode, done.stderr)


def tree(folder):
    """Names, contents and times; hidden files, too."""
    return {str(p): (p.read_bytes() if p.is_file() else None, p.lstat().st_mtime_ns) for p in pathlib.Path(folder).rglob("*")}


def times(folder):
    return {p.name: p.stat().st_mtime_ns for p in pathlib.Path(folder).iterdir()}


def names(folder):
    return set(os.listdir(folder))


# A folder that is not there is made, with those above it; what it holds is what net.json says, hidden files there are none.
good("deep/er/out")
assert names("deep/er/out") == ALL
files = json.load(open("deep/er/out/net.json"))["files"]
assert {f["path"] for f in files.values()} == ALL - {"net.json"}, files
assert all(f["bytes"] == os.path.getsize(f"deep/er/out/{f['path']}") for f in files.values())

# Again: nothing is touched. Another CPU: the code is, the runtime header is not.
os.makedirs("old")
good("out")
for name in ALL:
    os.utime(f"out/{name}", (1000, 1000))
before = times("out")
good("out")
assert times("out") == before
good("out", "-cpu=x86-64-v4")
after = times("out")
assert after["nn_runtime.h"] == before["nn_runtime.h"] and after["net.o"] != before["net.o"] and after["net.json"] != before["net.json"]

# Fewer kinds: what the old manifest lists is removed, and only that.
pathlib.Path("out/notes.txt").write_text("mine")
pathlib.Path("out/libother.a").write_text("mine")
good("out", "-emit=obj")
assert names("out") == {"net.o", "net.h", "net.json", "nn_runtime.h", "notes.txt", "libother.a"}, names("out")
good("out", "-emit=asm")
assert names("out") == {"net.s", "net.h", "net.json", "nn_runtime.h", "notes.txt", "libother.a"}, names("out")
# A manifest that asks for more than its own folder gets nothing.
manifest = json.load(open("out/net.json"))
manifest["files"]["lib"] = {"path": "../precious", "bytes": 4, "sha256": ""}
manifest["files"]["so"] = {"path": "..", "bytes": 4, "sha256": ""}
json.dump(manifest, open("out/net.json", "w"))
pathlib.Path("precious").write_text("mine")
good("out", "-emit=obj")
assert pathlib.Path("precious").read_text() == "mine"
# Nor does one that goes through a link.
os.makedirs("elsewhere")
pathlib.Path("elsewhere/precious").write_text("mine")
os.symlink("../elsewhere", "out/link")
manifest = json.load(open("out/net.json"))
manifest["files"]["lib"] = {"path": "link/precious", "bytes": 4, "sha256": ""}
json.dump(manifest, open("out/net.json", "w"))
good("out", "-emit=asm")
good("out", "-emit=obj")
assert pathlib.Path("elsewhere/precious").read_text() == "mine"
os.remove("out/link")

# Two networks in one folder know each other's files: what one of them has the other neither overwrites nor takes away.
def intact(*networks):
    for name in networks:
        for file in json.load(open(f"two/{name}.json"))["files"].values():
            assert hashlib.sha256(open(f"two/{file['path']}", "rb").read()).hexdigest() == file["sha256"], (name, file)


good("two", name="first")
first = tree("two")
good("two", name="second")
assert {k: v for k, v in tree("two").items() if k in first} == first
assert names("two") - {pathlib.Path(k).name for k in first} == {"second.o", "second.h", "second.json", "libsecond.a", "libsecond.so", "second.report.html"}
good("two", "-emit=obj", name="second")
assert {"first.o", "libfirst.a", "second.o", "nn_runtime.h"} <= names("two") and "libsecond.a" not in names("two")
good("two", "-emit=obj,report", name="second")
good("two", "-cpu=x86-64-v4", name="first")
intact("first", "second")
good("two", "-emit=obj", name="first")
good("two", "-emit=report", name="second")  # the name is free now
assert names("two") == {"first.o", "first.h", "first.json", "nn_runtime.h", "second.json", "report.html"}, names("two")
intact("first", "second")
good("two", name="first")
intact("first", "second")
# A file that cannot have another name, in a folder that somebody else has edited.
manifest = json.load(open("two/first.json"))
manifest["files"]["asm"] = {"path": "second.s", "bytes": 4, "sha256": ""}
json.dump(manifest, open("two/first.json", "w"))
pathlib.Path("two/second.s").write_text("mine")
state = tree("two")
refused("'two/second.s' is in the way: it belongs to the network that first.json describes; choose another -o", "two", "-emit=asm", name="second")
assert tree("two") == state

# The user's own file, folder or link with one of our names is in the way, and stays.
for kind in "file", "folder", "link", "not a manifest":
    os.makedirs(f"own/{kind}")
    path = pathlib.Path(f"own/{kind}/net.o")
    if kind == "file":
        path.write_text("mine")
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("nowhere")
    else:
        path = path.with_suffix(".json")
        path.write_text('{"schema": 1, "files": {"obj": {"path": "net.o"}}, "name": "net"}')
    state = tree(f"own/{kind}")
    refused(f"'own/{kind}/{path.name}' is in the way", f"own/{kind}")
    assert tree(f"own/{kind}") == state and (path.is_symlink() or path.exists())
    good(f"own/{kind}", name="another")

# A file where the folder should be, or above it.
pathlib.Path("plain").write_text("mine")
refused("the output folder 'plain' is a file", "plain")
refused("cannot create the output folder 'plain/out'", "plain/out")
assert pathlib.Path("plain").read_text() == "mine"

# Failures of every kind: the model, a budget, a file size limit as a full disk would set it. All stays, nothing new.
good("kept")
for name in ALL:
    os.utime(f"kept/{name}", (2000, 2000))
state = tree("kept")
pathlib.Path("bad.onnx").write_text("no model")
refused("the file is no ONNX model", "kept", model="bad.onnx")
refused("-ram: ", "kept", "-ram=1K")
refused("-flash: ", "fresh/folder", "-flash=1K")
for limit in 0, 100, 3000, 8000, 12000, 20000:

    def few():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # SIGXFSZ is ignored, as Python left it

    done = compile_to("kept", "-cpu=x86-64-v4", prepare=few)
    assert done.returncode == 1 and "error:" in done.stderr, (limit, done.returncode, done.stderr)
    done = compile_to("fresh/folder", "-cpu=x86-64-v4", prepare=few)
    assert done.returncode == 1, (limit, done.returncode, done.stderr)
assert tree("kept") == state
assert not os.path.exists("fresh")

# In the folder where one stands, and in the one that -o is left out for.
os.makedirs("here")
os.chdir("here")
good(".")
assert names(".") == ALL
good("./")
assert names(".") == ALL
done = subprocess.run(["nn-compile", str(digits), "-target=x86", "-q"], capture_output=True, text=True)
assert done.returncode == 0 and "digits.o" in names("digits"), done.stderr
# An absolute folder, and one with odd characters.
good(os.path.abspath("ab so lute"))
good("ünïcode 'quote\" $HOME")
assert names("ab so lute") == names("ünïcode 'quote\" $HOME") == ALL
os.chdir("..")

# A folder that may not be written; root may write anywhere.
os.makedirs("closed")
os.chmod("closed", 0o555)
if os.geteuid():
    refused("cannot write into the output folder 'closed'", "closed")
    assert not names("closed")
os.chmod("closed", 0o755)
shutil.rmtree("closed")
