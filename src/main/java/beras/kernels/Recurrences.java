package beras.kernels;

import java.util.Arrays;

/**
 * Recurrent layers over packed sequences: the loop over the steps, forward and backward.
 *
 * <p>The rows of a batch are <b>packed</b> step by step, longer sequences first. So the rows of step {@code n} are {@code first[n]}
 * to {@code first[n + 1]} (exclusive), its {@code i}-th row continues the {@code i}-th of step {@code n - 1}, and no row is
 * padding. A row has the gates side by side, in Keras's order, each of {@code units} numbers.
 *
 * <p>With {@code s(x) = recurrentActivation(x)}, {@code a(x) = activation(x)}, {@code x} the initial row of {@code gates}, the
 * product of an input with the kernel, plus the bias; {@code h'} and {@code c'} the previous state, and {@code d} the state {@code
 * h'} times the dropout factors, if any:
 * <ul>
 *   <li>{@link Cell#SIMPLE}: {@code h = a(x + d U)}
 *   <li>{@link Cell#LSTM}: {@code i, f, o = s(x + d U), g = a(x + d U); c = i g + f c'; h = o a(c)}
 *   <li>{@link Cell#GRU}: {@code z, r = s(x + d U); g = a(x + (r d) U); h = g + z (h' - g)}
 *   <li>{@link Cell#GRU_RESET_AFTER}: {@code z, r = s(x + (d U + b)); g = a(x + r (d U + b)); h = g + z (h' - g)}
 * </ul>
 * {@link Products} defines {@code d U}; the first step has neither this product nor {@code c'}. Each sum and each other product is
 * rounded. So a result is a function of the sequence alone, independent of its place and the rest of the batch.
 *
 * <p>Each thread computes all steps of some of the sequences.
 */
public final class Recurrences {

    static final Recurrences IN_USE = new Recurrences(Products.IN_USE, Elements.IN_USE, Thresholds.SHARED_WORK);

    /** The update of the state in a step. */
    public enum Cell {
        /** One gate. */
        SIMPLE(1),
        /** Gates i, f, c, o; kept are the states c, and behind them their activations. */
        LSTM(4),
        /** Gates z, r, h; kept is the state times the reset gate. */
        GRU(3),
        /** Gates z, r, h, the second bias within; kept is the product for h, which the reset gate is multiplied with. */
        GRU_RESET_AFTER(3);

        /** The gates of a row. */
        public final int gates;

        Cell(int gates) {
            this.gates = gates;
        }

        /** The number of rows kept for the backward pass besides the gates, for {@code rows} packed rows. */
        public int kept(int rows) {
            return this == SIMPLE ? 0 : this == LSTM ? 2 * rows : rows;
        }

        /** The number of workspace rows of the backward pass besides the gradients of the gates. */
        public int worked(int rows) {
            return this == LSTM || this == GRU_RESET_AFTER ? rows : 0;
        }
    }

    /**
     * A cell with the functions of its gates, whose derivatives follow from their outputs.
     *
     * @param alpha          the parameter of the activation
     * @param recurrentAlpha the parameter of the recurrent activation, which a simple cell does not have
     */
    public record Rule(Cell cell, UnaryOp activation, float alpha, UnaryOp recurrentActivation, float recurrentAlpha) {}

    private final Products products;
    private final Elements elements;
    long work; // multiply-adds from which on work is split; tests split all

    /** @param work the number of multiply-adds from which on work is split */
    Recurrences(Products products, Elements elements, long work) {
        this.products = products;
        this.elements = elements;
        this.work = work;
    }

    /**
     * The forward pass.
     *
     * @param kernel  {@code U}, {@code (units, gates * units)}
     * @param bias    {@code b}, {@code gates * units} numbers; null for cells other than {@link Cell#GRU_RESET_AFTER}
     * @param factors the dropout factors of each sequence, {@code (sequences, units)}; null: all 1
     * @param gates   {@code (rows, gates * units)}: {@code x}, overwritten by the gates; unchanged by a simple cell
     * @param before  receives {@code d}, {@code (rows, units)}
     * @param kept    receives the rows that the cell {@linkplain Cell#kept keeps}, of {@code units} columns
     * @param out     receives {@code h}, {@code (rows, units)}
     */
    public void forward(Rule rule, int[] first, MatrixView kernel, MatrixView bias, MatrixView factors, MatrixView gates, MatrixView before,
            MatrixView kept, MatrixView out) {
        requireShapes(rule, first, kernel, factors, gates, before, kept, out);
        if (bias != null) {
            bias.requireSize("bias", gates.cols);
        }
        split(first, (long) gates.size() * kernel.rows,
                (from, to) -> new Pass(rule, first, kernel, factors, gates, before, kept, out, from, to).forward(bias));
    }

    /**
     * The backward pass, after the forward pass.
     *
     * @param upstream      the gradient of {@code out}
     * @param gatesGradient receives the gradient of {@code x}
     * @param keptGradient  the {@linkplain Cell#worked workspace}; for {@link Cell#GRU_RESET_AFTER} it receives the gradient of the
     *     product for h, while the gradients of the other gates' products equal the gradient of {@code x}
     */
    public void gradient(Rule rule, int[] first, MatrixView kernel, MatrixView factors, MatrixView gates, MatrixView before,
            MatrixView kept, MatrixView out, MatrixView upstream, MatrixView gatesGradient, MatrixView keptGradient) {
        requireShapes(rule, first, kernel, factors, gates, before, kept, out);
        upstream.requireDense("upstream", out.rows, out.cols);
        gatesGradient.requireDense("gatesGradient", gates.rows, gates.cols);
        keptGradient.requireDense("keptGradient", rule.cell.worked(out.rows), out.cols);
        split(first, (long) gates.size() * kernel.rows,
                (from, to) -> new Pass(rule, first, kernel, factors, gates, before, kept, out, from, to)
                        .gradient(upstream, gatesGradient, keptGradient));
    }

    private static void requireShapes(Rule rule, int[] first, MatrixView kernel, MatrixView factors, MatrixView gates, MatrixView before,
            MatrixView kept, MatrixView out) {
        int units = kernel.rows;
        for (int n = 1; n < first.length; n++) {
            if (first[n] < first[n - 1] || n > 1 && first[n] - first[n - 1] > first[n - 1] - first[n - 2]) {
                throw new IllegalArgumentException("Each step must have at most the rows of the step before. Received: "
                        + Arrays.toString(first));
            }
        }
        kernel.requireShape("kernel", units, rule.cell.gates * units);
        if (factors != null) {
            factors.requireDense("factors", first.length > 1 ? first[1] : 0, units);
        }
        gates.requireDense("gates", first[first.length - 1], rule.cell.gates * units);
        before.requireDense("before", gates.rows, units);
        kept.requireDense("kept", rule.cell.kept(gates.rows), units);
        out.requireDense("out", gates.rows, units);
    }

    /** Splits the sequences into parts with about equal numbers of steps: longer sequences come first. */
    private void split(int[] first, long multiplyAdds, Threads.Range task) {
        int sequences = first.length > 1 ? first[1] : 0;
        if (!Threads.shared(multiplyAdds, work)) {
            task.run(0, sequences);
            return;
        }
        int parts = Threads.count();
        Threads.split(parts, 1, (from, to) -> {
            int begin = begin(first, sequences, from, parts);
            int end = begin(first, sequences, to, parts);
            if (begin < end) {
                task.run(begin, end);
            }
        });
    }

    /** The first sequence of a part: a multiple of a tile's rows. */
    private static int begin(int[] first, int sequences, int part, int parts) {
        if (part == parts) {
            return sequences;
        }
        long share = (long) first[first.length - 1] * part / parts;
        int begin = 0;
        long before = 0; // steps of the sequences before
        while (before < share) {
            begin = Math.min(begin + Thresholds.ROW_GRAIN, sequences);
            before = 0;
            for (int n = 1; n < first.length; n++) {
                before += Math.min(begin, first[n] - first[n - 1]);
            }
        }
        return begin;
    }

    /** The steps of some of the sequences. */
    private final class Pass {

        private final Rule rule;
        private final int[] first;
        private final MatrixView kernel;
        private final MatrixView factors; // null: none
        private final MatrixView gates;
        private final MatrixView before;
        private final MatrixView kept;
        private final MatrixView out;
        private final int from;
        private final int to;
        private final int units;
        private final int width;

        private int row; // the first of the step
        private int rows; // of the step, from there on
        private int previous; // the first row of the previous step; -1: none

        Pass(Rule rule, int[] first, MatrixView kernel, MatrixView factors, MatrixView gates, MatrixView before, MatrixView kept,
                MatrixView out, int from, int to) {
            this.rule = rule;
            this.first = first;
            this.kernel = kernel;
            this.factors = factors;
            this.gates = gates;
            this.before = before;
            this.kept = kept;
            this.out = out;
            this.from = from;
            this.to = to;
            this.units = kernel.rows;
            this.width = kernel.cols;
        }

        private void step(int n) {
            row = first[n] + from;
            rows = Math.max(0, Math.min(to, first[n + 1] - first[n]) - from);
            previous = n == 0 ? -1 : first[n - 1] + from;
        }

        // -------------------------------------------------------------------------------------------- elements

        private void map(UnaryOp op, float alpha, MatrixView x, MatrixView y, int at, int n) {
            elements.chosen(elements.map.get(op), gates.size()).map(op, alpha, x, y, at, at + n);
        }

        private void activate(MatrixView x, MatrixView y, int at, int n) {
            map(rule.activation, rule.alpha, x, y, at, n);
        }

        private void activateRecurrent(int at, int n) {
            map(rule.recurrentActivation, rule.recurrentAlpha, gates, gates, at, n);
        }

        /** {@code gradient *= activation'}. */
        private void slope(MatrixView x, MatrixView y, MatrixView gradient, int at, int n) {
            mapGradient(rule.activation, rule.alpha, x, y, gradient, at, n);
        }

        private void recurrentSlope(MatrixView gradient, int at, int n) {
            mapGradient(rule.recurrentActivation, rule.recurrentAlpha, gates, gates, gradient, at, n);
        }

        private void mapGradient(UnaryOp op, float alpha, MatrixView x, MatrixView y, MatrixView gradient, int at, int n) {
            elements.chosen(elements.mapGradient.get(op), gates.size()).mapGradient(op, alpha, x, y, gradient, gradient, at, at + n);
        }

        /** {@code y = op(a, b)}. */
        private void zip(BinaryOp op, float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int n) {
            elements.chosen(elements.zip.get(op), gates.size()).zipRow(op, a, aOffset, 1, b, bOffset, 1, y, yOffset, n);
        }

        /** {@code y += a * b}. */
        private void addProducts(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int n) {
            elements.chosen(elements.addProducts, gates.size()).addProducts(a, aOffset, b, bOffset, y, yOffset, n);
        }

        /** {@code c = a b}, of as many rows as the step has. */
        private void multiply(float[] a, int aOffset, int lda, int k, float[] b, int bOffset, int ldb, int n, float[] c, int cOffset, int ldc) {
            products.live().gemm(false, false, rows, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
        }

        // --------------------------------------------------------------------------------------------- forward

        void forward(MatrixView bias) {
            float[] scratch = Scratch.panel((to - from) * width + 2 * units); // products, zeros, a row
            int zeros = (to - from) * width;
            Arrays.fill(scratch, zeros, zeros + units, 0f);
            for (int n = 0; n + 1 < first.length; n++) {
                step(n);
                if (rows == 0) {
                    return;
                }
                take();
                switch (rule.cell) {
                    case SIMPLE -> {
                        addProduct(scratch);
                        activate(gates, out, row * units, rows * units);
                    }
                    case LSTM -> lstm(scratch);
                    case GRU -> gru(scratch, zeros);
                    case GRU_RESET_AFTER -> gruResetAfter(scratch, zeros, bias);
                }
            }
        }

        /** Takes the states after the step before. */
        private void take() {
            int at = before.row(row);
            int n = rows * units;
            if (previous < 0) {
                Arrays.fill(before.data, at, at + n, 0f);
            } else if (factors == null) {
                System.arraycopy(out.data, out.row(previous), before.data, at, n);
            } else {
                zip(BinaryOp.MULTIPLY, out.data, out.row(previous), factors.data, factors.row(from), before.data, at, n);
            }
        }

        /** {@code x + d U} of all gates. */
        private void addProduct(float[] scratch) {
            if (previous >= 0) {
                multiply(before.data, before.row(row), units, units, kernel.data, kernel.offset, kernel.stride, width, scratch, 0, width);
                zip(BinaryOp.ADD, gates.data, gates.row(row), scratch, 0, gates.data, gates.row(row), rows * width);
            }
        }

        private void lstm(float[] scratch) {
            addProduct(scratch);
            int behind = kept.size() / 2; // offset of activations from their states
            for (int r = 0; r < rows; r++) {
                int at = (row + r) * width;
                activateRecurrent(at, 2 * units);
                activate(gates, gates, at + 2 * units, units);
                activateRecurrent(at + 3 * units, units);
                int i = gates.offset + at;
                int c = kept.row(row + r);
                zip(BinaryOp.MULTIPLY, gates.data, i, gates.data, i + 2 * units, kept.data, c, units);
                if (previous >= 0) {
                    addProducts(gates.data, i + units, kept.data, kept.row(previous + r), kept.data, c, units);
                }
            }
            System.arraycopy(kept.data, kept.row(row), kept.data, kept.row(row) + behind, rows * units);
            activate(kept, kept, row * units + behind, rows * units);
            for (int r = 0; r < rows; r++) {
                zip(BinaryOp.MULTIPLY, gates.data, gates.row(row + r) + 3 * units, kept.data, kept.row(row + r) + behind, out.data,
                        out.row(row + r), units);
            }
        }

        private void gru(float[] scratch, int zeros) {
            if (previous >= 0) {
                multiply(before.data, before.row(row), units, units, kernel.data, kernel.offset, kernel.stride, 2 * units, scratch, 0, 2 * units);
            }
            for (int r = 0; r < rows; r++) {
                int at = gates.row(row + r);
                if (previous >= 0) {
                    zip(BinaryOp.ADD, gates.data, at, scratch, r * 2 * units, gates.data, at, 2 * units);
                }
                activateRecurrent((row + r) * width, 2 * units);
                zip(BinaryOp.MULTIPLY, gates.data, at + units, before.data, before.row(row + r), kept.data, kept.row(row + r), units);
            }
            if (previous >= 0) {
                multiply(kept.data, kept.row(row), units, units, kernel.data, kernel.offset + 2 * units, kernel.stride, units, scratch, 0, units);
            }
            for (int r = 0; r < rows; r++) {
                int at = gates.row(row + r) + 2 * units;
                if (previous >= 0) {
                    zip(BinaryOp.ADD, gates.data, at, scratch, r * units, gates.data, at, units);
                }
                mix(r, scratch, zeros);
            }
        }

        private void gruResetAfter(float[] scratch, int zeros, MatrixView bias) {
            if (previous >= 0) {
                multiply(before.data, before.row(row), units, units, kernel.data, kernel.offset, kernel.stride, width, scratch, 0, width);
            } else {
                Arrays.fill(scratch, 0, rows * width, 0f);
            }
            for (int r = 0; r < rows; r++) {
                int inner = r * width;
                if (bias != null) {
                    zip(BinaryOp.ADD, scratch, inner, bias.data, bias.offset, scratch, inner, width);
                }
                int at = gates.row(row + r);
                zip(BinaryOp.ADD, gates.data, at, scratch, inner, gates.data, at, 2 * units);
                activateRecurrent((row + r) * width, 2 * units);
                System.arraycopy(scratch, inner + 2 * units, kept.data, kept.row(row + r), units);
                addProducts(gates.data, at + units, kept.data, kept.row(row + r), gates.data, at + 2 * units, units);
                mix(r, scratch, zeros);
            }
        }

        /** {@code g = a(..); h = g + z (h' - g)} of a row. */
        private void mix(int r, float[] scratch, int zeros) {
            activate(gates, gates, (row + r) * width + 2 * units, units);
            int z = gates.row(row + r);
            int difference = zeros + units;
            zip(BinaryOp.SUBTRACT, previous < 0 ? scratch : out.data, previous < 0 ? zeros : out.row(previous + r), gates.data,
                    z + 2 * units, scratch, difference, units);
            System.arraycopy(gates.data, z + 2 * units, out.data, out.row(row + r), units);
            addProducts(gates.data, z, scratch, difference, out.data, out.row(row + r), units);
        }

        // -------------------------------------------------------------------------------------------- backward

        private float[] turned; // the kernel, transposed
        private float[] state; // the gradients to the state, then others
        private MatrixView activations; // of cell states

        /** The offset of the gradients of the cell states, or of the gradients that bypass the product. */
        private int carried() {
            return (to - from) * units;
        }

        /** Workspace for a row of gates each. */
        private int room() {
            return 2 * carried();
        }

        private int zeros() {
            return room() + (to - from) * width;
        }

        void gradient(MatrixView upstream, MatrixView gradient, MatrixView keptGradient) {
            turned = Scratch.other(width * units);
            Patches.transpose(units, width, kernel.data, kernel.offset, kernel.stride, turned, 0, units);
            if (rule.cell == Cell.LSTM) {
                activations = new MatrixView(kept.data, kept.offset + kept.size() / 2, kept.rows / 2, units);
            }
            state = Scratch.panel(zeros() + units);
            Arrays.fill(state, 0, room(), 0f);
            Arrays.fill(state, zeros(), zeros() + units, 0f);
            for (int n = first.length - 2; n >= 0; n--) {
                step(n);
                if (rows == 0) {
                    continue;
                }
                zip(BinaryOp.ADD, state, 0, upstream.data, upstream.row(row), state, 0, rows * units);
                switch (rule.cell) {
                    case SIMPLE -> {
                        System.arraycopy(state, 0, gradient.data, gradient.row(row), rows * units);
                        slope(gates, out, gradient, row * units, rows * units);
                        passOn(gradient.data, gradient.row(row), width);
                    }
                    case LSTM -> lstmGradient(gradient, keptGradient);
                    case GRU -> gruGradient(gradient);
                    case GRU_RESET_AFTER -> gruResetAfterGradient(gradient, keptGradient);
                }
            }
        }

        /** The gradient of the previous state: the gradient of the gates times the kernel, times the factors. */
        private void passOn(float[] ofGates, int at, int stride) {
            if (previous >= 0) {
                multiply(ofGates, at, stride, width, turned, 0, units, units, state, 0, units);
                scale(0);
            }
        }

        private void scale(int at) {
            if (factors != null) {
                zip(BinaryOp.MULTIPLY, state, at, factors.data, factors.row(from), state, at, rows * units);
            }
        }

        private void lstmGradient(MatrixView gradient, MatrixView ofCells) {
            int behind = kept.size() / 2;
            for (int r = 0; r < rows; r++) {
                int o = 3 * units;
                zip(BinaryOp.MULTIPLY, state, r * units, kept.data, kept.row(row + r) + behind, gradient.data, gradient.row(row + r) + o, units);
                zip(BinaryOp.MULTIPLY, state, r * units, gates.data, gates.row(row + r) + o, ofCells.data, ofCells.row(row + r), units);
            }
            slope(activations, activations, ofCells, row * units, rows * units);
            zip(BinaryOp.ADD, ofCells.data, ofCells.row(row), state, carried(), ofCells.data, ofCells.row(row), rows * units);
            for (int r = 0; r < rows; r++) {
                int at = (row + r) * width;
                int i = gates.offset + at;
                int to = gradient.offset + at;
                int c = ofCells.row(row + r);
                zip(BinaryOp.MULTIPLY, ofCells.data, c, gates.data, i + 2 * units, gradient.data, to, units);
                zip(BinaryOp.MULTIPLY, ofCells.data, c, previous < 0 ? state : kept.data, previous < 0 ? zeros() : kept.row(previous + r),
                        gradient.data, to + units, units);
                zip(BinaryOp.MULTIPLY, ofCells.data, c, gates.data, i, gradient.data, to + 2 * units, units);
                zip(BinaryOp.MULTIPLY, ofCells.data, c, gates.data, i + units, state, carried() + r * units, units);
                recurrentSlope(gradient, at, 2 * units);
                slope(gates, gates, gradient, at + 2 * units, units);
                recurrentSlope(gradient, at + 3 * units, units);
            }
            passOn(gradient.data, gradient.row(row), width);
        }

        /** To {@code z} before its activation is applied, to {@code g}, and to the state what passes by the product. */
        private void mixGradient(int r, MatrixView gradient) {
            int at = (row + r) * width;
            int z = gates.offset + at;
            int to = gradient.offset + at;
            zip(BinaryOp.SUBTRACT, previous < 0 ? state : out.data, previous < 0 ? zeros() : out.row(previous + r), gates.data,
                    z + 2 * units, gradient.data, to, units);
            zip(BinaryOp.MULTIPLY, gradient.data, to, state, r * units, gradient.data, to, units);
            zip(BinaryOp.MULTIPLY, gates.data, z, state, r * units, state, carried() + r * units, units);
            zip(BinaryOp.SUBTRACT, state, r * units, state, carried() + r * units, gradient.data, to + 2 * units, units);
            slope(gates, gates, gradient, at + 2 * units, units);
        }

        /** The gradient to the state before: {@code state}, times the factors, and what passes by the product. */
        private void addCarried() {
            scale(0);
            zip(BinaryOp.ADD, state, 0, state, carried(), state, 0, rows * units);
        }

        private void gruResetAfterGradient(MatrixView gradient, MatrixView ofProduct) {
            for (int r = 0; r < rows; r++) {
                mixGradient(r, gradient);
                int to = gradient.row(row + r);
                int inner = ofProduct.row(row + r);
                zip(BinaryOp.MULTIPLY, gradient.data, to + 2 * units, gates.data, gates.row(row + r) + units, ofProduct.data, inner, units);
                zip(BinaryOp.MULTIPLY, gradient.data, to + 2 * units, kept.data, kept.row(row + r), gradient.data, to + units, units);
                recurrentSlope(gradient, (row + r) * width, 2 * units);
                System.arraycopy(gradient.data, to, state, room() + r * width, 2 * units);
                System.arraycopy(ofProduct.data, inner, state, room() + r * width + 2 * units, units);
            }
            if (previous >= 0) {
                multiply(state, room(), width, width, turned, 0, units, units, state, 0, units);
                addCarried();
            }
        }

        private void gruGradient(MatrixView gradient) {
            for (int r = 0; r < rows; r++) {
                mixGradient(r, gradient);
            }
            multiply(gradient.data, gradient.row(row) + 2 * units, width, units, turned, 2 * units * units, units, units, state, room(), units);
            for (int r = 0; r < rows; r++) {
                int reset = room() + r * units;
                zip(BinaryOp.MULTIPLY, state, reset, before.data, before.row(row + r), gradient.data, gradient.row(row + r) + units, units);
                recurrentSlope(gradient, (row + r) * width, 2 * units);
                zip(BinaryOp.MULTIPLY, state, reset, gates.data, gates.row(row + r) + units, state, reset, units);
            }
            if (previous >= 0) {
                multiply(gradient.data, gradient.row(row), width, 2 * units, turned, 0, units, units, state, 0, units);
                zip(BinaryOp.ADD, state, 0, state, room(), state, 0, rows * units);
                addCarried();
            }
        }
    }
}
