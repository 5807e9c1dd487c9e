package beras.saving;

import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Model files made by hand. */
public final class ModelBytes {

    private static final int DIGITS_AT = 8 + "{'__metadata__':{'beras.sha256':'".length();
    private static final int DIGITS_END = DIGITS_AT + 64;

    /** A file of version 3 with a checksum that is right, if it is long enough to have one; else the same. */
    public static byte[] withChecksum(byte[] file) {
        if (file.length < DIGITS_END) {
            return file;
        }
        byte[] fixed = file.clone();
        Arrays.fill(fixed, DIGITS_AT, DIGITS_END, (byte) '0');
        try {
            String digits = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(fixed));
            System.arraycopy(digits.getBytes(StandardCharsets.US_ASCII), 0, fixed, DIGITS_AT, 64);
            return fixed;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
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

    private ModelBytes() {}
}
