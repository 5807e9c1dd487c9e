package beras.data.table.values;

import java.text.Normalizer;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * The names of months and days of the week that the JDK has in English, German, French, Spanish and Italian, in full or their first
 * letters. Its short names differ from version to version.
 */
final class DateNames {

    private static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.GERMAN, Locale.FRENCH, Locale.forLanguageTag("es"), Locale.ITALIAN);
    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");
    /** The month whose name begins with these letters, from 1; 0 if several do. */
    private static final Map<String, Integer> MONTH_OF = beginnings(Month.values(), 3, (month, language) -> month.getDisplayName(TextStyle.FULL, language));
    private static final Map<String, Integer> DAY_OF = beginnings(DayOfWeek.values(), 2, (day, language) -> day.getDisplayName(TextStyle.FULL, language));

    private static <T> Map<String, Integer> beginnings(T[] all, int shortest, BiFunction<T, Locale, String> named) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < all.length; i++) {
            int number = i + 1;
            for (Locale language : LANGUAGES) {
                String name = plain(named.apply(all[i], language));
                for (int length = shortest; length <= name.length(); length++) {
                    numbers.merge(name.substring(0, length), number, (one, other) -> one.equals(other) ? one : Integer.valueOf(0));
                }
            }
        }
        return numbers;
    }

    /** The number of a month by its name or at least three of its first letters; 0 if there is none, or several begin so. */
    static int month(String name) {
        return MONTH_OF.getOrDefault(plain(name), 0);
    }

    /** Whether it is the name of a day of the week or at least two of its first letters. */
    static boolean isDay(String name) {
        return DAY_OF.containsKey(plain(name));
    }

    /** In small letters without accents. */
    private static String plain(String name) {
        return ACCENTS.matcher(Normalizer.normalize(name, Normalizer.Form.NFD)).replaceAll("").toLowerCase(Locale.ROOT);
    }

    private DateNames() {}
}
