"""One pass, one name: class, file and flag, with nn- in front; some test of its room runs it."""
# RUN: %python %s %source
import pathlib
import re
import sys

root, wrong = pathlib.Path(sys.argv[1]), []
for passes in sorted((root / "include/nnc").rglob("Passes.td")):
    room = passes.parent.relative_to(root / "include/nnc")
    tests = "".join(p.read_text() for p in (root / f"test/{room}").glob("*.*") if p.is_file())
    for name, flag in re.findall(r'^def (\w+) : \w+<"([^"]+)"', passes.read_text(), re.M):
        words = re.sub(r"(?<=.)([A-Z])", r"-\1", name).lower()
        if flag != f"nn-{words}":
            wrong.append(f"{room}: the flag of {name} is {flag}, not nn-{words}")
        if not list((root / f"lib/{room}").rglob(f"{name}.cpp")):
            wrong.append(f"lib/{room}/{name}.cpp is missing")
        if not re.search(rf"-{flag}\b", tests):
            wrong.append(f"no test of test/{room} runs -{flag}")
assert not wrong, "\n".join(wrong)
