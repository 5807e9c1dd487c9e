"""`small-cnn` and `large-cnn` in PyTorch, trained as BERAS trains them, for the scripts that compare the two."""
import math

import torch

nn = torch.nn


def whitening(images, size, stride):
    """A fixed convolution of both signs of the eigenvectors of patches (count, channels, height, width), scaled to variance 1."""
    channels = images.shape[1]
    padded = nn.functional.pad(images, (1, 1, 1, 1))
    patches = nn.functional.unfold(padded, size, stride=stride).transpose(1, 2).flatten(0, 1).double()
    mean = patches.mean(0)
    centred = patches - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(patches))
    filters = (vectors / (values.clamp(min=0) + 0.0005 * values.mean()).sqrt()).T
    layer = nn.Conv2d(channels, 2 * len(mean), size, stride=stride, padding=1)
    with torch.no_grad():
        layer.weight.copy_(torch.cat([filters, -filters]).reshape(-1, channels, size, size))
        layer.bias.copy_(torch.cat([-filters @ mean, filters @ mean]))
    return layer.requires_grad_(False)


def net(name, images, classes):
    """The layers of `ImageNet` by their name, with a whitening of these images."""
    def block(inputs, outputs, pools=False, passes=False):
        layer = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        nn.init.xavier_uniform_(layer.weight)
        if passes:
            nn.init.dirac_(layer.weight)
        return [layer, *([nn.MaxPool2d(2)] if pools else []), nn.BatchNorm2d(outputs, eps=0.001, momentum=0.01), nn.ReLU()]

    if name == "large-cnn":
        first = whitening(images, size=3, stride=1)
        blocks = block(first.out_channels, 32, pools=True) + block(32, 64) + block(64, 128, pools=True)
        blocks += block(128, 128, passes=True) + block(128, 256, pools=True)
        side, channels = images.shape[-1] // 2 // 2 // 2, 256
    else:
        first = whitening(images, size=4, stride=2)
        blocks = block(first.out_channels, 64, pools=True) + block(64, 128)
        side, channels = (images.shape[-1] + 1) // 2 // 2, 128
    last = nn.Linear(channels * side * side, classes)
    nn.init.xavier_uniform_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(first, nn.ReLU(), *blocks, nn.Flatten(), nn.Dropout(0.2), last)


def augmented(images, epoch=0, indices=None):
    """As `--augment` does: moves, turns, stretches and slants."""
    n, _, _, side = images.shape
    angle, shear = [(torch.rand(n) * 2 - 1) * most for most in (math.radians(12), 0.1)]
    zoom = 1 + (torch.rand(n) * 2 - 1) * 0.1
    shift = (torch.rand(n, 2) * 2 - 1) * 2 / (side / 2)
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    theta = torch.stack([torch.stack([cos, shear - sin, shift[:, 0]], 1), torch.stack([sin, cos, shift[:, 1]], 1)], 1)
    grid = nn.functional.affine_grid(theta, images.shape, align_corners=False)
    return nn.functional.grid_sample(images, grid, align_corners=False)


def mirrored(images, epoch, indices):
    """As `--augment flip=horizontal` does: each in every other epoch."""
    flip = (indices.bitwise_xor(indices >> 3) + epoch) % 2 == 0
    return torch.where(flip[:, None, None, None], images.flip(3), images)


def fit(model, x, y, epochs, batch, change=lambda images, epoch, indices: images):
    """Adam at 0.01 along one cycle, targets smoothed by 0.1. `change` is what happens to a batch before the net sees it."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    steps = epochs * math.ceil(len(x) / batch)
    rate = lambda step: 0.1 + 0.9 * step / (0.25 * steps) if step < 0.25 * steps else (steps - step) / (0.75 * steps)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    for epoch in range(epochs):
        model.train()
        for some in torch.randperm(len(x)).split(batch):
            loss = nn.functional.cross_entropy(model(change(x[some], epoch, some)), y[some], label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


def accuracy(model, x, y, views=lambda images: [images]):
    """The share of right answers, by the mean probability of the views."""
    model.eval()
    right = 0
    with torch.no_grad():
        for images, labels in zip(x.split(1000), y.split(1000)):
            right += (sum(model(view).softmax(1) for view in views(images)).argmax(1) == labels).sum().item()
    return right / len(x)
