"""Makes src/test/resources/golden/programs.json: small programs of PyTorch, each trained for ten steps from the weights given
there. The README of that folder describes the form. Needs Debian's python3-torch and python3-numpy. Run it as

    /usr/bin/python3 src/test/python/make_programs.py data src/test/resources/golden/programs.json

Each program runs twice, in float64, which gives the expected values, and in float32, whose error is the tolerance. Data and
weights are multiples of powers of 2, exact in float32 and short in the file.

torch.optim's Adam with epsilon 1e-7 and SGD with momentum compute what Adam and SGD of BERAS do: epsilon is added to the
corrected root, and as the learning rate is constant it makes no difference whether the velocity contains it.
"""

import gzip
import json
import math
import sys
from types import SimpleNamespace

import numpy as np
import torch
import torch.nn.functional as F
from torch.autograd import grad

STEPS = 10
DATA, OUT = sys.argv[1:]


# ------------------------------------------------------------------------------------------------------- programs
#
# A program gives its data, the shapes of its weights, its optimizer and its loss. In the loss, n has the nets and weights,
# d the data. A pair of sizes is a dense layer, whose weights are named w (inputs, outputs) and b (1, outputs).


def vae(rng):
    """Variational autoencoder (Kingma and Welling, 2014): cross-entropy of bits from logits, Gaussian latent space."""
    prototypes = rng.random((4, 20)) < 0.5
    flips = rng.random((32, 20)) < 0.1
    data = {"x": (prototypes[rng.integers(4, size=32)] ^ flips) * 1.0, "noise": grid(rng.normal(size=(STEPS, 32, 2)))}
    nets = {"encoder": (20, 8), "mean": (8, 2), "logVariance": (8, 2), "decoder": (2, 8), "logits": (8, 20)}

    def loss(n, d, step):
        hidden = torch.tanh(n.encoder(d.x))
        mean, log_variance = n.mean(hidden), n.logVariance(hidden)
        z = mean + torch.exp(0.5 * log_variance) * d.noise[step]
        logits = n.logits(torch.tanh(n.decoder(z)))
        reconstruction = (F.softplus(logits) - d.x * logits).sum(1)
        divergence = 0.5 * (mean ** 2 + torch.exp(log_variance) - log_variance - 1).sum(1)
        return (reconstruction + divergence).mean()

    return data, nets, adam(0.01), loss


def siamese(rng):
    """One net for both pictures of a pair, and the contrastive loss (Hadsell, Chopra and LeCun, 2006) of their distance: margin 2."""
    a = rng.normal(size=(24, 6))
    same = np.arange(24)[:, None] % 2 * 1.0
    b = np.where(same == 1, a + 0.2 * rng.normal(size=a.shape), rng.normal(size=a.shape))
    data = {"a": grid(a), "b": grid(b), "same": same}
    nets = {"hidden": (6, 8), "embedding": (8, 4)}

    def loss(n, d, step):
        left, right = (n.embedding(torch.tanh(n.hidden(x))) for x in (d.a, d.b))
        distance = (left - right).square().sum(1, keepdim=True).sqrt()
        return (d.same * distance ** 2 + (1 - d.same) * torch.clamp(2 - distance, min=0) ** 2).mean()

    return data, nets, sgd(0.1, momentum=0.9), loss


def distillation(rng):
    """A student learns from labels and from the softened probabilities of a teacher (Hinton, Vinyals and Dean, 2015)."""
    teacher = {"teacher1.w": weights(rng, 8, 12) * 3, "teacher1.b": weights(rng, 1, 12),
               "teacher2.w": weights(rng, 12, 4) * 3, "teacher2.b": weights(rng, 1, 4)}
    data = {"x": grid(rng.normal(size=(32, 8))), "labels": rng.integers(4, size=32), **teacher}
    nets = {"hidden": (8, 5), "logits": (5, 4)}

    def loss(n, d, step):
        soft = torch.softmax(n.teacher2(torch.relu(n.teacher1(d.x))) / 3, 1)
        logits = n.logits(torch.relu(n.hidden(d.x)))
        divergence = (soft * (soft.log() - F.log_softmax(logits / 3, 1))).sum(1).mean()
        return 0.3 * F.cross_entropy(logits, d.labels) + 0.7 * 3 ** 2 * divergence

    return data, nets, adam(0.01), loss


def gradient_penalty(activation):
    """The critic of a Wasserstein GAN whose gradient to its input is to have norm 1 (Gulrajani and others, 2017)."""

    def program(rng):
        data = {"real": grid(rng.normal(size=(16, 4)) + 1), "fake": grid(rng.normal(size=(16, 4)) * 0.5),
                "share": grid(rng.random((STEPS, 16, 1)))}
        nets = {"first": (4, 12), "second": (12, 12), "last": (12, 1)}

        def loss(n, d, step):
            def critic(x):
                return n.last(activation(n.second(activation(n.first(x)))))

            x = (d.real + d.share[step] * (d.fake - d.real)).requires_grad_()
            norms = grad(critic(x).sum(), x, create_graph=True)[0].norm(dim=1)
            return critic(d.fake).mean() - critic(d.real).mean() + 10 * ((norms - 1) ** 2).mean()

        return data, nets, adam(0.005, beta1=0.5, beta2=0.9), loss

    return program


def reinforce(rng):
    """Policy gradient (Williams, 1992) on a row of five states: a step to the right or left, reward 1 in the last."""
    data = {"random": grid(rng.random((STEPS, 24)))}
    nets = {"hidden": (5, 8), "logits": (8, 2)}

    def loss(n, d, step):
        def policy(states):
            return F.log_softmax(n.logits(torch.tanh(n.hidden(F.one_hot(states, 5).to(n.hidden.w.dtype)))), 1)

        state, states, actions, rewards = 1, [], [], []
        for random in d.random[step]:
            right = policy(torch.tensor([state]))[0, 1].exp()
            assert abs(random - right) > 1e-3, "rounding must not change the action"
            states.append(state)
            actions.append(int(random < right))
            state = min(state + 1, 4) if random < right else max(state - 1, 0)
            rewards.append(float(state == 4))
        returns = [0.0] * 24
        for t in reversed(range(24)):
            returns[t] = rewards[t] + 0.75 * (returns[t + 1] if t < 23 else 0)
        logs = policy(torch.tensor(states))
        chosen = logs.gather(1, torch.tensor(actions)[:, None])[:, 0]
        entropy = -(logs.exp() * logs).sum(1)
        return -(chosen * torch.tensor(returns, dtype=logs.dtype)).mean() - 0.05 * entropy.mean()

    return data, nets, sgd(0.5), loss


def dqn(rng):
    """Deep Q-learning (Mnih and others, 2015): a target net, a replay memory of a random walk in the row of five states."""
    state, memory = 2, []
    for action in rng.integers(2, size=64):
        following = min(state + 1, 4) if action else max(state - 1, 0)
        done = following == 4
        memory.append((state, action, 2.0 if done else -0.25, following, done * 1.0))
        state = 0 if done else following
    data = dict(zip(("state", "action", "reward", "following", "done"), map(np.array, zip(*memory))))
    data["batch"] = rng.integers(64, size=(STEPS, 16))
    nets = {"hidden": (5, 8), "values": (8, 2)}

    def loss(n, d, step):
        def values(hidden, last, states):
            return last(torch.tanh(hidden(F.one_hot(states, 5).to(d.reward.dtype))))

        if step % 4 == 0:
            n.target = (n.hidden.copy(), n.values.copy())
        i = d.batch[step]
        value = values(n.hidden, n.values, d.state[i]).gather(1, d.action[i][:, None])[:, 0]
        following = values(*n.target, d.following[i]).max(1).values
        return F.huber_loss(value, d.reward[i] + 0.9 * (1 - d.done[i]) * following)

    return data, nets, adam(0.01), loss


def physics(rng):
    """A physics-informed net (Raissi, Perdikaris and Karniadakis, 2019): u'' = -sin(x), u(0) = u(pi) = 0."""
    data = {"x": grid(np.linspace(0, math.pi, 18)[1:-1, None]), "ends": np.array([[0], [np.float32(math.pi)]], np.float64)}
    nets = {"first": (1, 12), "second": (12, 12), "last": (12, 1)}

    def loss(n, d, step):
        def u(x):
            return n.last(torch.tanh(n.second(torch.tanh(n.first(x)))))

        x = d.x.clone().requires_grad_()
        slope = grad(u(x).sum(), x, create_graph=True)[0]
        curvature = grad(slope.sum(), x, create_graph=True)[0]
        return ((curvature + torch.sin(x)) ** 2).mean() + (u(d.ends) ** 2).mean()

    return data, nets, adam(0.01), loss


def attention(rng):
    """A block of attention with one head (Vaswani and others, 2017), a residual, and a classifier of the mean."""
    labels = rng.integers(3, size=16)
    x = rng.normal(size=(16, 7, 6))
    x[np.arange(16), rng.integers(7, size=16), labels] += 3
    data = {"x": grid(x), "labels": labels}
    nets = {"query": [6, 6], "key": [6, 6], "value": [6, 6], "classifier": (6, 3)}

    def loss(n, d, step):
        scores = (d.x @ n.query) @ (d.x @ n.key).transpose(1, 2) / math.sqrt(6)
        y = d.x + torch.softmax(scores, 2) @ (d.x @ n.value)
        return F.cross_entropy(n.classifier(y.mean(1)), d.labels)

    return data, nets, adam(0.01), loss


def recurrent(rng):
    """A plain recurrent cell over the 28 rows of the first pictures of MNIST, a row a step."""
    nets = {"kernel": [28, 16], "recurrentKernel": [16, 16], "bias": [1, 16], "classifier": (16, 10)}

    def loss(n, d, step):
        h = torch.zeros(16, 16, dtype=d.x.dtype)
        for t in range(28):
            h = torch.tanh(d.x[:, t] @ n.kernel + h @ n.recurrentKernel + n.bias)
        return F.cross_entropy(n.classifier(h), d.labels)

    return {}, nets, adam(0.01), loss


def focal(rng):
    """The focal loss (Lin and others, 2017) of a yes or no that is mostly no, from its formula: alpha 0.25, gamma 2."""
    x = rng.normal(size=(40, 6))
    data = {"x": grid(x), "y": (x[:, :1] + 0.5 * x[:, 1:2] ** 2 > 1.2) * 1.0}
    nets = {"hidden": (6, 8), "output": (8, 1)}

    def loss(n, d, step):
        p = torch.sigmoid(n.output(torch.relu(n.hidden(d.x))))
        right = d.y * p + (1 - d.y) * (1 - p)
        alpha = d.y * 0.25 + (1 - d.y) * 0.75
        return (-alpha * (1 - right) ** 2 * torch.log(right)).mean()

    return data, nets, sgd(1), loss


def quantile(rng):
    """The quantile or pinball loss (Koenker and Bassett, 1978), from its formula: the 90 % quantile."""
    x = rng.normal(size=(40, 3))
    data = {"x": grid(x), "y": grid(x[:, :1] + np.abs(x[:, 1:2]) * rng.normal(size=(40, 1)))}
    nets = {"hidden": (3, 8), "output": (8, 1)}

    def loss(n, d, step):
        error = d.y - n.output(torch.relu(n.hidden(d.x)))
        return torch.maximum(0.9 * error, -0.1 * error).mean()

    return data, nets, adam(0.01), loss


PROGRAMS = {"vae": vae, "siamese": siamese, "distillation": distillation,
            "gradient_penalty.softplus": gradient_penalty(F.softplus),
            "gradient_penalty.leaky_relu": gradient_penalty(lambda x: F.leaky_relu(x, 0.2)),
            "reinforce": reinforce, "dqn": dqn, "physics": physics, "attention": attention, "recurrent": recurrent,
            "focal": focal, "quantile": quantile}


# -------------------------------------------------------------------------------------------------- what they share


def grid(values, steps=64):
    return np.round(values * steps) / steps


def weights(rng, *shape):
    return grid(rng.uniform(-1, 1, shape) * math.sqrt(6 / sum(shape)) if shape[0] > 1 else rng.uniform(-0.1, 0.1, shape), 512)


def adam(rate, beta1=0.9, beta2=0.999):
    return lambda variables: torch.optim.Adam(variables, rate, (beta1, beta2), eps=1e-7, foreach=False)


def sgd(rate, momentum=0.0):
    return lambda variables: torch.optim.SGD(variables, rate, momentum, foreach=False)


class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def __call__(self, x):
        return x @ self.w + self.b

    def copy(self):
        return Dense(self.w.detach().clone(), self.b.detach().clone())


def first_weights(rng, nets):
    arrays = {}
    for name, shape in nets.items():
        if isinstance(shape, tuple):
            arrays[name + ".w"] = weights(rng, *shape)
            arrays[name + ".b"] = weights(rng, 1, shape[1])
        else:
            arrays[name] = weights(rng, *shape)
    return arrays


def mnist():
    with gzip.open(DATA + "/train-images-idx3-ubyte.gz") as images, gzip.open(DATA + "/train-labels-idx1-ubyte.gz") as labels:
        pixels = np.frombuffer(images.read(16 + 16 * 784)[16:], np.uint8).astype(np.float32) / np.float32(255)
        return {"x": pixels.reshape(16, 28, 28), "labels": np.frombuffer(labels.read(8 + 16)[8:], np.uint8).astype(np.int64)}


def train(dtype, data, first, optimizer, loss):
    """The losses of all steps, and the weights after the last."""

    def tensor(array):
        return torch.tensor(array, dtype=dtype if array.dtype.kind == "f" else torch.int64)

    variables = {name: tensor(array).requires_grad_() for name, array in first.items()}
    d = {name: tensor(array) for name, array in data.items()}
    everything = {**d, **variables}
    n = {name: value for name, value in variables.items() if "." not in name}
    for name in {name[:-2] for name in everything if name.endswith(".w")}:
        n[name] = Dense(everything[name + ".w"], everything[name + ".b"])
    n, d = SimpleNamespace(**n), SimpleNamespace(**d)
    optimizer = optimizer(variables.values())
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        target = loss(n, d, step)
        target.backward()
        optimizer.step()
        losses.append(target.item())
    return np.array(losses), {name: value.detach().numpy() for name, value in variables.items()}


def array_of(values, digits=17):
    numbers = [int(v) if float(v).is_integer() else float(f"{v:.{digits}g}") for v in values.ravel().tolist()]
    return {"shape": list(values.shape), "data": numbers}


def case(name, program, rng):
    data, nets, optimizer, loss = program(rng)
    first = first_weights(rng, nets)
    for key, array in {**data, **first}.items():
        assert np.array_equal(array, array.astype(np.float32)), key
    seen = mnist() if program is recurrent else data
    losses, final = train(torch.float64, seen, first, optimizer, loss)
    losses32, final32 = train(torch.float32, seen, first, optimizer, loss)

    expected = {"loss": losses, **{"final." + key: value for key, value in final.items()}}
    single = {"loss": losses32, **{"final." + key: value for key, value in final32.items()}}
    # The error of all weights together: that of a bias of one number may happen to be 0.
    of_weights = max(np.abs(single[key] - expected[key]).max() for key in expected if key != "loss")
    errors = {key: np.abs(losses32 - losses).max() if key == "loss" else of_weights for key in expected}
    print(f"{name:28} loss {losses[0]:9.6f} to {losses[-1]:9.6f}, float32 off by {errors['loss']:.1e}; "
          f"{sum(v.size for v in final.values())} weights, off by {of_weights:.1e}")
    return {"name": name, "note": program.__doc__ or gradient_penalty.__doc__,
            "shapes": {key: list(value.shape) for key, value in {**data, **first}.items()}, "params": {"steps": STEPS},
            "inputs": {key: array_of(value) for key, value in {**data, **first}.items()},
            "expected": {key: array_of(value, 12) for key, value in expected.items()},
            "tolerance": {key: {"rtol": 1e-5, "atol": 1e-5} for key in expected},
            "float32Error": {key: {"maxAbs": float(f"{error:.3g}")} for key, error in errors.items()},
            "float32": {"loss": array_of(losses32, 9)}}


torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
cases = [case(name, program, np.random.default_rng(35 + i)) for i, (name, program) in enumerate(PROGRAMS.items())]
with open(OUT, "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
