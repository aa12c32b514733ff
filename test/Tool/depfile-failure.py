"""A dependency file that cannot be written, or that is the user's own, stops the compilation before anything is published."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t %source/examples/digits/digits.onnx
# REQUIRES: onnx
import os
import sys

from nnctest import nn_compile

os.chdir(sys.argv[1])
digits = os.path.relpath(sys.argv[2])
done = nn_compile(digits, "-target=x86", "-q", "-o", "out", "-MF=nowhere/net.d")
assert done.returncode == 1 and "nowhere/net.d" in done.stderr, done.stderr
assert not os.path.exists("out"), os.listdir("out")

os.mkdir("own")
open("own/digits.d", "w").write("mine\n")
done = nn_compile(digits, "-target=x86", "-q", "-o", "own", "-MD")
assert open("own/digits.d").read() == "mine\n", (done.returncode, open("own/digits.d").read())
