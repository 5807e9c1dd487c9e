"""Predicts as SequenceWork (bench/endtoend) does, by ONNX Runtime: FILE WORK THREADS WARMUP_SECONDS SECONDS; prints a line of JSON, or without arguments the version."""
import json
import sys
import time

import numpy
import onnxruntime

if len(sys.argv) == 1:
    print(onnxruntime.__version__)
    sys.exit()
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(sys.argv[3])
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
random = numpy.random.default_rng(1)
is_text = "transformer" in sys.argv[2]
first = session.get_inputs()[0]
x = random.integers(0, 65, (1, 64)) if is_text else random.random((1, 28, 28))
x = x.astype(numpy.int64 if first.type == "tensor(int64)" else numpy.int32 if first.type == "tensor(int32)" else numpy.float32)


def blocks(seconds):
    """Microseconds of a step, in blocks of several calls."""
    micros, begin = [], time.perf_counter()
    while not micros or time.perf_counter() - begin < seconds:
        start, calls = time.perf_counter(), 0
        while calls == 0 or time.perf_counter() - start < 0.1:
            session.run(None, {first.name: x})
            calls += 1
        micros.append(1e6 * (time.perf_counter() - start) / calls / x.shape[1])
    return micros


blocks(float(sys.argv[4]))
print(json.dumps({"backend": "CPUExecutionProvider", "micros": blocks(float(sys.argv[5]))}))
