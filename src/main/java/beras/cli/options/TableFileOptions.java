package beras.cli.options;

import beras.cli.terminal.StandardInput;
import beras.data.DataException;
import beras.data.table.MissingMarks;
import beras.data.table.TableFile;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How the file of a table is written, for the commands that read one. */
@DataKind.For(DataKind.TABLE)
@OptionRules.Sets(TableFile.class)
public final class TableFileOptions {

    private static final Map<String, Character> SEPARATORS = Map.of("comma", ',', "semicolon", ';', "tab", '\t', "pipe", '|', "space", ' ');

    private static final String ONLY = "only:";

    @OptionRules.Sets(value = TableFile.class, by = "character")
    @Option(names = "--separator", paramLabel = "CHAR", description = "Tables: the separator of cells, a character or one of"
            + " comma, semicolon, tab, pipe, space; by default detected.")
    String separator;

    @OptionRules.Sets(value = TableFile.class, by = "charset")
    @Option(names = "--encoding", paramLabel = "NAME", description = "Tables: the encoding of the text, such as windows-1252;"
            + " by default UTF-8, or detected from the first bytes.")
    String encoding;

    @Option(names = "--sheet", paramLabel = "NAME", description = "Tables: the sheet of a workbook (.xlsx); by default the first"
            + " that is not hidden.")
    String sheet;

    @Option(names = "--skip-lines", paramLabel = "N", description = "Tables: how many lines come before that of the names, such"
            + " as titles and comments; none by default.")
    Integer skipLines;

    @Option(names = "--header-lines", paramLabel = "N", description = "Tables: how many rows come before those of values, of"
            + " which the first names the columns; by default 1, and 2 if the second can only be units or further names.")
    Integer headerLines;

    @Option(names = "--skip-footer", paramLabel = "N", description = "Tables: how many lines at the end are no rows, such as"
            + " sources and notes; none by default.")
    Integer skipFooter;

    @OptionRules.Sets(value = TableFile.class, as = "missing", by = "marks")
    @Option(names = "--na", paramLabel = "MARK,...",
            description = "Tables: further marks of missing values, such as -999,unknown, besides"
            + " empty cells, NA, N/A, null, None, NaN and others like them; only:-999,unknown in place of these, only: for empty"
            + " cells alone. A model keeps those that it was trained with.")
    String na;

    private TableFile kept; // null: not read yet

    /** As {@link #of}, for a command that reads the table several times: standard input goes to a temporary file first. */
    public TableFile again(CommandSpec spec, Path path) throws DataException {
        kept = kept == null ? of(spec, path).rereadable() : kept;
        return kept;
    }

    /** The file of a table, read with these options; standard input can be read once. */
    public TableFile of(CommandSpec spec, Path path) {
        return OptionRules.set(spec, StandardInput.isNamedBy(path) ? TableFile.of(StandardInput.stream(), StandardInput.NAME)
                : TableFile.of(path));
    }

    /** Marks besides the usual ones, or in place of them. */
    static Object marks(String text) {
        return !text.startsWith(ONLY) ? split(text)
                : MissingMarks.only(text.equals(ONLY) ? Set.of() : split(text.substring(ONLY.length())));
    }

    private static Set<String> split(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    }

    static char character(String text) {
        Character named = SEPARATORS.get(text);
        if (named == null && text.length() != 1) {
            throw new IllegalArgumentException("it must be one character, or comma, semicolon, tab, pipe or space. Received: " + text);
        }
        return named == null ? text.charAt(0) : named;
    }

    static Charset charset(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new IllegalArgumentException("this Java has no such encoding; it has UTF-8, UTF-16LE, ISO-8859-1, windows-1252"
                    + " and others. Received: " + name, e);
        }
    }

    /** Refuses further marks of missing values. */
    public void requireNoMarks(CommandSpec spec, String why) {
        if (na != null) {
            throw Usage.invalid(spec, "--na", why + ". Remove it");
        }
    }

    /** The options that are given but the marks, which a model keeps, for another command on the same file. */
    public String said() {
        return OptionRules.said(this, "--na");
    }
}
