"""The training in NumPy as fast as it gets: all arrays of a step are allocated once, and each call writes into one of them."""
import sys
import time

import numpy as np

import mnist

job = mnist.job()  # NumPy cannot be told the number of threads; its BLAS takes it from the environment
if job.hidden == mnist.CONVOLUTIONS:
    sys.exit("NumPy has no convolutions: choose others by --only")
images, labels = mnist.load(job.data, "train")
test_images, test_labels = mnist.load(job.data, "t10k")
one_hot = np.eye(mnist.CLASSES, dtype=np.float32)[labels]
random = np.random.default_rng(1)

SHAPES = [(mnist.PIXELS, job.hidden), (job.hidden,), (job.hidden, mnist.CLASSES), (mnist.CLASSES, 1)]
SIZES = [int(np.prod(shape)) for shape in SHAPES]
FLUSH_EVERY, NEGLIGIBLE = 128, np.float32(1e-30)


def views(flat):
    """The four variables in one array, so that Adam is a dozen calls a step and not four dozen."""
    return [part.reshape(shape) for part, shape in zip(np.split(flat, np.cumsum(SIZES)[:-1]), SHAPES)]


weights, gradients, scratch = (np.zeros(sum(SIZES), np.float32) for _ in range(3))
moments = np.zeros((2, sum(SIZES)), np.float32)
w1, b1, w2, b2 = views(weights)
dw1, db1, dw2, db2 = views(gradients)
for w in w1, w2:
    limit = np.sqrt(6 / sum(w.shape))
    w[:] = random.uniform(-limit, limit, w.shape)


class Step:
    """Both passes on batches of one size. Scores are stored class by class: maximum and sum then run along the batch."""

    def __init__(self, size):
        self.x = np.empty((size, mnist.PIXELS), np.float32)
        self.y = np.empty((size, mnist.CLASSES), np.float32)
        self.h = np.empty((size, job.hidden), np.float32)
        self.dh = np.empty((size, job.hidden), np.float32)
        self.scores = np.empty((mnist.CLASSES, size), np.float32)
        self.row = np.empty((1, size), np.float32)
        self.ones = np.ones(size, np.float32)
        self.share = np.float32(1 / size)

    def __call__(self, chosen):
        x, y, h, dh, scores, row = self.x, self.y, self.h, self.dh, self.scores, self.row
        np.take(images, chosen, axis=0, out=x, mode="clip")  # the default mode goes through a copy
        np.take(one_hot, chosen, axis=0, out=y, mode="clip")
        np.dot(x, w1, out=h)
        h += b1
        np.maximum(h, 0, out=h)
        np.dot(w2.T, h.T, out=scores)
        scores += b2
        np.max(scores, axis=0, keepdims=True, out=row)
        scores -= row
        np.exp(scores, out=scores)
        np.sum(scores, axis=0, keepdims=True, out=row)
        scores /= row
        scores -= y.T
        scores *= self.share
        np.dot(h.T, scores.T, out=dw2)
        np.sum(scores, axis=1, keepdims=True, out=db2)
        np.dot(scores.T, w2.T, out=dh)
        np.minimum(h, 1, out=h)
        np.ceil(h, out=h)  # now 1 where ReLU let pass, else 0; a mask of booleans takes six times as long at 512 units
        dh *= h
        np.dot(x.T, dh, out=dw1)
        np.dot(self.ones, dh, out=db1)


def adam(step):
    """m and v lack their constant factors, 1 - beta: the rate has them, as it has the corrections for the start at 0."""
    m, v = moments
    root = np.sqrt((1 - mnist.BETA2) / (1 - mnist.BETA2 ** step))
    rate = mnist.LEARNING_RATE * (1 - mnist.BETA1) / (1 - mnist.BETA1 ** step) / root
    m *= np.float32(mnist.BETA1)
    m += gradients
    v *= np.float32(mnist.BETA2)
    np.multiply(gradients, gradients, out=gradients)
    v += gradients
    np.sqrt(v, out=scratch)
    np.add(scratch, np.float32(mnist.EPSILON / root), out=scratch)
    np.divide(m, scratch, out=scratch)
    np.multiply(scratch, np.float32(rate), out=scratch)
    np.subtract(weights, scratch, out=weights)
    if step % FLUSH_EVERY == 0:  # moments of pixels that are seldom lit decay to subnormal numbers, which are slow
        moments[np.abs(moments) < NEGLIGIBLE] = 0


def test_accuracy():
    hidden = np.maximum(test_images @ w1 + b1, 0)
    return float(np.mean(np.argmax(hidden @ w2 + b2.T, axis=1) == test_labels))


full, last = Step(job.batch), Step(len(images) % job.batch or job.batch)
step = 0
for epoch in range(1, job.epochs + 1):
    start = time.perf_counter()
    order = random.permutation(len(images))
    for first in range(0, len(images), job.batch):
        chosen = order[first:first + job.batch]
        (full if len(chosen) == job.batch else last)(chosen)
        step += 1
        adam(step)
    seconds = time.perf_counter() - start
    mnist.print_epoch(epoch, seconds, test_accuracy())
mnist.print_summary(np.__version__)
