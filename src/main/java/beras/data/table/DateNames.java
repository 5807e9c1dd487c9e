package beras.data.table;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names of months and days of the week in English, German, French, Spanish and Italian, in full or their first letters. Those of
 * the JDK differ from version to version.
 */
final class DateNames {

    private static final List<String> MONTHS = List.of("january januar janner janvier enero gennaio", "february februar feber fevrier febrero febbraio",
            "march marz maerz mrz mars marzo", "april avril abril aprile", "may mai mayo maggio", "june juni juin junio giugno",
            "july juli juillet julio luglio", "august aout agosto", "september septembre septiembre setiembre settembre",
            "october oktober octobre octubre ottobre", "november novembre noviembre", "december dezember decembre diciembre dicembre");
    private static final List<String> DAYS = List.of("monday montag lundi lunes lunedi", "tuesday dienstag mardi martes martedi",
            "wednesday mittwoch mercredi miercoles mercoledi", "thursday donnerstag jeudi jueves giovedi",
            "friday freitag vendredi viernes venerdi", "saturday samstag sonnabend samedi sabado sabato", "sunday sonntag dimanche domingo domenica");
    private static final int SHORTEST_MONTH = 3;
    private static final int SHORTEST_DAY = 2;
    /** By the letters it begins with; 0 if several begin so. */
    private static final Map<String, Integer> MONTH_OF = beginnings(MONTHS, SHORTEST_MONTH);
    private static final Map<String, Integer> DAY_OF = beginnings(DAYS, SHORTEST_DAY);
    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");

    private static Map<String, Integer> beginnings(List<String> names, int shortest) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            int number = i + 1;
            for (String name : names.get(i).split(" ")) {
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
