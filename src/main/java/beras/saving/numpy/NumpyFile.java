package beras.saving.numpy;

import static beras.saving.bytes.Check.refuseIf;

import beras.feed.Examples;
import beras.files.WholeFile;
import beras.models.Model;
import beras.saving.FormatSupport;
import beras.saving.ModelFormatException;
import beras.saving.PortableFormat;
import beras.saving.SavedModel;
import beras.saving.WeightReport;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.TrainingLock;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's files: {@code .npy} has one array, {@code .npz} several by name.
 *
 * <pre>{@code
 * Examples examples = NumpyFile.examples(Path.of("train.npz")); // numpy.savez("train.npz", x=x, y=y)
 * NumpyFile.save(model.predict(x), Path.of("outputs.npy"));     // numpy.load("outputs.npy")
 * }</pre>
 *
 * <p>Arrays of float32 are read exactly; float16 and float64, integers and booleans become float32 as NumPy's {@code astype}
 * makes them, rounded to nearest and infinite beyond its range. Either order of bytes and of axes is read. Objects, texts,
 * records and complex numbers are refused. Written are float32, little-endian, in C order.
 *
 * <p>Nothing is allocated by a size that a file merely claims. An {@code .npz} may unpack to 64 MB and 100 times its own size.
 */
public final class NumpyFile implements PortableFormat {

    /** The name of the inputs for {@link #examples(Path)}. */
    private static final String INPUTS = "x";
    private static final String TARGETS = "y";

    private static final String ENTRY_END = ".npy";
    private static final long UNPACKED_FREE = 64L << 20;
    private static final int MOST_PACKING = 100;
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0); // the least a zip can have; so does NumPy

    /**
     * An array of a file.
     *
     * @param type    of its numbers in the file, as NumPy calls it, without the order of bytes: {@code f4}, {@code u1} and so on
     * @param rounded how many of its numbers no float32 holds, so that they were rounded
     */
    public record Array(Tensor values, String type, long rounded) {}

    /** Found by {@link java.util.ServiceLoader} as a {@link PortableFormat}; all else is static. */
    public NumpyFile() {}

    // ------------------------------------------------------------------------------------------------------- reading

    /**
     * Reads an {@code .npy} file.
     *
     * @throws ModelFormatException if it is malformed, truncated or longer than its header declares, or does not contain
     *     numbers
     * @throws IOException if it cannot be read
     */
    public static Tensor read(Path file) throws IOException {
        return array(file).values();
    }

    /** As {@link #read}, with the type in the file. */
    public static Array array(Path file) throws IOException {
        return FormatSupport.read(file, bytes -> {
            long[] at = {0};
            return NumpyArray.read(count -> {
                ByteBuffer next = bytes.read(at[0], count);
                at[0] += count;
                return next;
            }, bytes.size(), any -> { });
        });
    }

    /**
     * Reads an {@code .npz} file, stored or deflated: its arrays by name, in their order.
     *
     * @throws ModelFormatException if it is none, an array is no good as of {@link #read}, a name is there twice or leads out of
     *     the file, or it unpacks to too much
     * @throws IOException if it cannot be read
     */
    public static Map<String, Tensor> readAll(Path file) throws IOException {
        Map<String, Tensor> values = new LinkedHashMap<>();
        arrays(file).forEach((name, array) -> values.put(name, array.values()));
        return values;
    }

    /** As {@link #readAll}, with the types in the file. */
    public static Map<String, Array> arrays(Path file) throws IOException {
        return FormatSupport.read(file, bytes -> {
            refuseIf(!Files.isRegularFile(file),
                    "an .npz is read from a file, not from a pipe or device. Save it to a file first");
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return arrays(zip, bytes.size());
            } catch (ZipException e) {
                throw new IllegalArgumentException("this is no .npz file, or a damaged one: " + e.getMessage()
                        + ". Write it with numpy.savez, or get it again", e);
            }
        });
    }

    /** The type of an array of an {@code .npz} file, such as {@code u1}, whose elements are not read; empty if it has none of this name. */
    public static Optional<String> type(Path file, String array) throws IOException {
        return FormatSupport.read(file, bytes -> {
            try (ZipFile zip = new ZipFile(file.toFile())) {
                ZipEntry entry = zip.getEntry(array + ENTRY_END);
                if (entry == null) {
                    return Optional.empty();
                }
                try (InputStream in = zip.getInputStream(entry)) {
                    return Optional.of(NumpyArray.type(count -> next(in, count), entry.getSize()));
                }
            }
        });
    }

    private static Map<String, Array> arrays(ZipFile zip, long fileBytes) throws IOException {
        Map<String, Array> arrays = new LinkedHashMap<>();
        long most = UNPACKED_FREE + MOST_PACKING * fileBytes;
        long[] unpacked = {0};
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            String name = name(entry.getName());
            refuseIf(arrays.containsKey(name), "array \"" + name + "\" is there twice");
            try {
                arrays.put(name, read(zip, entry, more -> {
                    unpacked[0] += more;
                    refuseIf(unpacked[0] > most, "a file of " + fileBytes + " bytes may unpack to " + most
                            + " bytes. Received: more. Write it with numpy.savez, which does not pack, if it is right");
                }));
            } catch (EOFException | IllegalArgumentException e) {
                throw new IllegalArgumentException("array \"" + name + "\": " + e.getMessage(), e);
            }
        }
        return arrays;
    }

    private static String name(String entry) {
        boolean outside = entry.startsWith("/") || entry.contains("\\") || ("/" + entry).contains("/../");
        refuseIf(outside || !entry.endsWith(ENTRY_END),
                "expected entries such as x" + ENTRY_END + (outside ? " within the file" : "") + ". Received: " + entry);
        return entry.substring(0, entry.length() - ENTRY_END.length());
    }

    private static Array read(ZipFile zip, ZipEntry entry, NumpyArray.Permission permission) throws IOException {
        try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
            Array array = NumpyArray.read(count -> next(in, count), entry.getSize(), permission);
            refuseIf(in.read() >= 0 || in.getChecksum().getValue() != entry.getCrc(),
                    "it was changed or damaged: its checksum is wrong. Get the file again");
            return array;
        }
    }

    private static ByteBuffer next(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("it ends too early. Get the file again");
        }
        return ByteBuffer.wrap(bytes);
    }

    /**
     * The examples of an {@code .npz} file with arrays {@code x} and {@code y} of shape {@code (count, ...)}. One of
     * shape {@code (count)} is taken as {@code (count, 1)}: labels, or the values of a regression.
     *
     * @throws ModelFormatException as {@link #readAll}, and if one is missing, there are others, the counts differ, or an element is
     *     not finite
     * @throws IOException if it cannot be read
     */
    public static Examples examples(Path file) throws IOException {
        Map<String, Tensor> arrays = readAll(file);
        return FormatSupport.read(file, bytes -> {
            refuseIf(arrays.size() != 2 || !arrays.containsKey(INPUTS) || !arrays.containsKey(TARGETS),
                    "expected the arrays " + INPUTS + " and " + TARGETS + ". Received: " + arrays.keySet());
            return examples(arrays.get(INPUTS), arrays.get(TARGETS));
        });
    }

    private static Examples examples(Tensor x, Tensor y) {
        refuseIf(x.rank() == 0 || y.rank() == 0,
                "expected arrays of shape (count, ...). Received: " + x.shape() + " and " + y.shape());
        return Examples.of(x.rank() == 1 ? column(x) : x, y.rank() == 1 ? column(y) : y);
    }

    private static Tensor column(Tensor numbers) {
        return numbers.reshape(numbers.size(), 1);
    }

    /**
     * Sets the weights of a model to the arrays of an {@code .npz} file, by the names of {@link #saveWeights}; all or none.
     *
     * @throws ModelFormatException as {@link #readAll}, and if names or shapes are others
     * @throws IOException if it cannot be read
     */
    public static void loadWeights(Model model, Path file) throws IOException {
        Map<String, Tensor> arrays = readAll(file);
        FormatSupport.read(file, bytes -> {
            Map<String, Variable> weights = FormatSupport.weights(model);
            refuseIf(!weights.keySet().equals(arrays.keySet()),
                    "the layers need the weights " + weights.keySet() + ". Received: " + arrays.keySet());
            weights.forEach((name, weight) -> {
                refuseIf(!weight.shape().equals(arrays.get(name).shape()), "the layers need weight " + name + " to have shape "
                        + weight.shape() + ". Received: " + arrays.get(name).shape());
            });
            weights.forEach((name, weight) -> weight.assign(arrays.get(name)));
            return weights;
        });
    }

    // ------------------------------------------------------------------------------------------------------- writing

    /**
     * Writes an {@code .npy} file, whole or not at all, and never replaces one.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the file is there
     * @throws IOException if it cannot be written
     */
    public static void save(Tensor tensor, Path file) throws IOException {
        WholeFile.write(file, false, out -> NumpyArray.write(tensor, out));
    }

    /** As {@link #save(Tensor, Path)}, in the place of a file that may be there. */
    public static void replace(Tensor tensor, Path file) throws IOException {
        WholeFile.write(file, true, out -> NumpyArray.write(tensor, out));
    }

    /**
     * Writes an {@code .npz} file of tensors by name, whole or not at all, and never replaces one.
     *
     * @throws IllegalArgumentException if a name leads out of the file, such as {@code ../x}
     * @throws java.nio.file.FileAlreadyExistsException if the file is there
     * @throws IOException if it cannot be written
     */
    public static void saveAll(Map<String, ? extends Tensor> tensors, Path file) throws IOException {
        WholeFile.write(file, false, out -> writeAll(tensors, out));
    }

    /**
     * Writes the weights of a model as {@link #saveAll}, by their names in model files: {@code dense/kernel} and so on.
     *
     * @throws IOException as {@link #saveAll}
     */
    public static void saveWeights(Model model, Path file) throws IOException {
        try (TrainingLock saving = TrainingLock.ofSaving(model.weights())) {
            saveAll(FormatSupport.weights(model), file);
        }
    }

    /** Unpacked as {@code numpy.savez} does, so that even zeros stay within the limit on reading. */
    static void writeAll(Map<String, ? extends Tensor> tensors, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out); // not closed, as out belongs to the caller
        zip.setLevel(Deflater.NO_COMPRESSION);
        for (Map.Entry<String, ? extends Tensor> named : tensors.entrySet()) {
            ZipEntry entry = new ZipEntry(named.getKey() + ENTRY_END);
            name(entry.getName());
            entry.setTimeLocal(NO_TIME);
            zip.putNextEntry(entry);
            NumpyArray.write(named.getValue(), zip);
            zip.closeEntry();
        }
        zip.finish();
    }

    // -------------------------------------------------------------------------------------------------------- format

    @Override
    public String suffix() {
        return ".npz";
    }

    @Override
    public boolean containsNet() {
        return false;
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        Map<String, Variable> weights = FormatSupport.weights(saved.model());
        try (TrainingLock saving = TrainingLock.ofSaving(saved.model().weights())) {
            writeAll(weights, out);
        }
        return WeightReport.ofWeightsWritten(saved, WeightReport.sameNames(weights.keySet()));
    }

    @Override
    public Imported read(Path file, Optional<Model> net) throws IOException {
        Model known = FormatSupport.require(net);
        loadWeights(known, file);
        return new Imported(new SavedModel(known),
                WeightReport.ofWeightsRead(WeightReport.sameNames(FormatSupport.weights(known).keySet())));
    }
}
