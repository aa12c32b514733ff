"""Writes what the network is measured on and what it is asked, from the images that its training never saw.

    python3 images.py ../digits/test.npz FOLDER     calibration.npz, images.hex, digits.hex

The first 100 images are for calibration. Of the others the first of each digit is asked.
"""
import pathlib
import sys

import numpy as np

held_out, folder = np.load(sys.argv[1]), pathlib.Path(sys.argv[2])
images, labels = held_out["images"], held_out["labels"]
np.savez(folder / "calibration.npz", image=images[:100].reshape(-1, 1, 1, 8, 8).astype(np.float32) / 16)

asked = [100 + int(np.argmax(labels[100:] == digit)) for digit in range(10)]
grey = np.rint(images[asked] / 16 * 255).astype(int)
(folder / "images.hex").write_text("".join(f"{v:02x}\n" for v in grey.ravel()))
(folder / "digits.hex").write_text("".join(f"{v:02x}\n" for v in labels[asked]))
