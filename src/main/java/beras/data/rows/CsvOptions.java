package beras.data.rows;

import beras.config.CheckReturnValue;
import beras.config.SettingException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the lines of a CSV file are laid out, as far as somebody says it; the rest the file shows. Immutable: each method gives a changed
 * copy.
 *
 * @param separator   what is between cells; a space stands for one or more
 * @param skipLines   how many lines come before the line of the names, such as titles and comments
 * @param headerLines how many rows name the columns
 * @param skipFooter  how many rows at the end are none, such as sources and notes
 */
public record CsvOptions(Optional<Character> separator, OptionalInt skipLines, OptionalInt headerLines, OptionalInt skipFooter) {

    /** All is as the file shows. */
    public static final CsvOptions AS_SHOWN =
            new CsvOptions(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** So many rows name the columns at most. */
    public static final int MOST_HEADER_LINES = 5;
    /** So many rows at the end can be left out: they are held in memory until the end is there. */
    public static final int MOST_FOOTER = 1000;

    /** What is between two cells. */
    @CheckReturnValue
    public CsvOptions separator(char newSeparator) {
        return new CsvOptions(Optional.of(newSeparator), skipLines, headerLines, skipFooter);
    }

    /**
     * How many lines come before the line of the names.
     *
     * @throws SettingException if it is negative
     */
    @CheckReturnValue
    public CsvOptions skipLines(int lines) {
        return new CsvOptions(separator, OptionalInt.of(SettingException.requireAtLeast("skipLines", 0, lines)), headerLines, skipFooter);
    }

    /**
     * How many rows name the columns.
     *
     * @throws SettingException if it is not from 1 to {@value #MOST_HEADER_LINES}
     */
    @CheckReturnValue
    public CsvOptions headerLines(int rows) {
        return new CsvOptions(separator, skipLines, OptionalInt.of(requireCount("headerLines", 1, MOST_HEADER_LINES, rows)), skipFooter);
    }

    /**
     * How many rows at the end are left out.
     *
     * @throws SettingException if it is not from 0 to {@value #MOST_FOOTER}
     */
    @CheckReturnValue
    public CsvOptions skipFooter(int rows) {
        return new CsvOptions(separator, skipLines, headerLines, OptionalInt.of(requireCount("skipFooter", 0, MOST_FOOTER, rows)));
    }

    private static int requireCount(String name, int least, int most, int count) {
        if (count < least || count > most) {
            throw new SettingException(name, "it must be " + least + " to " + most + ". Received: " + count);
        }
        return count;
    }
}
