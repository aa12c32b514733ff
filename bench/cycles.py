"""Times contenders in alternating short slices on one pinned core. See cycles.c for what a cycle is."""

import ctypes
import hashlib
import os
import pathlib
import statistics
import subprocess

import numpy as np

SOURCE = pathlib.Path(__file__).with_name("cycles.c")
SLICE_CYCLES = 300_000  # a tenth of a millisecond: shorter than the gaps between disturbances
TURN_SLICES = 10  # slices of one contender before the next has its turn


class Counter:
    """The C side, compiled once for each version of its source."""

    def __init__(self, folder):
        tag = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]
        library = pathlib.Path(folder) / f"cycles-{tag}.so"
        if not library.exists():
            library.parent.mkdir(parents=True, exist_ok=True)
            fresh = library.with_suffix(f".{os.getpid()}")
            subprocess.run(["cc", "-O2", "-shared", "-fPIC", str(SOURCE), "-o", str(fresh)], check=True)
            os.replace(fresh, library)
        self.library = ctypes.CDLL(str(library.resolve()))
        self.library.cycles_fma_peak.argtypes = [ctypes.c_long]
        self.library.cycles_fma_peak.restype = ctypes.c_double
        self.unit = "user cycles" if self.library.cycles_open() else "ticks of the time stamp counter"

    def fma_peak(self):
        """Multiply-adds per cycle that this core reaches at this moment."""
        return self.library.cycles_fma_peak(400)

    def slices(self, contender, calls, count):
        """Cycles of one call, measured `count` times over `calls` calls each."""
        cycles = np.zeros(count)
        self.library.cycles_slices(
            ctypes.cast(contender.function, ctypes.c_void_p),
            contender.arguments,
            ctypes.c_long(calls),
            ctypes.c_long(count),
            cycles.ctypes.data_as(ctypes.c_void_p),
        )
        return cycles / calls


class Contender:
    """Something to time: a C function with up to three pointer arguments, or a Python callable without any."""

    def __init__(self, name, function, arguments=()):
        self.name, self.cycles = name, []
        wrap = ctypes.CFUNCTYPE(ctypes.c_ssize_t, *[ctypes.c_void_p] * 3)
        is_c = isinstance(function, ctypes._CFuncPtr)
        self.function = function if is_c else wrap(lambda *_: function() and 0 or 0)
        self.arguments = (ctypes.c_void_p * 3)(*arguments)


def pin():
    """Pins this process, and the threads it will make, to the last core it may use."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def alternate(counter, contenders, seconds, least=5):
    """Lets the contenders run in turns, A, B, A, B, for about `seconds` in all; returns {name: (minimum, median)}."""
    import time

    calls = {}
    for c in contenders:
        counter.slices(c, 1, 2)
        calls[c] = max(1, int(SLICE_CYCLES / counter.slices(c, 1, 3).min()))
    found, turns, start = {c.name: [] for c in contenders}, 0, time.monotonic()
    while turns < least or time.monotonic() - start < seconds:
        for c in contenders:
            # Long calls are slices of their own: one to a turn keeps the contenders close together in time.
            count = TURN_SLICES if calls[c] > 1 else 1
            found[c.name].extend(counter.slices(c, calls[c], count))
        turns += 1
    return {name: (min(v), statistics.median(v)) for name, v in found.items()}
