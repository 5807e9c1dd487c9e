package beras.data.table;

import beras.config.CheckReturnValue;
import beras.config.Options;
import beras.config.SettingException;
import beras.data.DataException;
import beras.data.image.PictureFolder;
import beras.data.rows.CsvOptions;
import beras.data.rows.CsvRows;
import beras.data.rows.DataFile;
import beras.data.rows.RowSource;
import beras.data.rows.TextFolder;
import beras.data.table.TableColumn.Type;
import beras.files.FileStamp;
import beras.files.ScratchBytes;
import beras.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The file of a table, and its form: the separator, the encoding of its text, and marks of missing values. Settings that are
 * not made here are inferred from the file, see {@link Table}. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * Table.open(TableFile.of(path).separator(';').encoding(StandardCharsets.ISO_8859_1))
 * }</pre>
 */
public final class TableFile extends Options<TableFile> {

    private static final int CHUNK = 1 << 16;

    private final Path path; // null: a stream
    private final AtomicReference<InputStream> stream; // holds nothing once it is read; null: a file
    private List<ByteBuffer> copy; // of a stream; null: there is none
    private final String name;
    private Optional<Character> separator = Optional.empty(); // this and the next three: as the file shows
    private OptionalInt skipLines = OptionalInt.empty();
    private OptionalInt headerLines = OptionalInt.empty();
    private OptionalInt skipFooter = OptionalInt.empty();
    private Charset encoding; // null: as the file shows
    private String sheet; // null: the first
    private MissingMarks missing; // null: not given
    private Set<String> further = Set.of(); // marks besides
    private AtomicReference<KeptRows> kept; // holds nothing until all are read; null: rows are not kept
    private Optional<FileStamp> stamp = Optional.empty(); // of a file whose rows are kept

    private TableFile(Path path, AtomicReference<InputStream> stream, String name) {
        this.path = path;
        this.stream = stream;
        this.name = Objects.requireNonNull(name);
    }

    /** A changed copy, which keeps no rows. */
    private TableFile changed(Consumer<TableFile> change) {
        return with(copy -> {
            copy.kept = null;
            copy.stamp = Optional.empty();
            change.accept(copy);
        });
    }

    /** A file that shows how it is written. */
    public static TableFile of(Path path) {
        return new TableFile(path, null, path.toString());
    }

    /**
     * A table from a stream, whatever kind of file it is. It can be read once, which closes the stream; {@link #rereadable}
     * makes one that can be read in every epoch.
     *
     * @param name the name in messages
     */
    public static TableFile of(InputStream stream, String name) {
        return new TableFile(null, new AtomicReference<>(Objects.requireNonNull(stream)), name);
    }

    /**
     * This table, if it is a file; else a copy of the stream: in memory, or if it is large in a temporary file that only this
     * process can read, and that is deleted when nothing refers to it any more, however Java ends.
     *
     * @throws DataException if the stream cannot be read, or there is no room
     */
    @CheckReturnValue
    public TableFile rereadable() throws DataException {
        if (stream == null || copy != null) {
            return this;
        }
        try (InputStream in = stream(); ScratchBytes bytes = new ScratchBytes(".table")) {
            byte[] chunk = new byte[CHUNK];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                bytes.record(count).put(chunk, 0, count);
            }
            List<ByteBuffer> segments = bytes.finish();
            return changed(changed -> changed.copy = segments);
        } catch (IOException e) {
            throw DataFile.noRoom(name, e);
        }
    }

    /**
     * This table, of which the text is read once: who is the first to read it to its end keeps the rows for all who read this
     * object later. A few are kept in memory, more in a temporary file about as large as the text; if there is no room for that,
     * the text is read each time. Changed copies keep rows no more.
     *
     * @throws DataException if there is no such file, or it is a pipe or device
     * @throws IllegalStateException if it is a stream
     */
    @CheckReturnValue
    public TableFile keepRows() throws IOException {
        if (kept != null) {
            return this;
        }
        Optional<FileStamp> made = copy != null ? Optional.empty() : Optional.of(requirePlain(path()));
        return with(copy -> {
            copy.kept = new AtomicReference<>();
            copy.stamp = made;
        });
    }

    private static FileStamp requirePlain(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new DataException(path + ": there is no such file. Check the name; it is looked for at "
                    + path.toAbsolutePath());
        }
        FileStamp made = FileStamp.of(path);
        if (!made.isPlainFile() && !Files.isDirectory(path)) { // for a folder, opening it reports the error
            throw new DataException(path + ": expected a file, for a table to train on may have to be read again. Received: a"
                    + " pipe or device. Save it to a file first");
        }
        return made;
    }

    /**
     * Rejects a table that changed after its rows were to be {@linkplain #keepRows kept}.
     *
     * @throws DataException if it was changed since
     * @throws IllegalStateException if its rows are not kept
     */
    public void requireUnchanged() throws DataException {
        if (kept == null) {
            throw new IllegalStateException("The rows of " + name + " are not kept");
        }
        if (stamp.isPresent() && !stamp.get().holds()) {
            throw new DataException(name + ": the table was changed while it was read. Begin again when nobody writes to it");
        }
    }

    /**
     * Opens the table, whose names of columns are read.
     *
     * @param otherwise the marks of missing values if none were given; further marks count besides
     */
    Table table(MissingMarks otherwise) throws DataException {
        MissingMarks marks = (missing == null ? otherwise : missing).and(further);
        if (kept != null && kept.get() != null) {
            return Table.of(name, kept.get().open(), marks);
        }
        CsvOptions layout = new CsvOptions(separator, skipLines, headerLines, skipFooter);
        if (isFolder()) {
            if (!layout.equals(CsvOptions.AS_SHOWN) || sheet != null) {
                throw new DataException(name + ": expected a table, as options for its layout are given. Received: a folder of texts. Leave"
                        + " these options out");
            }
            return new Table(name, () -> { }, TextFolder.open(path, encoding), marks, kept);
        }
        DataFile file = path != null ? DataFile.open(path, name) : DataFile.of(stream(), name);
        try {
            return new Table(name, file, RowSource.of(file, encoding, layout, sheet,
                    marks::isMissing), marks, kept);
        } catch (DataException e) {
            file.close();
            throw e;
        }
    }

    /** Whether it is a folder of texts, see {@link TextFolder}. */
    boolean isFolder() {
        return path != null && Files.isDirectory(path) && TextFolder.isOne(path);
    }

    /** The types of the columns of a folder of texts, besides those that are given. */
    TableOptions typed(TableOptions options) {
        if (!isFolder()) {
            return options;
        }
        Map<String, Type> types = new HashMap<>(Map.of(TextFolder.FILE, Type.IGNORED, TextFolder.TEXT, Type.TEXT));
        types.putAll(options.types);
        return options.types(types);
    }

    private InputStream stream() throws DataException {
        if (copy != null) {
            return ScratchBytes.stream(copy);
        }
        InputStream in = stream.getAndSet(null);
        if (in == null) {
            throw new DataException(name + ": a stream can be read once, and was. Save the table to a file");
        }
        return in;
    }

    /**
     * The separator of cells; a space stands for one or more.
     *
     * @throws IllegalArgumentException if it is a letter, a digit, a quote, the end of a line or half a character
     */
    @CheckReturnValue
    public TableFile separator(char newSeparator) {
        boolean separates = !Character.isLetterOrDigit(newSeparator) && newSeparator != '"' && newSeparator != '\n'
                && newSeparator != '\r' && newSeparator != 0 && !Character.isSurrogate(newSeparator);
        if (!separates) {
            throw new IllegalArgumentException("A separator must be no letter, digit, quote or line end. Received: "
                    + CsvRows.shown(String.valueOf(newSeparator)));
        }
        return changed(copy -> copy.separator = Optional.of(newSeparator));
    }

    /**
     * How many lines of CSV come before the line of the names, such as titles and comments; default: the lines that can only be
     * titles or comments.
     *
     * @throws IllegalArgumentException if it is negative
     */
    @CheckReturnValue
    public TableFile skipLines(int lines) {
        return changed(copy -> copy.skipLines = OptionalInt.of(SettingException.requireAtLeast("skipLines", 0, lines)));
    }

    /**
     * How many rows of CSV come before the values: the first names the columns, and others are skipped. Default: 1, or 2 if the
     * second can only be units, or further names.
     *
     * @throws IllegalArgumentException if it is not from 1 to 5
     */
    @CheckReturnValue
    public TableFile headerLines(int rows) {
        return changed(copy -> copy.headerLines =
                OptionalInt.of(SettingException.requireWithin("headerLines", 1, CsvOptions.MOST_HEADER_LINES, rows)));
    }

    /**
     * How many rows at the end of CSV are none, such as sources and notes; default 0.
     *
     * @throws IllegalArgumentException if it is not from 0 to 1000
     */
    @CheckReturnValue
    public TableFile skipFooter(int rows) {
        return changed(copy -> copy.skipFooter =
                OptionalInt.of(SettingException.requireWithin("skipFooter", 0, CsvOptions.MOST_FOOTER, rows)));
    }

    /** The encoding of the text; a mark at its beginning is ignored. */
    @CheckReturnValue
    public TableFile encoding(Charset newEncoding) {
        return changed(copy -> copy.encoding = Objects.requireNonNull(newEncoding));
    }

    /** The name of the sheet that is the table, if the file is a workbook ({@code .xlsx}); by default the first that is shown. */
    @CheckReturnValue
    public TableFile sheet(String newSheet) {
        return changed(copy -> copy.sheet = Objects.requireNonNull(newSheet));
    }

    /**
     * Further marks of a missing value besides {@link Table#MISSING}, or besides the marks of the model that reads it, in exact
     * spelling: such as {@code -999} or {@code unknown}. A {@link TableSchema} that is learnt from the file keeps these marks.
     *
     * @throws IllegalArgumentException if one is empty or has spaces around it, as no cell is read so
     */
    @CheckReturnValue
    public TableFile missing(Set<String> marks) {
        return changed(copy -> copy.further = MissingMarks.only(marks).others());
    }

    /** The marks of a missing value instead of {@link Table#MISSING}, as {@link #missing(Set)}. */
    @CheckReturnValue
    public TableFile missing(MissingMarks marks) {
        return changed(copy -> {
            copy.missing = Objects.requireNonNull(marks);
            copy.further = Set.of();
        });
    }

    /** Whether it is there and can be read any number of times: a file, no pipe nor folder; or a copy of a stream. */
    public boolean isRereadable() {
        return path != null ? Files.isRegularFile(path) || isFolder() : copy != null;
    }

    /**
     * Where the file is.
     *
     * @throws IllegalStateException if it is a stream or a copy of one
     */
    public Path path() {
        if (path != null) {
            return path;
        }
        throw new IllegalStateException(name + " is a stream, and no file");
    }

    /** The stamp that shows a change; empty if its rows are kept, it does not exist, which opening reports, or it is a stream. */
    Optional<FileStamp> stamp() {
        try {
            return path != null && (kept == null || kept.get() == null) ? Optional.of(FileStamp.of(path)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The SHA-256, in hexadecimal, of its bytes as they are stored, packed or not.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalStateException if it is a stream
     */
    public String sha256() throws IOException {
        if (copy != null) {
            try (InputStream in = ScratchBytes.stream(copy)) {
                return Sha256.of(in);
            }
        }
        return isFolder() ? PictureFolder.open(path()).sha256() : Sha256.of(List.of(path()));
    }

    /** The name in messages: the path, or the name of the stream. */
    @Override
    public String toString() {
        return name;
    }
}
