package beras.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.DataException;
import beras.data.Idx;
import beras.data.ImageCsv;
import beras.data.Images;
import beras.data.TableOptions;
import beras.data.TableReader;
import beras.data.TableSchema;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Input;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads files that were changed at random: each is read, or refused by the exception that its reader declares, in a moment.
 * {@code -Dberas.fuzz=200000} sets how many of each kind, {@code -Dberas.fuzz.out=FILE} adds what came out to a CSV file.
 */
@Tag("fuzz")
class FuzzTest {

    private static final int COUNT = Integer.getInteger("beras.fuzz", 1000);
    private static final String OUT = System.getProperty("beras.fuzz.out");
    private static final long SEED = Long.getLong("beras.fuzz.seed", 1);
    private static final int MOST_SECONDS = 10;
    /** A file that is read, and should not be, is a find; one reader in a million may take a harmless change. */
    private static final String ACCEPTED = "read";

    /** Reads a file; what it may throw is declared by {@link Kind}. */
    private interface Reading {
        void read(Path file) throws Exception;
    }

    /** Makes what protects a file, such as a checksum, right again after a change. */
    private interface Repair {
        byte[] repair(byte[] bytes);
    }

    /**
     * A kind of file.
     *
     * @param suffix   of the file's name
     * @param declared what its reader may throw
     */
    private record Kind(String name, String suffix, List<byte[]> good, Repair repair, Reading reading,
            List<Class<? extends Exception>> declared) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> kinds() throws IOException {
        byte[] first = Files.readAllBytes(Path.of("src/test/resources/beras/saving/version1.beras"));
        byte[] model = model();
        List<Class<? extends Exception>> format = List.of(ModelFormatException.class);
        List<Class<? extends Exception>> data = List.of(DataException.class);
        List<byte[]> tables = List.of(
                text("id,size,colour,b\n1,2.5,red,a\n2,NA,blue,b\n3,1e3,\"re,d\",a\n4,-7,,b\n5,0.5,blue,a\n"),
                text("a,b\n1,2\n2,4\n3,6\n4,8\n5,10\n6,12\n"));
        return Stream.of(
                new Kind("model as bytes", ".beras", List.of(model, first), bytes -> bytes, ModelFile::load, format),
                new Kind("model, checksum made right", ".beras", List.of(model, first), FuzzTest::withChecksum, ModelFile::load,
                        format),
                new Kind("images in IDX", "-idx3-ubyte", List.of(idx()), bytes -> bytes, Idx::images, data),
                new Kind("labels in IDX", "-idx1-ubyte", List.of(labels()), bytes -> bytes, Idx::labels, data),
                new Kind("images in CSV", ".csv", List.of(text("label,p0,p1,p2,p3\n1,0,255,3,4\n0,9,8,7,6\n")), bytes -> bytes,
                        file -> ImageCsv.read(file, 10), data),
                new Kind("table", ".csv", tables, bytes -> bytes, FuzzTest::readTable, data),
                new Kind("schema of a table", ".json", List.of(text(schema().toJson())), bytes -> bytes,
                        file -> TableSchema.fromJson(Files.readString(file, StandardCharsets.ISO_8859_1)),
                        List.of(IllegalArgumentException.class)));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] model() throws IOException {
        return written(file -> ModelFile.save(new SavedModel(new Sequential(1, new Input(3), new Dense(4),
                new BatchNormalization(), new ReLU(), new Dropout(0.5), new Dense(2), new Softmax()))
                .provenance(Map.of("seed", "1")), file));
    }

    private static byte[] idx() throws IOException {
        return written(file -> Idx.write(file, new Images(new byte[2 * 3 * 4], 3, 4, new byte[2], 10)));
    }

    private static byte[] labels() throws IOException {
        return written(file -> Idx.write(file, new byte[] {1, 2, 3}));
    }

    private static TableSchema schema() throws IOException {
        Path folder = Files.createTempDirectory("fuzz");
        try {
            Path file = Files.writeString(folder.resolve("t.csv"), "size,colour,kind\n1,red,a\n2,blue,b\n3,red,a\n4,blue,b\n");
            return TableSchema.infer(file, "kind", new TableOptions());
        } finally {
            Files.deleteIfExists(folder.resolve("t.csv"));
            Files.delete(folder);
        }
    }

    private static byte[] written(Reading writing) throws IOException {
        Path folder = Files.createTempDirectory("fuzz");
        Path file = folder.resolve("good");
        try {
            writing.read(file);
            return Files.readAllBytes(file);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static void readTable(Path file) throws DataException {
        TableSchema schema = TableSchema.infer(file, "b", new TableOptions());
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.open(file, schema, any -> true)) {
            while (reader.next(row, 0)) {
                reader.target(new float[schema.targetWidth()], 0);
            }
        }
    }

    private static byte[] withChecksum(byte[] bytes) {
        byte[] fixed = bytes.clone();
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            if (fixed.length >= 56) {
                ByteBuffer.wrap(fixed).order(ByteOrder.LITTLE_ENDIAN).putLong(16, fixed.length);
                sha.update(fixed, 0, fixed.length - 32);
                System.arraycopy(sha.digest(), 0, fixed, fixed.length - 32, 32);
            }
            return fixed;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void isReadOrRefused(Kind kind, @TempDir Path folder) throws Exception {
        for (byte[] good : kind.good) {
            assertEquals(ACCEPTED, outcome(kind, good, folder.resolve("good" + kind.suffix)));
        }
        Map<String, Integer> outcomes = new TreeMap<>();
        List<String> finds = new ArrayList<>();
        long slowest = 0;
        Path file = folder.resolve("changed" + kind.suffix);
        for (int i = 0; i < COUNT; i++) {
            byte[] changed = kind.repair.repair(new Mutations(SEED, i).of(kind.good.get(i % kind.good.size())));
            long start = System.nanoTime();
            String outcome = outcome(kind, changed, file);
            slowest = Math.max(slowest, System.nanoTime() - start);
            outcomes.merge(outcome, 1, Integer::sum);
            if (outcome.startsWith("!")) {
                finds.add(outcome + " for " + HexFormat.of().formatHex(changed));
            }
        }
        if (OUT != null) {
            Path out = Path.of(OUT);
            String header = Files.exists(out) ? "" : "kind,changed files,read,refused,other,slowest ms\n";
            int read = outcomes.getOrDefault(ACCEPTED, 0);
            Files.writeString(out, header + "\"" + kind + "\"," + COUNT + "," + read + "," + (COUNT - read - finds.size()) + ","
                    + finds.size() + "," + slowest / 1_000_000 + "\n", StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        assertEquals(List.of(), finds);
        assertTrue(slowest < TimeUnit.SECONDS.toNanos(MOST_SECONDS), () -> kind + " took too long");
        assertTrue(outcomes.getOrDefault(ACCEPTED, 0) < COUNT, "nothing was refused");
    }

    private static String outcome(Kind kind, byte[] bytes, Path file) throws IOException {
        Files.write(file, bytes);
        try {
            kind.reading.read(file);
            return ACCEPTED;
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            boolean declared = kind.declared.stream().anyMatch(type -> type.isInstance(e));
            return (declared ? "" : "!") + e.getClass().getSimpleName() + (declared ? "" : " " + e.getMessage()
                    + Arrays.asList(e.getStackTrace()).subList(0, Math.min(3, e.getStackTrace().length)));
        }
    }
}
