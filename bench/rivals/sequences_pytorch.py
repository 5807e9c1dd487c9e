"""The works of SequenceWork (bench/endtoend) in PyTorch: WORK THREADS WARMUP_SECONDS SECONDS; prints a line of JSON, or without arguments the version."""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

import mnist

CHARACTERS, WIDTH, CONTEXT, WINDOWS, SIDE, ROWS, CLASSES, BLOCKS, HEADS = 65, 128, 64, 12, 28, 128, 10, 4, 4


class Block(nn.Module):
    """nanoGPT's."""

    def __init__(self):
        super().__init__()
        self.before, self.between = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x, cache=None, seen=0):
        batch, steps, _ = x.shape
        q, k, v = (part.view(batch, steps, HEADS, WIDTH // HEADS).transpose(1, 2) for part in self.qkv(self.before(x)).split(WIDTH, 2))
        if cache is not None:  # room for keys and values that is made once
            cache[0][:, :, seen:seen + steps], cache[1][:, :, seen:seen + steps] = k, v
            k, v = cache[0][:, :, :seen + steps], cache[1][:, :, :seen + steps]
        y = F.scaled_dot_product_attention(q, k, v, is_causal=cache is None)
        x = x + self.out(y.transpose(1, 2).reshape(batch, steps, WIDTH))
        return x + self.narrow(F.gelu(self.wide(self.between(x))))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.characters, self.places = nn.Embedding(CHARACTERS, WIDTH), nn.Embedding(CONTEXT, WIDTH)
        self.blocks = nn.ModuleList([Block() for _ in range(BLOCKS)])
        self.norm, self.out = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, CHARACTERS, bias=False)

    def forward(self, x, caches=None, seen=0):
        x = self.characters(x) + self.places.weight[seen:seen + x.shape[1]]
        for i, block in enumerate(self.blocks):
            x = block(x) if caches is None else block(x, caches[i], seen)
        return self.out(self.norm(x))

    def logits(self):
        """A function of the next token, which keeps keys and values."""
        caches = [torch.empty(2, 1, HEADS, CONTEXT, WIDTH // HEADS) for _ in range(BLOCKS)]
        return lambda token, seen: self(token, caches, seen)


class TextLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.characters, self.lstm, self.out = nn.Embedding(CHARACTERS, WIDTH), nn.LSTM(WIDTH, WIDTH, batch_first=True), nn.Linear(WIDTH, CHARACTERS)

    def forward(self, x):
        return self.out(self.lstm(self.characters(x))[0])

    def logits(self):
        """A function of the next token, which keeps the state."""
        state = None

        def next_one(token, seen):
            nonlocal state
            y, state = self.lstm(self.characters(token), state)
            return self.out(y)
        return next_one


class ImageLSTM(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.lstm, self.out = nn.LSTM(SIDE, units, batch_first=True), nn.Linear(units, CLASSES)

    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])


def net(name):
    return Transformer() if name == "transformer" else TextLSTM() if name == "text-lstm" else ImageLSTM(int(name.split("-")[1]))


def work(name):
    """What to repeat, and how many items it is."""
    kind, name = name.split("-", 1)
    model = net(name)
    is_text = not isinstance(model, ImageLSTM)
    count = 1 if kind == "predict" else WINDOWS if is_text else ROWS
    x = torch.randint(0, CHARACTERS, (count, CONTEXT)) if is_text else torch.rand(count, SIDE, SIDE)
    if kind == "train":
        y = torch.randint(0, CHARACTERS, (count, CONTEXT)).view(-1) if is_text else torch.arange(count) % CLASSES
        optimizer = (torch.optim.AdamW if is_text else torch.optim.Adam)(model.parameters(), 1e-3, fused=True)

        def step():
            optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(model(x).view(len(y), -1), y).backward()
            optimizer.step()
        return step, 1
    model.eval()

    def predict():
        with torch.inference_mode():
            model(x)

    def generate():
        with torch.inference_mode():
            logits, token = model.logits(), torch.zeros(1, 1, dtype=torch.long)
            for seen in range(CONTEXT):
                token = torch.multinomial(F.softmax(logits(token, seen)[:, -1], -1), 1)
                token.item()  # the caller has it
    return (predict, x.shape[1]) if kind == "predict" else (generate, CONTEXT)


def blocks(task, items, seconds):
    """Microseconds of an item, in blocks of several calls."""
    micros, begin = [], time.perf_counter()
    while not micros or time.perf_counter() - begin < seconds:
        start, calls = time.perf_counter(), 0
        while calls == 0 or time.perf_counter() - start < 0.1:
            task()
            calls += 1
        micros.append(1e6 * (time.perf_counter() - start) / calls / items)
    return micros


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(torch.__version__)
        sys.exit()
    torch.set_num_threads(int(sys.argv[2]))
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    task, items = work(sys.argv[1])
    blocks(task, items, float(sys.argv[3]))
    mnist.print_line({"backend": " ".join(["oneDNN", torch.backends.cpu.get_cpu_capability(), *mnist.blas()]),
                      "micros": blocks(task, items, float(sys.argv[4]))})
