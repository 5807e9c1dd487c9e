#!/usr/bin/env python3
"""What nets for pictures learn in few epochs, and what each idea brings.

    results/quick-nets.py ideas --fashion /usr/share/datasets/fashion-mnist    the ideas one by one, seeds 1 to 3
    results/quick-nets.py nets --fashion /usr/share/datasets/fashion-mnist     the commands of the guide, seeds 1 to 5

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

# The net of before and how it was trained; each idea changes one thing of what is above it, unless it says otherwise.
BLOCK = ",padding=same,use_bias=false,batch_norm,relu,"
PASSING = ",padding=same,use_bias=false,kernel_initializer=dirac,batch_norm,relu,"
TAIL = "conv:64x3" + BLOCK + "max_pool:2,conv:128x3" + BLOCK + "dropout:0.4,10:softmax"
BEFORE = "conv:32x3" + BLOCK + "max_pool:2," + TAIL
WHITE = {"3, pooled": "whitening:3:relu,padding=same,max_pool:2,", "3, stride 2": "whitening:3:relu,strides=2,padding=same,",
         "4, stride 2": "whitening:4:relu,strides=2,padding=same,"}
LARGE = WHITE["4, stride 2"] + "conv:64x3" + BLOCK + "conv:64x3{}max_pool:2,conv:128x3" + BLOCK + "conv:128x3{}dropout:0.4,10:softmax"
SMOOTH = ["--label-smoothing", "0.1"]
CYCLE = ["--lr-schedule", "one_cycle"]
NET = ["--layers", WHITE["4, stride 2"] + TAIL]


def adam(rate, more=""):
    return ["--optimizer", f"adam({rate}{more})"]


def sgd(rate, more=""):
    return ["--optimizer", f"sgd({rate}, momentum=0.9, nesterov=true, weight_decay=0.01{more})"]


BETA = ", rate_factors=by_name(beta={})"
BEST = NET + SMOOTH + CYCLE + adam(0.005)
EPOCHS = ["--epochs", "4"]
IDEAS = {
    "before, 4 epochs": ["--layers", BEFORE, "--lr-schedule", "cosine"] + EPOCHS,
    "before, 12 epochs": ["--layers", BEFORE, "--lr-schedule", "cosine", "--epochs", "12"],
    "one cycle": ["--layers", BEFORE] + CYCLE + EPOCHS,
    "one cycle, adam 0.005": ["--layers", BEFORE] + CYCLE + adam(0.005) + EPOCHS,
    "and label smoothing": ["--layers", BEFORE] + SMOOTH + CYCLE + adam(0.005) + EPOCHS,
    "the same, adam 0.01": ["--layers", BEFORE] + SMOOTH + CYCLE + adam(0.01) + EPOCHS,
    "the same, sgd 0.1": ["--layers", BEFORE] + SMOOTH + CYCLE + sgd(0.1) + EPOCHS,
    "the same, sgd 0.2": ["--layers", BEFORE] + SMOOTH + CYCLE + sgd(0.2) + EPOCHS,
    "sgd 0.1, betas 16 times": ["--layers", BEFORE] + SMOOTH + CYCLE + sgd(0.1, BETA.format(16)) + EPOCHS,
    "sgd 0.1, betas 64 times": ["--layers", BEFORE] + SMOOTH + CYCLE + sgd(0.1, BETA.format(64)) + EPOCHS,
    "adam 0.005, betas 4 times": ["--layers", BEFORE] + SMOOTH + CYCLE + adam(0.005, BETA.format(4)) + EPOCHS,
    **{"adam 0.005, whitening " + name: ["--layers", first + TAIL] + SMOOTH + CYCLE + adam(0.005) + EPOCHS
       for name, first in WHITE.items()},
    "whitening 4, sgd 0.1, betas 16 times": NET + SMOOTH + CYCLE + sgd(0.1, BETA.format(16)) + EPOCHS,
    "whitening 4, sgd 0.1, betas 64 times": NET + SMOOTH + CYCLE + sgd(0.1, BETA.format(64)) + EPOCHS,
    "whitening 4, lookahead 5, 0.5": NET + SMOOTH + CYCLE + adam(0.005, ", lookahead_steps=5, lookahead_rate=0.5") + EPOCHS,
    "whitening 4, ema": BEST + ["--ema", "0.99"] + EPOCHS,
    "whitening 4, shifted": BEST + ["--augment", "shift=1"] + EPOCHS,
    "whitening 4, flipped": BEST + ["--augment", "flip=horizontal"] + EPOCHS,
    "flipped, views flip": BEST + ["--augment", "flip=horizontal", "--views", "flip"] + EPOCHS,
    "flipped, views flip and shift": BEST + ["--augment", "flip=horizontal", "--views", "flip,shift=1"] + EPOCHS,
    "views shift": BEST + ["--views", "shift=1"] + EPOCHS,
    "large": ["--layers", LARGE.format(BLOCK, BLOCK)] + SMOOTH + CYCLE + adam(0.005) + EPOCHS,
    "large, identity start": ["--layers", LARGE.format(PASSING, PASSING)] + SMOOTH + CYCLE + adam(0.005) + EPOCHS,
}
FLIP = ["--augment", "shift=1,flip=horizontal", "--views", "flip,shift=1"]
NETS = {
    ("mnist", "small-cnn"): ["--net", "small-cnn"],
    ("mnist", "small-cnn, 4 minutes"): ["--net", "small-cnn", "--augment", "--views", "shift=1", "--epochs", "12"],
    ("mnist", "large-cnn, 4 minutes"): ["--net", "large-cnn", "--augment", "--views", "shift=1", "--epochs", "5"],
    ("fashion", "small-cnn"): ["--net", "small-cnn"],
    ("fashion", "small-cnn, 2.5 minutes"): ["--net", "small-cnn", "--epochs", "8"] + FLIP,
    ("fashion", "large-cnn, 15 minutes"): ["--net", "large-cnn", "--epochs", "18"] + FLIP,
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["ideas", "nets"])
    parser.add_argument("--fashion", required=True, help="folder with Fashion-MNIST")
    parser.add_argument("--only", default="", help="only trainings whose data and name have this regular expression in them")
    parser.add_argument("--seeds", type=int, help="how many")
    parser.add_argument("--out", help="CSV file; default results/quick-nets.csv or results/quick-ideas.csv")
    args = parser.parse_args()
    ideas = args.what == "ideas"
    seeds = args.seeds or (3 if ideas else 5)
    out = args.out or ("results/quick-ideas.csv" if ideas else "results/quick-nets.csv")
    data = {"mnist": [], "fashion": ["--data", args.fashion]}
    jobs = {(place, name): options for place in ("fashion", "mnist") for name, options in IDEAS.items()
            if place == "fashion" or "flip" not in name} if ideas else NETS
    jobs = {key: options for key, options in jobs.items() if re.search(args.only, ": ".join(key))}
    header = ["data", "training", "seed", "epochs", "test_accuracy", "seconds", "user_seconds", "weights_sha256"]
    rows = []
    if os.path.exists(out):
        with open(out, newline="") as file:
            rows = list(csv.DictReader(file))
    known = {(row["data"], row["training"], row["seed"]) for row in rows}
    for seed in range(1, seeds + 1):
        for (place, name), options in jobs.items():
            if (place, name, str(seed)) not in known:
                rows.append({"data": place, "training": name, "seed": seed, **train(data[place], options, seed)})
                with open(out + ".new", "w", newline="") as file:
                    writer = csv.DictWriter(file, header)
                    writer.writeheader()
                    writer.writerows(rows)
                os.replace(out + ".new", out)
    print("data     training                               seeds  mean     least    seconds  user")
    for place, name in jobs:
        same = [row for row in rows if (row["data"], row["training"]) == (place, name)]
        accuracy = [float(row["test_accuracy"]) for row in same]
        print(f"{place:8} {name:38} {len(same):5}  {statistics.mean(accuracy):.4f}   {min(accuracy):.4f}"
              f"   {statistics.mean(float(row['seconds']) for row in same):7.1f}"
              f"  {statistics.mean(float(row['user_seconds']) for row in same):7.1f}")


main()
