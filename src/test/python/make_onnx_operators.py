"""Makes operators.jsonl of src/test/resources/onnx: the models of one operator that the onnx package tests backends with.

The first input is of floats, the others are initializers, all outputs are floats. Left out are models that are random, or
have more than 180 numbers. Needs Debian's python3-onnx.
"""

import base64
import json
import os
import sys
import warnings

import numpy as np
import onnx.backend.test.case.node as cases
from onnx import ModelProto, TensorProto, numpy_helper

MOST = 180
RANDOM = {"Bernoulli", "RandomNormalLike", "RandomUniformLike"}


def is_floats(value):
    return value.type.HasField("tensor_type") and value.type.tensor_type.elem_type == TensorProto.FLOAT


def numbers(array):
    return [float(str(x)) if np.isfinite(x) else str(x) for x in np.asarray(array, np.float32).ravel()]


warnings.filterwarnings("ignore")
with open(os.path.join(sys.argv[1], "operators.jsonl"), "w") as out:
    for case in sorted(cases.collect_testcases(None), key=lambda each: each.name):
        graph = case.model.graph
        if len(graph.node) != 1 or case.model.functions or not case.data_sets or not graph.input:
            continue
        inputs, outputs = case.data_sets[0]
        if graph.node[0].op_type in RANDOM or "training" in case.name or not all(map(is_floats, [graph.input[0], *graph.output])):
            continue
        if not all(isinstance(a, np.ndarray) or np.isscalar(a) for a in [*inputs, *outputs]) or np.ndim(inputs[0]) == 0:
            continue
        if sum(np.size(a) for a in [*inputs, *outputs]) > MOST:
            continue
        model = ModelProto()
        model.CopyFrom(case.model)
        names = [value.name for value in graph.input][1:]
        del model.graph.input[1:]
        for name, array in zip(names, inputs[1:]):
            model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), name))
        out.write(json.dumps({
            "name": case.name,
            "model": base64.b64encode(model.SerializeToString()).decode(),
            "shape": list(np.shape(inputs[0])),
            "x": numbers(inputs[0]),
            "outputs": [{"shape": list(np.shape(y)), "y": numbers(y)} for y in outputs]}) + "\n")
