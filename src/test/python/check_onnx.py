"""Checks files of ONNX as ONNX itself does, shapes included, and prints the opsets of each."""

import sys

import onnx

for path in sys.argv[1:]:
    onnx.checker.check_model(path, full_check=True)
    model = onnx.load(path)
    print(" ".join(f"{opset.domain or 'ai.onnx'}:{opset.version}" for opset in model.opset_import))
