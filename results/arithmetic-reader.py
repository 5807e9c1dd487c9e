#!/usr/bin/python3
"""What a reader made of some sections of src/site/markdown/reference/arithmetic.md in Python, from the page alone: random numbers, he_normal
weights, column sums, Adam, AdamW and the cosine schedule, which replay.c leaves out in part. Prints the hashes beside those of BERAS:

    mvn -q package -DskipTests
    results/arithmetic-reader.py
"""
import hashlib
import math
import os
import struct
import subprocess
import sys
from fractions import Fraction

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
f32 = np.float32
MASK = (1 << 64) - 1
STEP = 0x9E3779B97F4A7C15

# ------------------------------------------------------------------------------------------------------- notation


def rounded(exact):
    """The f32 nearest to a fraction: by way of a double that is rounded to odd."""
    near = float(exact)
    if Fraction(near) != exact and not struct.unpack("<Q", struct.pack("<d", near))[0] & 1:
        near = math.nextafter(near, math.inf if exact > Fraction(near) else -math.inf)
    return f32(near)


def fma(a, b, c):
    exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
    return a * b + c if exact == 0 else rounded(exact)


def high(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0] >> 32


def with_high(x, word):
    return struct.unpack("<d", struct.pack("<Q", word << 32 | struct.unpack("<Q", struct.pack("<d", x))[0] & 0xFFFFFFFF))[0]


def log(x):
    """fdlibm's, of a normal number above 0."""
    g = [6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01, 1.818357216161805012e-01,
         1.531383769920937332e-01, 1.479819860511658591e-01]
    ln2_hi, ln2_lo = 6.93147180369123816490e-01, 1.90821492927058770002e-10
    k = (high(x) >> 20) - 1023
    h = high(x) & 0xFFFFF
    i = (h + 0x95F64) & 0x100000
    k += i >> 20
    f = with_high(x, h | (i ^ 0x3FF00000)) - 1.0
    if (0xFFFFF & (2 + h)) < 3:
        r = f * f * (0.5 - 0.33333333333333333 * f)
        return f - r if k == 0 else k * ln2_hi - ((r - k * ln2_lo) - f)
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    r = z * (g[0] + w * (g[2] + w * (g[4] + w * g[6]))) + w * (g[1] + w * (g[3] + w * g[5]))
    if (h - 0x6147A | 0x6B851 - h) > 0:
        half = 0.5 * f * f
        return f - (half - s * (half + r)) if k == 0 else k * ln2_hi - ((half - (s * (half + r) + k * ln2_lo)) - f)
    return f - s * (f - r) if k == 0 else k * ln2_hi - ((s * (f - r) - k * ln2_lo) - f)


def cos(x):
    """fdlibm's, from 0 to pi."""
    c = [4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05, -2.75573143513906633035e-07,
         2.08757232129817482790e-09, -1.13596475577881948265e-11]
    s = [-1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04, 2.75573137070700676789e-06,
         -2.50507602534068634195e-08, 1.58969099521155010221e-10]
    part = [1.57079632673412561417e+00, 6.07710050630396597660e-11, 2.02226624871116645580e-21]
    tail = [6.07710050650619224932e-11, 2.02226624879595063154e-21, 8.47842766036889956997e-32]
    ix = high(x)
    n = 0 if ix <= 0x3FE921FB else 1 if ix < 0x4002D97C else 2
    y, rest = x, 0.0
    if n == 1:
        late = ix == 0x3FF921FB
        z = x - part[0] - part[1] if late else x - part[0]
        y = z - tail[late]
        rest = (z - y) - tail[late]
    elif n == 2:
        r, w = x - n * part[0], n * tail[0]
        y = r - w
        for k, limit in (1, 16), (2, 49):
            if ix != 0x400921FB or (ix >> 20) - (high(y) >> 20 & 0x7FF) <= limit:
                break
            t, w = r, n * part[k]
            r = t - w
            w = n * tail[k] - ((t - r) - w)
            y = r - w
        rest = (r - y) - w
    z = y * y
    iy = high(y) & 0x7FFFFFFF
    if n == 1:
        v, r = z * y, s[1] + z * (s[2] + z * (s[3] + z * (s[4] + z * s[5])))
        return -y if iy < 0x3E400000 else -(y - ((z * (0.5 * rest - v * r) - rest) - v * s[0]))
    r = z * (c[0] + z * (c[1] + z * (c[2] + z * (c[3] + z * (c[4] + z * c[5])))))
    if iy < 0x3E400000:
        value = 1.0
    elif iy < 0x3FD33333:
        value = 1 - (0.5 * z - (z * r - y * rest))
    else:
        q = 0.28125 if iy > 0x3FE90000 else with_high(0.0, iy - 0x00200000)
        value = (1 - q) - ((0.5 * z - q) - (z * r - y * rest))
    return value if n == 0 else -value

# ----------------------------------------------------------------------------------------------------- random numbers


def mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def key(seed, purpose, stream):
    h = 0xCBF29CE484222325
    for c in purpose:
        h = (h ^ ord(c)) * 0x100000001B3 & MASK
    return mix((mix(mix((seed + STEP) & MASK) ^ h) + stream * STEP) & MASK)


def bits(k, i):
    return mix((k + (i + 1) * STEP) & MASK)


def uniform(k, i):
    return (float(bits(k, i) >> 12) + 0.5) * 2.0 ** -52


def page_table(name):
    """The coefficients A0 to B2, as the page prints them."""
    with open(os.path.join(ROOT, "src/site/markdown/reference/arithmetic.md"), encoding="utf-8") as page:
        words = page.read().split("A0  3.38")[1].split("```")[0]
    words = ("A0  3.38" + words).split()
    at = words.index(name) + 1
    return [0.0 if word == "-" else float(word) for word in words[at:at + 8]]


A = {name: page_table(name) for name in ("A0", "B0", "A1", "B1", "A2", "B2")}


def quantile(p):
    def ratio(r, a, b):
        above = below = 0.0
        for i in range(7, -1, -1):
            above = above * r + a[i]
        for i in range(7, 0, -1):
            below = (below + b[i]) * r
        return above / (below + 1)

    q = p - 0.5
    if abs(q) <= 0.425:
        return q * ratio(0.180625 - q * q, A["A0"], A["B0"])
    r = math.sqrt(-log(p if q < 0 else 1 - p))
    x = ratio(r - 1.6, A["A1"], A["B1"]) if r <= 5 else ratio(r - 5, A["A2"], A["B2"])
    return -x if q < 0 else x


def normal(k, i):
    return quantile(uniform(k, i))


def truncated(k, i):
    below = 0.022750131948179209
    return quantile(below + (1 - 2 * below) * uniform(k, i)) / 0.87962566103423978

# ----------------------------------------------------------------------------------- sums, weights, steps and rates


def column_sum(x):
    if len(x) > 1024:
        return column_sum(np.array([column_sum(x[i:i + 1024]) for i in range(0, len(x), 1024)], f32))
    sums = np.zeros(x.shape[1], f32)
    for row in x:
        sums = sums + row
    return sums


def power(b, t):
    p, q = 1.0, b
    while t:
        if t & 1:
            p = p * q
        q = q * q
        t >>= 1
    return p


def adam(w, gradients, a, decay):
    """Steps of Adam, or with a decay of AdamW."""
    a, ba, bb, r1, r2 = f32(a), 0.9, 0.999, f32(1.5 * 2.0 ** -77), f32(1.5 * 2.0 ** -103)
    m, v, w = np.zeros_like(w), np.zeros_like(w), w.copy()
    for t, g in enumerate(gradients, 1):
        c1, c2 = 1 - power(ba, t), 1 - power(bb, t)
        rate = f32(float(a) / c1) if decay is None else f32(float(a) * math.sqrt(c2) / c1)
        root = f32(1 / math.sqrt(c2)) if decay is None else f32(1)
        for i in range(len(w)):
            if decay is not None:
                w[i] = fma(f32(-(decay * float(a))), w[i], f32(1) * w[i]) + r1 - r1
            m[i] = fma(f32(1 - ba), g[i], f32(ba) * m[i]) + r1 - r1
            v[i] = fma(f32(1 - bb) * g[i], g[i], f32(bb) * v[i]) + r2 - r2
            w[i] = w[i] - rate * m[i] / fma(np.sqrt(v[i]), root, f32(1e-7))
    return w


def cosine(rate, steps):
    r = float(f32(rate))
    return [r * ((1 - 0.0) * (0.5 * (1 + cos(math.pi * (min(s, steps) / steps)))) + 0.0) for s in range(steps + 1)]

# --------------------------------------------------------------------------------------------------------- compared


JAVA = """
import beras.initializers.*; import beras.optimizers.*; import beras.tensor.*; import java.nio.*; import java.util.*;
void print(String name, byte[] bytes) throws Exception { System.out.println(name + " "
    + HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes))); }
void hash(String name, Tensor x) throws Exception { ByteBuffer b = ByteBuffer.allocate(4 * x.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (float f : x.toArray()) b.putFloat(f); print(name, b.array()); }
Tensor normal(String purpose, int... sizes) { return Tensor.generate(new Rng(7, purpose, 3)::normal, sizes); }
Tensor steps(Optimizer optimizer) { Variable w = new Variable("w", normal("w", 200)); for (int i = 0; i < 5; i++)
    optimizer.applyGradients(List.of(w), List.of(normal("g" + i, 200))); return w; }
hash("normal", normal("x", 2500, 5));
hash("he_normal", Initializers.heNormal().values(Shape.of(50, 40), 11));
hash("column_sums", normal("x", 2500, 5).sum(0));
hash("adam", steps(new Adam(0.002)));
hash("adamw", steps(new AdamW(0.001).weightDecay(0.1)));
ByteBuffer b = ByteBuffer.allocate(8 * 2346).order(ByteOrder.LITTLE_ENDIAN);
for (int s = 0; s <= 2345; s++) b.putDouble(Schedules.REGISTRY.of("cosine", (double) 0.002f, 2345).rate(s));
print("cosine", b.array());
/exit
"""


def main():
    def draw(purpose, count):
        k = key(7, purpose, 3)
        return np.array([f32(normal(k, i)) for i in range(count)], f32)

    x = draw("x", 12500).reshape(2500, 5)
    k = key(11, "weights", 0)
    steps = [draw("g%d" % i, 200) for i in range(5)]
    found = {
        "normal": x,
        "he_normal": np.array([f32(0 + math.sqrt(2 / 50) * truncated(k, i)) for i in range(2000)], f32),
        "column_sums": column_sum(x),
        "adam": adam(draw("w", 200), steps, 0.002, None),
        "adamw": adam(draw("w", 200), steps, 0.001, 0.1),
        "cosine": np.array(cosine(0.002, 2345)),
    }
    done = subprocess.run(["jshell", "-s", "-R--add-modules=jdk.incubator.vector", "--class-path", os.path.join(ROOT, "beras.jar"), "-"],
                          input=JAVA, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    java = dict(line.split() for line in done.stdout.splitlines() if len(line.split()) == 2)
    others = 0
    for name, values in found.items():
        sha256 = hashlib.sha256(values.astype(values.dtype.newbyteorder("<")).tobytes()).hexdigest()
        print("%-12s %s %s" % (name, sha256, "the same" if java.get(name) == sha256 else "other bits: " + java.get(name, "none")))
        others += java.get(name) != sha256
    sys.exit(others)


if __name__ == "__main__":
    main()
