"""Every relative link in our documentation leads to a file."""
# RUN: %python %s %source
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
pages = [p for room in (".", "docs", "examples", "bench", "lib", "test") for p in (root / room).rglob("*.md")
         if "build" not in p.relative_to(root).parts]
missing = [
    f"{page.relative_to(root)}: {link}"
    for page in set(pages)
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", re.sub(r"^```.*?^```", "", page.read_text(), flags=re.S | re.M))
    if not (page.parent / link).exists()
]
assert len(pages) > 5 and not missing, "\n".join(missing)
