package beras.fuzz;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.Function;

/** Where a program of the tests runs; results are the same on all. */
record Setup(Locale locale, TimeZone zone, int threads, boolean shareAll, String width) {

    /** With digits, calendars and rules for capitals of their own. */
    private static final List<String> LOCALES = List.of("und", "en-US", "tr-TR", "de-DE", "ar-EG-u-nu-arab",
            "th-TH-u-ca-buddhist", "hi-IN-u-nu-deva", "lt-LT");
    private static final List<String> ZONES = List.of("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia");
    private static final Locale LOCALE = Locale.getDefault();
    private static final TimeZone ZONE = TimeZone.getDefault();

    static Setup drawn(Draws draws) {
        return new Setup(Locale.forLanguageTag(draws.one(LOCALES)), TimeZone.getTimeZone(draws.one(ZONES)),
                draws.one(1, 1, 2, 3, 4, 7), draws.oneIn(2), draws.one(SimdCopy.WIDTHS));
    }

    /** What a program gives for a case of {@link RandomCases}. */
    String run(Class<? extends Function<Map<String, String>, String>> program, long number, String task,
            Map<String, String> more) {
        Map<String, String> arguments = new LinkedHashMap<>(more);
        arguments.putAll(Map.of("seed", Long.toString(RandomCases.SEED), "number", Long.toString(number), "task", task, "threads",
                Integer.toString(threads), "shareAll", Boolean.toString(shareAll)));
        Locale.setDefault(locale);
        TimeZone.setDefault(zone);
        try {
            return SimdCopy.of(width).run(program, arguments);
        } finally {
            Locale.setDefault(LOCALE);
            TimeZone.setDefault(ZONE);
        }
    }

    @Override
    public String toString() {
        return locale.toLanguageTag() + ", " + zone.getID() + ", " + threads + (shareAll ? " threads that share all" : " threads")
                + ", -Dberas.simd=" + width;
    }
}
