package beras.saving.bytes;

import static beras.saving.bytes.Check.refuseIf;

import beras.files.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The entries of a zip file, in memory. Stricter than {@code java.util.zip}: names are checked before anything is read, and what
 * an entry claims to grow to is held against what there is of it.
 */
public final class ZipEntries {

    /** The bytes that a zip file begins with. */
    public static final int LOCAL = 0x04034b50;

    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final long BEYOND = 0xffffffffL; // stands for a size that needs zip64
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int ENCRYPTED = 1;
    private static final int MOST_GROWTH = 100; // weights hardly deflate at all, JSON to a tenth
    private static final int SMALL = 1 << 16;

    private static final LocalDateTime FIRST = LocalDateTime.of(1980, 1, 1, 0, 0); // that a zip file can record

    private record Entry(String name, int method, long crc, long packed, long size, long at) {}

    /**
     * All entries by name.
     *
     * @param most what may be there, and how many bytes it may have
     * @throws IllegalArgumentException if something else is there, or the file is damaged
     */
    public static Map<String, byte[]> read(Bytes file, Map<String, Integer> most) throws IOException {
        ByteBuffer end = end(file);
        int count = end.getShort(10) & 0xffff;
        long length = end.getInt(12) & BEYOND;
        long from = end.getInt(16) & BEYOND;
        refuseIf(length == BEYOND || from == BEYOND || length > Integer.MAX_VALUE || from + length > file.size(),
                "the zip directory must lie within the file. Received: " + length + " bytes from " + from + " on, of "
                + file.size());
        ByteBuffer directory = file.read(from, (int) length);
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Entry entry = entry(directory, i);
            Integer limit = most.get(entry.name);
            refuseIf(limit == null,
                    "the zip may hold " + String.join(", ", most.keySet()) + " alone. Received besides: " + entry.name);
            refuseIf(entry.size > limit,
                    "the zip entry " + entry.name + " may have " + limit + " bytes. Received: " + entry.size);
            refuseIf(entries.put(entry.name, entry) != null, "the zip has two entries of one name. Received: " + entry.name);
        }
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (Entry entry : entries.values()) {
            contents.put(entry.name, content(file, entry, from));
        }
        return contents;
    }

    /** Writes entries, stored as they are, in this order; the same entries give the same bytes. */
    public static void write(Map<String, byte[]> contents, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, byte[]> content : contents.entrySet()) {
            ZipEntry entry = new ZipEntry(content.getKey());
            CRC32 crc = new CRC32();
            crc.update(content.getValue());
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.getValue().length);
            entry.setCrc(crc.getValue());
            entry.setTimeLocal(FIRST);
            zip.putNextEntry(entry);
            zip.write(content.getValue());
            zip.closeEntry();
        }
        zip.finish();
    }

    private static ByteBuffer end(Bytes file) throws IOException {
        int length = (int) Math.min(file.size(), END_BYTES + LONGEST_COMMENT);
        ByteBuffer last = file.read(file.size() - length, length);
        for (int at = length - END_BYTES; at >= 0; at--) {
            if (last.getInt(at) == END && at + END_BYTES + (last.getShort(at + 20) & 0xffff) == length) {
                return last.slice(at, END_BYTES).order(last.order());
            }
        }
        throw new IllegalArgumentException("the file is truncated: a zip file ends with a directory of its entries, and here is"
                + " none. Copy or download it again");
    }

    private static Entry entry(ByteBuffer directory, int number) {
        int at = directory.position();
        int names = CENTRAL_BYTES;
        refuseIf(directory.remaining() < names || directory.getInt(at) != CENTRAL,
                "the zip directory is damaged at entry " + (number + 1));
        int nameLength = directory.getShort(at + 28) & 0xffff;
        int rest = (directory.getShort(at + 30) & 0xffff) + (directory.getShort(at + 32) & 0xffff);
        refuseIf(directory.remaining() < names + nameLength + rest, "the zip directory is damaged at entry " + (number + 1));
        byte[] name = new byte[nameLength];
        directory.get(at + names, name);
        directory.position(at + names + nameLength + rest);
        Entry entry = new Entry(new String(name, StandardCharsets.UTF_8), directory.getShort(at + 10) & 0xffff,
                directory.getInt(at + 16) & BEYOND, directory.getInt(at + 20) & BEYOND, directory.getInt(at + 24) & BEYOND,
                directory.getInt(at + 42) & BEYOND);
        refuseIf((directory.getShort(at + 8) & ENCRYPTED) != 0, "the zip entry " + entry.name + " must not be encrypted");
        return entry;
    }

    private static byte[] content(Bytes file, Entry entry, long directory) throws IOException {
        long afterNames = entry.at + LOCAL_BYTES;
        if (afterNames > directory || entry.packed > directory - afterNames) {
            throw damaged(entry, "lies within the file");
        }
        ByteBuffer local = file.read(entry.at, LOCAL_BYTES);
        long from = afterNames + (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
        if (local.getInt(0) != LOCAL || entry.packed > directory - from) {
            throw damaged(entry, "lies within the file");
        }
        byte[] content = switch (entry.method) {
            case STORED -> stored(file, entry, from);
            case DEFLATED -> inflated(file, entry, from);
            default -> throw new IllegalArgumentException("the zip entry " + entry.name
                    + " must be stored or deflated. Received: method " + entry.method);
        };
        CRC32 crc = new CRC32();
        crc.update(content);
        if (crc.getValue() != entry.crc) {
            throw damaged(entry, "has the checksum of the directory");
        }
        return content;
    }

    private static byte[] stored(Bytes file, Entry entry, long from) throws IOException {
        if (entry.size != entry.packed) {
            throw damaged(entry, "has the size that is stored");
        }
        return file.read(from, (int) entry.size).array();
    }

    private static byte[] inflated(Bytes file, Entry entry, long from) throws IOException {
        refuseIf(entry.size > SMALL && entry.size / MOST_GROWTH > entry.packed, "the zip entry " + entry.name + " may grow to "
                + MOST_GROWTH + " times its size. Received: from " + entry.packed + " to " + entry.size + " bytes");
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(file.read(from, (int) entry.packed).array());
            byte[] content = new byte[(int) entry.size + 1]; // one more than there should be
            int length = 0;
            for (int more = 1; more > 0 && length < content.length; length += more) {
                more = inflater.inflate(content, length, content.length - length);
            }
            if (length != entry.size || !inflater.finished()) {
                throw damaged(entry, "has the size that it claims");
            }
            return Arrays.copyOf(content, length);
        } catch (DataFormatException e) {
            throw damaged(entry, "can be inflated");
        } finally {
            inflater.end();
        }
    }

    private static IllegalArgumentException damaged(Entry entry, String expected) {
        return new IllegalArgumentException("the file was changed or damaged: expected that the zip entry " + entry.name + " "
                + expected + ". Use another copy of it");
    }

    private ZipEntries() {}
}
