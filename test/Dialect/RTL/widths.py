"""A width that is off by one is refused, whichever it is."""
# RUN: %python %s %t
import pathlib
import re
import subprocess
import sys

from rtldesign import everything

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def refused(text):
    (folder / "design.mlir").write_text(text)
    done = subprocess.run(["nn-opt", folder / "design.mlir", "-o", "/dev/null"], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    assert done.returncode == 0 or "error:" in done.stderr
    return done.returncode == 1


design, _ = everything()
assert not refused(design)
widths = list(re.finditer(r"(?<=[ x])i(\d+)\b", design))
assert len(widths) > 400, len(widths)
for place in widths[:: len(widths) // 60]:
    for other in (int(place[1]) + 1, int(place[1]) - 1):
        mutant = f"{design[: place.start()]}i{other}{design[place.end() :]}"
        line = design[: place.start()].count("\n")
        assert refused(mutant), f"line {line + 1} with i{other}: {mutant.splitlines()[line]}"
