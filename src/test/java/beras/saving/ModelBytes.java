package beras.saving;

import beras.files.Bytes;
import beras.files.Sha256;
import beras.saving.bytes.Safetensors;
import beras.tensor.Tensor;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

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
        return with(file, (metadata, tensors) -> metadata.put(name, text));
    }

    private static byte[] with(byte[] file, BiConsumer<Map<String, String>, Map<String, Tensor>> change) {
        return reading(file, bytes -> {
            Safetensors header = Safetensors.read(bytes);
            Map<String, String> metadata = new LinkedHashMap<>(header.metadata());
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (Map.Entry<String, Safetensors.Entry> entry : header.entries().entrySet()) {
                tensors.put(entry.getKey(), Tensor.zeros(entry.getValue().shape()));
                header.readElements(bytes, entry.getValue(), tensors.get(entry.getKey()));
            }
            change.accept(metadata, tensors);
            return of(metadata, tensors);
        });
    }

    // -------------------------------------------------------------------------------------------------- all changes

    /**
     * Files in each of which one thing is another, by what that is, such as {@code beras.training.history.0.seconds}: each value of
     * the metadata is changed, and left out; something is added to each object; each part is left out; a bit of each tensor is
     * changed, and each that is no weight left out. Of a list only the ends.
     */
    public static Map<String, byte[]> changes(byte[] file) {
        Map<String, byte[]> changes = new LinkedHashMap<>();
        parts(file).forEach((name, text) -> {
            changes.put(name + " left out", with(file, (metadata, tensors) -> metadata.remove(name)));
            changed(name, JsonParser.parseString(text), json -> changes.put(json.getKey(),
                    withPart(file, name, json.getValue().toString())));
        });
        List<String> names = new ArrayList<>();
        with(file, (metadata, tensors) -> names.addAll(tensors.keySet()));
        for (String name : names) {
            changes.put(name, with(file, (metadata, tensors) -> {
                float[] data = tensors.get(name).data();
                if (data.length > 0) {
                    data[data.length - 1] = Float.intBitsToFloat(Float.floatToRawIntBits(data[data.length - 1]) ^ 1);
                }
            }));
            if (name.startsWith("/")) {
                changes.put(name + " left out", with(file, (metadata, tensors) -> tensors.remove(name)));
            }
        }
        return changes;
    }

    /** Gives the whole with each change of a part of it. */
    private static void changed(String path, JsonElement json, Consumer<Map.Entry<String, JsonElement>> to) {
        if (json instanceof JsonObject object) {
            JsonObject more = object.deepCopy();
            more.addProperty("more", "1");
            to.accept(Map.entry(path + ".more", more));
            object.asMap().forEach((name, value) -> {
                JsonObject less = object.deepCopy();
                less.remove(name);
                to.accept(Map.entry(path + "." + name + " left out", less));
                changed(path + "." + name, value, change -> {
                    JsonObject other = object.deepCopy();
                    other.add(name, change.getValue());
                    to.accept(Map.entry(change.getKey(), other));
                });
            });
        } else if (json instanceof JsonArray array) {
            JsonArray more = array.deepCopy();
            more.add(array.isEmpty() ? new JsonPrimitive("more") : array.get(0));
            to.accept(Map.entry(path + ".more", more));
            for (int i = 0; i < array.size(); i += Math.max(1, array.size() - 1)) {
                int place = i;
                changed(path + "." + i, array.get(i), change -> {
                    JsonArray other = array.deepCopy();
                    other.set(place, change.getValue());
                    to.accept(Map.entry(change.getKey(), other));
                });
            }
        } else {
            JsonPrimitive value = json.getAsJsonPrimitive();
            String text = value.getAsString();
            if (text.startsWith("{")) { // JSON in JSON
                changed(path, JsonParser.parseString(text),
                        change -> to.accept(Map.entry(change.getKey(), new JsonPrimitive(change.getValue().toString()))));
            } else {
                to.accept(Map.entry(path, value.isBoolean() ? new JsonPrimitive(!value.getAsBoolean())
                        : !value.isNumber() ? new JsonPrimitive(text + "x")
                        : text.matches("-?\\d+") ? new JsonPrimitive(value.getAsLong() + 1)
                        : new JsonPrimitive(Math.nextUp(value.getAsDouble()))));
            }
        }
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
