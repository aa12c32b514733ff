"""-MD names the model, its external data and the files of -const; a name with a blank is spelled as make wants it."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: onnx
import os
import sys

import numpy as np
import onnx
from nnctest import build, nn_compile, node

os.chdir(sys.argv[1])
model = build(
    [node("Add", "x b", "s"), node("Mul", "s k", "y")], {"x": [1, 64], "k": [64]}, {"y": [1, 64]},
    {"b": np.arange(64, dtype=np.float32)},
)
onnx.save(model, "my net.onnx", save_as_external_data=True, location="weights.bin", size_threshold=0)
np.save("k.npy", np.ones(64, np.float32))

done = nn_compile("my net.onnx", "-target=x86", "-name=net", "-const=k=k.npy", "-o", "out", "-MD", "-MF", "net.d")
assert done.returncode == 0, done.stderr
target, _, rest = open("net.d").read().partition(":")
names = rest.replace("\\\n", " ").replace("\\ ", "?").split()
assert target == "out/net.o", target
assert names[0] == "my?net.onnx" and {os.path.basename(n) for n in names[1:]} == {"weights.bin", "k.npy"}, names

# Again, over its own; a device is written to, not replaced; a folder is refused before anything is written.
for option in ["-MD"], ["-MD"], ["-MF=/dev/null"]:
    assert nn_compile("my net.onnx", "-target=x86", "-q", "-name=net", "-const=k=k.npy", "-o", "again", *option).returncode == 0
assert open("again/net.d").read().replace("again/", "out/") == open("net.d").read() and not os.path.isfile("/dev/null")
assert sorted(n for n in os.listdir("again") if not n.startswith(("net", "libnet", "nn_", "report"))) == []
done = nn_compile("my net.onnx", "-target=x86", "-name=net", "-const=k=k.npy", "-o", "not written", "-MF=again")
assert done.returncode == 1 and "dependency file 'again': Is a directory" in done.stderr and not os.path.exists("not written")

# Without -MF it is beside the object; without -MD there is none; what is refused writes none.
nn_compile("my net.onnx", "-target=x86", "-name=net", "-const=k=k.npy", "-o", "beside", "-MD")
assert os.path.exists("beside/net.d")
nn_compile("my net.onnx", "-target=x86", "-name=net", "-const=k=k.npy", "-o", "plain")
assert not os.path.exists("plain/net.d")
assert nn_compile("weights.bin", "-target=x86", "-o", "bad", "-MD", "-MF", "bad.d").returncode == 1
assert not os.path.exists("bad.d")
