"""Verilog in tests: emit it, lint it, simulate it with Icarus Verilog and Verilator, synthesise it with yosys."""

import pathlib
import re
import subprocess


def run(*command, cwd=None):
    """The finished process, with its text; errors are for the caller to look at."""
    return subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def checked(*command, cwd=None):
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
    return done


def emit(design, folder, options="", canonical=True):
    """The Verilog of a design, as text, in `folder`; returns the names of the .v files."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "design.mlir").write_text(design)
    lean = ["-canonicalize", "-cse"] if canonical else []
    flag = f"-nn-print-verilog={options}" if options else "-nn-print-verilog"
    text = checked("nn-opt", folder / "design.mlir", *lean, flag, "-o", "/dev/null").stdout
    (folder / "design.txt").write_text(text)
    checked("split-file", "--no-leading-lines", folder / "design.txt", folder)
    return re.findall(r"^//--- (\w+\.v)$", text, re.M)


def lint(folder, top, files):
    """What linters say; nothing, one hopes."""
    said = run("verilator", "--lint-only", "-Wall", "--language", "1364-2005", "--top-module", top, *files, cwd=folder)
    warned = run("iverilog", "-g2005", "-Wall", "-s", top, "-o", "/dev/null", *files, cwd=folder)
    return said.stdout + said.stderr + warned.stdout + warned.stderr


class Icarus:
    """A simulation of `top`; calling it runs it, in `folder`."""

    def __init__(self, folder, top, files):
        self.folder = pathlib.Path(folder).resolve()
        self.command = self.build(top, files)

    def build(self, top, files):
        checked("iverilog", "-g2005", "-s", top, "-o", f"{top}.vvp", *files, cwd=self.folder)
        return ["vvp", f"{top}.vvp"]

    def __call__(self):
        return run(*self.command, cwd=self.folder)


class Verilator(Icarus):
    """The same, compiled; what nobody sets is random."""

    def build(self, top, files):
        options = ["--binary", "-CFLAGS", "-O0", "-Wno-STMTDLY", "--x-initial", "unique", "--Mdir", "verilated"]
        checked("verilator", *options, "--top-module", top, "-o", top, *files, cwd=self.folder)
        return [self.folder / "verilated" / top, "+verilator+rand+reset+2", "+verilator+seed+1"]


def synthesise(folder, top, files, command):
    """How many cells of each type yosys makes of it. What it warns of while reading is an error; mapping has warnings of
    its own."""
    read = f"read_verilog {' '.join(files)}; hierarchy -check -top {top}"
    checked("yosys", "-q", "-e", ".*", "-p", f"{read}; proc; check -assert", cwd=folder)
    checked("yosys", "-q", "-p", f"{read}; {command} -top {top}; check -assert; tee -o cells.txt stat", cwd=folder)
    text = (pathlib.Path(folder) / "cells.txt").read_text()
    return {cell: int(n) for cell, n in re.findall(r"^ {5}([$\w]+) +(\d+)$", text, re.M)}
