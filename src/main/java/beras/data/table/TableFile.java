package beras.data.table;

import beras.config.CheckReturnValue;
import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.DataFile;
import beras.data.rows.RowSource;
import beras.files.FileFailure;
import beras.files.FileStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The file of a table, and how it is written: what is between its cells, the encoding of its text, and marks of missing values.
 * What is not said here the file shows, see {@link Table}. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * Table.open(TableFile.of(path).separator(';').encoding(StandardCharsets.ISO_8859_1))
 * }</pre>
 */
public final class TableFile {

    private final Path path; // null: a stream
    private final AtomicReference<InputStream> stream; // holds nothing once it is read
    private final String name;
    private final Character separator; // null: as the file shows
    private final Charset encoding; // null: as the file shows
    private final MissingMarks missing; // null: nothing is said of them
    private final Set<String> further; // marks besides
    private final FileStamp stamp; // null: rows are not kept
    private final AtomicReference<KeptRows> kept = new AtomicReference<>(); // holds nothing until all are read

    private TableFile(Path path, AtomicReference<InputStream> stream, String name, Character separator, Charset encoding,
            MissingMarks missing, Set<String> further) {
        this(path, stream, name, separator, encoding, missing, further, null);
    }

    private TableFile(Path path, AtomicReference<InputStream> stream, String name, Character separator, Charset encoding,
            MissingMarks missing, Set<String> further, FileStamp stamp) {
        this.path = path;
        this.stream = stream;
        this.name = name;
        this.missing = missing;
        this.further = further;
        this.separator = separator;
        this.encoding = encoding;
        this.stamp = stamp;
    }

    /** A file that shows how it is written. */
    public static TableFile of(Path path) {
        return new TableFile(path, null, path.toString(), null, null, null, Set.of());
    }

    /**
     * A table that comes through a stream, plain or gzip. It can be read once, which closes the stream; {@link #rereadable} makes one
     * that can be read as often as training needs.
     *
     * @param name what messages call it
     */
    public static TableFile of(InputStream stream, String name) {
        return new TableFile(null, new AtomicReference<>(Objects.requireNonNull(stream)), Objects.requireNonNull(name), null, null,
                null, Set.of());
    }

    /**
     * This table, if it is a file; else a copy of what comes through the stream, in a temporary file which is deleted when Java ends.
     *
     * @throws DataException if the stream cannot be read, or there is no room
     */
    @CheckReturnValue
    public TableFile rereadable() throws DataException {
        if (path != null) {
            return this;
        }
        try (InputStream in = take()) {
            Path copy = Files.createTempFile("beras-", ".table");
            copy.toFile().deleteOnExit(); // which the JVM does after Ctrl-C, too
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return new TableFile(copy, null, name, separator, encoding, missing, further);
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException(name + ": expected room for a copy in " + System.getProperty("java.io.tmpdir") + ". Received: "
                    + FileFailure.reason(e) + ". Name another folder with -Djava.io.tmpdir", e);
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
        if (stamp != null) {
            return this;
        }
        if (!Files.exists(path())) {
            throw new DataException(path + ": there is no such file. Check the name; it is looked for at "
                    + path.toAbsolutePath());
        }
        FileStamp made = FileStamp.of(path);
        if (!made.isPlainFile() && !Files.isDirectory(path)) { // of a folder, to open it says what is wrong
            throw new DataException(path + ": expected a file, for a table to train on may have to be read again. Received: a"
                    + " pipe or device. Save it to a file first");
        }
        return new TableFile(path, null, name, separator, encoding, missing, further, made);
    }

    /**
     * Refuses a table that is not what it was when its rows were to be {@linkplain #keepRows kept}.
     *
     * @throws DataException if it was changed since
     * @throws IllegalStateException if its rows are not kept
     */
    public void requireUnchanged() throws DataException {
        if (stamp == null) {
            throw new IllegalStateException("The rows of " + name + " are not kept");
        }
        if (!stamp.holds()) {
            throw new DataException(name + ": the table was changed while it was read. Begin again when nobody writes to it");
        }
    }

    /**
     * Opens the table, whose names of columns are read.
     *
     * @param otherwise what marks missing values if nothing is said of that; further marks count besides
     */
    Table table(MissingMarks otherwise) throws DataException {
        MissingMarks marks = marks(otherwise);
        KeptRows rows = kept.get();
        if (rows != null) {
            return Table.of(name, rows.open(), marks);
        }
        DataFile file = path == null ? DataFile.of(take(), name) : DataFile.open(path, name);
        try {
            Table.requireText(file);
            RowSource read = RowSource.of(file, encoding, separator);
            if (stamp == null) {
                return new Table(name, file, read, marks);
            }
            KeptRows.Writer keeping = new KeptRows.Writer(file, read, kept);
            return new Table(name, keeping, keeping, marks);
        } catch (DataException e) {
            file.close();
            throw e;
        }
    }

    private InputStream take() throws DataException {
        InputStream in = stream.getAndSet(null);
        if (in == null) {
            throw new DataException(name + ": a stream can be read once, and was. Save the table to a file");
        }
        return in;
    }

    /**
     * What is between two cells.
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
        return new TableFile(path, stream, name, newSeparator, encoding, missing, further);
    }

    /** The encoding of the text; a mark at its beginning is passed over. */
    @CheckReturnValue
    public TableFile encoding(Charset newEncoding) {
        return new TableFile(path, stream, name, separator, Objects.requireNonNull(newEncoding), missing, further);
    }

    /**
     * What a cell says that has no value besides {@link Table#MISSING}, or besides the marks of the model that reads it, in this
     * very spelling: such as {@code -999} or {@code unknown}. A {@link TableSchema} that is learnt from the file keeps these marks.
     *
     * @throws IllegalArgumentException if one is empty or has spaces around it, as no cell is read so
     */
    @CheckReturnValue
    public TableFile missing(Set<String> marks) {
        return new TableFile(path, stream, name, separator, encoding, missing, MissingMarks.only(marks).others());
    }

    /** What a cell says that has no value, in place of {@link Table#MISSING}, as {@link #missing(Set)}. */
    @CheckReturnValue
    public TableFile missing(MissingMarks marks) {
        return new TableFile(path, stream, name, separator, encoding, Objects.requireNonNull(marks), Set.of());
    }

    private MissingMarks marks(MissingMarks otherwise) {
        return (missing == null ? otherwise : missing).and(further);
    }

    /** Whether it comes through a stream, and so can be read once. */
    public boolean isStream() {
        return path == null;
    }

    /**
     * Where the file is.
     *
     * @throws IllegalStateException if it is a stream
     */
    public Path path() {
        if (path == null) {
            throw new IllegalStateException(name + " is a stream, and no file");
        }
        return path;
    }

    /** What is between two cells; empty if the file is to show it. */
    public Optional<Character> separator() {
        return Optional.ofNullable(separator);
    }

    /** The encoding of the text; empty if the file is to show it. */
    public Optional<Charset> encoding() {
        return Optional.ofNullable(encoding);
    }

    /** What a cell says that has no value; by default {@link MissingMarks#USUAL}. */
    public MissingMarks missing() {
        return marks(MissingMarks.USUAL);
    }

    /** What messages call it: the path, or the name of the stream. */
    @Override
    public String toString() {
        return name;
    }
}
