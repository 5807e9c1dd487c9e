package beras.cli.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The kinds of data that a network is trained on, evaluated on or predicts. */
public enum DataKind {

    /** CSV, JSON lines, Parquet or workbooks. */
    TABLE("tables"),
    /** The arrays x and y of an .npz. */
    ARRAYS("arrays x and y"),
    /** A folder of pictures for each class. */
    PICTURES("folders of pictures"),
    /** MNIST, and images in its form. */
    IMAGES("images in MNIST's form"),
    /** Plain text, to learn which token comes next. */
    TEXT("texts");

    /** Which kinds of data an option is for, or all options of a class that have none themselves; any other option is for all. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.FIELD, ElementType.TYPE})
    public @interface For {
        DataKind[] value();
    }

    private final String plural;

    DataKind(String plural) {
        this.plural = plural;
    }

    /** The kinds in words, such as {@code tables and arrays x and y}. */
    public static String plural(Set<DataKind> kinds) {
        return kinds.equals(EnumSet.of(PICTURES, IMAGES)) ? "images"
                : kinds.equals(EnumSet.of(PICTURES, IMAGES, TEXT)) ? "images and texts"
                : kinds.equals(EnumSet.complementOf(EnumSet.of(TEXT))) ? "tables, arrays and images"
                : kinds.stream().map(kind -> kind.plural).collect(Collectors.joining(" and "));
    }

    /** The kinds that an option is for. */
    public static Set<DataKind> of(OptionSpec option) {
        For kinds = OptionRules.declared(option, For.class);
        return kinds == null ? EnumSet.allOf(DataKind.class) : EnumSet.copyOf(Arrays.asList(kinds.value()));
    }

    /** Refuses options of a command that were given, on the command line or in a file, and are for other kinds of data. */
    public void requireOptions(CommandSpec spec) {
        for (OptionSpec option : spec.options()) {
            if (Usage.isGiven(spec, option) && !of(option).contains(this)) {
                throw Usage.invalid(spec, option.longestName(), "it applies to " + plural(of(option)) + ". Remove it");
            }
        }
    }
}
