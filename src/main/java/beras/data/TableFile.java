package beras.data;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The file of a table, and how it is written: what is between its cells, the encoding of its text, and marks of missing values.
 * What is not said here the file shows, see {@link Table}. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * Table.open(TableFile.of(path).separator(';').encoding(StandardCharsets.ISO_8859_1))
 * }</pre>
 */
public final class TableFile {

    private final Path path;
    private final Character separator; // null: as the file shows
    private final Charset encoding; // null: as the file shows
    private final Set<String> missing;

    private TableFile(Path path, Character separator, Charset encoding, Set<String> missing) {
        this.path = path;
        this.missing = missing;
        this.separator = separator;
        this.encoding = encoding;
    }

    /** A file that shows how it is written. */
    public static TableFile of(Path path) {
        return new TableFile(Objects.requireNonNull(path), null, null, Set.of());
    }

    /**
     * What is between two cells.
     *
     * @throws IllegalArgumentException if it is a letter, a digit, a quote, the end of a line or half a character
     */
    public TableFile separator(char newSeparator) {
        boolean separates = !Character.isLetterOrDigit(newSeparator) && newSeparator != '"' && newSeparator != '\n'
                && newSeparator != '\r' && newSeparator != 0 && !Character.isSurrogate(newSeparator);
        if (!separates) {
            throw new IllegalArgumentException("A separator must be no letter, digit, quote or line end. Received: "
                    + CsvRows.shown(String.valueOf(newSeparator)));
        }
        return new TableFile(path, newSeparator, encoding, missing);
    }

    /** The encoding of the text; a mark at its beginning is passed over. */
    public TableFile encoding(Charset newEncoding) {
        return new TableFile(path, separator, Objects.requireNonNull(newEncoding), missing);
    }

    /**
     * What a cell says that has no value, besides {@link Table#MISSING}, in this very spelling: such as {@code -999} or {@code
     * unknown}. A {@link TableSchema} that is learnt from the file keeps these marks.
     *
     * @throws IllegalArgumentException if one is empty or has spaces around it, as no cell is read so
     */
    public TableFile missing(Set<String> marks) {
        return new TableFile(path, separator, encoding, TableSchema.requireMarks(marks));
    }

    /** Where the file is. */
    public Path path() {
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

    /** What a cell says that has no value, besides {@link Table#MISSING}; none by default. */
    public Set<String> missing() {
        return missing;
    }

    /** The path. */
    @Override
    public String toString() {
        return path.toString();
    }
}
