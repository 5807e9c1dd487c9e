package beras.data.rows;

import beras.data.DataException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A zip archive with one data file in it. Entries are read as streams: the unpacked bytes take no memory, and are checked
 * against the size and the checksum in the archive.
 */
final class Archive {

    private static final String LOCAL_HEADER = "PK\3\4";
    private static final String EMPTY = "PK\5\6";
    private static final int MOST_LISTED = 20;
    private static final String ZIP = ".zip";
    /** In which the names of data files end, packed or not; a file of another name is one if it is alone. */
    private static final String[] ENDINGS = {".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".parquet",
        ".xlsx", ".xlsm", ZIP};

    /** Whether these are the first bytes of one. */
    static boolean begins(byte[] first) {
        String start = new String(first, StandardCharsets.ISO_8859_1);
        return start.startsWith(LOCAL_HEADER) || start.startsWith(EMPTY);
    }

    /** Opens an archive, which is closed with the file. */
    static ZipFile open(DataFile file) throws DataException {
        try {
            // Names that are not marked as UTF-8 are in some unknown encoding: in this one each byte has a meaning.
            return file.openAtAnyPosition(path -> new ZipFile(path.toFile(), StandardCharsets.ISO_8859_1));
        } catch (DataException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw file.error("expected a zip archive, by its first bytes. Received: one that is damaged, cut off or encrypted"
                    + " (" + e.getMessage() + "). Get the file again, or unpack it with the program that made it");
        }
    }

    /** The only data file in an archive. */
    static DataFile table(DataFile file, ZipFile zip) throws DataException {
        List<ZipEntry> files = zip.stream().<ZipEntry>map(entry -> entry).filter(entry -> !entry.isDirectory()
                && !isHidden(entry.getName())).toList();
        List<ZipEntry> tables = files.stream().filter(entry -> RowSource.endsWith(entry.getName(), ENDINGS)).toList();
        if (tables.isEmpty()) {
            tables = files;
        }
        if (tables.size() != 1) {
            throw file.error("expected a zip archive with one data file in it. Received: " + (tables.isEmpty() ? "none"
                    : tables.size() + ": " + listed(tables.stream().map(ZipEntry::getName).toList()))
                    + ". Unpack the archive, and name the file");
        }
        ZipEntry table = tables.get(0);
        if (RowSource.endsWith(table.getName(), ZIP)) {
            throw file.error("expected a zip archive with a data file in it. Received: the archive "
                    + CsvRows.shown(table.getName()) + ". Unpack it");
        }
        file.remark("The table is " + CsvRows.shown(table.getName()) + " of a zip archive");
        return file.entry(table.getName(), stream(file, zip, table));
    }

    /** Files that macOS and other systems add. */
    private static boolean isHidden(String name) {
        return name.startsWith("__MACOSX/") || name.startsWith(".") || name.contains("/.")
                || RowSource.endsWith(name, "thumbs.db", "desktop.ini");
    }

    static String listed(Collection<String> names) {
        return String.join(", ", names.stream().limit(MOST_LISTED).map(CsvRows::shown).toList())
                + (names.size() > MOST_LISTED ? ", ..." : "");
    }

    /** The bytes of an entry, unpacked. */
    static InputStream stream(DataFile file, ZipFile zip, ZipEntry entry) throws DataException {
        try {
            return new Checked(zip.getInputStream(entry), entry);
        } catch (IOException | IllegalArgumentException e) {
            throw file.error("expected entries of a zip archive that are deflated or stored. Received: "
                    + CsvRows.shown(entry.getName()) + ", which is damaged, encrypted or packed otherwise ("
                    + e.getMessage() + "). Unpack the archive with the program that made it");
        }
    }

    /** Rejects contents that differ from the archive's size or checksum. */
    private static final class Checked extends FilterInputStream {

        private final ZipEntry entry;
        private final CRC32 checksum = new CRC32();
        private long count;

        Checked(InputStream in, ZipEntry entry) {
            super(in);
            this.entry = entry;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = in.read(into, from, length);
            if (read > 0) {
                checksum.update(into, from, read);
                count += read;
            }
            if (count > entry.getSize() || read < 0 && count < entry.getSize()) {
                throw new ZipException("the archive declares " + entry.getSize() + " bytes");
            }
            if (read < 0 && checksum.getValue() != entry.getCrc()) {
                throw new ZipException("its checksum is another");
            }
            return read;
        }
    }

    private Archive() {}
}
