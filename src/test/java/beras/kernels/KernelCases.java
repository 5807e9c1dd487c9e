package beras.kernels;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One way to call each kernel, for all tests that go through all of them.
 *
 * <p>Such a call allocates nothing if its {@link Blocks} do not. An output that may be in place of an input comes from
 * {@link Blocks#over}.
 */
final class KernelCases {

    /** Calls one kernel, perhaps several times, on data of so many rows and columns. */
    interface Case {
        void run(Faces faces, int rows, int cols, Blocks blocks);
    }

    /** By names such as {@code sums.isFinite}: the method of {@link Backend} that has the face, and its own. */
    static final Map<String, Case> BY_NAME = new TreeMap<>();

    private static final UnaryOp[] UNARY = UnaryOp.values();
    private static final BinaryOp[] BINARY = BinaryOp.values();
    static final BinaryOp[] REDUCING = {BinaryOp.ADD, BinaryOp.MULTIPLY, BinaryOp.MAXIMUM, BinaryOp.MINIMUM};
    private static final LossOp[] LOSSES = LossOp.values();
    private static final Update[] RULES = Rules.all().toArray(new Update[0]);
    private static final Recurrences.Rule[] CELLS = Stream.of(Recurrences.Cell.values())
            .map(cell -> new Recurrences.Rule(cell, UnaryOp.TANH, 0f, UnaryOp.SIGMOID, 0f)).toArray(Recurrences.Rule[]::new);
    private static final Attentions.Heads[] HEADS = {new Attentions.Heads(1, 1, 3, 33, false, 0.7f),
        new Attentions.Heads(2, 3, 37, 36, true, 0.5f), new Attentions.Heads(1, 1, 2, 0, false, 1f)};
    private static final int[] DEPTHS = {0, 1, 3, 17};
    private static final Window[] WINDOWS = {Window.same(3, 2, 3, 3, 1, 1, 1, 1), Window.same(1, 1, 1, 1, 1, 1, 1, 1),
            Window.valid(5, 4, 2, 1, 2, 3, 3, 1), Window.same(4, 5, 3, 3, 1, 1, 1, 1), Window.same(5, 3, 2, 2, 2, 1, 1, 1)};
    /** Whether each channel of an image is a group, and then its filters; else at most how many there are. */
    private static final int[] FILTERS = {20, 70, 3, 1, 2};
    private static final boolean[] GROUPS = {false, false, false, true, true};
    private static final long[] THRESHOLDS = {0, 1, 1L << 31, 0x9999_9999L, 0xffff_ffffL};
    private static final Window[] POOLED = {Window.valid(1, 2, 1, 1, 1, 2, 1, 1), Window.valid(5, 4, 2, 2, 2, 2, 1, 1),
        Window.same(5, 4, 2, 2, 2, 2, 1, 1), Window.same(4, 3, 3, 2, 1, 1, 1, 1), Window.valid(3, 7, 3, 7, 1, 1, 1, 1)};
    private static final float[] LIMITS = {0.3f, Float.POSITIVE_INFINITY};

    static {
        products();
        pools();
        convolutions();
        recurrences();
        attentions();
        elements();
        sums();
        softmaxes();
        rowLosses();
        normalizations();
        updates();
    }

    private static void products() {
        BY_NAME.put("products.gemm", (f, r, c, b) -> {
            for (int depth : DEPTHS) {
                gemm(f, false, false, r, c, depth, b);
                gemm(f, true, false, r, c, depth, b);
                gemm(f, false, true, r, c, depth, b);
                gemm(f, true, true, r, c, depth, b);
            }
            f.products().gemm(false, false, b.sparse(r, 48), b.in(48, c), b.out(r, c));
            f.products().gemm(true, false, b.sparse(48, r), b.in(48, c), b.out(r, c));
        });
        BY_NAME.put("products.dense", (f, r, c, b) -> {
            for (UnaryOp op : UNARY) {
                f.products().dense(op, 0.3f, b.in(r, 7), b.in(7, c), b.in(c), b.out(r, c));
                f.products().dense(op, 0.3f, b.inWithGaps(r, 7), b.inWithGaps(7, c), b.in(c), b.outWithGaps(r, c));
                f.products().dense(op, 0.3f, b.in(r, 7), b.in(7, c), null, b.out(r, c));
            }
        });
    }

    /** Of windows that leave the image, with strides and gaps; of windows of a pixel; in groups, and of a channel each. */
    private static void convolutions() {
        BY_NAME.put("convolutions.forward", (f, r, c, b) -> {
            for (int i = 0; i < WINDOWS.length; i++) {
                Window w = WINDOWS[i];
                int filters = GROUPS[i] ? FILTERS[i] * c : Math.min(FILTERS[i], c);
                f.convolutions().forward(w, GROUPS[i] ? Math.max(c, 1) : 1, UnaryOp.RELU, 0f, b.in(images(w, r) * w.pixels(), c),
                        b.in(w.taps() * (GROUPS[i] ? Math.min(c, 1) : c), filters), i == 0 ? null : b.in(filters),
                        b.out(images(w, r) * w.positions(), filters));
            }
        });
        BY_NAME.put("convolutions.inputGradient", (f, r, c, b) -> {
            for (int i = 0; i < WINDOWS.length; i++) {
                Window w = WINDOWS[i];
                int filters = GROUPS[i] ? FILTERS[i] * c : Math.min(FILTERS[i], c);
                f.convolutions().inputGradient(w, GROUPS[i] ? Math.max(c, 1) : 1, b.in(images(w, r) * w.positions(), filters),
                        b.in(w.taps() * (GROUPS[i] ? Math.min(c, 1) : c), filters), b.out(images(w, r) * w.pixels(), c));
            }
        });
        BY_NAME.put("convolutions.kernelGradient", (f, r, c, b) -> {
            for (int i = 0; i < WINDOWS.length; i++) {
                Window w = WINDOWS[i];
                int filters = GROUPS[i] ? FILTERS[i] * c : Math.min(FILTERS[i], c);
                f.convolutions().kernelGradient(w, GROUPS[i] ? Math.max(c, 1) : 1, b.in(images(w, r) * w.pixels(), c),
                        b.in(images(w, r) * w.positions(), filters), b.out(w.taps() * (GROUPS[i] ? Math.min(c, 1) : c), filters));
            }
        });
    }

    /** Images that have so many pixels together, or one more. */
    private static int images(Window w, int pixels) {
        return (pixels + w.pixels() - 1) / w.pixels();
    }

    /** {@code c (m, n) = op(a) op(b)}. */
    static void gemm(Faces faces, boolean transposeA, boolean transposeB, int m, int n, int k, Blocks blocks) {
        MatrixView a = transposeA ? blocks.inWithGaps(k, m) : blocks.inWithGaps(m, k);
        MatrixView b = transposeB ? blocks.inWithGaps(n, k) : blocks.inWithGaps(k, n);
        faces.products().gemm(transposeA, transposeB, a, b, blocks.outWithGaps(m, n));
    }

    /** Of few sequences and units, as the kernel is of the square of these. */
    private static void recurrences() {
        BY_NAME.put("recurrences.forward", (f, r, c, b) -> {
            for (Recurrences.Rule rule : CELLS) {
                int units = c % 71;
                int width = rule.cell().gates * units;
                int[] first = b.steps(r % 41);
                int rows = first[first.length - 1];
                boolean isPlain = rule.cell() == Recurrences.Cell.SIMPLE;
                f.recurrences().forward(rule, first, b.inWithGaps(units, width), isPlain ? null : b.in(width),
                        isPlain ? null : b.in(r % 41, units), b.inOut(rows, width), b.out(rows, units), b.out(rule.cell().kept(rows), units),
                        b.out(rows, units));
            }
        });
        BY_NAME.put("recurrences.gradient", (f, r, c, b) -> {
            for (Recurrences.Rule rule : CELLS) {
                int units = c % 71;
                int width = rule.cell().gates * units;
                int[] first = b.steps(r % 41);
                int rows = first[first.length - 1];
                boolean isPlain = rule.cell() == Recurrences.Cell.SIMPLE;
                f.recurrences().gradient(rule, first, b.inWithGaps(units, width), isPlain ? null : b.in(r % 41, units), b.in(rows, width),
                        b.in(rows, units), b.in(rule.cell().kept(rows), units), b.in(rows, units), b.in(rows, units), b.out(rows, width),
                        b.out(rule.cell().worked(rows), units));
            }
        });
    }

    /** Few steps and columns: one head that counts throughout, and three, causal, with masks and a dropout. */
    private static void attentions() {
        BY_NAME.put("attentions.forward", (f, r, c, b) -> {
            for (Attentions.Heads heads : HEADS) {
                int columns = heads.heads() * (c % 34);
                boolean isPlain = heads.heads() == 1;
                f.attentions().forward(heads, isPlain ? null : b.sparse(heads.batch(), heads.queries()),
                        isPlain ? null : b.sparse(heads.batch(), heads.keys()), b.in(heads.batch() * heads.queries(), columns),
                        b.in(heads.batch() * heads.keys(), columns), b.in(heads.batch() * heads.keys(), heads.heads() * (r % 34)),
                        isPlain ? null : b.in(heads.batch() * heads.heads() * heads.queries(), heads.keys()),
                        b.out(heads.batch() * heads.queries(), heads.heads() * (r % 34)), b.out(heads.batch() * heads.heads(), heads.queries()));
            }
        });
        BY_NAME.put("attentions.gradient", (f, r, c, b) -> {
            for (Attentions.Heads heads : HEADS) {
                int columns = heads.heads() * (c % 34);
                int width = heads.heads() * (r % 34);
                boolean isPlain = heads.heads() == 1;
                f.attentions().gradient(heads, isPlain ? null : b.sparse(heads.batch(), heads.queries()),
                        isPlain ? null : b.sparse(heads.batch(), heads.keys()), b.in(heads.batch() * heads.queries(), columns),
                        b.in(heads.batch() * heads.keys(), columns), b.in(heads.batch() * heads.keys(), width),
                        isPlain ? null : b.in(heads.batch() * heads.heads() * heads.queries(), heads.keys()),
                        b.in(heads.batch() * heads.heads(), heads.queries()), b.in(heads.batch() * heads.queries(), width),
                        b.out(heads.batch() * heads.queries(), columns), b.out(heads.batch() * heads.keys(), columns),
                        b.out(heads.batch() * heads.keys(), width));
            }
        });
    }

    private static void pools() {
        BY_NAME.put("pools.max", (f, r, c, b) -> {
            for (Window w : POOLED) {
                int images = r / w.pixels();
                f.pools().max(w, b.in(images * w.pixels(), c), b.out(images * w.positions(), c), b.out(images * w.positions(), c));
            }
        });
        BY_NAME.put("pools.maxGradient", (f, r, c, b) -> {
            for (Window w : POOLED) {
                int images = r / w.pixels();
                int places = images * w.positions();
                f.pools().maxGradient(w, b.in(places, c), b.whole(places, c, w.taps()), b.out(images * w.pixels(), c));
            }
        });
        BY_NAME.put("pools.average", (f, r, c, b) -> {
            for (Window w : POOLED) {
                int images = r / w.pixels();
                f.pools().average(w, b.in(images * w.pixels(), c), b.out(images * w.positions(), c));
            }
        });
        BY_NAME.put("pools.averageGradient", (f, r, c, b) -> {
            for (Window w : POOLED) {
                int images = r / w.pixels();
                f.pools().averageGradient(w, b.in(images * w.positions(), c), b.out(images * w.pixels(), c));
            }
        });
    }

    private static void elements() {
        BY_NAME.put("elements.map", (f, r, c, b) -> {
            for (UnaryOp op : UNARY) {
                MatrixView x = b.in(r, c);
                f.elements().map(op, 0.3f, x, b.over(x));
            }
        });
        BY_NAME.put("elements.mapGradient", (f, r, c, b) -> {
            for (UnaryOp op : UNARY) {
                MatrixView x = b.in(r, c);
                MatrixView y = b.in(r, c);
                MatrixView upstream = b.in(r, c);
                f.elements().mapGradient(op, 0.3f, x, y, upstream, b.over(x, y, upstream));
            }
        });
        BY_NAME.put("elements.zip", (f, r, c, b) -> {
            for (BinaryOp op : BINARY) {
                MatrixView x = b.in(r, c);
                MatrixView y = b.in(r, c);
                f.elements().zip(op, x, y, b.over(x, y));
                MatrixView many = b.in(r, c);
                f.elements().zip(op, b.in(1), many, b.over(many));
                f.elements().zip(op, b.in(r, c), b.in(1), b.out(r, c));
                f.elements().zip(op, b.in(1), b.in(1), b.out(r, c));
                f.elements().zip(op, b.in(r, c), b.whole(1, 1, 4), b.out(r, c)); // small exponents
                MatrixView left = b.inWithGaps(r, c);
                broadcast(f, op, left, b.in(1, c), b.over(left));
                broadcast(f, op, b.in(r, 1), b.in(r, c), b.outWithGaps(r, c));
                broadcast(f, op, b.in(1, c), b.in(r, 1), b.out(r, c));
                broadcast(f, op, b.in(1, 1), b.in(r, c), b.out(r, c));
                MatrixView turned = b.in(c, r);
                MatrixView right = b.in(r, c);
                f.elements().zip(op, turned.data, turned.offset, 1, turned.stride, right.data, right.offset, right.stride, 1,
                        b.over(right));
            }
        });
        BY_NAME.put("elements.zipRows", (f, r, c, b) -> {
            for (BinaryOp op : BINARY) {
                MatrixView x = b.in(r, c);
                f.elements().zipRows(op, x, b.in(r), b.over(x));
            }
        });
        BY_NAME.put("elements.bytesToUnitRange", (f, r, c, b) -> f.elements().bytesToUnitRange(b.bytes(r * c), Blocks.OFFSET, b.out(r, c)));
        BY_NAME.put("elements.bytesToUnitRangeByRow", (f, r, c, b) ->
                f.elements().bytesToUnitRangeByRow(b.bytes(r * c), Blocks.OFFSET, b.order(r), Blocks.OFFSET, b.out(r, c)));
        BY_NAME.put("elements.dropoutMask", (f, r, c, b) -> {
            for (long threshold : THRESHOLDS) {
                f.elements().dropoutMask(0x9e3779b97f4a7c15L * (31 * r + c), threshold, 1.25f, b.out(r, c));
            }
        });
        BY_NAME.put("elements.select", (f, r, c, b) -> {
            MatrixView condition = b.sparse(r, c);
            MatrixView x = b.in(r, c);
            MatrixView y = b.in(r, c);
            f.elements().select(condition, x, y, b.over(condition, x, y));
        });
        BY_NAME.put("elements.clip", (f, r, c, b) -> {
            for (float limit : LIMITS) {
                MatrixView x = b.in(r, c);
                f.elements().clip(x, -0.1f, limit, b.over(x));
            }
        });
        BY_NAME.put("elements.scaleAndClip", (f, r, c, b) -> {
            for (float limit : LIMITS) {
                MatrixView x = b.in(r, c);
                f.elements().scaleAndClip(x, 0.7f, limit, b.over(x));
            }
        });
        BY_NAME.put("elements.weightPenalties", (f, r, c, b) -> {
            MatrixView w = b.in(r, c);
            f.elements().weightPenalties(w, 0.3f, 0.7f, b.over(w));
        });
        BY_NAME.put("elements.weightPenaltyGradient", (f, r, c, b) -> {
            MatrixView w = b.in(r, c);
            f.elements().weightPenaltyGradient(w, 0.3f, 0.7f, b.over(w));
        });
    }

    /** An operand of one row or column is repeated. */
    private static void broadcast(Faces f, BinaryOp op, MatrixView a, MatrixView b, MatrixView y) {
        f.elements().zip(op, a.data, a.offset, a.rows == 1 ? 0 : a.stride, a.cols == 1 ? 0 : 1, b.data, b.offset,
                b.rows == 1 ? 0 : b.stride, b.cols == 1 ? 0 : 1, y);
    }

    private static void sums() {
        BY_NAME.put("sums.reduceRows", (f, r, c, b) -> {
            for (BinaryOp op : REDUCING) {
                f.sums().reduceRows(op, b.in(r, c), b.out(r));
            }
        });
        BY_NAME.put("sums.reduceColumns", (f, r, c, b) -> {
            for (BinaryOp op : REDUCING) {
                f.sums().reduceColumns(op, b.in(r, c), b.out(c));
            }
        });
        BY_NAME.put("sums.rowArgMax", (f, r, c, b) -> f.sums().rowArgMax(b.in(r, c), b.ints(r), Blocks.OFFSET));
        BY_NAME.put("sums.rowArgMaxMatches", (f, r, c, b) -> b.result(f.sums().rowArgMaxMatches(b.in(r, c), b.in(r, c))));
        BY_NAME.put("sums.cumulativeSums", (f, r, c, b) -> {
            f.sums().cumulativeSums(b.in(r, c), false, b.out(r, c));
            f.sums().cumulativeSums(b.in(r, c), true, b.out(r, c));
        });
        BY_NAME.put("sums.isFinite", (f, r, c, b) -> b.result(f.sums().isFinite(b.in(r, c)) ? 1 : 0));
        BY_NAME.put("sums.squareSum", (f, r, c, b) -> b.result(f.sums().squareSum(b.in(r, c))));
    }

    private static void softmaxes() {
        BY_NAME.put("softmaxes.softmax", (f, r, c, b) -> {
            MatrixView x = b.in(r, c);
            f.softmaxes().softmax(x, b.over(x), b.out(r));
            MatrixView more = b.in(r, c);
            f.softmaxes().softmax(more, b.over(more), null);
            f.softmaxes().softmax(b.in(r, c), null, b.out(r));
            int few = Math.min(c, 10); // as many numbers in short rows
            MatrixView narrow = b.in(r * c / Math.max(few, 1), few);
            f.softmaxes().softmax(narrow, b.over(narrow), b.out(narrow.rows));
        });
        BY_NAME.put("softmaxes.softmaxGradient", (f, r, c, b) -> {
            MatrixView y = b.in(r, c);
            MatrixView upstream = b.in(r, c);
            f.softmaxes().softmaxGradient(y, upstream, b.over(y, upstream));
        });
        BY_NAME.put("softmaxes.logSoftmax", (f, r, c, b) -> {
            MatrixView x = b.in(r, c);
            f.softmaxes().logSoftmax(x, b.over(x));
        });
        BY_NAME.put("softmaxes.logSoftmaxGradient", (f, r, c, b) -> {
            MatrixView y = b.in(r, c);
            MatrixView upstream = b.in(r, c);
            f.softmaxes().logSoftmaxGradient(y, upstream, b.over(y, upstream));
        });
    }

    private static void rowLosses() {
        BY_NAME.put("rowLosses.losses", (f, r, c, b) -> {
            for (LossOp op : LOSSES) {
                f.rowLosses().losses(op, 0.7f, b.in(r, c), b.in(r, c), 3f, b.out(r));
            }
        });
        BY_NAME.put("rowLosses.lossGradient", (f, r, c, b) -> {
            for (LossOp op : LOSSES) {
                MatrixView p = b.in(r, c);
                MatrixView t = b.in(r, c);
                f.rowLosses().lossGradient(op, 0.7f, p, t, 0.37f, b.over(p, t));
            }
        });
        BY_NAME.put("rowLosses.softmaxCrossEntropy", (f, r, c, b) ->
                f.rowLosses().softmaxCrossEntropy(b.in(r, c), b.in(r), b.in(r, c), b.out(r)));
        BY_NAME.put("rowLosses.softmaxCrossEntropyGradient", (f, r, c, b) -> {
            MatrixView p = b.in(r, c);
            MatrixView t = b.in(r, c);
            f.rowLosses().softmaxCrossEntropyGradient(p, t, 0.37f, b.over(p, t));
        });
        BY_NAME.put("rowLosses.softmaxCrossEntropyOfLabelsGradient", (f, r, c, b) -> {
            MatrixView p = b.in(r, c);
            f.rowLosses().softmaxCrossEntropyOfLabelsGradient(p, b.whole(1, r, c + 1), 0.37f, b.over(p));
        });
    }

    private static void normalizations() {
        BY_NAME.put("normalizations.columnProducts", (f, r, c, b) ->
                f.normalizations().columnProducts(b.inWithGaps(r, c), b.in(c), b.in(r, c), b.in(c), b.out(c)));
        BY_NAME.put("normalizations.normalizeColumns", (f, r, c, b) -> {
            MatrixView x = b.inWithGaps(r, c);
            f.normalizations().normalizeColumns(x, b.in(c), b.in(c), b.in(c), b.over(x));
        });
        BY_NAME.put("normalizations.normalizeColumnsGradient", (f, r, c, b) -> {
            MatrixView upstream = b.in(r, c);
            MatrixView x = b.in(r, c);
            f.normalizations().normalizeColumnsGradient(upstream, b.in(c), b.in(c), x, b.in(c), b.in(c), b.over(upstream, x));
        });
        BY_NAME.put("normalizations.normalizeRows", (f, r, c, b) -> {
            MatrixView x = b.inWithGaps(r, c);
            f.normalizations().normalizeRows(x, b.in(c), b.in(c), 1e-3f, b.over(x), b.out(r, 2));
        });
        BY_NAME.put("normalizations.normalizeRowsGradient", (f, r, c, b) -> {
            MatrixView x = b.in(r, c);
            MatrixView upstream = b.in(r, c);
            f.normalizations().normalizeRowsGradient(x, b.in(r, 2), b.in(c), upstream, b.over(x, upstream));
        });
        BY_NAME.put("normalizations.normalizeRowsScaleGradient", (f, r, c, b) ->
                f.normalizations().normalizeRowsScaleGradient(b.in(r, c), b.in(r, 2), b.inWithGaps(r, c), b.out(c)));
    }

    private static void updates() {
        BY_NAME.put("updates.apply", (f, r, c, b) -> {
            for (Update rule : RULES) {
                MatrixView w = b.inOut(r, c);
                f.updates().apply(rule, w, b.in(r, c), b.inOut(r, c), b.inOut(r, c), b.inOut(r, c));
            }
        });
        BY_NAME.put("updates.blend", (f, r, c, b) -> {
            f.updates().blend(0.1f, b.in(r, c), 0.9f, b.inOut(r, c));
            MatrixView w = b.inOut(r, c);
            f.updates().blend(-0.1f, w, 1f, w);
        });
    }

    private KernelCases() {}
}
