"""Makes the files here, with Debian's python3-torch, python3-safetensors and python3-numpy; see README.md."""
import json
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

HERE = pathlib.Path(__file__).parent


class Named(nn.Module):
    """Names that do not sort as the layers run, batch normalization, no bias at the end."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 6)
        self.norm = nn.BatchNorm1d(6)
        self.fc2 = nn.Linear(6, 6)
        self.between = nn.LayerNorm(6)
        self.fc10 = nn.Linear(6, 6)
        self.answer = nn.Linear(6, 3, bias=False)

    def forward(self, x):
        x = torch.relu(self.norm(self.fc1(x)))
        x = torch.tanh(self.between(self.fc2(x)))
        return torch.softmax(self.answer(torch.sigmoid(self.fc10(x))), -1)


def write(name, net, x, state=None):
    """The state and, beside it, inputs and the outputs in eval mode."""
    net.eval()
    with torch.no_grad():
        y = net(x)
    save_file(state or net.state_dict(), HERE / f"{name}.safetensors", {"format": "pt"})
    (HERE / f"{name}.json").write_text(json.dumps({"x": x.tolist(), "y": y.tolist()}) + "\n")


torch.manual_seed(7)
x = torch.randn(5, 4)
named = Named()
for _ in range(20):  # running averages and a counter
    named(torch.randn(16, 4) * 2 + 1)
write("named", named, x)
write("chain", nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 5), nn.ReLU(), nn.Linear(5, 2)), x)
half = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2)).half().float()  # weights that float16 has
write("half", half, x, {name: tensor.half() for name, tensor in half.state_dict().items()})
table = nn.Sequential(nn.Embedding(7, 3), nn.Flatten(), nn.Linear(6, 2)).bfloat16().float()
write("embedding", table, torch.tensor([[0, 6], [3, 3], [5, 1]]),
      {name: tensor.bfloat16() for name, tensor in table.state_dict().items()})


class Images(nn.Module):
    """Takes rows of pixels with channels last; inside, channels come first, so that flattened numbers have another order."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.grouped = nn.Conv2d(4, 6, 2, groups=2, bias=False)
        self.depthwise = nn.Conv2d(6, 12, 1, groups=6)
        self.groups = nn.GroupNorm(3, 12)
        self.back = nn.ConvTranspose2d(12, 4, 2, stride=2)
        self.answer = nn.Linear(32, 3)

    def forward(self, x):
        x = x.reshape(-1, 6, 5, 2).permute(0, 3, 1, 2)
        x = torch.max_pool2d(torch.relu(self.norm(self.first(x))), 2)
        x = torch.tanh(self.back(self.groups(self.depthwise(self.grouped(x)))))
        return self.answer(torch.flatten(x, 1))


images = Images()
for _ in range(20):
    images(torch.randn(16, 60) * 2 + 1)
write("images", images, torch.randn(4, 60))


class Slopes(nn.Module):
    """Separable convolutions as two modules each, slopes for channels and for features, and RMSNorm."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(2, 4, 3, groups=2, bias=False), nn.Conv2d(4, 3, 1), nn.PReLU(3),
            nn.Flatten(), nn.Linear(36, 6), nn.PReLU(6), nn.RMSNorm(6, eps=1e-6), nn.Linear(6, 5), nn.PReLU(), nn.Linear(5, 2))
        for module in self.net.modules():
            if isinstance(module, (nn.PReLU, nn.RMSNorm)):
                module.weight.data = torch.rand_like(module.weight) + 0.1

    def forward(self, x):
        return self.net(x.reshape(-1, 6, 5, 2).permute(0, 3, 1, 2))


torch.manual_seed(8)
slopes = Slopes()
write("slopes", slopes, torch.randn(4, 60), slopes.net.state_dict())


class Sequences(nn.Module):
    """Recurrent layers and attention over rows of 4 steps of 6 numbers, which give rows."""

    def __init__(self, both, forward, **modules):
        super().__init__()
        for part, module in modules.items():
            self.add_module(part, module)
        for parameter in self.parameters():  # biases and scales begin as zeros and ones
            parameter.data = torch.rand_like(parameter) - 0.3
        self.both = both
        self.run = forward

    def forward(self, x):
        y = self.run(self, x.reshape(-1, 4, 6))
        return torch.cat([y[:, -1, :3], y[:, 0, 3:]], 1) if self.both else torch.flatten(y, 1)


torch.manual_seed(9)
causal = nn.Transformer.generate_square_subsequent_mask(4)
for name, net in {
        "lstm": Sequences(True, lambda net, x: net.rnn(x)[0], rnn=nn.LSTM(6, 3, bidirectional=True, batch_first=True)),
        "gru": Sequences(True, lambda net, x: net.rnn(x)[0], rnn=nn.GRU(6, 3, bidirectional=True, batch_first=True)),
        "attention": Sequences(False, lambda net, x: net.answer(net.look(x, x, x)[0]), look=nn.MultiheadAttention(6, 2, batch_first=True),
                               answer=nn.Linear(6, 6)),
        "attention_cross": Sequences(False, lambda net, x: net.look(x, x[:, :, 4:], x[:, :, :3])[0],
                                     look=nn.MultiheadAttention(6, 3, bias=False, kdim=2, vdim=3, batch_first=True)),
        "encoder": Sequences(False, lambda net, x: net.encoder(x, mask=causal),
                             encoder=nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, norm_first=True, batch_first=True), 2, nn.LayerNorm(6))),
        "encoder_after": Sequences(False, lambda net, x: net.block(x),
                                   block=nn.TransformerEncoderLayer(6, 2, 6, activation="gelu", batch_first=True))}.items():
    write(name, net, torch.randn(4, 24))

torch.manual_seed(10)
for name, rnn in {  # the numbers of twelve layers do not sort as texts
        "lstm_stacked": nn.LSTM(6, 3, 2, bidirectional=True, batch_first=True),
        "gru_stacked": nn.GRU(6, 2, 3, bidirectional=True, batch_first=True),
        "rnn_stacked": nn.RNN(6, 3, 12, batch_first=True),
        "lstm_unbiased": nn.LSTM(6, 3, 2, bias=False, batch_first=True)}.items():
    write(name, Sequences(False, lambda net, x: net.rnn(x)[0], rnn=rnn), torch.randn(4, 24))
save_file(nn.LSTM(6, 3, 2, proj_size=2).state_dict(), HERE / "lstm_projected.safetensors", {"format": "pt"})
