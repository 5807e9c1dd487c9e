package beras.saving;

import beras.files.Bytes;
import beras.files.Sha256;
import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Model files made by hand. */
public final class ModelBytes {

    private static final int DIGITS_AT = 8 + "{'__metadata__':{'beras.sha256':'".length();
    private static final int DIGITS_END = DIGITS_AT + 64;
    private static final int OLD_LENGTH_AT = 16;
    private static final int OLD_PREFIX_BYTES = 24;
    private static final int OLD_DIGEST_BYTES = 32;

    /** A file of version 3 with a checksum that is right, if it is long enough to have one; else the same. */
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

    /** A file of version 1 or 2 whose length and checksum are right, if it is long enough to have them; else the same. */
    public static byte[] withOldChecksum(byte[] file) {
        if (file.length < OLD_PREFIX_BYTES + OLD_DIGEST_BYTES) {
            return file;
        }
        byte[] fixed = file.clone();
        ByteBuffer.wrap(fixed).order(ByteOrder.LITTLE_ENDIAN).putLong(OLD_LENGTH_AT, fixed.length);
        MessageDigest digest = Sha256.begin();
        digest.update(fixed, 0, fixed.length - OLD_DIGEST_BYTES);
        System.arraycopy(digest.digest(), 0, fixed, fixed.length - OLD_DIGEST_BYTES, OLD_DIGEST_BYTES);
        return fixed;
    }

    /**
     * A file of version 1 or 2 with a right checksum.
     *
     * @param headerBytes what it says of the length of its header
     */
    static byte[] ofOldVersion(int version, int headerBytes, byte[] header, float... weights) {
        ByteBuffer file = ByteBuffer.allocate(OLD_PREFIX_BYTES + header.length + 4 * weights.length + OLD_DIGEST_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 0x89).put("BERAS\r\n".getBytes(StandardCharsets.US_ASCII)).putInt(version).putInt(headerBytes);
        file.position(OLD_PREFIX_BYTES).put(header);
        for (float weight : weights) {
            file.putFloat(weight);
        }
        return withOldChecksum(file.array());
    }

    /** A file of version 3 with a right checksum, this metadata and these tensors. */
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

    /** A file of version 3 in which the metadata {@code name} are another text, with a right checksum. */
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

    /** The metadata of a file of version 3 but for checksum and version. */
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
