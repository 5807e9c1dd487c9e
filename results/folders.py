#!/usr/bin/python3
"""Makes a folder of 439 pictures in five classes of a Debian package, trains BERAS on it, and prints what it reaches.

Run it from the project's root after `mvn package`. It needs Python, `apt-get` and `dpkg-deb` to make the folder, and, for the rows
of PyTorch, `python3-torch` and `python3-pil`:

    results/folders.py --folder /tmp/pictures              # BERAS, three splits
    results/folders.py --folder /tmp/pictures --torch      # PyTorch beside it, the same net on the same splits
    results/folders.py --folder /tmp/pictures --jar old.jar --only augmented

The pictures are the stamps of `tuxpaint-stamps-default`: clip art and photographs of animals (154), town (80), food (74), household
(73) and vehicles (58), most with transparency, 22 to 2348 pixels high. They have licences of their own and are not part of BERAS.

Each seed splits them anew: four fifths of each class to train on, one fifth to test. A line has the mean and the least of the test
accuracy over the seeds, that of always the most frequent class beside it, and the accuracy on the pictures trained on, as the
saved model predicts them. One test picture is 1.1 points, so that means of three splits that differ by 3 points say nothing.
"""
import argparse
import csv
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

import origin

PACKAGE = "tuxpaint-stamps-default"
CLASSES = "animals", "food", "household", "town", "vehicles"
SEEDS = 1, 2, 3
# name, options of train
RECIPES = (
    ("dense", "--epochs 25 --validation-split 0"),
    ("small-cnn", "--net small-cnn --epochs 25 --validation-split 0"),
    ("augmented", "--net small-cnn --augment --epochs 40 --validation-split 0"),
    ("early", "--net small-cnn --augment --epochs 40 --validation-split 0.15 --early-stopping 5"),
    ("defaults", "--net small-cnn --augment --epochs 40"),
)


def make(folder):
    """The pictures below folder/pictures, a folder for each class."""
    pictures = folder / "pictures"
    if pictures.exists():
        return pictures
    packed = folder / "package"
    packed.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", PACKAGE], cwd=packed, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["dpkg-deb", "-x", *map(str, packed.glob(PACKAGE + "_*.deb")), str(packed)], check=True)
    stamps = packed / "usr/share/tuxpaint/stamps"
    made = folder / "pictures.part"
    shutil.rmtree(made, ignore_errors=True)
    for name in CLASSES:
        (made / name).mkdir(parents=True)
        for file in sorted((stamps / name).rglob("*.png")):
            if not re.search(r"_(mirror|flip)", file.name):  # stamps of the same thing, turned
                shutil.copyfile(file, made / name / "-".join(file.relative_to(stamps / name).parts))
    made.rename(pictures)
    return pictures


def split(folder, pictures, seed):
    """A folder with train and test, of links."""
    made = folder / f"split-{seed}"
    if made.exists():
        return made
    for name in CLASSES:
        files = sorted((pictures / name).iterdir())
        random.Random(f"{seed} {name}").shuffle(files)
        tested = round(len(files) / 5)
        for part, some in ("test", files[:tested]), ("train", files[tested:]):
            (made / part / name).mkdir(parents=True)
            for file in some:
                (made / part / name / file.name).symlink_to(file.resolve())
    return made


def beras(jar, options, data, seed, folder):
    """Accuracy on the test and on what it was trained on."""
    model = folder / "model.beras"
    java = ["java", "-Xmx2g", "--add-modules", "jdk.incubator.vector", "-jar", jar]
    subprocess.run([*java, "train", "--data", str(data), "--seed", str(seed), "--split-seed", str(seed), "--out", str(model),
                    "--force", "--threads", "1", *options.split()], check=True, capture_output=True, text=True)
    reached = []
    for part in "test", "train":
        told = subprocess.run([*java, "evaluate", str(model), "--data", str(data / part)], check=True,
                              capture_output=True, text=True).stdout
        reached.append(float(re.search(r"[Aa]ccuracy (\d\.\d+)", told).group(1)))
    return reached


def torch_net(options, data, seed):
    """The same by PyTorch: pictures on white, in the middle of black."""
    import numpy
    import torch
    from PIL import Image

    import torch_cnn
    torch.manual_seed(seed)
    torch.set_num_threads(1)

    def read(part):
        images, labels = [], []
        for label, name in enumerate(CLASSES):
            for file in sorted((data / part / name).iterdir()):
                drawn = Image.open(file).convert("RGBA")
                paper = Image.new("RGBA", drawn.size, "white")
                picture = Image.alpha_composite(paper, drawn).convert("RGB")
                scale = 32 / max(picture.size)
                small = picture.resize([max(1, round(side * scale)) for side in picture.size], Image.BOX)
                square = Image.new("RGB", (32, 32))
                square.paste(small, ((32 - small.width) // 2, (32 - small.height) // 2))
                images.append(numpy.asarray(square, dtype=numpy.float32).transpose(2, 0, 1) / 255)
                labels.append(label)
        return torch.tensor(numpy.stack(images)), torch.tensor(labels)

    x, y = read("train")
    test_x, test_y = read("test")
    net = torch_cnn.net("small-cnn", x, len(CLASSES))
    epochs = int(re.search(r"--epochs (\d+)", options).group(1))
    torch_cnn.fit(net, x, y, epochs, 32, *([torch_cnn.augmented] if "--augment" in options else []))
    return [torch_cnn.accuracy(net, test_x, test_y), torch_cnn.accuracy(net, x, y)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where the pictures, splits and models go")
    parser.add_argument("--jar", default="beras.jar")
    parser.add_argument("--only", default="", help="a regular expression of recipes")
    parser.add_argument("--torch", action="store_true", help="PyTorch in place of BERAS")
    parser.add_argument("--out", type=pathlib.Path, help="a CSV file, to which lines are added")
    given = parser.parse_args()
    pictures = make(given.folder)
    for name, options in RECIPES:
        if not re.search(given.only, name) or given.torch and ("small-cnn" not in options or "early" in options
                                                               or "--validation-split 0" not in options):
            continue
        runs = []
        start = time.time()
        for seed in SEEDS:
            data = split(given.folder, pictures, seed)
            runs.append(torch_net(options, data, seed) if given.torch else beras(given.jar, options, data, seed, given.folder))
        test, train = zip(*runs)
        row = ("PyTorch" if given.torch else "BERAS", name, *(f"{value:.3f}" for value in
               (sum(test) / len(test), min(test), sum(train) / len(train), min(train))))
        print("{:8} {:10} test {} (least {}), own pictures {} (least {}), {:.0f} s".format(*row, time.time() - start), flush=True)
        if given.out:
            is_new = not given.out.exists()
            with given.out.open("a", newline="") as out:
                if is_new:
                    out.write(origin.line())
                csv.writer(out).writerows(([("library", "recipe", "test", "least test", "trained", "least trained")] if is_new else [])
                                          + [row])


if __name__ == "__main__":
    sys.exit(main())
