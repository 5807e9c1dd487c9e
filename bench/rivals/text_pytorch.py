"""SequenceText (bench/endtoend) in PyTorch: FILE.txt STEPS SEED THREADS; prints the loss per character of the held-out tenth as CSV."""
import sys

import torch
from torch.nn import functional as F

from sequences_pytorch import CHARACTERS, CONTEXT, WINDOWS, Transformer

text = open(sys.argv[1], encoding="utf-8").read()
steps, seed = int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(int(sys.argv[4]))
torch.set_flush_denormal(True)
torch.manual_seed(seed)
numbers = {character: i for i, character in enumerate(sorted(set(text)))}
tokens = torch.tensor([numbers[character] for character in text])
held = len(tokens) * 9 // 10
training, rest = tokens[:held], tokens[held:]
net = Transformer()
for name, weight in net.named_parameters():  # nanoGPT's
    if weight.dim() > 1:
        torch.nn.init.normal_(weight, 0, 0.02)
    elif name.endswith("bias"):
        torch.nn.init.zeros_(weight)
adam = torch.optim.AdamW(net.parameters(), 1e-3, weight_decay=0.01, fused=True)


def windows(source, starts):
    at = starts[:, None] + torch.arange(CONTEXT)
    return source[at], source[at + 1]


def loss(x, y):
    return F.cross_entropy(net(x).view(-1, CHARACTERS), y.reshape(-1))


def validation():
    starts = torch.arange(2000) * ((len(rest) - CONTEXT - 1) // 2000)
    with torch.inference_mode():
        return sum(loss(*windows(rest, part)).item() * len(part) for part in starts.split(100)) / len(starts)


print(f"pytorch,{seed},0,{validation():.4f}", flush=True)
for step in range(1, steps + 1):
    adam.zero_grad(set_to_none=True)
    loss(*windows(training, torch.randint(0, held - CONTEXT - 1, (WINDOWS,)))).backward()
    adam.step()
    if step % 500 == 0:
        print(f"pytorch,{seed},{step},{validation():.4f}", flush=True)
