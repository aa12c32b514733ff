"""What the checker's tests on single instructions share: a network in assembly, assembled and checked.

    from handwritten import Checker, in_float_mode

    check = Checker(clang, verify, manifest, work)
    run = check(in_float_mode("vaddps ymm0, ymm0, ymm0; ret"))
"""

import json
import pathlib
import subprocess


def function(name, body):
    """A symbol with its code in Intel syntax, instructions separated by semicolons."""
    return "\n".join([f".type {name}, @function", f"{name}:", body, f".size {name}, . - {name}", ""])


def in_float_mode(body, data=""):
    """`body` as net.steps, which net_run_v calls as compiled networks do: in the mode that times are claimed for."""
    around = ('sub rsp, 8; stmxcsr [rsp]; ldmxcsr [rip + mode]; call "net.steps"; ldmxcsr [rsp]; add rsp, 8; ret')
    return function("net_run_v", around) + function("net.steps", body) + data


class Checker:
    """Assembles text and runs nn-verify on it; `serial` counts the objects in `work`."""

    def __init__(self, clang, verify, manifest, work):
        self.clang, self.verify, self.manifest, self.work = clang, verify, manifest, pathlib.Path(work)
        self.work.mkdir(exist_ok=True, parents=True)
        self.serial = 0

    def assemble(self, text):
        self.serial += 1
        path = self.work / f"{self.serial}.s"
        constants = '.section .rodata\n.balign 32\nlanes: .long -1, -1, -1, -1, 0, 0, 0, 0\nmode: .long 0x9fc0\n'
        path.write_text(f".intel_syntax noprefix\n.text\n.globl net_run_v\n{text}\n{constants}"
                        '.section .note.GNU-stack,"",@progbits\n')
        subprocess.run([self.clang, "-c", path, "-o", path.with_suffix(".o")], check=True)
        return path.with_suffix(".o")

    def run(self, obj, manifest=None):
        command = [self.verify, obj, f"-manifest={manifest or self.manifest}"]
        return subprocess.run(command, capture_output=True, text=True)

    def describe(self, text):
        """The findings, as they stand in NAME.json."""
        command = [self.verify, self.assemble(text), f"-manifest={self.manifest}", "-json"]
        return json.loads(subprocess.run(command, capture_output=True, text=True).stdout)

    def __call__(self, text, manifest=None):
        return self.run(self.assemble(text), manifest)


def all_proved(run):
    """Nothing was found, and nothing was left open."""
    return run.returncode == 0 and run.stdout.count(" proved") == 3


def as_expected(run, error):
    """Everything is proved where no error is expected, else the file is refused with that text."""
    return all_proved(run) if error is None else run.returncode == 1 and error in run.stderr
