"""What the rivals share: the job's constants, arguments, the reading of MNIST, and lines as `beras train --json` prints them."""
import json
import os
import sys
from collections import namedtuple

import numpy as np

PIXELS, CLASSES = 784, 10
CONVOLUTIONS = "conv"  # in place of the hidden units: 32 filters of 3 x 3, pooling, 64 of them, pooling, 128 units
LEARNING_RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7

Job = namedtuple("Job", "data hidden batch epochs threads")


def job():
    if len(sys.argv) != 6:
        sys.exit(f"usage: {sys.argv[0]} FOLDER HIDDEN BATCH EPOCHS THREADS, the folder with the four unpacked IDX files")
    hidden, *numbers = sys.argv[2:]
    return Job(sys.argv[1], hidden if hidden == CONVOLUTIONS else int(hidden), *map(int, numbers))


def load(folder, part):
    """Images as rows of float32 from 0 to 1, and labels as bytes."""
    pixels = np.fromfile(os.path.join(folder, part + "-images-idx3-ubyte"), np.uint8, offset=16).reshape(-1, PIXELS)
    images = np.empty(pixels.shape, np.float32)
    np.multiply(pixels, np.float32(1 / 255), out=images)
    return images, np.fromfile(os.path.join(folder, part + "-labels-idx1-ubyte"), np.uint8, offset=8)


def print_line(fields):
    print(json.dumps(fields), flush=True)


def print_epoch(epoch, seconds, test_accuracy):
    print_line({"epoch": epoch, "test_accuracy": test_accuracy, "seconds": seconds})


def blas():
    """The process itself is asked: which one the loader took depends on the machine and on LD_LIBRARY_PATH."""
    found = set()
    if os.path.exists("/proc/self/maps"):
        with open("/proc/self/maps") as maps:
            found = {"/".join(line.split("/")[-2:]).strip() for line in maps if "blas" in line or "libmkl" in line}
    return sorted(found)


def print_summary(version, backend=""):
    print_line({"summary": {"version": version, "backend": " ".join([backend, *blas()]).strip()}})
