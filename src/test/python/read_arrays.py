"""Prints the arrays that NumPy, and the package safetensors, read of files: a line for each file and array."""
import sys

import numpy
from safetensors.numpy import load_file


def show(name, array):
    print(name, array.dtype, list(array.shape), array.tobytes().hex(), sep="\t")


for path in sys.argv[1:]:
    if path.endswith(".npy"):
        show("", numpy.load(path))
    else:
        arrays = numpy.load(path) if path.endswith(".npz") else load_file(path)
        for name in sorted(arrays):
            show(name, arrays[name])
