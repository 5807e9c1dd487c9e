/*
 * Repeats a training of BERAS in C99, from src/site/markdown/reference/arithmetic.md alone, and prints the losses and the same
 * weights_sha256. One file, no library but libc; where the compiler has no fused multiply-add, an exact one in software.
 *
 *     cc -std=c99 -O3 -mfma -ffp-contract=off -o replay replay.c -lm
 *     ./replay data                                                       the default run of beras train
 *     ./replay data layers=64:tanh,10:linear loss=mse epochs=2            another recipe
 *     ./replay data/penguins.csv target=species trace=1                   a table; prints the trace
 *
 * The first argument is a folder with train-images-idx3-ubyte and train-labels-idx1-ubyte, or a CSV file; where there is a
 * .gz instead, the program gzip unpacks it. Settings:
 *
 *     layers=LIST     UNITS:ACTIVATION or dropout:RATE, with commas between; linear, relu, tanh, sigmoid, softmax (at the end)
 *     loss=           cross-entropy, mse              optimizer=      adam, adamw, sgd
 *     rate= weight_decay= momentum= nesterov=1 clip_norm=             of the optimizer
 *     schedule=       none, one_cycle, inverse_time, with their defaults
 *     initializer=    glorot_uniform, he_uniform
 *     epochs= batch= seed= l2= validation=SHARE split_seed= patience= ensemble= target=COLUMN trace=1
 */
#define _POSIX_C_SOURCE 200809L /* popen */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "float operations must be done in float: on 32-bit x86 add -msse2 -mfpmath=sse"
#endif

#define VERSION 1
#define MAX_LAYERS 32
#define MAX_NETS 64

static void die(const char *message, const char *received) {
    fprintf(stderr, "replay: %s. Received: %s\n", message, received);
    exit(1);
}

static void *alloc(size_t size) {
    void *p = calloc(size ? size : 1, 1);
    if (!p)
        die("expected enough memory", "none");
    return p;
}

/* ------------------------------------------------------------------------------------------------------- notation */
static uint32_t bits(float x) {
    uint32_t n;
    memcpy(&n, &x, 4);
    return n;
}

static float number(uint32_t n) {
    float x;
    memcpy(&x, &n, 4);
    return x;
}

#if !defined(SOFTWARE_FMA) && (defined(__FP_FAST_FMAF) || defined(__FMA__) || defined(__aarch64__))
static inline float fma32(float a, float b, float c) {
    return __builtin_fmaf(a, b, c);
}
#else
/* The product is exact in double. The sum is rounded to odd there, so that the rounding to float is that of the exact sum. */
static inline float fma32(float a, float b, float c) {
    double p = (double) a * b, s = p + c, t = s - p, rest = (p - (s - t)) + (c - t);
    uint64_t n;
    memcpy(&n, &s, 8);
    n += !(rest > 0 || rest < 0) || (n & 1) ? 0 : (rest > 0) == (s > 0) ? 1 : -1;
    memcpy(&s, &n, 8);
    return (float) s;
}
#endif

/* ----------------------------------------------------------------------------------------------------- SHA-256 */
typedef struct {
    uint32_t h[8];
    uint8_t block[64];
    uint64_t length;
} Sha;

static const uint32_t SHA[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotr(uint32_t x, int n) {
    return x >> n | x << (32 - n);
}

static void sha_block(Sha *s) {
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++) {
        const uint8_t *b = s->block + 4 * i;
        w[i] = (uint32_t) b[0] << 24 | (uint32_t) b[1] << 16 | (uint32_t) b[2] << 8 | b[3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotr(a, 7) ^ rotr(a, 18) ^ a >> 3) + w[i - 7] + (rotr(b, 17) ^ rotr(b, 19) ^ b >> 10);
    }
    memcpy(v, s->h, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t t1 = w[i] + v[7] + (rotr(v[4], 6) ^ rotr(v[4], 11) ^ rotr(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + SHA[i];
        uint32_t t2 = (rotr(v[0], 2) ^ rotr(v[0], 13) ^ rotr(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        s->h[i] += v[i];
}

static void sha_byte(Sha *s, uint8_t b) {
    s->block[s->length++ % 64] = b;
    if (s->length % 64 == 0)
        sha_block(s);
}

/* Prints a name, a number unless it is negative, and the hash of numbers. */
static void print_hash(const char *name, int i, const float *x, size_t n) {
    Sha s = {.h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
    for (size_t k = 0; k < 4 * n; k++)
        sha_byte(&s, (uint8_t) (bits(x[k / 4]) >> k % 4 * 8));
    sha_byte(&s, 0x80);
    while (s.length % 64 != 56)
        sha_byte(&s, 0);
    for (int shift = 56; shift >= 0; shift -= 8)
        sha_byte(&s, (uint8_t) ((uint64_t) n * 32 >> shift));
    printf(i < 0 ? "%s " : "%s %d ", name, i);
    for (int k = 0; k < 8; k++)
        printf("%08lx", (unsigned long) s.h[k]);
    printf("\n");
}

/* ------------------------------------------------------------------------------------------------ files, also .gz */
typedef struct {
    uint8_t *bytes;
    size_t size;
} Bytes;

/* The bytes of a file, or of what gzip unpacks of NAME.gz. */
static Bytes read_file(const char *path) {
    Bytes b = {NULL, 0};
    size_t room = 1 << 16, got;
    char command[4200];
    FILE *file = fopen(path, "rb");
    snprintf(command, sizeof command, "gzip -dc '%s.gz'", path);
    int is_packed = !file;
    if (!file && !(file = popen(command, "r")))
        die("expected a file that can be read", path);
    b.bytes = alloc(room);
    while ((got = fread(b.bytes + b.size, 1, room - b.size, file)) > 0) {
        b.size += got;
        if (b.size == room && !(b.bytes = realloc(b.bytes, room *= 2)))
            die("expected memory for the file", path);
    }
    if ((is_packed ? pclose(file) : fclose(file)) != 0 || b.size < 16)
        die("expected a file that can be read", path);
    return b;
}

static Bytes read_idx(const char *folder, const char *name, int axes) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    Bytes b = read_file(path);
    if (b.bytes[2] != 8 || b.bytes[3] != axes)
        die("expected an IDX file of unsigned bytes", path);
    return b;
}

static int big_endian(const uint8_t *b) {
    return (int) ((uint32_t) b[0] << 24 | (uint32_t) b[1] << 16 | (uint32_t) b[2] << 8 | b[3]);
}

/* ---------------------------------------------------------------------------------------------- random numbers */
#define STEP UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t z) {
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t key(uint64_t seed, const char *purpose, uint64_t stream) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; *purpose; purpose++)
        h = (h ^ (uint8_t) *purpose) * UINT64_C(0x100000001b3);
    return mix(mix(mix(seed + STEP) ^ h) + stream * STEP);
}

static uint64_t random_bits(uint64_t k, uint64_t i) {
    return mix(k + (i + 1) * STEP);
}

static double uniform(uint64_t k, uint64_t i) {
    return ((double) (random_bits(k, i) >> 12) + 0.5) * 0x1p-52;
}

static int *permutation(uint64_t k, int n) {
    int *a = alloc((size_t) n * sizeof *a);
    for (int i = 0; i < n; i++)
        a[i] = i;
    for (int i = n - 1; i > 0; i--) {
        int j = (int) (((random_bits(k, (uint64_t) i) >> 32) * ((uint64_t) i + 1)) >> 32), swap = a[i];
        a[i] = a[j];
        a[j] = swap;
    }
    return a;
}

/* --------------------------------------------------------------------------------------------------- functions */
static float polynomial(const float *c, int degree, float t) {
    float q = c[degree];
    for (int i = degree - 1; i >= 0; i--)
        q = fma32(q, t, c[i]);
    return q;
}

static float exp32(float x) {
    static const float E[5] = {0x1.fffffcp-2f, 0x1.555492p-3f, 0x1.5558f2p-5f, 0x1.123a2p-7f, 0x1.6a23ccp-10f};
    float c = x < -104 ? -104 : x > 89 ? 89 : x;
    float s = fma32(c, 0x1.715476p0f, 0x1.8p23f), w = s - 0x1.8p23f;
    float r = fma32(w, 0x1.05c61p-29f, fma32(w, -0x1.62e43p-1f, c));
    float p = fma32(r * r, polynomial(E, 4, r), r) + 1;
    int32_t n = (int32_t) (bits(s) - 0x4b400000), h = n < 0 ? (n - 1) / 2 : n / 2;
    return p * number((uint32_t) (h + 127) << 23) * number((uint32_t) (n - h + 127) << 23);
}

static float log32(float x) {
    static const float L[9] = {0x1.555548p-2f, -0x1.000006p-2f, 0x1.99a4bcp-3f, -0x1.555c5ap-3f, 0x1.2336ep-3f, -0x1.fc1f72p-4f,
        0x1.e6f626p-4f, -0x1.de4f84p-4f, 0x1.1462aep-4f};
    if (!(x > 0) || x > FLT_MAX)
        return x > 0 ? x : x == 0 ? -INFINITY : NAN;
    int tiny = x < 0x1p-126f;
    uint32_t b = bits(tiny ? x * 0x1p24f : x) - 0x3f3504f3, shifted = b >> 23 | (b >> 31 ? 0xfffffe00 : 0);
    float whole = number(shifted + 0x4b400000) - 0x1.8p23f, e = tiny ? whole - 24 : whole;
    float f = number((b & 0x007fffff) + 0x3f3504f3) - 1, p = polynomial(L, 8, f), s = f * f;
    return fma32(e, 0x1.62ep-1f, fma32(s, -0.5f, fma32(p * f, s, e * 0x1.0bfbe8p-15f)) + f);
}

static float tanh32(float x) {
    static const float T[5] = {-0x1.555532p-2f, 0x1.110726p-3f, -0x1.b83c58p-5f, 0x1.522692p-6f, -0x1.75e1a8p-8f};
    float a = fabsf(x), u = x * x, t = 1 - 2 / (exp32(a + a) + 1);
    return a < 0.625f ? x * fma32(polynomial(T, 4, u), u, 1) : x < 0 ? -t : t;
}

static float sigmoid32(float x) {
    float e = exp32(-fabsf(x)), n = x >= 0 ? 1 : e, d = e + 1, q = n / d;
    return fma32(fma32(-q, e - (d - 1), fma32(-q, d, n)), x >= 0 ? q : 1 - q, q);
}

/* ------------------------------------------------------------------------------------------- sums and products */
static float row_sum(const float *x, size_t n) {
    if (n > 1024) {
        size_t blocks = (n + 1023) / 1024;
        float *sums = alloc(blocks * sizeof *sums);
        for (size_t i = 0; i < blocks; i++)
            sums[i] = row_sum(x + 1024 * i, i + 1 < blocks ? 1024 : n - 1024 * i);
        float sum = row_sum(sums, blocks);
        free(sums);
        return sum;
    }
    float lane[16] = {0};
    for (size_t i = 0; i < n; i++)
        lane[i % 16] += x[i];
    for (int h = 8; h > 0; h /= 2)
        for (int j = 0; j < h; j++)
            lane[j] += lane[j + h];
    return lane[0];
}

/* Of at most 1024 rows. */
static void column_sum(const float *x, int m, int n, float *out) {
    memset(out, 0, (size_t) n * sizeof *out);
    for (int r = 0; r < m; r++)
        for (int j = 0; j < n; j++)
            out[j] += x[(size_t) r * n + j];
}

static double square_sum(const float *x, size_t n) {
    double s[4] = {0};
    for (size_t i = 0; i < n; i++)
        s[i < n - n % 4 ? i % 4 : 0] += (double) x[i] * x[i];
    return (s[0] + s[2]) + (s[1] + s[3]);
}

static void add_row(float a, const float *restrict b, float *restrict c, int n) {
    for (int j = 0; j < n; j++)
        c[j] = fma32(a, b[j], c[j]);
}

/* c (m, n) = op(a) b, where a is (m, k), or (k, m) and taken transposed. Zeros of a are skipped: b is finite. */
static void product(int transposed, int m, int n, int k, const float *a, const float *b, float *c) {
    memset(c, 0, (size_t) m * n * sizeof *c);
    for (int o = 0; o < (transposed ? k : m); o++)
        for (int i = 0; i < (transposed ? m : k); i++, a++)
            if (*a != 0)
                add_row(*a, b + (size_t) (transposed ? o : i) * n, c + (size_t) (transposed ? i : o) * n, n);
    for (size_t i = 0; i < (size_t) m * n; i++)
        c[i] += 0.0f;
}

/* ------------------------------------------------------------------------------------------------------ recipe */
enum {LINEAR, RELU, TANH, SIGMOID, SOFTMAX, DROPOUT};
static const char *const ACTIVATIONS[] = {"linear", "relu", "tanh", "sigmoid", "softmax", "dropout"};

typedef struct {
    int kind, units, in;
    double rate;                /* of dropout */
    uint64_t seed;
    float *out, *mask;          /* for a batch: what it gives, and what the activation is of, or the mask */
} Layer;

typedef struct {                /* a kernel or a bias */
    float *w, *g, *m, *v, *best;
    size_t n;
} Weight;

typedef struct {
    Layer layers[MAX_LAYERS];
    Weight weights[2 * MAX_LAYERS];
    float *lse;                 /* of the softmax at the end, whose input is in the mask of its layer */
    int *train, *held, *order, trained, holds;
    uint64_t shuffle;
} Net;

static int argc_;
static char **argv_;

static const char *setting(const char *name, const char *otherwise) {
    size_t n = strlen(name);
    for (int i = 2; i < argc_; i++)
        if (!strncmp(argv_[i], name, n) && argv_[i][n] == '=')
            return argv_[i] + n + 1;
    return otherwise;
}

static double value(const char *name, double otherwise) {
    const char *text = setting(name, NULL);
    return text ? strtod(text, NULL) : otherwise;
}

/* -------------------------------------------------------------------------------------------------------- data */
typedef struct {
    int n, width, classes;
    const uint8_t *pixels;      /* of images */
    float *x;                   /* of tables */
    int *label, *order, *fold;  /* class, number in the split, 0 for what is held out */
    int folds;
} Data;

/* The examples whose fold is 1, by label, in random order; starts[c] is where those of label c begin. */
static int *by_label(const Data *d, uint64_t seed, int *starts) {
    int *index = alloc((size_t) d->n * sizeof *index), n = 0, *end = alloc((size_t) d->classes * sizeof *end);
    memset(starts, 0, (size_t) (d->classes + 1) * sizeof *starts);
    for (int i = 0; i < d->n; i++) {
        if (d->fold[i]) {
            index[n++] = i;
            starts[d->order[i] + 1]++;
        }
    }
    for (int c = 0; c < d->classes; c++)
        end[c] = starts[c + 1] += starts[c];
    int *chosen = permutation(key(seed, "split", 0), n), *members = alloc((size_t) n * sizeof *members);
    for (int i = 0; i < n; i++)
        members[--end[d->order[index[chosen[i]]]]] = index[chosen[i]];
    free(chosen);
    return members;
}

/* Fold 0 is held out, a share of each label; the others become as many folds as there are shares, if that is asked for. */
static void split(Data *d, double share, uint64_t seed, int is_dealt) {
    int *starts = alloc((size_t) (d->classes + 1) * sizeof *starts), *members, dealt = 0;
    double shares[2] = {1 - share, share}, missing[2] = {0, 0}, part[2];
    for (int i = 0; i < d->n; i++)
        d->fold[i] = 1;
    d->folds = 1;
    members = by_label(d, seed, starts);
    for (int c = 0; c < d->classes; c++) {
        int count = starts[c + 1] - starts[c], size[2], left = count;
        for (int p = 0; p < 2; p++) {
            size[p] = (int) (count * shares[p]);
            part[p] = count * shares[p] - size[p];
            missing[p] += part[p];
            left -= size[p];
        }
        for (int p; left > 0; left--, size[p]++, missing[p]--, part[p] = 0)
            p = part[0] > 0 && !(part[1] > 0 && missing[1] > missing[0]) ? 0 : 1;
        for (int i = 0; i < size[1]; i++)
            d->fold[members[starts[c] + size[0] + i]] = 0;
    }
    if (is_dealt) {
        int more = (int) fmin(122, ceil((1 - share) / share - 1e-9));
        members = by_label(d, random_bits(key(seed, "folds", 0), 0), starts);
        for (; dealt < starts[d->classes]; dealt++)
            d->fold[members[dealt]] = 1 + dealt % more;
        d->folds = 1 + more;
    }
}

static Data read_images(const char *folder) {
    Bytes images = read_idx(folder, "train-images-idx3-ubyte", 3), labels = read_idx(folder, "train-labels-idx1-ubyte", 1);
    Data d = {.n = big_endian(images.bytes + 4), .classes = 10, .pixels = images.bytes + 16};
    d.width = big_endian(images.bytes + 8) * big_endian(images.bytes + 12);
    if (images.size != 16 + (size_t) d.n * d.width || labels.size != 8 + (size_t) d.n)
        die("expected as many bytes as the header says, and a label for each image", folder);
    d.label = d.order = alloc((size_t) d.n * sizeof *d.label);
    d.fold = alloc((size_t) d.n * sizeof *d.fold);
    for (int i = 0; i < d.n; i++) {
        d.label[i] = labels.bytes[8 + i];
        d.classes = d.label[i] >= d.classes ? d.label[i] + 1 : d.classes;
    }
    split(&d, value("validation", 0), strtoull(setting("split_seed", "1"), NULL, 10), 0);
    return d;
}

static int ascending_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *) a, y = *(const double *) b;
    return x < y ? -1 : x > y;
}

static int place(const char *text, const char *const *values, int n) {
    for (int i = 0; i < n; i++)
        if (!strcmp(text, values[i]))
            return i;
    return -1;
}

static int is_missing(const char *cell) {
    static const char *const MARKS[] = {"", "NA", "N/A", "n/a", "<NA>", "NaN", "nan", "null", "NULL", "None", "?"};
    return place(cell, MARKS, sizeof MARKS / sizeof *MARKS) >= 0;
}

static double quantile(double q, const double *sorted, int n) {
    double rank = q * (n - 1), f = rank - (int) rank;
    int b = (int) rank;
    return f == 0 ? sorted[b] : (1 - f) * sorted[b] + f * sorted[b + 1];
}

/* The features of numbers, NaN where missing, at x and every width-th float; returns how many there are. */
static int encode_numbers(const double *of_rows, const Data *d, float *x) {
    double *v = alloc((size_t) d->n * sizeof *v), *all = alloc((size_t) d->n * sizeof *all), edges[17];
    int n = 0, kinds = 0, inside = 0, bins = 16, k = 0, is_flagged = 0;
    int *count = alloc((size_t) d->n * sizeof *count), *before = alloc(((size_t) d->n + 1) * sizeof *before);
    for (int i = 0; i < d->n; i++) {
        is_flagged |= d->fold[i] && isnan(of_rows[i]);
        if (d->fold[i] && !isnan(of_rows[i]))
            all[n++] = of_rows[i] + 0.0;
    }
    qsort(all, (size_t) n, sizeof *all, ascending);
    double least = all[0], most = all[n - 1], median = quantile(0.5, all, n);
    double spread = quantile(0.75, all, n) - quantile(0.25, all, n);
    for (int i = 0; i < n; count[kinds - 1]++, i++)
        if (i == 0 || all[i] != all[i - 1])
            v[kinds++] = all[i];
    for (int i = 0; i < kinds; i++) {
        before[i + 1] = before[i] + (int) fmin(count[i], fmax(1, n / bins));
        inside += least < v[i] && v[i] < most;
    }
    if (spread == 0)
        die("expected numbers of which half lie apart", "a column with an interquartile range of 0");
    edges[0] = least;
    for (int left = bins, at = 0; left > 1; left--) {
        while (at < kinds && v[at] <= edges[k])
            at++;
        int rank = at < kinds ? before[at] + (before[kinds] - before[at] + left - 1) / left - 1 : 0;
        while (inside >= bins && at < kinds && before[at + 1] <= rank)
            at++;
        if (at == kinds || v[at] >= most)
            break;
        edges[++k] = v[at];
    }
    edges[k + 1] = most;
    k = k == 0 ? 0 : k + 1;
    for (int i = 0; i < d->n; i++, x += d->width) {
        if (isnan(of_rows[i])) {
            x[1 + k] = is_flagged ? 1 : x[1 + k];
            continue;
        }
        double l = fmin(fmax(of_rows[i], least), most), z = (l - median) / spread, s = z / 3;
        x[0] = (float) (z / sqrt(s * s + 1));
        for (int j = 0; j < k; j++) {
            double center = fmax(edges[j], fmin(edges[j + 1], median)), width = (edges[j + 1] - edges[j]) * 2 * sqrt(k);
            x[1 + j] = (float) ((fmin(fmax(l, edges[j]), edges[j + 1]) - center) / width);
        }
    }
    return 1 + k + is_flagged;
}

/* Each value of the rows to train on, or of all, once and in ascending order; returns how many there are. */
static int values_of(const char **cells, const Data *d, int all, const char **values) {
    int n = 0;
    for (int i = 0; i < d->n; i++)
        if ((all || d->fold[i]) && !is_missing(cells[i]) && place(cells[i], values, n) < 0)
            values[n++] = cells[i];
    return n;
}

/* Cuts the next line into cells. */
static int read_line(char **text, const char **cells) {
    int n = 0, more = 1;
    while (more && n < 256) {
        cells[n++] = *text;
        *text += strcspn(*text, ",\r\n");
        more = **text == ',';
        *text += **text == '\r' ? (**text = 0, 1) : 0;
        *text += **text ? (**text = 0, 1) : 0;
    }
    return n;
}

/* Plain CSV: a line of names, commas, no quotes. A column of which each value is a number is one of numbers. */
static Data read_table(const char *path, const char *target) {
    Data d = {0};
    Bytes file = read_file(path);
    char *text = alloc(file.size + 1), *end;
    const char *row[256], *names[256], **cells[256], **values = alloc(file.size * sizeof *values);
    memcpy(text, file.bytes, file.size);
    int columns = read_line(&text, names), of_target = place(target, names, columns), at = 0;
    if (of_target < 0)
        die("expected the name of a column: target=NAME", target);
    for (int c = 0; c < columns; c++)
        cells[c] = alloc(file.size * sizeof **cells);
    while (*text)
        if (read_line(&text, row) == columns && !is_missing(row[of_target])) {
            for (int c = 0; c < columns; c++)
                cells[c][d.n] = row[c];
            d.n++;
        }
    d.label = alloc(3 * (size_t) d.n * sizeof *d.label);
    d.fold = (d.order = d.label + d.n) + d.n;
    d.classes = values_of(cells[of_target], &d, 1, values);
    for (int i = 0; i < d.n; i++)
        d.order[i] = place(cells[of_target][i], values, d.classes);
    qsort(values, (size_t) d.classes, sizeof *values, ascending_texts);
    for (int i = 0; i < d.n; i++)
        d.label[i] = place(cells[of_target][i], values, d.classes);
    split(&d, fmax(value("validation", 0.1), 1.0 / d.n), strtoull(setting("split_seed", "1"), NULL, 10), 1);
    double *numbers = alloc((size_t) d.n * sizeof *numbers);
    d.width = 32 * columns;                                             /* room for the features of all */
    d.x = alloc((size_t) d.n * d.width * sizeof *d.x);
    for (int c = 0; c < columns; c++) {
        int n = values_of(cells[c], &d, 0, values), is_flagged = 0, is_number = 1;
        for (int i = 0; i < d.n && c != of_target; i++) {
            numbers[i] = strtod(cells[c][i], &end);
            is_number &= is_missing(cells[c][i]) || !*end;
            is_flagged |= d.fold[i] && is_missing(cells[c][i]);
            numbers[i] = is_missing(cells[c][i]) ? NAN : numbers[i];
        }
        if (c != of_target && is_number) {
            at += encode_numbers(numbers, &d, d.x + at);
        } else if (c != of_target) {
            if (n > 20)
                die("expected at most 20 values in a category", names[c]);
            qsort(values, (size_t) n, sizeof *values, ascending_texts);
            for (int i = 0; i < d.n; i++) {
                int own = is_missing(cells[c][i]) ? (is_flagged ? n : -1) : place(cells[c][i], values, n);
                if (own >= 0)
                    d.x[(size_t) i * d.width + at + own] = 1;
            }
            at += n + is_flagged;
        }
    }
    for (int i = 0; i < d.n; i++)
        memmove(d.x + (size_t) i * at, d.x + (size_t) i * d.width, (size_t) at * sizeof *d.x);
    d.width = at;
    return d;
}

/* --------------------------------------------------------------------------------------------------------- nets */
static Data data;
static Net nets[MAX_NETS];
static int layers, weights, batch, is_mse, is_traced;
static float l2;

static void make_net(Net *net, const char *text, uint64_t seed) {
    int in = data.width;
    for (layers = weights = 0; *text; layers++) {
        Layer *l = &net->layers[layers];
        char *end, name[16] = "";
        *l = (Layer) {.in = in, .seed = random_bits(key(seed, "layer", (uint64_t) layers), 0)};
        if (sscanf(text, "dropout:%lf", &l->rate) == 1) {
            l->kind = DROPOUT;
            l->units = in;
        } else {
            l->units = (int) strtol(text, &end, 10);
            sscanf(end, ":%15[a-z]", name);
            while (l->kind < DROPOUT && strcmp(name, ACTIVATIONS[l->kind]))
                l->kind++;
        }
        text += strcspn(text, ",");
        text += *text == ',';
        if (l->units < 1 || layers == MAX_LAYERS - 1 || (l->kind == DROPOUT && *name) || (l->kind == SOFTMAX && *text))
            die("expected layers such as 256:relu,dropout:0.2,10:softmax", text);
        l->out = alloc((size_t) batch * l->units * sizeof(float));
        l->mask = alloc((size_t) batch * l->units * sizeof(float));
        for (int bias = 0; bias < 2 && l->kind != DROPOUT; bias++) {
            Weight *p = &net->weights[weights++];
            *p = (Weight) {.n = (size_t) (bias ? 1 : in) * l->units};
            p->w = alloc(5 * p->n * sizeof(float));
            p->best = (p->v = (p->m = (p->g = p->w + p->n) + p->n) + p->n) + p->n;
            int is_he = !strcmp(setting("initializer", ""), "he_uniform");
            double limit = sqrt(is_he ? 3.0 * 2 / in : 3.0 * 1 / ((in + l->units) / 2.0));
            for (size_t i = 0; i < p->n && !bias; i++)
                p->w[i] = (float) (limit * (2 * uniform(key(l->seed, "weights", 0), i) - 1));
        }
        in = l->units;
    }
}

/* The outputs of a batch of m rows; dropout acts if step, which counts from 0, is not negative. */
static void forward(Net *net, const float *x, int m, int step) {
    for (int i = 0, p = 0; i < layers; i++) {
        Layer *l = &net->layers[i];
        size_t size = (size_t) m * l->units;
        if (l->kind == DROPOUT) {
            uint64_t k = random_bits(key(l->seed, "dropout", (uint64_t) step), 0), u = 0;
            uint64_t t = (uint64_t) fmin(floor((1 - l->rate) * 0x1p32 + 0.5), 0xffffffffu);
            for (size_t e = 0; e < size; e++) {
                u = e % 2 ? u >> 32 : random_bits(k, e / 2);
                l->mask[e] = step < 0 || l->rate == 0 ? 1 : (u & 0xffffffff) < t ? (float) (1 / (1 - l->rate)) : 0;
                l->out[e] = x[e] * l->mask[e];
            }
        } else {
            product(0, m, l->units, l->in, x, net->weights[p].w, l->out);
            for (size_t e = 0; e < size; e++) {
                float y = l->out[e] + net->weights[p + 1].w[e % l->units];
                l->mask[e] = y;
                l->out[e] = l->kind == RELU && !(y > 0) ? 0 : l->kind == TANH ? tanh32(y) : l->kind == SIGMOID ? sigmoid32(y) : y;
            }
            p += 2;
        }
        for (int r = 0; l->kind == SOFTMAX && r < m; r++) {
            float *y = l->out + (size_t) r * l->units, top = y[0];
            for (int j = 1; j < l->units; j++)
                top = y[j] > top ? y[j] : top;
            for (int j = 0; j < l->units; j++)
                y[j] = exp32(y[j] - top);
            float sum = row_sum(y, (size_t) l->units);
            for (int j = 0; j < l->units; j++)
                y[j] /= sum;
            net->lse[r] = top + log32(sum);
        }
        x = l->out;
    }
}

/* Adds the losses of the rows one by one. */
static void add_losses(const Net *net, const float *t, int m, int of_probabilities, double *sum) {
    const Layer *l = &net->layers[layers - 1];
    float terms[1024];
    for (int r = 0; r < m; r++) {
        for (int j = 0; j < l->units; j++) {
            size_t e = (size_t) r * l->units + j;
            float y = l->out[e], d = y - t[e];
            terms[j] = is_mse ? d * d : t[e] == 0 ? 0 : !of_probabilities ? t[e] * (net->lse[r] - l->mask[e])
                    : -t[e] * log32(fminf(fmaxf(y, 1e-12f), 1 - 1e-12f));
        }
        float loss = row_sum(terms, (size_t) l->units);
        *sum += is_mse ? loss / (float) l->units : loss;
    }
}

static double penalty(const Net *net, float parts) {
    double sum = 0;
    for (int p = 0; p < weights && l2 > 0; p += 2) {
        const Weight *k = &net->weights[p];
        float *terms = alloc(k->n * sizeof *terms);
        for (size_t i = 0; i < k->n; i++)
            terms[i] = fma32(l2, fabsf(k->w[i]), 0) * fabsf(k->w[i]);
        sum += row_sum(terms, k->n) / parts;
        free(terms);
    }
    return sum;
}

/* The gradients of a batch whose forward pass was made. */
static void backward(Net *net, const float *x, const float *t, int m, float *d, float *next, float *turned) {
    const Layer *last = &net->layers[layers - 1];
    float scale = 1 / (float) m;
    for (int i = layers - 1, p = weights; i >= 0; i--) {
        const Layer *l = &net->layers[i];
        size_t n = (size_t) l->units, size = n * m;
        for (size_t e = 0; e < size && l == last; e++)
            d[e] = is_mse ? 2 * (l->out[e] - t[e]) * (scale / (float) n)
                    : (l->out[e] * row_sum(t + e / n * n, n) - t[e]) * scale + 0x1.8p-77f - 0x1.8p-77f;
        for (size_t e = 0; e < size; e++) {
            float y = l->out[e];
            d[e] = d[e] * (l->kind == DROPOUT ? l->mask[e] : l->kind == RELU ? (y > 0 ? 1.0f : 0.0f)
                    : l->kind == TANH ? fma32(-y, y, 1) : l->kind == SIGMOID ? y * (1 - y) : 1);
        }
        if (l->kind == DROPOUT)
            continue;
        Weight *k = &net->weights[p -= 2];
        product(1, l->in, l->units, m, i ? net->layers[i - 1].out : x, d, k->g);
        column_sum(d, m, l->units, k[1].g);
        for (size_t e = 0; e < k->n; e++) {
            k->g[e] = l2 > 0 ? k->g[e] + fma32(2 * l2, k->w[e], 0) : k->g[e];
            turned[e % n * l->in + e / n] = k->w[e];
        }
        if (i) {
            product(0, m, l->in, l->units, d, turned, next);
            memcpy(d, next, (size_t) m * l->in * sizeof *d);
        }
    }
}

static double schedule_rate(const char *schedule, double r, int s, int n, int of_epoch) {
    double rise = 0.25 * n;
    return !strcmp(schedule, "inverse_time") ? r / (1 + 1.0 * ((double) s / of_epoch)) : strcmp(schedule, "one_cycle") ? r
            : s < rise ? r * (0.1 + (1 - 0.1) * (s / rise))
            : r * (1 - (1 - 0.0) * (s == rise ? 0 : fmin(1, (s - rise) / (n - rise))));
}

static double power(double b, int t) {
    double p = 1;
    for (; t; t >>= 1, b *= b)
        p = t & 1 ? p * b : p;
    return p;
}

static void update(Net *net, const char *optimizer, float a, int t) {
    int is_adam = !strcmp(optimizer, "adam"), is_sgd = !strcmp(optimizer, "sgd");
    int is_decayed = setting("weight_decay", NULL) || !(is_adam || is_sgd), is_nesterov = value("nesterov", 0) != 0;
    double c1 = 1 - power(0.9, t), c2 = 1 - power(0.999, t), clip = (float) value("clip_norm", 0);
    float rate = (float) (is_adam ? a / c1 : a * sqrt(c2) / c1), root = is_adam ? (float) (1 / sqrt(c2)) : 1;
    float momentum = (float) value("momentum", 0), ba = (float) (1 - 0.9), bb = (float) (1 - 0.999);
    for (int p = 0; p < weights; p++) {
        Weight *k = &net->weights[p];
        float factor = clip > 0 ? (float) (clip / fmax(sqrt(square_sum(k->g, k->n)), clip)) : 1;
        float decay = (float) -(value("weight_decay", data.pixels ? 0.004 : 0.1) * a);
        for (size_t i = 0; i < k->n; i++) {
            float g = k->g[i] * factor, w = k->w[i];
            w = is_decayed ? fma32(decay, w, w) + 0x1.8p-77f - 0x1.8p-77f : w;
            if (is_sgd) {
                k->v[i] = fma32(-a, g, momentum * k->v[i]) + 0x1.8p-77f - 0x1.8p-77f;
                w = momentum == 0 ? fma32(-a, g, w) : w + (is_nesterov ? fma32(-a, g, momentum * k->v[i]) : k->v[i]);
            } else {
                k->m[i] = fma32(ba, g, (float) 0.9 * k->m[i]) + 0x1.8p-77f - 0x1.8p-77f;
                k->v[i] = fma32(bb * g, g, (float) 0.999 * k->v[i]) + 0x1.8p-103f - 0x1.8p-103f;
                w = w - rate * k->m[i] / fma32(sqrtf(k->v[i]), root, 1e-7f);
            }
            k->w[i] = w;
        }
    }
}

/* The inputs and targets of these examples. */
static void read_batch(const int *rows, int m, float *x, float *t) {
    memset(t, 0, (size_t) m * data.classes * sizeof *t);
    for (int r = 0; r < m; r++) {
        size_t from = (size_t) rows[r] * data.width, to = (size_t) r * data.width;
        for (int i = 0; i < data.width; i++)
            x[to + i] = data.pixels ? (float) data.pixels[from + i] / 255 : data.x[from + i];
        t[(size_t) r * data.classes + data.label[rows[r]]] = 1;
    }
}

static void trace_weights(const char *name, int count, int of_gradients) {
    for (int i = 0; i < count * weights && is_traced; i++) {
        const Weight *k = &nets[i / weights].weights[i % weights];
        print_hash(name, i, of_gradients ? k->g : k->w, k->n);
    }
}

int main(int argc, char **argv) {
    argc_ = argc;
    argv_ = argv;
    if (argc < 2)
        die("expected a folder of IDX files or a CSV file, and settings NAME=VALUE", "nothing");
    const char *target = setting("target", NULL), *optimizer = setting("optimizer", target ? "adamw" : "adam");
    data = target ? read_table(argv[1], target) : read_images(argv[1]);
    uint64_t seed = strtoull(setting("seed", "1"), NULL, 10);
    int count = target ? (int) fmin(value("ensemble", 10), MAX_NETS) : 1;
    int trained = 0, steps = 0, done = 0, best_epoch = -1, held = 0, most = 0;
    for (int i = 0; i < data.n; i++)
        trained += data.fold[i] != 0;
    batch = (int) value("batch", target ? 64 : 128);
    int of_epoch = (trained + batch - 1) / batch;
    int epochs = (int) value("epochs", target ? fmax(5, fmin(100, (5000 + of_epoch - 1) / of_epoch)) : 5);
    int patience = (int) value("patience", target ? fmax(5, fmin(20, (600 + of_epoch - 1) / of_epoch)) : 0);
    batch = batch < trained ? batch : trained;
    is_mse = !strcmp(setting("loss", ""), "mse");
    is_traced = value("trace", 0) != 0;
    FILE *losses = is_traced ? stderr : stdout;
    l2 = (float) value("l2", 0);
    double usual = target ? 0.0008 : !strcmp(optimizer, "adam") ? 0.002 : !strcmp(optimizer, "sgd") ? 0.1 : 0.001;
    double best = 0, rate = value("rate", usual);
    char of_table[64], name[24];
    snprintf(of_table, sizeof of_table, "64:relu,32:relu,%d:softmax", data.classes);
    for (int i = 0; i < count; i++) {
        Net *net = &nets[i];
        uint64_t own = random_bits(key(seed, "net", (uint64_t) i), 0);
        make_net(net, setting("layers", target ? of_table : "256:relu,10:softmax"), i ? own : seed);
        net->shuffle = count > 1 ? own : seed;
        net->lse = alloc((size_t) batch * sizeof(float));
        net->train = alloc((size_t) data.n * sizeof(int));
        net->held = alloc((size_t) data.n * sizeof(int));
        for (int r = 0; r < data.n; r++)
            if (data.fold[r] == i % data.folds && (data.folds > 1 || data.fold[r] == 0))
                net->held[net->holds++] = r;
            else
                net->train[net->trained++] = r;
        net->holds = i < data.folds ? net->holds : 0;
        held += net->holds;
        steps = net->trained > steps ? net->trained : steps;
        for (int l = 0; l < layers; l++)
            most = net->layers[l].units > most ? net->layers[l].units : most;
    }
    const Layer *last = &nets[0].layers[layers - 1];
    if (last->units != data.classes || is_mse == (last->kind == SOFTMAX) || data.classes > 1024 || batch > 1024)
        die("expected a softmax at the end for cross-entropy alone, a unit for each class, batches up to 1024", "others");
    steps = (steps + batch - 1) / batch;
    most = most > data.width ? most : data.width;
    float *x = alloc((size_t) batch * data.width * sizeof *x), *t = alloc((size_t) batch * data.classes * sizeof *t);
    float *d = alloc((size_t) batch * most * sizeof *d), *next = alloc((size_t) batch * most * sizeof *next);
    float *turned = alloc((size_t) most * most * sizeof *turned);
    if (is_traced)
        printf("arithmetic %d\n", VERSION);
    trace_weights("initial", count, 0);
    for (int e = 0; e < epochs; e++) {
        double loss = 0, penalties = 0, val_loss = 0, val_penalties = 0;
        long rows = 0;
        for (int i = 0; i < count; i++)
            nets[i].order = permutation(key(nets[i].shuffle, "shuffle", (uint64_t) e), nets[i].trained);
        for (int s = 0; s < steps; s++, done++) {
            float a = (float) schedule_rate(setting("schedule", ""), (float) rate, done, epochs * of_epoch, of_epoch);
            for (int i = 0; i < count; i++) {
                Net *net = &nets[i];
                int m = net->trained - s * batch < batch ? net->trained - s * batch : batch, chosen[1024];
                for (int r = 0; r < m; r++)
                    chosen[r] = net->train[net->order[s * batch + r]];
                if (m <= 0)
                    continue;
                read_batch(chosen, m, x, t);
                if (done == 0 && is_traced) {
                    print_hash("inputs", i, x, (size_t) m * data.width);
                    print_hash("targets", i, t, (size_t) m * data.classes);
                }
                forward(net, x, m, done);
                add_losses(net, t, m, 0, &loss);
                penalties += penalty(net, 1) * m;
                rows += m;
                backward(net, x, t, m, d, next, turned);
                update(net, optimizer, a, done + 1);
            }
            trace_weights("gradient", done ? 0 : count, 1);
            trace_weights("step", done ? 0 : count, 0);
        }
        fprintf(losses, "epoch %d loss %.17g", e + 1, loss / rows + penalties / rows);
        for (int i = 0; i < count; i++) {
            free(nets[i].order);
            val_penalties += penalty(&nets[i], (float) count);
        }
        for (int from = 0; from < held; from += batch) {
            for (int i = 0; i < count && from < nets[i].holds; i++) {
                int m = nets[i].holds - from < batch ? nets[i].holds - from : batch;
                read_batch(nets[i].held + from, m, x, t);
                forward(&nets[i], x, m, -1);
                add_losses(&nets[i], t, m, count > 1, &val_loss);
            }
        }
        val_loss = val_loss / held + val_penalties;
        fprintf(losses, held ? " val_loss %.17g\n" : "\n", val_loss);
        snprintf(name, sizeof name, "epoch %d", e + 1);
        trace_weights(name, count, 0);
        int is_best = held && patience && (e == 0 || val_loss < best);
        best = is_best ? val_loss : best;
        best_epoch = is_best ? e : best_epoch;
        for (int i = 0; i < count * weights && is_best; i++)
            memcpy(nets[i / weights].weights[i % weights].best, nets[i / weights].weights[i % weights].w,
                    nets[i / weights].weights[i % weights].n * sizeof(float));
        if (held && patience && e - best_epoch >= patience)
            break;
    }
    float *all = NULL;
    size_t size = 0;
    for (int i = 0; i < count * weights; i++) {
        const Weight *k = &nets[i / weights].weights[i % weights];
        all = realloc(all, (size + k->n) * sizeof *all);
        memcpy(all + size, best_epoch < 0 ? k->w : k->best, k->n * sizeof *all);
        size += k->n;
    }
    print_hash("weights_sha256", -1, all, size);
    return 0;
}
