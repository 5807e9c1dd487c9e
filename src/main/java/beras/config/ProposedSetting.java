package beras.config;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A setting that a message proposes. The text of a message has it as {@code `skipLines 3`}: a program finds it there as data, and the
 * command line shows its option instead.
 *
 * @param name  in Java, such as {@code skipLines}
 * @param value as text, such as {@code 3}; empty if the message leaves it open
 */
public record ProposedSetting(String name, String value) {

    private static final Pattern SHOWN = Pattern.compile("`([a-z][A-Za-z]*)(?: ((?:[^`]|``)*))?`");

    /** The settings that a message proposes. */
    public static List<ProposedSetting> in(String message) {
        return SHOWN.matcher(message).results().map(match -> new ProposedSetting(match.group(1),
                match.group(2) == null ? "" : match.group(2).replace("``", "`"))).toList();
    }

    /** A message with other words for the settings that it proposes. */
    public static String replace(String message, Function<ProposedSetting, String> words) {
        return message.indexOf('`') < 0 ? message
                : SHOWN.matcher(message).replaceAll(match -> Matcher.quoteReplacement(words.apply(in(match.group()).get(0))));
    }

    /** As a message has it, where a backtick of the value is doubled. */
    @Override
    public String toString() {
        return '`' + name + (value.isEmpty() ? "" : " " + value.replace("`", "``")) + '`';
    }
}
