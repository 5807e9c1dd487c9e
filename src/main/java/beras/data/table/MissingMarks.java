package beras.data.table;

import beras.config.CheckReturnValue;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The exact spellings of cells without a value. A cell that is empty never has one.
 *
 * <pre>{@code
 * TableFile.of(path).missing(MissingMarks.only(Set.of("-999"))) // NA is Namibia here
 * }</pre>
 *
 * @param hasUsual whether {@link Table#MISSING} are among them
 * @param others   the marks besides, in ascending order
 */
public record MissingMarks(boolean hasUsual, Set<String> others) {

    /** {@link Table#MISSING}: as pandas, R, databases, Weka and spreadsheets write it. */
    public static final MissingMarks USUAL = new MissingMarks(true, Set.of());

    private static final int LONGEST_WORD = 15;
    private static final String FIRST_OF_WORDS = "UuDdSsIiNnKkTt-\u2013\u2014\u2015\u2212.";
    /** The marks of an unknown value in columns of numbers or dates, in small letters. */
    private static final Set<String> WORDS = Set.of("-", "--", "---", "\u2013", "\u2014", "\u2015", "\u2212", ".", "..", "...", "unknown", "unk",
            "not available", "not known", "not applicable", "n/a", "n.a.", "n. a.", "n/d", "nd", "n.d.", "none", "null", "nil", "tbd", "tba",
            "unbekannt", "n/v", "n.v.", "k.a.", "k. a.", "k/a", "keine angabe", "inconnu", "inconnue", "non disponible", "desconocido",
            "desconocida", "no disponible", "sin dato", "s/d", "sconosciuto", "sconosciuta", "non noto", "not stated", "not given",
            "unspecified", "undefined", "nan");

    /** @throws IllegalArgumentException if one is empty or has spaces around it, as no cell is read so */
    public MissingMarks {
        for (String mark : others) {
            if (mark.isEmpty() || !mark.equals(mark.strip())) {
                throw new IllegalArgumentException("A mark of missing values must be a text without spaces around it."
                        + " Received: \"" + mark + "\"");
            }
        }
        others = Collections.unmodifiableSet(new TreeSet<>(others)); // in one order in every file
    }

    /**
     * These marks alone, in place of the usual ones; none: only an empty cell has no value.
     *
     * @throws IllegalArgumentException if one is empty or has spaces around it, as no cell is read so
     */
    public static MissingMarks only(Set<String> marks) {
        return new MissingMarks(false, marks);
    }

    /**
     * These marks and further ones.
     *
     * @throws IllegalArgumentException as {@link #only}
     */
    @CheckReturnValue
    public MissingMarks and(Set<String> further) {
        Set<String> all = new TreeSet<>(others);
        all.addAll(further);
        return new MissingMarks(hasUsual, all);
    }

    /** Whether a cell, which has no spaces around it, has no value. */
    public boolean isMissing(String cell) {
        return cell.isEmpty() || hasUsual && Table.MISSING.contains(cell) || !others.isEmpty() && others.contains(cell);
    }

    /**
     * Whether a cell in a column of numbers or dates marks a missing value by a word or dash, such as {@code unknown}, that
     * would be an ordinary value in a column of categories. If the usual marks do not count, none does.
     */
    boolean isWord(String cell) {
        return hasUsual && cell.length() <= LONGEST_WORD && FIRST_OF_WORDS.indexOf(cell.charAt(0)) >= 0
                && WORDS.contains(cell.toLowerCase(Locale.ROOT));
    }

    /** As the setting {@code missing} has them as text. */
    @Override
    public String toString() {
        return (hasUsual ? "" : "only:") + String.join(",", others);
    }
}
