package beras.cli.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of a command in groups, each with a heading, as its help, the manual page and the reference show them. */
public final class OptionGroups {

    /** The heading of the group that begins with this option; it ends where the next one begins. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface Begins {
        String value();
    }

    /** The line of an often needed option in {@code -h}. Without any, it lists all options. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface Common {
        String value();
    }

    /** The options by their headings, in the order of the command; those before the first heading have an empty one. */
    public static Map<String, List<OptionSpec>> of(CommandSpec spec) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        String heading = "";
        for (OptionSpec option : spec.options()) {
            Begins begins = OptionRules.declared(option, Begins.class);
            heading = begins == null ? heading : begins.value();
            groups.computeIfAbsent(heading, none -> new ArrayList<>()).add(option);
        }
        return groups;
    }

    private OptionGroups() {}
}
