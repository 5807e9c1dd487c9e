package beras.cli.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of a command in groups, each with a heading, as its help, the manual page and the reference show them. */
public final class OptionGroups implements CommandLine.IHelpFactory {

    /** The heading of the group that begins with this option; it ends where the next one begins. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface Begins {
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

    @Override
    public Help create(CommandSpec spec, Help.ColorScheme colors) {
        return new GroupedHelp(spec, colors);
    }

    /** Help whose options have headings, if their command has some. */
    private static final class GroupedHelp extends Help {

        GroupedHelp(CommandSpec spec, ColorScheme colors) {
            super(spec, colors);
        }

        @Override
        public String optionList() {
            CommandSpec spec = commandSpec();
            Map<String, List<OptionSpec>> groups = of(spec);
            if (groups.size() < 2) {
                return super.optionList();
            }
            StringBuilder list = new StringBuilder();
            groups.forEach((heading, options) -> {
                Layout layout = createDefaultLayout(spec.options(), spec.positionalParameters(), colorScheme());
                layout.addOptions(options, createDefaultParamLabelRenderer());
                list.append(heading.isEmpty() ? "" : "%n%s:%n".formatted(heading)).append(layout);
            });
            return list.toString();
        }
    }
}
