package beras.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Configs as text.
 *
 * <pre>
 *   dense(128, relu)                           a type; values without names in the order of its settings
 *   sgd(0.1, momentum=0.9)                     then settings by name
 *   dense(10, kernel_regularizer=l2(0.01))     a value may be a config itself; a name alone is one without settings
 *   reshape([2, -1])                           or a list, a number, true, false, or a text in quotes: "a, b"
 *   128:relu                                   short for dense(128, relu)
 *   dropout:0.3                                short for dropout(0.3)
 *   cosine:warmup=1,end=0                      short for cosine(warmup=1, end=0)
 *   conv:32x3:relu,padding=same                short for conv(32, 3, activation=relu, padding=same)
 * </pre>
 * Types are in snake_case, in camelCase or as the class; settings in snake_case or camelCase. In quotes {@code \"} and
 * {@code \\} stand for a quote and a backslash; a name that is none of these forms is in quotes too. White space does not
 * count. Several configs have commas between them: behind the colon of a short form, which may be followed by one more for the
 * activation, a comma continues it only if a {@code name=value} follows, so {@code 128:relu,dropout:0.3} are two.
 */
public final class ConfigText {

    /** A deeper text is refused, before the stack overflows. */
    private static final int MAX_LEVELS = 100;

    /** Words that are not names. */
    private static final Map<String, Object> WORDS = Map.of("true", true, "false", false, "NaN", Double.NaN, "Infinity",
            Double.POSITIVE_INFINITY);

    /** The type of a short form that begins with a number, its units. */
    private static final String DENSE = "dense";

    private final String text;
    private int at;
    private int level;

    private ConfigText(String text) {
        this.text = text;
    }

    // ------------------------------------------------------------------------------------------------------ reading

    /** The config of a name, whatever it is made of, or of a text that has settings in parentheses. */
    public static Config nameOrText(String text) {
        return text.indexOf('(') < 0 ? Config.of(text) : parse(text);
    }

    /**
     * The config that a text describes.
     *
     * @throws IllegalArgumentException if it describes none, naming the place
     */
    public static Config parse(String text) {
        ConfigText parser = new ConfigText(text);
        Config config = parser.item();
        parser.requireEnd("the end");
        return config;
    }

    /**
     * The configs of a text that has at least one, with commas between them.
     *
     * @throws IllegalArgumentException if it describes none, naming the place
     */
    public static List<Config> parseList(String text) {
        ConfigText parser = new ConfigText(text);
        List<Config> configs = new ArrayList<>();
        do {
            configs.add(parser.item());
        } while (parser.take(','));
        parser.requireEnd("a comma or the end");
        return List.copyOf(configs);
    }

    /** A config in full, or in its short form. */
    private Config item() {
        int start = start();
        boolean number = startsNumber();
        String head = number ? word() : null;
        if (head == null) {
            Object value = value("a name such as dense");
            if (value instanceof Config config) {
                return config.isBare() && take(':') ? shortForm(config.type()) : config;
            }
            throw expected("a name such as dense", start);
        }
        List<Object> units = new ArrayList<>(List.of(number(head, start)));
        if (take(':')) {
            units.add(value("a name such as relu"));
        }
        return Config.of(DENSE, units, Map.of());
    }

    /** After the colon: one value or numbers with an x between them, then an activation; or settings by name. */
    private Config shortForm(String type) {
        List<Object> arguments = new ArrayList<>();
        Map<String, Object> values = new LinkedHashMap<>();
        String name = settingName();
        if (name == null) {
            if (addFactors(arguments) && take(':')) {
                values.put("activation", value("a name such as relu"));
            }
            name = nextName();
        }
        while (name != null) {
            put(values, name);
            name = nextName();
        }
        return Config.of(type, arguments, values);
    }

    /** Takes whole numbers such as {@code 32x3}, or one other value; whether it were numbers. */
    private boolean addFactors(List<Object> arguments) {
        int start = start();
        boolean whole = startsNumber();
        for (String factor : whole ? word().split("x", -1) : new String[0]) {
            whole &= isDigits(factor);
            arguments.add(whole ? number(factor, start) : factor);
        }
        if (!whole) {
            at = start;
            arguments.clear();
            arguments.add(value("a value"));
        }
        return whole;
    }

    /** The name of one more setting behind a comma; null, and nothing is passed, if another config follows, or nothing. */
    private String nextName() {
        int before = at;
        String name = take(',') ? settingName() : null;
        if (name == null) {
            at = before; // the comma of the next config
        }
        return name;
    }

    private void put(Map<String, Object> values, String name) {
        int start = start();
        if (values.put(name, value("a value")) != null) {
            throw new IllegalArgumentException(place("each setting once", start) + ". Received twice: " + name);
        }
    }

    private Object value(String wanted) {
        int start = start();
        if (++level > MAX_LEVELS) {
            throw expected("at most " + MAX_LEVELS + " levels of brackets", start);
        }
        Object value = unlimitedValue(wanted, start);
        level--;
        return value;
    }

    private Object unlimitedValue(String wanted, int start) {
        if (take('[')) {
            return list();
        }
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        if (!quoted && startsNumber()) {
            return number(word(), start);
        }
        String word = quoted ? quoted() : word();
        if (word.isEmpty() && !quoted) {
            throw expected(wanted, start);
        }
        if (take('(')) {
            return arguments(word);
        }
        if (quoted) {
            return word;
        }
        Object known = WORDS.get(word);
        return known == null ? Config.of(word) : known;
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        if (take(']')) {
            return list;
        }
        do {
            list.add(value("a value or ]"));
        } while (take(','));
        require(']', "a comma or ]");
        return list;
    }

    /** The text in parentheses. */
    private Config arguments(String type) {
        List<Object> arguments = new ArrayList<>();
        Map<String, Object> values = new LinkedHashMap<>();
        if (take(')')) {
            return Config.of(type);
        }
        do {
            int start = start();
            String name = settingName();
            if (name != null) {
                put(values, name);
            } else if (values.isEmpty()) {
                arguments.add(value("a value, a name=value or )"));
            } else {
                throw expected("a name=value, as one came before", start);
            }
        } while (take(','));
        require(')', "a comma or )");
        return Config.of(type, arguments, values);
    }

    /** The name before an equals sign, which is passed; null, and nothing is passed, if there is none. */
    private String settingName() {
        int start = start();
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        String name = quoted ? quoted() : word();
        if ((quoted || !name.isEmpty()) && take('=')) {
            return quoted ? name : camelCase(name);
        }
        at = start;
        return null;
    }

    /** {@code kernel_regularizer} as {@code kernelRegularizer}. */
    private static String camelCase(String name) {
        StringBuilder camel = new StringBuilder();
        boolean upper = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_' && i > 0) {
                upper = true;
            } else {
                camel.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return camel.toString();
    }

    // ------------------------------------------------------------------------------------------------------- words

    private int start() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private boolean take(char wanted) {
        int before = at;
        if (start() < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        at = before;
        return false;
    }

    private void require(char wanted, String words) {
        if (!take(wanted)) {
            throw expected(words, start());
        }
    }

    private void requireEnd(String words) {
        if (start() < text.length()) {
            throw expected(words, at);
        }
    }

    private boolean startsNumber() {
        char c = start() < text.length() ? text.charAt(at) : ' ';
        return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.';
    }

    /** The longest run of letters, digits and the marks allowed in names and numbers; possibly empty. */
    private String word() {
        int from = at;
        while (at < text.length() && isPartOfWord(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    private static boolean isPartOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '+' || c == '.';
    }

    private Object number(String word, int start) {
        try {
            String digits = word.startsWith("-") || word.startsWith("+") ? word.substring(1) : word;
            if (isDigits(digits)) {
                return digits.length() < 19 ? (Object) Long.valueOf(word) : new BigInteger(word);
            }
            double number = Double.parseDouble(word);
            boolean letters = Character.isLetter(word.charAt(word.length() - 1)) && !digits.equals("Infinity");
            if (!letters && (Double.isFinite(number) || digits.equals("Infinity"))) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw expected("a number", start);
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** A text in quotes, which are passed. */
    private String quoted() {
        int start = at++;
        StringBuilder content = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return content.toString();
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            content.append(c);
        }
        throw new IllegalArgumentException(place("a closing quote", text.length()) + " for the one at character " + (start + 1));
    }

    private IllegalArgumentException expected(String wanted, int start) {
        at = start;
        String received = word();
        if (received.isEmpty()) {
            received = start < text.length() ? text.substring(start, start + 1) : "the end";
        }
        return new IllegalArgumentException(place(wanted, start) + ". Received: " + received);
    }

    private String place(String wanted, int start) {
        return "expected " + wanted + " at character " + (start + 1) + " of \"" + text + "\"";
    }

    // ------------------------------------------------------------------------------------------------------ writing

    /** The text that {@link #parse} reads as an equal config. */
    public static String print(Config config) {
        String type = word(config.type());
        if (config.isBare()) {
            return type.startsWith("\"") ? type + "()" : type;
        }
        Stream<String> settings = config.values().entrySet().stream()
                .map(each -> (isPlainSetting(each.getKey()) ? each.getKey() : quote(each.getKey())) + "=" + printed(each.getValue()));
        return Stream.concat(config.arguments().stream().map(ConfigText::printed), settings)
                .collect(Collectors.joining(", ", type + "(", ")"));
    }

    /** The text that {@link #parseList} reads as equal configs. */
    public static String print(List<Config> configs) {
        return configs.stream().map(ConfigText::print).collect(Collectors.joining(", "));
    }

    private static String printed(Object value) {
        return value instanceof Config config ? print(config)
                : value instanceof List<?> list ? list.stream().map(ConfigText::printed).collect(Collectors.joining(", ", "[", "]"))
                : value instanceof String text ? word(text) : value.toString();
    }

    /** A text without quotes, if it is read as a name. */
    private static String word(String text) {
        return isName(text) && !WORDS.containsKey(text) ? text : quote(text);
    }

    /** Whether a word that begins with a letter is read as this very name. */
    private static boolean isName(String word) {
        boolean name = !word.isEmpty() && (Character.isLetter(word.charAt(0)) || word.charAt(0) == '_');
        for (int i = 0; name && i < word.length(); i++) {
            name = isPartOfWord(word.charAt(i));
        }
        return name;
    }

    private static boolean isPlainSetting(String name) {
        return (isName(name) || isDigits(name)) && camelCase(name).equals(name);
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
