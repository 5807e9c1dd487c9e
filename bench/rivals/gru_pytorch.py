"""A GRU of 128 units over the rows of MNIST's images in PyTorch, 10 epochs, Adam, one cycle up to 0.004: FOLDER SEED THREADS, the folder with the four unpacked IDX files."""
import sys

import torch
from torch import nn
from torch.nn import functional as F

import mnist

EPOCHS, BATCH = 10, 128
torch.set_num_threads(int(sys.argv[3]))
torch.set_flush_denormal(True)
torch.manual_seed(int(sys.argv[2]))


def load(part):
    images, labels = mnist.load(sys.argv[1], part)
    return torch.from_numpy(images).view(-1, 28, 28), torch.from_numpy(labels).long()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.out = nn.GRU(28, 128, batch_first=True), nn.Linear(128, mnist.CLASSES)

    def forward(self, x):
        return self.out(self.gru(x)[0][:, -1])


images, labels = load("train")
test_images, test_labels = load("t10k")
net = Net()
adam = torch.optim.Adam(net.parameters(), fused=True)
steps = EPOCHS * -(-len(images) // BATCH)
schedule = torch.optim.lr_scheduler.OneCycleLR(adam, 0.004, steps, pct_start=0.25, anneal_strategy="linear", div_factor=10,
                                               cycle_momentum=False)
for epoch in range(EPOCHS):
    for chosen in torch.randperm(len(images)).split(BATCH):
        adam.zero_grad(set_to_none=True)
        F.cross_entropy(net(images[chosen]), labels[chosen]).backward()
        adam.step()
        schedule.step()
with torch.inference_mode():
    print(f"pytorch,{sys.argv[2]},{(net(test_images).argmax(1) == test_labels).float().mean().item():.4f}", flush=True)
