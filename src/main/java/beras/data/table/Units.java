package beras.data.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The units that people write behind or before a number, in English, German, French, Spanish and Italian, and what they measure. */
final class Units {

    /** What a number without a unit measures: nothing; {@code K} and {@code Mio} are thousands and millions of it. */
    static final String NUMBER = "number";
    /** What a single letter that is written apart begins with: {@code 300 K} are kelvins, {@code 300K} is a number. */
    private static final String APART = " ";
    private static final String MONEY = "money";
    /** A word that is no known unit has at most so many letters. */
    private static final int LONGEST_WORD = 12;
    /** What a word that is no known unit may have besides letters, such as {@code mg/l}. */
    private static final String SIGNS = "/²³·";
    private static final String POWERS = "²³";
    private static final int SHORTEST_PLURAL = 4;

    /**
     * What a word may mean.
     *
     * @param dimension what it measures: units of one dimension are converted into each other
     * @param symbol    how messages and model files call the unit; empty for a number without a unit
     * @param factor    how many of the first unit of its dimension it is
     */
    record Sense(String dimension, String symbol, double factor) {}

    /** By word, the more usual sense first. Words of which another case means something else are in {@link #EXACT}. */
    private static final Map<String, List<Sense>> ANY_CASE = new HashMap<>();
    private static final Map<String, List<Sense>> EXACT = new HashMap<>();
    private static final Map<String, Sense> BY_SYMBOL = new HashMap<>();

    static {
        add("mass", "g", 1, "g gr gram grams gramm gramme grammes gramos grammi");
        add("mass", "mg", 1e-3, "mg");
        add("mass", "µg", 1e-6, "µg μg mcg");
        add("mass", "kg", 1e3, "kg kgs kilo kilos kilogram kilograms kilogramm");
        add("mass", "t", 1e6, "t tonne tonnes tonnen toneladas tonnellate");
        add("mass", "lb", 453.59237, "lb lbs pound pounds");
        add("mass", "oz", 28.349523125, "oz ounce ounces");
        add("length", "m", 1, "m meter meters metre metres metros metri mètres");
        add("length", "mm", 1e-3, "mm millimeter millimeters millimetres");
        add("length", "cm", 1e-2, "cm centimeter centimeters centimetres zentimeter");
        add("length", "dm", 1e-1, "dm");
        add("length", "km", 1e3, "km kms kilometer kilometers kilometre kilometres");
        add("length", "in", 0.0254, "in inch inches \" ″ ”");
        add("length", "ft", 0.3048, "ft foot feet ' ′ ’");
        add("length", "yd", 0.9144, "yd yds yard yards");
        add("length", "mi", 1609.344, "mi mile miles meilen");
        add("time", "s", 1, "s sec secs second seconds " + Quantity.CLOCK_TIME + " sek sekunde sekunden seconde secondes segundos secondi");
        add("time", "ms", 1e-3, "ms msec millisecond milliseconds");
        add("time", "min", 60, "min mins minute minutes minuten minutos minuti m");
        add("time", "h", 3600, "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore");
        add("time", "d", 86_400, "d day days tag tage tagen jour jours día días dia dias giorno giorni");
        add("time", "week", 604_800, "w wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane");
        add("time", "month", 2_629_800, "mo mos mth mths month months monat monate monaten mois mes meses mese mesi");
        add("time", "year", 31_557_600, "y yr yrs year years jahr jahre jahren an ans année années año años anno anni");
        add("area", "m²", 1, "m² m2 sqm qm");
        add("area", "cm²", 1e-4, "cm² cm2");
        add("area", "km²", 1e6, "km² km2");
        add("area", "ha", 1e4, "ha hectare hectares hektar");
        add("area", "sqft", 0.09290304, "sqft sf ft² ft2");
        add("area", "acre", 4046.8564224, "acre acres");
        add("volume", "l", 1, "l liter liters litre litres litros litri");
        add("volume", "ml", 1e-3, "ml");
        add("volume", "cl", 1e-2, "cl");
        add("volume", "dl", 1e-1, "dl");
        add("volume", "m³", 1e3, "m³ m3 cbm");
        add("speed", "km/h", 1, "km/h kmh kph kmph");
        add("speed", "m/s", 3.6, "m/s");
        add("speed", "mph", 1.609344, "mph");
        add("data", "B", 1, "byte bytes");
        add("data", "KB", 1e3, "kb");
        add("data", "MB", 1e6, "mb");
        add("data", "GB", 1e9, "gb");
        add("data", "TB", 1e12, "tb");
        add("data", "KiB", 0x1p10, "kib");
        add("data", "MiB", 0x1p20, "mib");
        add("data", "GiB", 0x1p30, "gib");
        add("power", "W", 1, "w watt watts");
        add("power", "kW", 1e3, "kw");
        add("power", "hp", 745.69987, "hp bhp");
        add("power", "PS", 735.49875, "ps");
        add("energy", "Wh", 1, "wh");
        add("energy", "kWh", 1e3, "kwh");
        add("energy", "MWh", 1e6, "mwh");
        add("energy", "GWh", 1e9, "gwh");
        add("frequency", "Hz", 1, "hz");
        add("frequency", "kHz", 1e3, "khz");
        add("frequency", "MHz", 1e6, "mhz");
        add("frequency", "GHz", 1e9, "ghz");
        add("°C", "°C", 1, "°c celsius c");
        add("°F", "°F", 1, "°f fahrenheit f");
        add("percent", "%", 1, "% percent prozent pct");
        add("hexadecimal", Quantity.HEXADECIMAL, 1, Quantity.HEXADECIMAL);
        exact(Quantity.MIXED, new Sense("fraction", "fractions", 1));
        exact(Quantity.FRACTION, ofSymbol("fractions"));
        exact(Quantity.NUMBER_SIGN, new Sense("numbered", "No.", 1));
        add(NUMBER, "", 1, "");
        add(NUMBER, "thousand", 1e3, "k thousand thousands tsd tausend mille mil");
        add(NUMBER, "lakh", 1e5, "lakh lakhs lac lacs");
        add(NUMBER, "million", 1e6, "mio mio. mill mln mn million millions millionen millones millón milioni milione m");
        add(NUMBER, "crore", 1e7, "cr crore crores");
        add(NUMBER, "billion", 1e9, "b bn bln billion billions mrd milliarde milliarden milliard milliards miliardi miliardo");
        add(NUMBER, "trillion", 1e12, "tn trn trillion trillions");
        add(MONEY, MONEY, 1, "$ € £ ¥ ₹ usd eur gbp chf jpy cny inr us$ a$ c$ r$ rs kr sek nok dkk pln zł czk aud cad nzd brl dollar dollars euro"
                + " euros pounds");
        exact("M", new Sense(NUMBER, "million", 1e6));
        exact("T", new Sense(NUMBER, "trillion", 1e12));
        exact("MW", new Sense("power", "MW", 1e6));
        exact("GW", new Sense("power", "GW", 1e9));
        exact("B", new Sense(NUMBER, "billion", 1e9), new Sense("data", "B", 1));
        exact(APART + "K", new Sense("kelvin", "K", 1));
    }

    private static void add(String dimension, String symbol, double factor, String words) {
        Sense sense = new Sense(dimension, symbol, factor);
        BY_SYMBOL.put(symbol, sense);
        for (String word : words.split(" ")) {
            ANY_CASE.computeIfAbsent(word, none -> new ArrayList<>()).add(sense);
        }
    }

    private static void exact(String word, Sense... senses) {
        EXACT.put(word, List.of(senses));
        for (Sense sense : senses) {
            BY_SYMBOL.putIfAbsent(sense.symbol(), sense);
        }
    }

    /** What a word means beside an amount of money: {@code m} is a million there, not a metre. */
    static String ofMoney(String word) {
        for (Sense sense : senses(word)) {
            if (sense.dimension().equals(NUMBER) && !sense.symbol().isEmpty()) {
                return sense.symbol();
            }
        }
        return word;
    }

    /**
     * What stands beside a number, in the one form in which its senses are asked for; empty if it is no unit.
     *
     * @param text  without spaces around it
     * @param apart whether there is a space between it and the number
     */
    static Optional<String> word(String text, boolean apart) {
        String word = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (apart && word.length() == 1 && Character.isLetter(word.charAt(0))) {
            return Optional.of(APART + word);
        }
        if (EXACT.containsKey(word)) {
            return Optional.of(word);
        }
        String small = word.toLowerCase(Locale.ROOT);
        if (isKnown(small)) {
            return Optional.of(small);
        }
        for (int i = 0; i < small.length(); i++) {
            boolean isSign = i > 0 && (i + 1 < small.length() ? SIGNS : POWERS).indexOf(small.charAt(i)) >= 0;
            if (!isSign && !Character.isLetter(small.charAt(i))) {
                return Optional.empty();
            }
        }
        boolean plural = small.length() >= SHORTEST_PLURAL && small.endsWith("s");
        return small.length() > LONGEST_WORD ? Optional.empty() : Optional.of(plural ? small.substring(0, small.length() - 1) : small);
    }

    /** Whether a number without a unit is one of this word's, too, where few cells have the word. */
    static boolean isLikely(String word) {
        return isKnown(word)
                && !List.of(Quantity.HEXADECIMAL, Quantity.CLOCK_TIME, Quantity.NUMBER_SIGN).contains(word);
    }

    /** Whether a word, in the form that {@link #word} gives, is in the list of units. */
    static boolean isKnown(String word) {
        return EXACT.containsKey(word) || ANY_CASE.containsKey(word);
    }

    /** Whether a word is a currency, in which money is counted beside any unit. */
    static boolean isMoney(String word) {
        return senses(word).stream().anyMatch(sense -> sense.dimension().equals(MONEY));
    }

    /** What a word may mean, in the form that {@link #word} gives; one that is not known is a unit of its own. */
    static List<Sense> senses(String word) {
        List<Sense> exact = EXACT.get(word);
        if (exact != null) {
            return exact;
        }
        if (word.startsWith(APART)) { // a letter apart from a number is no thousand or million
            String letter = word.substring(1);
            List<Sense> units = ANY_CASE.getOrDefault(letter.toLowerCase(Locale.ROOT), List.of()).stream()
                    .filter(sense -> !sense.dimension().equals(NUMBER)).toList();
            return units.isEmpty() ? List.of(new Sense(letter, letter, 1)) : units;
        }
        return ANY_CASE.getOrDefault(word, List.of(new Sense(word, word, 1)));
    }

    /** The sense of a unit in model files and messages. */
    static Sense ofSymbol(String symbol) {
        return BY_SYMBOL.getOrDefault(symbol, new Sense(symbol, symbol, 1));
    }

    /** How many of a unit a number of what a word means is; NaN if it measures something else. */
    static double in(double value, String word, Sense unit) {
        for (Sense sense : senses(word)) {
            if (sense.dimension().equals(unit.dimension())) {
                return value * sense.factor() / unit.factor();
            }
        }
        return Double.NaN;
    }

    private Units() {}
}
