package beras.kernels;

import java.util.Arrays;

/**
 * Scaled dot-product attention over the sequences of a batch, forward and backward.
 *
 * <p>The result for a query {@code q} of a head is {@code sum(p_s v_s)} with {@code p = softmax(scale * q k_s)} over the keys
 * {@code s} that it attends to: all unmasked keys, if causal without later ones. The result for a masked query, or one without
 * keys, is the mean of all values, and its scores have no gradient. Rows of queries, keys and values are steps, sequence by
 * sequence, with the heads side by side.
 *
 * <p>The unmasked steps of a head are packed: the queries times the scale, the keys and the values are contiguous, so that neither
 * padding nor another sequence is in any sum. {@link Products} and {@link Softmaxes} define the products and the softmax of a row.
 * So a result is a function of its sequence alone. Queries are computed in blocks; with causal attention, without the keys behind
 * the last query of a block. The backward pass computes the softmax again, as {@code exp(score - logSumExp)}.
 *
 * <p>Threads share the heads of all sequences.
 */
public final class Attentions {

    static final Attentions IN_USE = new Attentions(Products.IN_USE, Softmaxes.IN_USE, Thresholds.SHARED_WORK);

    /**
     * Dimensions and settings of an attention.
     *
     * @param batch   the number of sequences
     * @param heads   the number of heads of a sequence
     * @param queries the steps of a sequence of queries
     * @param keys    the steps of a sequence of keys
     * @param causal  whether a step attends to no later ones
     * @param scale   the factor of the scores
     */
    public record Heads(int batch, int heads, int queries, int keys, boolean causal, float scale) {}

    private final Products products;
    private final Softmaxes softmaxes;
    long work; // multiply-adds from which on work is split; tests split all

    /** @param work the number of multiply-adds from which on work is split */
    Attentions(Products products, Softmaxes softmaxes, long work) {
        this.products = products;
        this.softmaxes = softmaxes;
        this.work = work;
    }

    /**
     * The forward pass.
     *
     * @param queryMask {@code (batch, queries)}, 0 for masked queries; null: no mask
     * @param keyMask   {@code (batch, keys)}, likewise
     * @param q         {@code (batch * queries, heads * size)}
     * @param k         {@code (batch * keys, heads * size)}
     * @param v         {@code (batch * keys, heads * width)}
     * @param factors   the dropout factors of the softmax, {@code (batch * heads * queries, keys)}; null: no dropout
     * @param out       receives {@code (batch * queries, heads * width)}
     * @param logSumExp receives the logarithms of the sums of exponentials, {@code (batch * heads, queries)}, unmasked queries
     *     first
     */
    public void forward(Heads heads, MatrixView queryMask, MatrixView keyMask, MatrixView q, MatrixView k, MatrixView v, MatrixView factors,
            MatrixView out, MatrixView logSumExp) {
        requireShapes(heads, queryMask, keyMask, q, k, v, factors, logSumExp);
        out.requireDense("out", q.rows, v.cols);
        split(heads, q, v, (from, to) -> {
            Pass pass = new Pass(heads, queryMask, keyMask, q, k, v, factors, logSumExp);
            for (int head = from; head < to; head++) {
                pass.take(head);
                pass.forward(out);
            }
        });
    }

    /**
     * The backward pass, after the forward pass.
     *
     * @param upstream the gradient of its result
     * @param ofQ      receives the gradient of {@code q}
     * @param ofK      receives the gradient of {@code k}
     * @param ofV      receives the gradient of {@code v}
     */
    public void gradient(Heads heads, MatrixView queryMask, MatrixView keyMask, MatrixView q, MatrixView k, MatrixView v, MatrixView factors,
            MatrixView logSumExp, MatrixView upstream, MatrixView ofQ, MatrixView ofK, MatrixView ofV) {
        requireShapes(heads, queryMask, keyMask, q, k, v, factors, logSumExp);
        upstream.requireDense("upstream", q.rows, v.cols);
        ofQ.requireDense("ofQ", q.rows, q.cols);
        ofK.requireDense("ofK", k.rows, k.cols);
        ofV.requireDense("ofV", v.rows, v.cols);
        split(heads, q, v, (from, to) -> {
            Pass pass = new Pass(heads, queryMask, keyMask, q, k, v, factors, logSumExp);
            for (int head = from; head < to; head++) {
                pass.take(head);
                pass.gradient(upstream, ofQ, ofK, ofV);
            }
        });
    }

    private static void requireShapes(Heads heads, MatrixView queryMask, MatrixView keyMask, MatrixView q, MatrixView k, MatrixView v,
            MatrixView factors, MatrixView logSumExp) {
        if (heads.heads < 1 || q.cols % heads.heads != 0 || v.cols % heads.heads != 0) {
            throw new IllegalArgumentException("Queries and values must have columns for each head. Received: " + heads + ", queries "
                    + q + " and values " + v);
        }
        if (queryMask != null) {
            queryMask.requireDense("queryMask", heads.batch, heads.queries);
        }
        if (keyMask != null) {
            keyMask.requireDense("keyMask", heads.batch, heads.keys);
        }
        if (factors != null) {
            factors.requireDense("factors", heads.batch * heads.heads * heads.queries, heads.keys);
        }
        q.requireDense("q", heads.batch * heads.queries, q.cols);
        k.requireDense("k", heads.batch * heads.keys, q.cols);
        v.requireDense("v", heads.batch * heads.keys, v.cols);
        logSumExp.requireDense("logSumExp", heads.batch * heads.heads, heads.queries);
    }

    private void split(Heads heads, MatrixView q, MatrixView v, Threads.Range task) {
        Threads.split(heads.batch * heads.heads, 1, (long) q.rows * heads.keys * (q.cols + v.cols), work, task);
    }

    /** Heads that a thread computes, one after the other. */
    private final class Pass {

        private final Heads heads;
        private final MatrixView queryMask; // null: all count
        private final MatrixView keyMask; // null: all count
        private final MatrixView q;
        private final MatrixView k;
        private final MatrixView v;
        private final MatrixView factors; // null: none
        private final MatrixView logSumExp;
        private final int size; // of a query
        private final int width; // of a value
        private final ScalarSoftmaxes rows;
        private final int[] places; // of the packed keys, then of the packed queries, then how many keys each of these sees

        private int number; // of the head
        private int sequence;
        private int head;
        private int keys; // that are packed
        private int queries; // that are packed

        Pass(Heads heads, MatrixView queryMask, MatrixView keyMask, MatrixView q, MatrixView k, MatrixView v, MatrixView factors,
                MatrixView logSumExp) {
            this.heads = heads;
            this.queryMask = queryMask;
            this.keyMask = keyMask;
            this.q = q;
            this.k = k;
            this.v = v;
            this.factors = factors;
            this.logSumExp = logSumExp;
            size = q.cols / heads.heads;
            width = v.cols / heads.heads;
            rows = softmaxes.chosen(softmaxes.softmax, (long) q.rows * heads.keys, heads.keys);
            places = Scratch.places(heads.keys + 2 * heads.queries);
        }

        /** Begins a head: lists what counts of its sequence. */
        void take(int next) {
            number = next;
            head = next % heads.heads;
            sequence = next / heads.heads;
            keys = 0;
            for (int s = 0; s < heads.keys; s++) {
                if (keyMask == null || keyMask.data[keyMask.row(sequence) + s] != 0f) {
                    places[keys++] = s;
                }
            }
            queries = 0;
            int seen = heads.causal ? 0 : keys;
            for (int t = 0; t < heads.queries; t++) {
                while (heads.causal && seen < keys && places[seen] <= t) {
                    seen++;
                }
                if (seen > 0 && (queryMask == null || queryMask.data[queryMask.row(sequence) + t] != 0f)) {
                    places[heads.keys + queries] = t;
                    places[heads.keys + heads.queries + queries++] = seen;
                }
            }
        }

        private int seen(int query) {
            return places[heads.keys + heads.queries + query];
        }

        /** The row of a packed query among all. */
        private int query(int i) {
            return sequence * heads.queries + places[heads.keys + i];
        }

        /** The row of a packed key among all. */
        private int key(int j) {
            return sequence * heads.keys + places[j];
        }

        // ------------------------------------------------------------------------------------------------ packing

        private void packQueries(MatrixView from, int cols, float scale, float[] to, int offset) {
            for (int i = 0; i < queries; i++) {
                int at = from.row(query(i)) + head * cols;
                for (int c = 0; c < cols; c++) {
                    to[offset + i * cols + c] = from.data[at + c] * scale;
                }
            }
        }

        private void packKeys(MatrixView from, int cols, float[] to, int offset) {
            for (int j = 0; j < keys; j++) {
                System.arraycopy(from.data, from.row(key(j)) + head * cols, to, offset + j * cols, cols);
            }
        }

        /** A row for each column, and in it the keys. */
        private void packTurned(MatrixView from, int cols, float[] to, int offset) {
            for (int j = 0; j < keys; j++) {
                int at = from.row(key(j)) + head * cols;
                for (int c = 0; c < cols; c++) {
                    to[offset + c * keys + j] = from.data[at + c];
                }
            }
        }

        private void unpackQueries(float[] from, int offset, int first, int count, int cols, float scale, MatrixView to) {
            for (int i = 0; i < count; i++) {
                int at = to.row(query(first + i)) + head * cols;
                for (int c = 0; c < cols; c++) {
                    to.data[at + c] = from[offset + i * cols + c] * scale;
                }
            }
        }

        private void unpackKeys(float[] from, int offset, int first, int count, int cols, MatrixView to) {
            for (int j = 0; j < count; j++) {
                System.arraycopy(from, offset + j * cols, to.data, to.row(key(first + j)) + head * cols, cols);
            }
        }

        /** Writes zeros to all rows of a head. */
        private void clear(MatrixView out, int steps, int cols) {
            for (int t = 0; t < steps; t++) {
                int at = out.row(sequence * steps + t) + head * cols;
                Arrays.fill(out.data, at, at + cols, 0f);
            }
        }

        private void multiply(boolean transposeA, int m, int n, int depth, float[] a, int aOffset, int lda, float[] b, int bOffset, int ldb,
                float[] c, int cOffset, int ldc) {
            products.live().gemm(transposeA, false, m, n, depth, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
        }

        /** Multiplies the softmax of some queries, or its gradient, with the factors of a dropout. */
        private void drop(float[] scores, int offset, int first, int count) {
            for (int i = first; factors != null && i < first + count; i++) {
                int at = factors.row(number * heads.queries + places[heads.keys + i]);
                for (int j = 0; j < seen(i); j++) {
                    scores[offset + (i - first) * keys + j] *= factors.data[at + places[j]];
                }
            }
        }

        // ------------------------------------------------------------------------------------------------ forward

        void forward(MatrixView out) {
            int block = Math.min(Thresholds.QUERIES, queries);
            float[] x = Scratch.panel(queries * size + keys * size + keys * width + block * (keys + width) + width);
            int turned = queries * size;
            int values = turned + keys * size;
            int scores = values + keys * width;
            int result = scores + block * keys;
            packQueries(q, size, heads.scale, x, 0);
            packTurned(k, size, x, turned);
            packKeys(v, width, x, values);
            if (queries < heads.queries) {
                putMean(out, x, result);
            }
            for (int i = 0; i < queries; i += block) {
                int count = Math.min(block, queries - i);
                int most = seen(i + count - 1);
                multiply(false, count, most, size, x, i * size, size, x, turned, keys, x, scores, keys);
                for (int r = 0; r < count; r++) {
                    int at = scores + r * keys;
                    logSumExp.data[logSumExp.row(number) + i + r] = rows.softmaxOfRow(x, at, x, at, seen(i + r), Scratch.lanes());
                    Arrays.fill(x, at + seen(i + r), at + most, 0f);
                }
                drop(x, scores, i, count);
                multiply(false, count, width, most, x, scores, keys, x, values, width, x, result, width);
                unpackQueries(x, result, i, count, width, 1f, out);
            }
        }

        /** Writes the mean of all values to all rows of a head. */
        private void putMean(MatrixView out, float[] mean, int offset) {
            Arrays.fill(mean, offset, offset + width, 0f);
            float share = 1f / heads.keys;
            for (int s = 0; s < heads.keys; s++) {
                int at = v.row(sequence * heads.keys + s) + head * width;
                for (int c = 0; c < width; c++) {
                    mean[offset + c] = Math.fma(share, v.data[at + c], mean[offset + c]);
                }
            }
            for (int t = 0; t < heads.queries; t++) {
                System.arraycopy(mean, offset, out.data, out.row(sequence * heads.queries + t) + head * width, width);
            }
        }

        // ----------------------------------------------------------------------------------------------- backward

        void gradient(MatrixView upstream, MatrixView ofQ, MatrixView ofK, MatrixView ofV) {
            int block = Math.min(Thresholds.QUERIES, queries);
            int scores = queries * (size + width) + keys * (2 * size + width);
            int ofScores = scores + queries * keys;
            int result = ofScores + queries * keys;
            float[] x = Scratch.panel(result + Math.max(block, Math.min(Thresholds.QUERIES, keys)) * Math.max(size, width) + width);
            int above = queries * size;
            int straight = above + queries * width;
            int turned = straight + keys * size;
            int values = turned + keys * size;
            packQueries(q, size, heads.scale, x, 0);
            packQueries(upstream, width, 1f, x, above);
            packKeys(k, size, x, straight);
            packTurned(k, size, x, turned);
            packTurned(v, width, x, values);
            clear(ofQ, heads.queries, size);
            clear(ofK, heads.keys, size);
            clear(ofV, heads.keys, width);
            for (int i = 0; i < queries; i += block) {
                int count = Math.min(block, queries - i);
                int most = seen(i + count - 1);
                int p = scores + i * keys;
                int g = ofScores + i * keys;
                multiply(false, count, most, size, x, i * size, size, x, turned, keys, x, p, keys);
                multiply(false, count, most, width, x, above + i * width, width, x, values, keys, x, g, keys);
                for (int r = 0; r < count; r++) {
                    rows.expOfDifference(x, p + r * keys, logSumExp.data[logSumExp.row(number) + i + r], x, p + r * keys, seen(i + r));
                    Arrays.fill(x, p + r * keys + seen(i + r), p + (r + 1) * keys, 0f);
                    Arrays.fill(x, g + r * keys + seen(i + r), g + (r + 1) * keys, 0f);
                }
                drop(x, g, i, count);
                for (int r = 0; r < count; r++) {
                    rows.softmaxGradientOfRow(x, p + r * keys, x, g + r * keys, x, g + r * keys, seen(i + r));
                }
                drop(x, p, i, count);
                multiply(false, count, size, most, x, g, keys, x, straight, size, x, result, size);
                unpackQueries(x, result, i, count, size, heads.scale, ofQ);
            }
            for (int j = 0; j < keys; j += Thresholds.QUERIES) {
                int count = Math.min(Thresholds.QUERIES, keys - j);
                int first = 0; // of the queries that see one of these keys
                while (first < queries && seen(first) <= j) {
                    first++;
                }
                multiply(true, count, size, queries - first, x, ofScores + first * keys + j, keys, x, first * size, size, x, result, size);
                unpackKeys(x, result, j, count, size, ofK);
                multiply(true, count, width, queries - first, x, scores + first * keys + j, keys, x, above + first * width, width, x, result,
                        width);
                unpackKeys(x, result, j, count, width, ofV);
            }
            if (queries < heads.queries) {
                addMean(upstream, ofV, x, result);
            }
        }

        /** Adds to the gradient of all values their share of the upstream gradients of the queries whose result is the mean. */
        private void addMean(MatrixView upstream, MatrixView ofV, float[] sum, int offset) {
            Arrays.fill(sum, offset, offset + width, 0f);
            float share = 1f / heads.keys;
            int packed = 0;
            for (int t = 0; t < heads.queries; t++) {
                if (packed < queries && places[heads.keys + packed] == t) {
                    packed++;
                    continue;
                }
                int at = upstream.row(sequence * heads.queries + t) + head * width;
                for (int c = 0; c < width; c++) {
                    sum[offset + c] = Math.fma(share, upstream.data[at + c], sum[offset + c]);
                }
            }
            for (int s = 0; s < heads.keys; s++) {
                int at = ofV.row(sequence * heads.keys + s) + head * width;
                for (int c = 0; c < width; c++) {
                    ofV.data[at + c] += sum[offset + c];
                }
            }
        }
    }
}
