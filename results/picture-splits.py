#!/usr/bin/python3
"""Compares what decides the weights of a small folder of pictures, on ten splits of two folders; writes picture-splits.csv.

    results/picture-splits.py --folder /tmp/pictures --jar beras.jar --out results/picture-splits.csv

`held-out` holds out 15 % for validation, keeps the epoch of the best validation accuracy and fits a temperature to them;
`all` trains on all pictures and keeps the last epoch. Both train `--net small-cnn --augment --epochs 40`. The folders: 159 stamps of
three classes of Debian's `tuxpaint-stamps-default`, a fifth of which is the test, and 200 images of ten classes of Fashion-MNIST
(`dataset-fashion-mnist`), of which 1000 others are the test. Rows that the file has already are not made again. For the build before
the default changed; later ones need `--early-stopping 40 --monitor accuracy` for `held-out`, and fit no temperature.
"""
import argparse
import csv
import gzip
import json
import pathlib
import random
import re
import subprocess

import folders
import origin

VARIANTS = {"held-out": "", "all": "--validation-split 0"}
STAMPS = {"animals": 60, "food": 49, "vehicles": 50}
FIELDS = "folder", "split", "variant", "kept_epoch", "temperature", "accuracy", "log_loss", "calibration_error"


def stamps(folder):
    made = folder / "stamps3"
    if not made.exists():
        folders.CLASSES = tuple(STAMPS)
        pictures = folders.make(folder / "stamps")
        for name, count in STAMPS.items():
            files = sorted((pictures / name).iterdir())
            random.Random(name).shuffle(files)
            (made / name).mkdir(parents=True)
            for file in files[:count]:
                (made / name / file.name).symlink_to(file.resolve())
    return made


def fashion(folder):
    made = folder / "fashion"
    if not made.exists():
        import numpy
        from PIL import Image
        data = pathlib.Path("/usr/share/datasets/fashion-mnist")
        x = numpy.frombuffer(gzip.open(data / "train-images-idx3-ubyte.gz").read(), numpy.uint8, offset=16).reshape(-1, 28, 28)
        y = numpy.frombuffer(gzip.open(data / "train-labels-idx1-ubyte.gz").read(), numpy.uint8, offset=8)
        for label in range(10):
            (made / f"c{label}").mkdir(parents=True)
            for i in numpy.flatnonzero(y == label)[:120]:
                Image.fromarray(x[i]).save(made / f"c{label}" / f"{i:05}.png")
    return made


def split(folder, pictures, seed):
    """A hundred pictures of each class to test, the others to train on."""
    made = folder / f"fashion-{seed}"
    if not made.exists():
        for label in sorted(pictures.iterdir()):
            files = sorted(label.iterdir())
            random.Random(f"{seed} {label.name}").shuffle(files)
            for part, some in ("test", files[:100]), ("train", files[100:]):
                (made / part / label.name).mkdir(parents=True)
                for file in some:
                    (made / part / label.name / file.name).symlink_to(file.resolve())
    return made


def measure(jar, data, tested, seed, variant, model):
    java = ["java", "-Xmx2g", "--add-modules", "jdk.incubator.vector", "-jar", jar]
    told = subprocess.run([*java, "train", "--data", str(data), "--net", "small-cnn", "--augment", "--epochs", "40", "--seed", str(seed),
                           "--split-seed", str(seed), "--out", str(model), "--force", *VARIANTS[variant].split()],
                          check=True, capture_output=True, text=True).stderr
    kept, temperature = re.search(r"weights of epoch (\d+)", told), re.search(r"temperature ([\d.]+)", told)
    measured = json.loads(subprocess.run([*java, "evaluate", "--json", str(model), "--data", str(tested)], check=True,
                                         capture_output=True, text=True).stdout.splitlines()[-1])
    return [kept[1] if kept else 40, temperature[1] if temperature else "",
            *(f"{measured[name]:.4f}" for name in ("accuracy", "log_loss", "calibration_error"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--jar", default="beras.jar")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    rows = list(csv.reader(origin.rows(options.out.open()))) if options.out.exists() else [list(FIELDS)]
    done = {tuple(row[:3]) for row in rows}
    for name, pictures in ("stamps", stamps(options.folder)), ("fashion", fashion(options.folder)):
        for seed in range(1, 11):
            data = split(options.folder, pictures, seed) if name == "fashion" else pictures
            tested = data / "test" if name == "fashion" else data
            for variant in VARIANTS:
                if (name, str(seed), variant) not in done:
                    rows.append([name, seed, variant, *measure(options.jar, data, tested, seed, variant, options.folder / "m.beras")])
                    first = origin.lines(options.out)
                    with options.out.open("w", newline="") as out:
                        out.write(first)
                        csv.writer(out, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
