package beras.saving.bytes;

import static beras.saving.bytes.Check.refuseIf;

import beras.files.Bytes;
import beras.files.FileFailure;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The safetensors format: a length (long), that many bytes of JSON, then the tensors' elements, all little-endian. The JSON has
 * under each tensor's name its type, shape and place, and under {@code __metadata__} texts by name.
 *
 * @param metadata  texts by name
 * @param entries   the tensors by name
 * @param dataBegin where the elements begin in the file
 */
public record Safetensors(Map<String, String> metadata, Map<String, Entry> entries, long dataBegin) {

    public static final int LENGTH_BYTES = Long.BYTES;

    /** The format's own limit for the JSON. */
    public static final int MOST_JSON_BYTES = 100_000_000;

    private static final String METADATA = "__metadata__";
    private static final String FLOAT32 = "F32";
    private static final int CHUNK_BYTES = 1 << 16;

    /**
     * A tensor's description.
     *
     * @param type  {@code F32}; another in files of others
     * @param begin its first byte, counted from {@link #dataBegin}
     * @param end   the byte after its last
     */
    public record Entry(String type, Shape shape, long begin, long end) {}

    // -------------------------------------------------------------------------------------------------- writing

    /** The bytes before the elements: the length and the JSON, padded so that elements begin at a multiple of 8. */
    public static byte[] header(Map<String, String> metadata, Map<String, ? extends Tensor> tensors) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name(METADATA).beginObject();
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
                json.name(entry.getKey()).value(entry.getValue());
            }
            json.endObject();
            long at = 0;
            for (Map.Entry<String, ? extends Tensor> entry : tensors.entrySet()) {
                Tensor tensor = entry.getValue();
                json.name(entry.getKey()).beginObject().name("dtype").value(FLOAT32).name("shape").beginArray();
                for (int size : tensor.shape().toArray()) {
                    json.value(size);
                }
                long end = at + (long) Float.BYTES * tensor.size();
                json.endArray().name("data_offsets").beginArray().value(at).value(end).endArray().endObject();
                at = end;
            }
            json.endObject();
        } catch (IOException e) {
            throw new AssertionError("A StringWriter does not fail", e);
        }
        byte[] json = text.toString().getBytes(StandardCharsets.UTF_8);
        int padded = padded(json.length);
        ByteBuffer header = ByteBuffer.allocate(LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(json);
        Arrays.fill(header.array(), header.position(), header.capacity(), (byte) ' ');
        return header.array();
    }

    /**
     * The bytes that so many of JSON take with spaces behind them.
     *
     * @throws IllegalArgumentException if there are more than a file may have
     */
    public static int padded(int jsonBytes) {
        long padded = (jsonBytes + 7L) / 8 * 8;
        refuseIf(padded > MOST_JSON_BYTES,
                "A safetensors file has at most " + MOST_JSON_BYTES + " bytes of JSON. Received: " + jsonBytes);
        return (int) padded;
    }

    /** Writes the elements of some tensors, one tensor after the other. */
    public static void writeElements(Iterable<? extends Tensor> tensors, OutputStream out) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = chunk.asFloatBuffer();
        for (Tensor any : tensors) {
            Tensor tensor = any.contiguous();
            for (int i = 0; i < tensor.size(); ) {
                int count = Math.min(floats.capacity(), tensor.size() - i);
                floats.put(0, tensor.data(), tensor.offset() + i, count);
                out.write(chunk.array(), 0, count * Float.BYTES);
                i += count;
            }
        }
    }

    // -------------------------------------------------------------------------------------------------- reading

    /**
     * Reads the header; {@link #requireFloats} checks that the tensors are there.
     *
     * @throws IllegalArgumentException if it is not of this format
     * @throws IOException if the file cannot be read
     */
    public static Safetensors read(Bytes file) throws IOException {
        refuseIf(file.size() < LENGTH_BYTES,
                "a safetensors file has at least " + LENGTH_BYTES + " bytes. Received: " + file.size());
        long length = file.read(0, LENGTH_BYTES).getLong();
        refuseIf(length < 2 || length > Math.min(MOST_JSON_BYTES, file.size() - LENGTH_BYTES),
                "the header cannot have " + length + " bytes in a file of " + file.size());
        String text = text(file.read(LENGTH_BYTES, (int) length));
        Map<String, String> metadata = Map.of();
        Map<String, Entry> entries = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            json.setStrictness(Strictness.STRICT);
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                refuseIf(!names.add(name), "the header has \"" + name + "\" twice");
                if (name.equals(METADATA)) {
                    metadata = metadata(json);
                } else {
                    entries.put(name, entry(name, json));
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalStateException("something comes after the object");
            }
        } catch (IOException | IllegalStateException | NumberFormatException e) { // Gson's for malformed JSON, or ours
            throw new IllegalArgumentException("the header is not the JSON of safetensors: " + FileFailure.ofJson(e), e);
        }
        return new Safetensors(metadata, entries, LENGTH_BYTES + length);
    }

    private static String text(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the header must be text in UTF-8. Received: other bytes", e);
        }
    }

    private static Map<String, String> metadata(JsonReader json) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (json.peek() != JsonToken.STRING) {
                throw new IllegalStateException("the metadata \"" + name + "\" is no text");
            }
            refuseIf(metadata.put(name, json.nextString()) != null, "the header has the metadata \"" + name + "\" twice");
        }
        json.endObject();
        return metadata;
    }

    private static Entry entry(String name, JsonReader json) throws IOException {
        String type = null;
        long[] shape = null;
        long[] offsets = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "dtype" -> type = json.nextString();
                case "shape" -> shape = numbers(json);
                case "data_offsets" -> offsets = numbers(json);
                default -> json.skipValue();
            }
        }
        json.endObject();
        refuseIf(type == null || shape == null || offsets == null || offsets.length != 2,
                "tensor \"" + name + "\" needs dtype, shape and two data_offsets");
        Entry entry = new Entry(type, shape(name, shape), offsets[0], offsets[1]);
        long bytes = entry.end - entry.begin;
        refuseIf(entry.begin < 0 || bytes < 0 || type.equals(FLOAT32) && bytes != (long) Float.BYTES * entry.shape.size(),
                "tensor \"" + name + "\" of shape " + entry.shape + " cannot lie from byte " + entry.begin + " to " + entry.end);
        return entry;
    }

    private static Shape shape(String name, long[] sizes) {
        int[] axes = new int[sizes.length];
        for (int axis = 0; axis < axes.length; axis++) {
            refuseIf(sizes[axis] < 0 || sizes[axis] > Integer.MAX_VALUE,
                    "tensor \"" + name + "\" cannot have the shape " + Arrays.toString(sizes));
            axes[axis] = (int) sizes[axis];
        }
        return Shape.of(axes);
    }

    private static long[] numbers(JsonReader json) throws IOException {
        List<Long> numbers = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            numbers.add(json.nextLong());
        }
        json.endArray();
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    /** The bytes of the whole file, as far as its header lists them. */
    public long bytes() {
        return dataBegin + entries.values().stream().mapToLong(Entry::end).max().orElse(0);
    }

    /**
     * Checks that the tensors are of float32, and fill a file of so many bytes, without overlap or hole.
     *
     * @throws IllegalArgumentException if they do not
     */
    public void requireFloats(long fileBytes) {
        entries.forEach((name, entry) -> {
            refuseIf(!entry.type.equals(FLOAT32),
                    "tensor \"" + name + "\" must be of type " + FLOAT32 + ". Received: " + entry.type);
        });
        requireNoGaps(fileBytes);
    }

    /**
     * As {@link #requireFloats}, of any {@link ElementType}.
     *
     * @throws IllegalArgumentException also if a type is none of these, or a tensor's size does not match its shape
     */
    public void requireNumbers(long fileBytes) {
        entries.forEach((name, entry) -> {
            long bytes = (long) type(name, entry).bytes() * entry.shape.size();
            refuseIf(entry.end - entry.begin != bytes, "tensor \"" + name + "\" of type " + entry.type + " and shape "
                    + entry.shape + " must take " + bytes + " bytes. Received: " + (entry.end - entry.begin));
        });
        requireNoGaps(fileBytes);
    }

    private static ElementType type(String name, Entry entry) {
        return ElementType.ofSafetensors(entry.type).orElseThrow(() -> new IllegalArgumentException("tensor \"" + name
                + "\" must be of one of the types " + Arrays.toString(ElementType.values()) + ". Received: " + entry.type));
    }

    private void requireNoGaps(long fileBytes) {
        long at = 0;
        for (Entry entry : entries.values().stream().sorted(Comparator.comparingLong(Entry::begin)
                .thenComparingLong(Entry::end)).toList()) {
            refuseIf(entry.begin != at, "the tensors must follow each other. Received: one that begins at byte " + entry.begin
                    + " where " + at + " is expected");
            at = entry.end;
        }
        refuseIf(dataBegin + at != fileBytes, "the tensors must take " + at + " bytes. Received: " + (fileBytes - dataBegin));
    }

    /** Reads the elements of an entry into a contiguous tensor of its shape. */
    public void readElements(Bytes file, Entry entry, Tensor into) throws IOException {
        file.readFloats(dataBegin + entry.begin, into.data(), into.offset(), into.size());
    }

    /** All tensors by name, in the order of the header, as float32; after {@link #requireNumbers}. */
    public Map<String, Tensor> tensors(Bytes file) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, Entry> named : entries.entrySet()) {
            Entry entry = named.getValue();
            ElementType type = type(named.getKey(), entry);
            Tensor tensor = Tensor.zeros(entry.shape);
            for (int done = 0; done < tensor.size(); ) {
                int count = Math.min(CHUNK_BYTES / type.bytes(), tensor.size() - done);
                ByteBuffer chunk = file.read(dataBegin + entry.begin + (long) type.bytes() * done, type.bytes() * count);
                type.read(chunk, tensor.data(), done, count);
                done += count;
            }
            tensors.put(named.getKey(), tensor);
        }
        return tensors;
    }
}
