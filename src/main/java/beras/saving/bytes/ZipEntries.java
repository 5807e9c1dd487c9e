package beras.saving.bytes;

import static beras.saving.bytes.Check.refuseIf;

import beras.files.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** The entries of a zip file, in memory. Names and sizes are checked before there is memory for an entry. */
public final class ZipEntries {

    /** The bytes that a zip file begins with. */
    public static final int LOCAL = 0x04034b50;

    private static final int MOST_GROWTH = 100; // weights hardly deflate at all, JSON to a tenth
    private static final int SMALL = 1 << 16;

    private static final LocalDateTime FIRST = LocalDateTime.of(1980, 1, 1, 0, 0); // that a zip file can record

    /** The bytes of a file in order. */
    private static final class Stream extends InputStream {

        private final Bytes file;
        private long at;

        Stream(Bytes file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            return at == file.size() ? -1 : file.read(at++, 1).get() & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            int some = (int) Math.min(Math.min(count, SMALL), file.size() - at);
            if (some == 0 && count > 0) {
                return -1;
            }
            file.read(at, some).get(into, from, some);
            at += some;
            return some;
        }
    }

    /**
     * All entries by name.
     *
     * @param most the allowed entries and their maximum size in bytes
     * @throws IllegalArgumentException if something else is there, or the file is damaged
     */
    public static Map<String, byte[]> read(Bytes file, Map<String, Integer> most) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        ZipInputStream zip = new ZipInputStream(new Stream(file), StandardCharsets.UTF_8);
        String place = "the first entry";
        try {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                place = "the entry " + name;
                refuseIf(!most.containsKey(name),
                        "the zip may hold " + String.join(", ", most.keySet()) + " alone. Received besides: " + name);
                refuseIf(contents.containsKey(name), "the zip has two entries of one name. Received: " + name);
                contents.put(name, content(zip, entry, most.get(name), file.size()));
                place = "behind the entry " + name;
            }
        } catch (EOFException | ZipException e) {
            throw new IllegalArgumentException("the zip file is truncated, changed or damaged at " + place + ": " + e.getMessage()
                    + ". Use another copy of it", e);
        }
        refuseIf(contents.isEmpty(), "the file is no zip file. Copy or download it again");
        return contents;
    }

    private static byte[] content(ZipInputStream zip, ZipEntry entry, int limit, long fileBytes) throws IOException {
        boolean isStored = entry.getMethod() == ZipEntry.STORED;
        long most = Math.min(limit, isStored ? limit : Math.max(SMALL, MOST_GROWTH * fileBytes));
        refuseIf(isStored && entry.getSize() > fileBytes, "the file is truncated: its zip entry " + entry.getName() + " has "
                + entry.getSize() + " bytes, and the file " + fileBytes + ". Copy or download it again");
        refuseIf(entry.getSize() > most, "the zip entry " + entry.getName() + " may have " + most + " bytes. Received: "
                + entry.getSize());
        byte[] content;
        if (isStored) {
            content = new byte[(int) entry.getSize()];
            zip.readNBytes(content, 0, content.length);
        } else {
            content = zip.readNBytes((int) most);
        }
        refuseIf(zip.read() >= 0, "the zip entry " + entry.getName() + " may grow to " + MOST_GROWTH + " times the file, and has at most "
                + most + " bytes. Received: more");
        return content;
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

    private ZipEntries() {}
}
