"""Steps of TrainingSteps (bench/autograd) in PyTorch eager, on one thread: microseconds of the median step."""
import statistics
import time

import torch

BATCH, INPUTS, CLASSES = 128, 784, 10
torch.set_num_threads(1)
torch.set_flush_denormal(True)
torch.manual_seed(1)
x = torch.rand(BATCH, INPUTS)
y = torch.nn.functional.one_hot(torch.arange(BATCH) % CLASSES, CLASSES).float()


def measure(hidden):
    sizes = [(INPUTS, CLASSES)] if hidden == 0 else [(INPUTS, hidden), (hidden, CLASSES)]
    weights = []
    for size in sizes:
        weights.append(torch.nn.init.xavier_uniform_(torch.empty(size)).requires_grad_())
        weights.append(torch.zeros(size[1], requires_grad=True))
    adam = torch.optim.Adam(weights, lr=1e-3, eps=1e-7, fused=True)

    def step():
        z = torch.addmm(weights[1], x, weights[0])
        if hidden > 0:
            z = torch.addmm(weights[3], z.relu(), weights[2])
        loss = -(z.log_softmax(1) * y).sum(1).mean()
        for weight in weights:
            weight.grad = None
        loss.backward()
        adam.step()

    times = []
    for i in range(3000):
        start = time.perf_counter()
        step()
        if i >= 500:
            times.append(time.perf_counter() - start)
    return 1e6 * statistics.median(times)


for hidden in 0, 128:
    print(f"{hidden},{measure(hidden):.1f}", flush=True)
