package beras.saving;

import beras.files.Bytes;
import beras.files.Sha256;
import beras.saving.bytes.Safetensors;
import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Model files made by hand. */
public final class ModelBytes {

    private static final int DIGITS_AT = 8 + "{'__metadata__':{'beras.sha256':'".length();
    private static final int DIGITS_END = DIGITS_AT + 64;

    /** A file with a checksum that is right, if it is long enough to have one; else the same. */
    public static byte[] withChecksum(byte[] file) {
        if (file.length < DIGITS_END) {
            return file;
        }
        byte[] fixed = file.clone();
        Arrays.fill(fixed, DIGITS_AT, DIGITS_END, (byte) '0');
        String digits = HexFormat.of().formatHex(Sha256.begin().digest(fixed));
        System.arraycopy(digits.getBytes(StandardCharsets.US_ASCII), 0, fixed, DIGITS_AT, 64);
        return fixed;
    }

    /** A file with a right checksum, this metadata and these tensors. */
    static byte[] of(Map<String, String> metadata, Map<String, ? extends Tensor> tensors) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("beras.sha256", "0".repeat(64));
        all.putAll(metadata);
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(Safetensors.header(all, tensors));
            Safetensors.writeElements(tensors.values(), out);
            return withChecksum(out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file in which the metadata {@code name} are another text, with a right checksum. */
    public static byte[] withPart(byte[] file, String name, String text) {
        return reading(file, bytes -> {
            Safetensors header = Safetensors.read(bytes);
            Map<String, String> metadata = new LinkedHashMap<>(header.metadata());
            metadata.put(name, text);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (Map.Entry<String, Safetensors.Entry> entry : header.entries().entrySet()) {
                tensors.put(entry.getKey(), Tensor.zeros(entry.getValue().shape()));
                header.readElements(bytes, entry.getValue(), tensors.get(entry.getKey()));
            }
            return of(metadata, tensors);
        });
    }

    /** The metadata of a file but for checksum and version. */
    public static Map<String, String> parts(byte[] file) {
        return reading(file, bytes -> {
            Map<String, String> parts = new LinkedHashMap<>(Safetensors.read(bytes).metadata());
            parts.keySet().removeAll(List.of("beras.sha256", "beras.version"));
            return parts;
        });
    }

    private interface Reading<T> {
        T read(Bytes bytes) throws IOException;
    }

    private static <T> T reading(byte[] file, Reading<T> reading) {
        try {
            Path copy = Files.write(Files.createTempFile("model", ".beras"), file);
            try (Bytes bytes = Bytes.open(copy)) {
                return reading.read(bytes);
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ModelBytes() {}
}
