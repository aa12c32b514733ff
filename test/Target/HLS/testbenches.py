"""The testbenches of a package pass on cores of every shape, with both simulators, behind the stream too."""
# RUN: rm -rf %t && mkdir -p %t
# RUN: %python %s %t
# REQUIRES: iverilog, verilator
import pathlib
import sys

import rtlcores
from hlspackage import icarus, package, passes, verilator

folder = pathlib.Path(sys.argv[1])
options = {"now": [], "bits": [], "late": ["low"], "several": ["async"], "slow": ["async", "low"]}
for make in rtlcores.ALL:
    core = make()
    here = folder / core.name
    files = package(core, here, *options[core.name])
    assert passes(icarus(here, core.name, files)), core.name
    for axis in {"late": [None, True], "several": [False, True]}.get(core.name, [True]):
        done = verilator(here, core.name, files, axis)
        assert passes(done), (core.name, axis, done)
    interval = core.input.beats + core.pause
    assert f"latency {core.latency + 2}, a frame every {interval} clocks" in done.stdout, done.stdout
