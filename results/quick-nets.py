#!/usr/bin/python3
"""What nets for pictures learn in few epochs, and what each idea brings.

    results/quick-nets.py nets --fashion /usr/share/datasets/fashion-mnist     the commands of the guide, seeds 1 to 5
    results/quick-nets.py ideas --fashion /usr/share/datasets/fashion-mnist    small-cnn on Fashion-MNIST with one thing changed
    results/quick-nets.py torch --fashion /usr/share/datasets/fashion-mnist    the nets in PyTorch (`python3-torch`, by /usr/bin/python3)

Run it from the project's root after `mvn package`, on a machine that does nothing else. A training that is in the CSV file already is
not made again, so that it may be interrupted. At the end it prints the mean and the least of the seeds.
"""
import argparse
import csv
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import origin

SAME = ",padding=same,use_bias=false,"
FIRST = "whitening:4:relu,strides=2,padding=same,"


def small(first=FIRST, pooled="max_pool:2,batch_norm,relu,", dropout="dropout:0.2,"):
    return ["--layers", f"{first}conv:64x3{SAME}{pooled}conv:128x3{SAME}batch_norm,relu,{dropout}10:softmax"]


def adam(rate):
    return ["--optimizer", f"adam({rate})"]


NET = ["--net", "small-cnn", "--epochs", "12"]
LARGE = ["--net", "large-cnn", "--augment", "flip=horizontal,erase=8", "--views", "flip"]
MIRRORED = ["--augment", "flip=horizontal"]
VIEWS = ["--views", "flip"]
BASE = NET + MIRRORED + VIEWS
LAYERS = ["--lr-schedule", "one_cycle", "--label-smoothing", "0.1", "--epochs", "12"] + adam(0.01) + MIRRORED + VIEWS
IDEAS = {
    "small-cnn": BASE,
    "first layer is trained": small("conv:32x4:relu,strides=2,padding=same,") + LAYERS,
    "normalized before maxima": small(pooled="batch_norm,relu,max_pool:2,") + LAYERS,
    "dropout 0.4": small(dropout="dropout:0.4,") + LAYERS,
    "no dropout": small(dropout="") + LAYERS,
    "rate falls along a cosine": BASE + ["--lr-schedule", "cosine"],
    "adam 0.002": BASE + adam(0.002),
    "adam 0.005": BASE + adam(0.005),
    "adam 0.02": BASE + adam(0.02),
    "ema": BASE + ["--ema", "0.99"],
    "no label smoothing": BASE + ["--loss", "cross-entropy"],
    "not mirrored, one view": NET,
    "one view": NET + MIRRORED,
    "six views": NET + MIRRORED + ["--views", "flip,shift=1"],
    "moved, too": NET + ["--augment", "shift=1,flip=horizontal"] + VIEWS,
    "a square of 8 erased": NET + ["--augment", "flip=horizontal,erase=8"] + VIEWS,
}
NETS = {
    ("mnist", "small-cnn"): ["--net", "small-cnn", "--epochs", "5"],
    ("mnist", "small-cnn, augmented"): ["--net", "small-cnn", "--augment", "--views", "shift=1", "--epochs", "8"],
    ("fashion", "small-cnn, 2.5 minutes"): BASE,
    ("fashion", "large-cnn"): LARGE + ["--epochs", "10"],
    ("fashion", "large-cnn, 5 epochs"): LARGE + ["--epochs", "5"],
}


def train(data, options, seed):
    with tempfile.TemporaryDirectory() as folder:
        command = ["java", "--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xmn24m", "-jar", "beras.jar", "train", *data,
                   *options, "--seed", str(seed), "--json", "--out", os.path.join(folder, "model.beras")]
        print(" ".join(command), file=sys.stderr)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    summary = json.loads(done.stdout.splitlines()[-1])["summary"]
    return {"epochs": summary["epochs"], "test_accuracy": summary["test_accuracy"],
            "seconds": round(summary["seconds_since_start"], 1),
            "user_seconds": round(after.ru_utime - before.ru_utime, 1), "weights_sha256": summary["weights_sha256"]}


def train_torch(place, folder, options, seed):
    """The same net, epochs, changes and mirrored view in PyTorch; shifted views and erased squares are left out."""
    import gzip

    import numpy
    import torch

    import torch_cnn
    torch.manual_seed(seed)
    begin = time.time()
    user = resource.getrusage(resource.RUSAGE_SELF).ru_utime

    def read(part):
        def numbers(kind, header):
            name = os.path.join(folder, f"{part}-{kind}")
            with (gzip.open(name + ".gz") if os.path.exists(name + ".gz") else open(name, "rb")) as file:
                return torch.tensor(numpy.frombuffer(file.read(), numpy.uint8, offset=header))
        labels = numbers("labels-idx1-ubyte", 8).long()
        return numbers("images-idx3-ubyte", 16).reshape(len(labels), 1, 28, 28).float() / 255, labels

    x, y = read("train")
    net = torch_cnn.net(options[options.index("--net") + 1], x, 10)
    epochs = int(options[options.index("--epochs") + 1])
    flips = "flip=horizontal" in " ".join(options)
    change = [torch_cnn.mirrored] if flips else [torch_cnn.augmented] if "--augment" in options else []
    torch_cnn.fit(net, x, y, epochs, 128, *change)
    views = (lambda images: [images, images.flip(3)]) if flips else (lambda images: [images])
    reached = torch_cnn.accuracy(net, *read("t10k"), views)
    return {"epochs": epochs, "test_accuracy": round(reached, 4), "seconds": round(time.time() - begin, 1),
            "user_seconds": round(resource.getrusage(resource.RUSAGE_SELF).ru_utime - user, 1), "weights_sha256": ""}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["nets", "ideas", "torch"])
    parser.add_argument("--fashion", required=True, help="folder with Fashion-MNIST")
    parser.add_argument("--only", default="", help="only trainings whose data and name have this regular expression in them")
    parser.add_argument("--seeds", type=int, help="how many; default 5, of ideas 2")
    parser.add_argument("--out", help="CSV file; default results/quick-WHAT.csv")
    args = parser.parse_args()
    seeds = args.seeds or (2 if args.what == "ideas" else 5)
    out = args.out or f"results/quick-{args.what}.csv"
    folders = {"mnist": "data", "fashion": args.fashion}
    jobs = {("fashion", name): options for name, options in IDEAS.items()} if args.what == "ideas" else NETS
    jobs = {key: options for key, options in jobs.items() if re.search(args.only, ": ".join(key))}
    header = ["data", "training", "seed", "epochs", "test_accuracy", "seconds", "user_seconds", "weights_sha256"]
    rows = []
    if os.path.exists(out):
        with open(out, newline="") as file:
            rows = list(csv.DictReader(origin.rows(file)))
    known = {(row["data"], row["training"], row["seed"]) for row in rows}
    for seed in range(1, seeds + 1):
        for (place, name), options in jobs.items():
            if (place, name, str(seed)) not in known:
                result = train_torch(place, folders[place], options, seed) if args.what == "torch" else train(
                    ["--data", folders[place]], options, seed)
                rows.append({"data": place, "training": name, "seed": seed, **result})
                with open(out + ".new", "w", newline="") as file:
                    file.write(origin.lines(out))
                    writer = csv.DictWriter(file, header, lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(rows)
                os.replace(out + ".new", out)
    print("data     training                                    seeds  mean     least    seconds  user")
    for place, name in jobs:
        same = [row for row in rows if (row["data"], row["training"]) == (place, name)]
        accuracy = [float(row["test_accuracy"]) for row in same]
        print(f"{place:8} {name:42} {len(same):5}  {statistics.mean(accuracy):.4f}   {min(accuracy):.4f}"
              f"   {statistics.mean(float(row['seconds']) for row in same):7.1f}"
              f"  {statistics.mean(float(row['user_seconds']) for row in same):7.1f}")


main()
