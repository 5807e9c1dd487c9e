package beras.build;

import java.util.Locale;

/**
 * Writes {@code Tiles.java}: the inner loops of matrix products, unrolled. A sum needs a variable of its own to stay in a
 * register, so a tile of 24 sums has 24 variables, and Java has no macros.
 */
final class TileGenerator {

    private static final String HEADER = """
            package beras.kernels;

            import static beras.kernels.Lanes.COUNT;
            import static beras.kernels.Lanes.FLOATS;

            import jdk.incubator.vector.FloatVector;

            /**
             * The register tiles of matrix products: some rows of {@code c} by some vectors of columns, whose sums stay in
             * registers while {@code k} runs. {@link VectorGemm} and {@link SparseGemm} say which is for what.
             *
             * <p>Sums start from those in {@code from}, which is {@link #ZEROS} or {@code c}: with a branch in its place compiled code is thrown away
             * when the compiler has not seen both. Rows beyond {@code lastRow} are the last row again, computed and stored twice alike.
             * A tile of less than no steps does nothing: {@link WarmUp} calls it so often.
             */
            final class Tiles {

                /**
                 * What a sum ends with; -0 plus it is +0. It is added by fma, which the tiles use anyway: sums compiled here,
                 * before any others, put the vectors of other code on the heap of JDK 17, see {@link Lanes#useEachOperation}.
                 */
                static final FloatVector NOTHING = FloatVector.zero(FLOATS);
                static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1f);
                /** What sums start from that are not to be added to others. */
                static final float[] ZEROS = new float[8 * COUNT];
            """;

    private final StringBuilder out = new StringBuilder(HEADER);

    static String source() {
        TileGenerator generator = new TileGenerator();
        generator.dense(8, 2);
        generator.dense(6, 2);
        generator.dense(8, 1);
        generator.broad();
        generator.sparse(4);
        generator.sparse(8);
        generator.gather(1);
        generator.gather(2);
        generator.byColumn();
        return generator.out + "\n    private Tiles() {}\n}\n";
    }

    // --------------------------------------------------------------------------------------------------- tiles

    private void dense(int rows, int vectors) {
        begin(rows + " rows by " + vectors + (vectors == 1 ? " vector: " : " vectors: ") + rows * vectors + " sums, " + vectors
                        + " of b and 1 of a in registers.",
                "tile" + rows + "x" + vectors + "(int k, float[] a, int aOffset, int aRow, int aStep, int lastRow, float[] b, int bOffset,",
                "int bStep, float[] from, int fromOffset, int fromRow, float[] c, int cOffset, int cRow) {");
        returnIf("k < 0");
        rowOffsets(rows);
        startSums(rows, vectors);
        beginSteps("int p = 0; p < k; p++");
        loadRight(12, vectors);
        addRows(12, rows, vectors);
        endSteps();
        storeWithZero(rows, vectors);
        end();
    }

    /**
     * So many sums that few registers are left: what is added up here needs less than offsets of its own for each row. Where that was
     * not so, the compiler put sums on the stack in every other process, and products took twice as long.
     */
    private void broad() {
        int rows = 6;
        int vectors = 4;
        begin("6 rows by 4 vectors: 24 sums, 4 of b and 1 of a in registers. All rows have to be there; sums may be -0.",
                "tile6x4(int k, float[] a, int aOffset, int aRow, int aStep, float[] b, int bOffset, int bStep, float[] from,",
                "int fromOffset, int fromRow, float[] c, int cOffset, int cRow) {");
        returnIf("k < 0");
        line(8, "int fi = fromOffset;");
        for (int r = 0; r < rows; r++) {
            nextRow(8, r, "fi", "fromRow");
            for (int v = 0; v < vectors; v++) {
                line(8, "FloatVector %s = FloatVector.fromArray(FLOATS, from, fi%s);", sum(r, v, vectors), column(v));
            }
        }
        line(8, "int ap = aOffset;");
        line(8, "int bp = bOffset;");
        line(8, "for (int p = 0; p < k; p++) {");
        loadRight(12, vectors);
        line(12, "int ai = ap;");
        for (int r = 0; r < rows; r++) {
            nextRow(12, r, "ai", "aRow");
            line(12, "%sar = FloatVector.broadcast(FLOATS, a[ai]);", r == 0 ? "FloatVector " : "");
            for (int v = 0; v < vectors; v++) {
                line(12, "%s = ar.fma(b%s, %s);", sum(r, v, vectors), name(v, vectors), sum(r, v, vectors));
            }
        }
        endSteps();
        line(8, "int ci = cOffset;");
        for (int r = 0; r < rows; r++) {
            nextRow(8, r, "ci", "cRow");
            for (int v = 0; v < vectors; v++) {
                line(8, "%s.intoArray(c, ci%s);", sum(r, v, vectors), column(v));
            }
        }
        end();
    }

    private void nextRow(int indent, int row, String index, String step) {
        if (row > 0) {
            line(indent, "%s += %s;", index, step);
        }
    }

    private void sparse(int vectors) {
        int rows = 2;
        begin("2 rows by " + vectors + " vectors of listed steps: " + rows * vectors
                        + " sums, 1 of b and 2 of a in registers.",
                "tile2x" + vectors
                        + "(int[] steps, int first, int end, float[] a, int a0, int a1, int aStep, float[] b, int bOffset,",
                "int bStep, float[] from, int from0, int from1, float[] c, int c0, int c1) {");
        returnIf("first > end");
        sums(rows, vectors, (r, v) -> line(8, "FloatVector %s = FloatVector.fromArray(FLOATS, from, from%d%s);", sum(r, v, vectors), r,
                column(v)));
        line(8, "for (int i = first; i < end; i++) {");
        line(12, "int p = steps[i];");
        line(12, "int bp = bOffset + p * bStep;");
        line(12, "FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + p * aStep]);");
        line(12, "FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p * aStep]);");
        for (int v = 0; v < vectors; v++) {
            line(12, "FloatVector b%s = FloatVector.fromArray(FLOATS, b, bp%s);", name(v, vectors), column(v));
            for (int r = 0; r < rows; r++) {
                line(12, "%s = x%d.fma(b%s, %s);", sum(r, v, vectors), r, name(v, vectors), sum(r, v, vectors));
            }
        }
        line(8, "}");
        storeWithZero(rows, vectors);
        end();
    }

    private void gather(int vectors) {
        gather(vectors, "9 rows by " + vectors + (vectors == 1 ? " vector" : " vectors") + ": " + 9 * vectors + " sums, " + vectors
                + " of b and 1 of a in registers. Two lists say where the numbers of {@code a} are.", "gather9x" + vectors,
                "FloatVector.broadcast(FLOATS, a[a%d + ap])");
    }

    private void byColumn() {
        gather(1, "9 rows by 1 vector, which is multiplied with a vector of {@code a}. Two lists say where those begin.", "byColumn9x1",
                "FloatVector.fromArray(FLOATS, a, a%d + ap)");
    }

    private void gather(int vectors, String summary, String name, String left) {
        int rows = 9;
        begin(summary, name + "(int k, float[] a, int aOffset, int[] rows, int firstRow, int lastRow, int[] steps,",
                "int firstStep, float[] b, int bOffset, int bStep, float[] from, int fromOffset, int fromRow, float[] c, int cOffset, int cRow) {");
        returnIf("k < 0");
        for (int r = 0; r < rows; r++) {
            line(8, "int a%d = aOffset + rows[firstRow%s];", r, r == 0 ? "" : " + Math.min(" + r + ", lastRow)");
        }
        rowOffsets("c", rows);
        startSums(rows, vectors);
        line(8, "int bp = bOffset;");
        line(8, "for (int p = 0; p < k; p++) {");
        line(12, "int ap = steps[firstStep + p];");
        loadRight(12, vectors);
        addRows(12, rows, vectors, left);
        line(12, "bp += bStep;");
        line(8, "}");
        storeWithZero(rows, vectors);
        end();
    }

    // --------------------------------------------------------------------------------------------------- parts

    private void begin(String summary, String... signature) {
        out.append('\n');
        String comment = "    /** " + summary + " */";
        line(0, "%s", comment.contains("\n") ? "    /**\n     * " + summary + "\n     */" : comment);
        line(4, "static void %s", signature[0]);
        line(12, "%s", signature[1]);
    }

    private void returnIf(String isEmpty) {
        line(8, "if (%s) {", isEmpty);
        line(12, "return;");
        line(8, "}");
    }

    private void end() {
        line(4, "}");
    }

    /** Where each row of {@code a} and of {@code c} begins. */
    private void rowOffsets(int rows) {
        rowOffsets("a", rows);
        rowOffsets("c", rows);
    }

    private void rowOffsets(String matrix, int rows) {
        line(8, "int %s0 = %sOffset;", matrix, matrix);
        for (int r = 1; r < rows; r++) {
            line(8, "int %s%d = %sOffset + Math.min(%d, lastRow) * %sRow;", matrix, r, matrix, r, matrix);
        }
    }

    private void startSums(int rows, int vectors) {
        rowOffsets("from", rows);
        sums(rows, vectors, (r, v) -> line(8, "FloatVector %s = FloatVector.fromArray(FLOATS, from, from%d%s);", sum(r, v, vectors), r,
                column(v)));
    }

    private void beginSteps(String loop) {
        line(8, "int ap = 0;");
        line(8, "int bp = bOffset;");
        line(8, "for (%s) {", loop);
    }

    private void endSteps() {
        line(12, "ap += aStep;");
        line(12, "bp += bStep;");
        line(8, "}");
    }

    private void loadRight(int indent, int vectors) {
        for (int v = 0; v < vectors; v++) {
            line(indent, "FloatVector b%s = FloatVector.fromArray(FLOATS, b, bp%s);", name(v, vectors), column(v));
        }
    }

    private void addRows(int indent, int rows, int vectors) {
        addRows(indent, rows, vectors, "FloatVector.broadcast(FLOATS, a[a%d + ap])");
    }

    /** @param left what a row is multiplied with, of which {@code %d} is the row */
    private void addRows(int indent, int rows, int vectors, String left) {
        for (int r = 0; r < rows; r++) {
            line(indent, "%sar = " + left + ";", r == 0 ? "FloatVector " : "", r);
            for (int v = 0; v < vectors; v++) {
                line(indent, "%s = ar.fma(b%s, %s);", sum(r, v, vectors), name(v, vectors), sum(r, v, vectors));
            }
        }
    }

    private void storeWithZero(int rows, int vectors) {
        sums(rows, vectors, (r, v) -> line(8, "ONE.fma(%s, NOTHING).intoArray(c, c%d%s);", sum(r, v, vectors), r, column(v)));
    }

    // --------------------------------------------------------------------------------------------------- names

    private interface OfSum {
        void write(int row, int vector);
    }

    private static void sums(int rows, int vectors, OfSum each) {
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                each.write(r, v);
            }
        }
    }

    private static String sum(int row, int vector, int vectors) {
        return "s" + row + (vectors == 1 ? "" : name(vector, vectors));
    }

    private static char name(int vector, int vectors) {
        return vectors > 4 ? (char) ('a' + vector) : "xyzw".charAt(vector);
    }

    private static String column(int vector) {
        return vector == 0 ? "" : vector == 1 ? " + COUNT" : " + " + vector + " * COUNT";
    }

    private void line(int indent, String format, Object... values) {
        out.append(" ".repeat(indent)).append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
