package beras.data.rows;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The layout of the lines of a CSV file, as far as it is set; the rest is inferred from the file.
 *
 * @param separator   the character between cells; a space stands for one or more
 * @param skipLines   how many lines come before the line of the names, such as titles and comments
 * @param headerLines the number of rows before the values; the first of them names the columns
 * @param skipFooter  how many rows at the end are none, such as sources and notes
 */
public record CsvOptions(Optional<Character> separator, OptionalInt skipLines, OptionalInt headerLines, OptionalInt skipFooter) {

    /** All is as the file shows. */
    public static final CsvOptions AS_SHOWN =
            new CsvOptions(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** The maximum of rows before the values. */
    public static final int MOST_HEADER_LINES = 5;
    /** So many rows at the end can be left out: they are held in memory until the end is there. */
    public static final int MOST_FOOTER = 1000;
}
