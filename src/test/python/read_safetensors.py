"""Prints what the package safetensors reads of a file: a line for each tensor, then one for each text of the metadata."""
import sys

from safetensors import safe_open

with safe_open(sys.argv[1], framework="numpy") as file:
    for name in sorted(file.keys()):
        tensor = file.get_tensor(name)
        print(name, tensor.dtype, list(tensor.shape), tensor.tobytes().hex(), sep="\t")
    for name, text in sorted(file.metadata().items()):
        print(name, text.encode().hex(), sep="\t")
