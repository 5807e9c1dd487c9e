package beras.tables;

import beras.tensor.Rng;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.zip.GZIPOutputStream;

/** Tables that are learnt in a moment: the kind of a thing follows from its size, its price from size, colour and age. */
public final class TinyTable {

    public static final int ROWS = 400;
    public static final String COLUMNS = "id,size,colour,age,planet";
    private static final String[] COLOURS = {"red", "green", "blue"};
    private static final Rng RNG = new Rng(1, "table", 0);

    /** With the column {@code kind}: big, small, or odd (which are rare). */
    public static Path kinds(Path file) throws IOException {
        return write(file, COLUMNS + ",kind", ROWS, row -> cells(row) + "," + kind(row));
    }

    /** With the column {@code price}, in thousands. */
    public static Path prices(Path file) throws IOException {
        return write(file, COLUMNS + ",price", ROWS, row -> cells(row) + "," + Math.round(price(row)));
    }

    /**
     * With the column {@code visits}, counts of which most are small: size, colour and each of 30 shops multiply what is expected, which
     * is exceeded by many in some rows.
     */
    public static Path visits(Path file) throws IOException {
        return write(file, COLUMNS + ",shop,visits", ROWS, row -> {
            long shop = (long) (30 * RNG.uniform(3_000_000 + row));
            double expected = Math.exp(size(row) / 6 + (colour(row).equals("red") ? 1 : 0) - shop % 3);
            return cells(row) + ",shop " + shop + "," + (long) (-expected * Math.log(RNG.uniform(2_000_000 + row)));
        });
    }

    /** Writes rows; as gzip if the name says so. */
    public static Path write(Path file, String header, long rows, LongFunction<String> line) throws IOException {
        OutputStream plain = Files.newOutputStream(file);
        OutputStream packed = file.toString().endsWith(".gz") ? new GZIPOutputStream(plain) : plain;
        try (PrintStream out = new PrintStream(packed, false, StandardCharsets.UTF_8)) {
            out.print(header + "\n");
            for (long row = 0; row < rows; row++) {
                out.print(line.apply(row) + "\n");
            }
        }
        return file;
    }

    public static String cells(long row) {
        String age = row % 11 == 0 ? "NA" : Long.toString(age(row));
        return (1000 + row) + "," + String.format(Locale.ROOT, "%.2f", size(row)) + "," + colour(row) + "," + age + ",Earth";
    }

    public static String colour(long row) {
        return COLOURS[(int) (number(row, 1) * COLOURS.length)];
    }

    public static String kind(long row) {
        return row % 20 == 7 ? "odd" : size(row) > 5 ? "big" : "small";
    }

    public static double price(long row) {
        return 1000 * (100 + 20 * size(row) + (colour(row).equals("red") ? 50 : 0) - age(row));
    }

    private static double size(long row) {
        return 10 * number(row, 0) + (row % 20 == 7 ? 20 : 0);
    }

    private static long age(long row) {
        return (long) (30 * number(row, 2));
    }

    private static double number(long row, int which) {
        return RNG.uniform(3 * row + which);
    }

    private TinyTable() {}
}
