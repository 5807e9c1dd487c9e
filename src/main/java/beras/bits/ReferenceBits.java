package beras.bits;

import beras.compute.Compute;
import beras.files.Sha256;
import beras.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The reference trainings and predictions: what they are, the hashes that they have everywhere, and those that they have here.
 */
public final class ReferenceBits {

    /** The first line of the table of hashes. */
    public static final String HEADER = "reference,part,sha256";

    private static final String TABLE = "bits.csv";

    /**
     * A reference here, compared with what it is everywhere.
     *
     * @param name      of the reference
     * @param computed  the SHA-256 of each part, by its name
     * @param published those of the table
     */
    public record Comparison(String name, Map<String, String> computed, Map<String, String> published) {

        /** Whether all bits are the same. */
        public boolean isSame() {
            return others().isEmpty();
        }

        /** The parts whose hash is another than in the table, or is there or here alone. */
        private Set<String> others() {
            Set<String> others = new TreeSet<>(published.keySet());
            others.addAll(computed.keySet());
            others.removeIf(part -> published.getOrDefault(part, "").equals(computed.get(part)));
            return others;
        }

        /** Such as {@code layers: other bits in Conv1D, Dense}. */
        @Override
        public String toString() {
            return name + (isSame() ? ": the same" : ": other bits in " + String.join(", ", others()));
        }
    }

    /** The names of all references, in the order of the table. */
    public static List<String> names() {
        return List.copyOf(References.ALL.keySet());
    }

    /**
     * Trains and predicts again, with SIMD if this JVM has it, and compares with the table.
     *
     * @param name one of {@link #names}
     * @throws IOException          if temporary files cannot be written
     * @throws InterruptedException if this thread is interrupted while it waits for SIMD
     */
    public static Comparison compare(String name) throws IOException, InterruptedException {
        Compute.awaitFast();
        return new Comparison(name, References.ALL.get(name).compute(), published(name));
    }

    /** The lines of the table for a reference as it is here. */
    public static List<String> lines(Comparison comparison) {
        List<String> lines = new ArrayList<>();
        comparison.computed.forEach((part, sha256) -> lines.add(comparison.name + "," + part + "," + sha256));
        return lines;
    }

    /** The hashes that a reference has everywhere, by the names of its parts. */
    static Map<String, String> published(String name) throws IOException {
        Map<String, String> hashes = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(ReferenceBits.class.getResourceAsStream(TABLE),
                StandardCharsets.UTF_8))) {
            lines.lines().skip(1).map(line -> line.split(",")).filter(cells -> cells[0].equals(name))
                    .forEach(cells -> hashes.put(cells[1], cells[2]));
        }
        return hashes;
    }

    /**
     * The SHA-256 of the elements of tensors, as little-endian float32; all NaN are one, as which of them an operation gives is
     * free.
     */
    static String sha256(List<? extends Tensor> tensors) {
        MessageDigest digest = Sha256.begin();
        for (Tensor tensor : tensors) {
            ByteBuffer bytes = ByteBuffer.allocate(tensor.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : tensor.toArray()) {
                bytes.putInt(Float.floatToIntBits(value));
            }
            digest.update(bytes.array());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private ReferenceBits() {}
}
