"""Makes the files of src/test/resources/onnx: see the README there. Needs Debian's python3-torch and python3-onnx."""

import json
import os
import sys

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

OUT = sys.argv[1]


def save_expected(name, inputs, outputs):
    """Inputs and outputs, computed in float64."""
    with open(os.path.join(OUT, name + ".json"), "w") as file:
        json.dump({"inputs": [x.tolist() for x in inputs], "outputs": [y.tolist() for y in outputs]}, file)
        file.write("\n")


def export(name, net, shapes, opset, dynamic=True, ints=False, steps=False, **options):
    torch.manual_seed(1)
    for p in list(net.parameters()) + list(net.buffers()):
        if p.dtype.is_floating_point:
            p.data = torch.rand_like(p) * 0.8 - (0.0 if p.dim() == 1 and "var" in name else 0.3)
    for module in net.modules():
        if hasattr(module, "running_var") and module.running_var is not None:
            module.running_var.data = module.running_var.data.abs() + 0.2
    net.eval()
    xs = [torch.randint(0, 6, (5, *s)) if ints else torch.randn(5, *s) for s in shapes]
    names = [f"x{i}" for i in range(len(xs))]
    first = [x if dynamic else x[:1] for x in xs]
    with torch.no_grad():
        y = net(*first)
    outs = [f"y{i}" for i in range(len(y) if isinstance(y, tuple) else 1)]
    torch.onnx.export(net, tuple(first), os.path.join(OUT, name + ".onnx"), dynamo=False, opset_version=opset,
                      input_names=names, output_names=outs,
                      dynamic_axes={n: {0: "batch", 1: "steps"} if steps else {0: "batch"} for n in names + outs} if dynamic else None,
                      **options)
    double = net.double()
    with torch.no_grad():
        y = double(*[x if ints else x.double() for x in xs])
    save_expected(name, xs, y if isinstance(y, tuple) else (y,))


class Views(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 8)
        self.b = nn.Linear(4, 3)

    def forward(self, x):
        y = torch.tanh(self.a(x.view(x.size(0), -1))).view(-1, 2, 4)
        return torch.softmax(self.b(y), dim=-1)


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 5)
        self.b = nn.Linear(3, 5)
        self.c = nn.Linear(10, 2)
        self.mean = nn.Parameter(torch.zeros(4))

    def forward(self, x, y):
        u = torch.relu(self.a((x - self.mean) / 2.5))
        v = torch.nn.functional.leaky_relu(self.b(y), 0.2)
        z = torch.cat([u * v, u - v], dim=1)
        return torch.sigmoid(self.c(z)), torch.maximum(u, v)


def torch_files():
    export("torch_mlp_opset17", nn.Sequential(
        nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 8), nn.GELU(), nn.LayerNorm(8),
        nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 8, bias=False), nn.ELU(0.7), nn.Linear(8, 3), nn.Softmax(dim=1)), [(6,)], 17)
    export("torch_mlp_opset9", nn.Sequential(
        nn.Flatten(), nn.Linear(6, 8), nn.Softplus(), nn.Linear(8, 8), nn.SELU(), nn.Linear(8, 8), nn.Hardsigmoid(),
        nn.Linear(8, 4), nn.LeakyReLU(0.1), nn.Linear(4, 3), nn.LogSoftmax(dim=-1)), [(2, 3)], 9)
    export("torch_training_opset13", nn.Sequential(
        nn.Linear(6, 8), nn.Dropout(0.25), nn.PReLU(), nn.Linear(8, 2), nn.Tanh()), [(6,)], 13,
        training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False)
    export("torch_views", Views(), [(2, 3)], 17)
    export("torch_views_unfolded", Views(), [(2, 3)], 12, do_constant_folding=False)
    export("torch_fixed_batch", Views(), [(2, 3)], 14, dynamic=False)
    export("torch_two", Two(), [(4,), (3,)], 17)
    export("torch_embedding", nn.Sequential(nn.Embedding(6, 4), nn.Flatten(), nn.Linear(12, 2)), [(3,)], 17, ints=True)
    export("torch_gelu_opset20", nn.Sequential(nn.Linear(4, 5), nn.GELU(approximate="tanh"), nn.Linear(5, 5), nn.GELU()), [(4,)], 20)


class Residual(nn.Module):
    """As ResNet begins, with statistics of the data, a block, and one that makes images smaller."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(1, 3, 1, 1))
        self.register_buffer("std", torch.ones(3, 1, 1))
        self.first = nn.Conv2d(3, 4, 5, stride=2, padding=2, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm2d(4) for _ in range(3))
        self.a = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.b = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.smaller = nn.Conv2d(4, 6, 3, stride=2, padding=1, padding_mode="zeros")
        self.beside = nn.Conv2d(4, 6, 1, stride=2)
        self.deep = nn.Conv2d(6, 6, 3, padding="same", groups=6)
        self.slopes = nn.PReLU(6)
        self.last = nn.Linear(6, 3)

    def forward(self, x):
        x = (x - self.mean) / (self.std + 1)
        x = nn.functional.max_pool2d(torch.relu(self.norms[0](self.first(x))), 3, stride=2, padding=1)
        y = torch.relu(self.norms[1](self.a(x)))
        x = torch.relu(x + self.norms[2](self.b(y)))
        x = self.slopes(self.smaller(x) + self.beside(x))
        x = nn.functional.mish(self.deep(x) * 0.5)
        return self.last(x.mean((2, 3)))


class Ways(nn.Module):
    """As U-Net: down, up again beside what was there; a label for each pixel."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(2, 4, 3, padding=1)
        self.down = nn.Conv2d(4, 6, 2, stride=2)
        self.group = nn.GroupNorm(3, 6)
        self.up = nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1)
        self.twice = nn.ConvTranspose2d(6, 4, 2, stride=2)
        self.instance = nn.InstanceNorm2d(4, affine=True)
        self.last = nn.Conv2d(18, 3, 1)

    def forward(self, x):
        a = torch.nn.functional.elu(self.a(x))
        b = self.group(torch.sigmoid(self.down(a)))
        up = nn.functional.interpolate(b, scale_factor=2.0, mode="bilinear", align_corners=False)
        again = nn.functional.pad(nn.functional.interpolate(a[:, :, 1:5, 2:-2], scale_factor=1.0), (2, 2, 1, 1))
        all = torch.cat([self.instance(self.up(b)), self.twice(b), up, again], dim=1)
        return torch.softmax(self.last(all), dim=1)


class Mobile(nn.Module):
    """As MobileNetV3 and EfficientNet: squeeze-and-excitation in both ways, hard swish, and a residual."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 4, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.wide = nn.Conv2d(4, 6, 1)
        self.deep = nn.Conv2d(6, 6, 3, padding=1, groups=6)
        self.squeeze, self.excite = nn.Conv2d(6, 2, 1), nn.Conv2d(2, 6, 1)
        self.less, self.more = nn.Linear(6, 3), nn.Linear(3, 6)
        self.back = nn.Conv2d(6, 4, 1)
        self.last = nn.Linear(4, 3)

    def forward(self, x):
        f = nn.functional
        x = f.hardswish(self.norm(self.first(x)))
        y = f.hardswish(self.deep(f.silu(self.wide(x))))
        y = y * f.hardsigmoid(self.excite(f.relu(self.squeeze(f.adaptive_avg_pool2d(y, 1)))))
        z = torch.sigmoid(self.more(f.silu(self.less(y.mean((2, 3)))))).view(-1, 6, 1, 1)
        x = x + self.back(y * z)
        return self.last(f.adaptive_avg_pool2d(x, 1).flatten(1))


class Rare(nn.Module):
    """Functions of one number, and numbers against tensors."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 6)
        self.scale = nn.Parameter(torch.zeros(6))

    def forward(self, x):
        f = nn.functional
        y = self.a(x)
        rms = y / torch.sqrt(y.pow(2).mean(-1, keepdim=True) + 1e-5)
        return torch.cat([f.celu(y, 0.7), f.hardtanh(y, -0.3, 0.6), f.softsign(y),
                          f.logsigmoid(y), f.tanhshrink(y), torch.abs(y), y**3, y.clamp(min=-0.25),
                          y.clamp(max=0.5), torch.log(torch.softmax(y, dim=1)), rms * self.scale], dim=1)


def torch_images():
    export("torch_mobile", Mobile(), [(2, 8, 7)], 17)
    export("torch_mobile_opset13", Mobile(), [(2, 8, 7)], 13)
    export("torch_rare", Rare(), [(4,)], 17)
    export("torch_lenet", nn.Sequential(
        nn.Conv2d(1, 3, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3), nn.Tanh(), nn.AvgPool2d(3, 2, padding=1),
        nn.Hardtanh(0, 0.9), nn.AvgPool2d(2, 2, ceil_mode=True), nn.Flatten(), nn.Dropout(0.5), nn.Linear(16, 8), nn.ReLU(),
        nn.Linear(8, 3)), [(1, 14, 16)], 14)
    export("torch_resnet", Residual(), [(3, 16, 14)], 17)
    export("torch_unet", Ways(), [(2, 6, 8)], 16)
    export("torch_cnn", nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 4, (3, 2), stride=2, padding=(1, 0),
        groups=2), nn.LeakyReLU(0.1), nn.Conv2d(4, 6, 2, padding=1, bias=False), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(6, 3), nn.Softmax(dim=1)), [(2, 8, 9)], 17)
    export("torch_cnn_flat", nn.Sequential(
        nn.Conv1d(3, 4, 3), nn.ReLU6(), nn.AvgPool1d(2), nn.Flatten(), nn.Linear(12, 2)), [(3, 9)], 13)


def init(name, values, kind=np.float32):
    return numpy_helper.from_array(np.asarray(values, dtype=kind), name)


def graph_file(name, nodes, inits, inputs, outputs, opset, ml=None, typed=False):
    graph = helper.make_graph(nodes, name, inputs, outputs, inits)
    opsets = [helper.make_opsetid("", opset)] + ([helper.make_opsetid("ai.onnx.ml", ml)] if ml else [])
    model = helper.make_model(graph, opset_imports=opsets, producer_name="skl2onnx", ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, os.path.join(OUT, name + ".onnx"))


def floats(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, *shape])


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def sklearn_files():
    """As skl2onnx 1.17 writes StandardScaler with MLPClassifier, LogisticRegression, MLPRegressor and LinearRegression."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(5, 4)).astype(np.float32)
    w0, b0 = rng.normal(size=(4, 7)).astype(np.float32), rng.normal(size=(1, 7)).astype(np.float32)
    w1, b1 = rng.normal(size=(7, 3)).astype(np.float32), rng.normal(size=(1, 3)).astype(np.float32)
    mean, scale = rng.normal(size=4), rng.uniform(0.5, 2, size=4)
    label = helper.make_tensor_value_info("output_label", TensorProto.STRING, [None])
    labels = ["cat", "cow", "dog"]
    maps = helper.make_value_info("output_probability", helper.make_sequence_type_proto(
        helper.make_map_type_proto(TensorProto.STRING, helper.make_tensor_type_proto(TensorProto.FLOAT, None))))
    scaled = (x.astype(np.float64) - np.float32(mean)) * np.float32(1 / scale)
    hidden = np.maximum(scaled @ w0.astype(float) + b0, 0)

    def tail(scores, names):
        return [
            helper.make_node("ArgMax", [scores], ["best"], axis=1),
            helper.make_node("ArrayFeatureExtractor", ["classes", "best"], ["picked"], domain="ai.onnx.ml"),
            helper.make_node("Cast", ["picked"], ["as_text"], to=TensorProto.STRING),
            helper.make_node("Reshape", ["as_text", "flat"], ["output_label"]),
            helper.make_node("ZipMap", [scores], ["output_probability"], domain="ai.onnx.ml", classlabels_strings=names)]

    graph_file("sklearn_mlp_classifier", [
        helper.make_node("Scaler", ["X"], ["variable"], "Scaler", domain="ai.onnx.ml", offset=np.float32(mean).tolist(),
                         scale=np.float32(1 / scale).tolist()),
        helper.make_node("Cast", ["variable"], ["cast_input"], to=TensorProto.FLOAT),
        helper.make_node("MatMul", ["cast_input", "coefficient"], ["mul_result"]),
        helper.make_node("Add", ["mul_result", "intercepts"], ["add_result"]),
        helper.make_node("Relu", ["add_result"], ["next_activations"]),
        helper.make_node("MatMul", ["next_activations", "coefficient1"], ["mul_result1"]),
        helper.make_node("Add", ["mul_result1", "intercepts1"], ["add_result1"]),
        helper.make_node("Softmax", ["add_result1"], ["out_activations_result"], axis=1),
        *tail("out_activations_result", labels)],
        [init("coefficient", w0), init("intercepts", b0), init("coefficient1", w1), init("intercepts1", b1),
         helper.make_tensor("classes", TensorProto.STRING, [3], labels), init("flat", [-1], np.int64)],
        [floats("X", 4)], [label, maps], 15, 1)
    save_expected("sklearn_mlp_classifier", [x], [softmax(hidden @ w1.astype(float) + b1)])

    w2, b2 = rng.normal(size=(7, 1)).astype(np.float32), rng.normal(size=(1, 1)).astype(np.float32)
    p = 1 / (1 + np.exp(-(np.tanh(x.astype(float) @ w0 + b0) @ w2.astype(float) + b2)))
    graph_file("sklearn_mlp_binary", [
        helper.make_node("MatMul", ["X", "coefficient"], ["m0"]), helper.make_node("Add", ["m0", "intercepts"], ["a0"]),
        helper.make_node("Tanh", ["a0"], ["t0"]),
        helper.make_node("MatMul", ["t0", "coefficient1"], ["m1"]), helper.make_node("Add", ["m1", "intercepts1"], ["a1"]),
        helper.make_node("Sigmoid", ["a1"], ["s"]),
        helper.make_node("Sub", ["unity", "s"], ["other"]), helper.make_node("Concat", ["other", "s"], ["both"], axis=1),
        *tail("both", labels[:2])],
        [init("coefficient", w0), init("intercepts", b0), init("coefficient1", w2), init("intercepts1", b2),
         init("unity", np.float32(1)), helper.make_tensor("classes", TensorProto.STRING, [2], labels[:2]),
         init("flat", [-1], np.int64)], [floats("X", 4)], [label, maps], 15, 1)
    save_expected("sklearn_mlp_binary", [x], [np.concatenate([1 - p, p], 1)])

    coefs, intercepts = w1[:4].T, b1[0]
    graph_file("sklearn_logistic", [
        helper.make_node("LinearClassifier", ["X"], ["output_label", "probability_tensor"], domain="ai.onnx.ml",
                         coefficients=coefs.ravel().tolist(), intercepts=intercepts.tolist(), classlabels_strings=labels,
                         multi_class=1, post_transform="SOFTMAX"),
        helper.make_node("Normalizer", ["probability_tensor"], ["probabilities"], domain="ai.onnx.ml", norm="L1")],
        [], [floats("X", 4)], [label, floats("probabilities", 3)], 15, 1)
    save_expected("sklearn_logistic", [x], [softmax(x.astype(float) @ coefs.T.astype(float) + intercepts)])

    graph_file("sklearn_logistic_binary", [
        helper.make_node("LinearClassifier", ["X"], ["output_label", "probability_tensor"], domain="ai.onnx.ml",
                         coefficients=(-coefs[0]).tolist() + coefs[0].tolist(), intercepts=[float(-intercepts[0]),
                         float(intercepts[0])], classlabels_strings=labels[:2], multi_class=1, post_transform="LOGISTIC"),
        helper.make_node("Normalizer", ["probability_tensor"], ["probabilities"], domain="ai.onnx.ml", norm="L1"),
        helper.make_node("ZipMap", ["probabilities"], ["output_probability"], domain="ai.onnx.ml",
                         classlabels_strings=labels[:2])],
        [], [floats("X", 4)], [label, maps], 15, 1)
    q = 1 / (1 + np.exp(-(x.astype(float) @ coefs[0].astype(float) + intercepts[0])))
    save_expected("sklearn_logistic_binary", [x], [np.stack([1 - q, q], 1)])

    graph_file("sklearn_linear", [
        helper.make_node("LinearRegressor", ["X"], ["variable"], domain="ai.onnx.ml", coefficients=coefs[0].tolist(),
                         intercepts=[float(intercepts[0])])], [], [floats("X", 4)], [floats("variable", 1)], 15, 1)
    save_expected("sklearn_linear", [x], [(x.astype(float) @ coefs[0].astype(float) + intercepts[0])[:, None]])

    d0, d1 = w0.astype(np.float64), rng.normal(size=(2, 7))
    graph_file("gemms", [
        helper.make_node("Gemm", ["X", "a", "one"], ["g0"], alpha=0.5, beta=2.0),
        helper.make_node("Relu", ["g0"], ["r0"]),
        helper.make_node("Gemm", ["r0", "b"], ["g1"], transB=1),
        helper.make_node("Mul", ["g1", "scale"], ["m"]),
        helper.make_node("Add", ["two", "m"], ["p"]),
        helper.make_node("Neg", ["p"], ["n"]),
        helper.make_node("Sum", ["n", "g1", "m"], ["s"]),
        helper.make_node("Max", ["s", "zero"], ["y"])],
        [init("a", w0.astype(np.float16), np.float16), init("one", [0.25]),
         helper.make_tensor("b", TensorProto.DOUBLE, [2, 7], d1.ravel().tolist()),
         helper.make_tensor("scale", TensorProto.FLOAT, [1, 2], [3.0, -2.0]), init("two", np.float32(2)),
         init("zero", np.float32(0))], [floats("X", 4)], [floats("y", 2)], 13)
    g1 = np.maximum(0.5 * (x.astype(float) @ w0.astype(np.float16).astype(float)) + 0.5, 0) @ d1.T
    m = g1 * [3.0, -2.0]
    save_expected("gemms", [x], [np.maximum(-(2 + m) + g1 + m, 0)])


class Sequences(nn.Module):
    """A recurrent layer, and what is made of its results."""

    def __init__(self, rnn, features, result):
        super().__init__()
        self.rnn, self.answer, self.result = rnn, nn.Linear(features, 2), result

    def forward(self, x):
        return self.answer(self.result(*self.rnn(x)))


def torch_sequences():
    options = {"batch_first": True}
    export("torch_lstm_last", Sequences(nn.LSTM(3, 4, num_layers=2, **options), 4, lambda y, h: y[:, -1]), [(5, 3)], 17)
    export("torch_lstm_both", Sequences(nn.LSTM(3, 4, num_layers=2, bidirectional=True, **options), 8, lambda y, h: y), [(5, 3)], 14, steps=True)
    export("torch_gru_states", Sequences(nn.GRU(3, 4, num_layers=2, **options), 4, lambda y, h: h[-1]), [(5, 3)], 17, steps=True)
    export("torch_gru_both", Sequences(nn.GRU(3, 4, bidirectional=True, **options), 16,
                                       lambda y, h: torch.cat([h[-2], h[-1], y[:, 1]], 1)), [(5, 3)], 12)
    export("torch_rnn", Sequences(nn.RNN(3, 4, nonlinearity="relu", bias=False, **options), 4, lambda y, h: y), [(5, 3)], 17, steps=True)


def recurrent_file():
    """As converters of Keras write them: one direction back, reset before the product, initial states and lengths as constants."""
    rng = np.random.default_rng(4)
    weights = [init(name, rng.normal(size=shape) * 0.5) for name, shape in [
        ("w0", (1, 9, 2)), ("r0", (1, 9, 3)), ("b0", (1, 18)), ("w1", (1, 16, 3)), ("r1", (1, 16, 4)), ("h", (1, 5, 4))]]
    weights[-1] = init("h", np.zeros((1, 5, 4)))
    lengths = helper.make_tensor("lengths", TensorProto.INT32, [5], [6] * 5)
    one = helper.make_tensor("one", TensorProto.INT64, [1], [1])
    zero = helper.make_tensor("zero", TensorProto.INT64, [1], [0])
    graph_file("recurrent", [
        helper.make_node("Transpose", ["X"], ["t"], perm=[1, 0, 2]),
        helper.make_node("GRU", ["t", "w0", "r0", "b0"], ["y0"], direction="reverse", hidden_size=3, activations=["HardSigmoid", "Softsign"],
                         activation_alpha=[1 / 6], activation_beta=[0.5]),
        helper.make_node("Squeeze", ["y0", "one"], ["s0"]),
        helper.make_node("LSTM", ["s0", "w1", "r1", "", "lengths", "h", "h"], ["", "y1"], hidden_size=4),
        helper.make_node("Squeeze", ["y1", "zero"], ["last"]),
        helper.make_node("Transpose", ["s0"], ["all"], perm=[1, 0, 2])],
        weights + [lengths, one, zero], [floats("X", 6, 2)], [floats("last", 4), floats("all", 6, 3)], 14)
    x = rng.normal(size=(5, 6, 2)).astype(np.float32)
    import onnxruntime  # after all exports, as it registers the operators again
    session = onnxruntime.InferenceSession(os.path.join(OUT, "recurrent.onnx"), providers=["CPUExecutionProvider"])
    save_expected("recurrent", [x], session.run(None, {"X": x}))


torch_files()
torch_images()
torch_sequences()
recurrent_file()
sklearn_files()
