package beras.data.rows;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the lines of a CSV file are laid out, as far as somebody says it; the rest the file shows.
 *
 * @param separator   what is between cells; a space stands for one or more
 * @param skipLines   how many lines come before the line of the names, such as titles and comments
 * @param headerLines how many rows come before those of values, of which the first names the columns
 * @param skipFooter  how many rows at the end are none, such as sources and notes
 */
public record CsvOptions(Optional<Character> separator, OptionalInt skipLines, OptionalInt headerLines, OptionalInt skipFooter) {

    /** All is as the file shows. */
    public static final CsvOptions AS_SHOWN =
            new CsvOptions(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** So many rows come before those of values at most. */
    public static final int MOST_HEADER_LINES = 5;
    /** So many rows at the end can be left out: they are held in memory until the end is there. */
    public static final int MOST_FOOTER = 1000;
}
