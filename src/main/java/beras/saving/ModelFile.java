package beras.saving;

import beras.files.WholeFile;
import beras.models.Model;
import beras.tensor.Variable;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Saves models to files and loads them: the same bits come back.
 *
 * <p>The file, all numbers little-endian:
 * <pre>
 *   8 bytes   89 'B' 'E' 'R' 'A' 'S' 0D 0A, which a transfer as text would spoil
 *   int       version of the format, 2 (1 is read, too)
 *   int       bytes of the header
 *   long      bytes of the whole file
 *   header    JSON in UTF-8: the layers with their settings and how they are connected, the shape of each weight, where the
 *             model comes from
 *   weights   float32, each weight row by row, in the order of {@link Model#weights}
 *   32 bytes  SHA-256 of all before
 * </pre>
 * The first 24 bytes and the last 32 mean the same in all versions, so that damage and a newer version can be told apart.
 */
public final class ModelFile {

    static final int VERSION = 2;
    static final int PREFIX_BYTES = 24;
    static final int DIGEST_BYTES = 32;

    private static final byte[] MAGIC = {(byte) 0x89, 'B', 'E', 'R', 'A', 'S', '\r', '\n'};
    private static final int CHUNK_BYTES = 1 << 16;

    /** As {@link #save(Model, Path, Map, boolean)}, without provenance, and never replacing a file. */
    public static void save(Model model, Path file) throws IOException {
        save(model, file, Map.of(), false);
    }

    /**
     * Saves the layers and weights of a model, whole or not at all; how it is compiled is not saved.
     *
     * @param provenance where the model comes from, such as version, seed and data; for people and programs to read
     * @param overwrite  whether a file that is there may be replaced
     * @throws IllegalArgumentException if a layer is of a type that cannot be saved
     * @throws FileAlreadyExistsException if the file is there and may not be replaced
     * @throws IOException if it cannot be written; what was there before is unchanged then
     */
    public static void save(Model model, Path file, Map<String, String> provenance, boolean overwrite)
            throws IOException {
        byte[] header = ModelHeader.write(model, provenance).toString().getBytes(StandardCharsets.UTF_8);
        long weightBytes = model.weights().stream().mapToLong(w -> 4L * w.size()).sum();
        ByteBuffer prefix = littleEndian(PREFIX_BYTES).put(MAGIC).putInt(VERSION).putInt(header.length)
                .putLong(PREFIX_BYTES + header.length + weightBytes + DIGEST_BYTES);
        WholeFile.write(file, overwrite, out -> {
            DigestOutputStream digesting = new DigestOutputStream(out, sha256());
            digesting.write(prefix.array());
            digesting.write(header);
            writeWeights(model, digesting);
            out.write(digesting.getMessageDigest().digest());
        });
    }

    private static void writeWeights(Model model, OutputStream out) throws IOException {
        ByteBuffer chunk = littleEndian(CHUNK_BYTES);
        for (Variable weight : model.weights()) {
            for (int i = 0; i < weight.size(); ) {
                int floats = Math.min(CHUNK_BYTES / Float.BYTES, weight.size() - i);
                chunk.asFloatBuffer().put(weight.data(), weight.offset() + i, floats);
                out.write(chunk.array(), 0, floats * Float.BYTES);
                i += floats;
            }
        }
    }

    /** The SHA-256, in hexadecimal, of all weights in order, as little-endian float32. */
    public static String weightsSha256(Model model) {
        DigestOutputStream digesting = new DigestOutputStream(OutputStream.nullOutputStream(), sha256());
        try {
            writeWeights(model, digesting);
        } catch (IOException e) {
            throw new AssertionError("The null stream does not fail", e);
        }
        return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    }

    /**
     * Loads a model. Nothing is allocated by a size that the file merely claims.
     *
     * @throws ModelFormatException if the file is not a BERAS model, is truncated or changed, is of a newer version, or
     *     holds layers that are unknown or do not fit each other or their weights
     * @throws IOException if it cannot be read
     */
    public static SavedModel load(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return load(file, channel);
        } catch (EOFException e) {
            throw new ModelFormatException(file, "the file became shorter while it was read", e);
        }
    }

    private static SavedModel load(Path file, FileChannel channel) throws IOException {
        long fileBytes = channel.size();
        ByteBuffer prefix = read(channel, 0, (int) Math.min(PREFIX_BYTES, fileBytes));
        int magicBytes = Math.min(MAGIC.length, prefix.limit());
        if (magicBytes == 0 || !Arrays.equals(prefix.array(), 0, magicBytes, MAGIC, 0, magicBytes)) {
            throw new ModelFormatException(file, "this is not a BERAS model: a model starts with the bytes "
                    + HexFormat.of().formatHex(MAGIC) + ". Received: "
                    + (magicBytes == 0 ? "an empty file" : HexFormat.of().formatHex(prefix.array(), 0, magicBytes)));
        }
        if (fileBytes < PREFIX_BYTES) {
            throw truncated(file, "at least " + (PREFIX_BYTES + DIGEST_BYTES), fileBytes);
        }
        int version = prefix.getInt(8);
        int headerBytes = prefix.getInt(12);
        long meantBytes = prefix.getLong(16);
        if (fileBytes < meantBytes) {
            throw truncated(file, Long.toString(meantBytes), fileBytes);
        }
        if (fileBytes > meantBytes || !isIntact(channel, fileBytes)) {
            throw new ModelFormatException(file,
                    "the file was changed or damaged: its checksum is wrong. Use another copy of it");
        }
        if (version < 1 || version > VERSION) {
            throw new ModelFormatException(file, "this model has version " + version
                    + " of the format, and this BERAS reads 1 to " + VERSION + ". "
                    + (version > VERSION ? "Upgrade BERAS to read it" : "There is no such version"));
        }
        long weightBytes = fileBytes - PREFIX_BYTES - DIGEST_BYTES - headerBytes;
        if (headerBytes < 0 || weightBytes < 0) {
            throw new ModelFormatException(file, "the header cannot have " + headerBytes + " bytes in a file of "
                    + fileBytes);
        }
        try {
            String json = StandardCharsets.UTF_8.decode(read(channel, PREFIX_BYTES, headerBytes)).toString();
            SavedModel saved = ModelHeader.read(JsonParser.parseString(json).getAsJsonObject(), version, weightBytes);
            readWeights(channel, PREFIX_BYTES + headerBytes, saved.model().weights());
            return saved;
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new ModelFormatException(file, "the header is not the JSON of a model: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(file, e.getMessage(), e);
        }
    }

    private static ModelFormatException truncated(Path file, String meant, long received) {
        return new ModelFormatException(file, "the file is truncated: expected " + meant + " bytes. Received: " + received
                + ". Copy or download it again");
    }

    private static boolean isIntact(FileChannel channel, long fileBytes) throws IOException {
        long end = fileBytes - DIGEST_BYTES;
        if (end < PREFIX_BYTES) {
            return false;
        }
        MessageDigest digest = sha256();
        for (long at = 0; at < end; at += CHUNK_BYTES) {
            digest.update(read(channel, at, (int) Math.min(CHUNK_BYTES, end - at)));
        }
        return MessageDigest.isEqual(digest.digest(), read(channel, end, DIGEST_BYTES).array());
    }

    private static void readWeights(FileChannel channel, long at, List<Variable> weights) throws IOException {
        for (Variable weight : weights) {
            for (int i = 0; i < weight.size(); ) {
                int floats = Math.min(CHUNK_BYTES / Float.BYTES, weight.size() - i);
                read(channel, at, floats * Float.BYTES).asFloatBuffer().get(weight.data(), weight.offset() + i, floats);
                at += (long) floats * Float.BYTES;
                i += floats;
            }
        }
    }

    private static ByteBuffer read(FileChannel channel, long at, int bytes) throws IOException {
        ByteBuffer buffer = littleEndian(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }

    private ModelFile() {}
}
