package beras.cli.options;

import beras.cli.terminal.Text;
import java.lang.annotation.Annotation;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The rules of an option besides picocli's {@link Option}: the setting, and the options that it needs or excludes. */
public final class OptionRules {

    /**
     * Whose setting the option gives, or each option of a class that has none itself, if it is given; all of these have methods that
     * return a copy, such as {@code bins(8)}.
     */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.FIELD, ElementType.TYPE})
    public @interface Sets {

        Class<?>[] value() default {};

        /** The setting, if it is not the name of the option, such as {@code batchSize} of {@code --batch-size}. */
        String as() default "";

        /** A static method of the field's class that reads the text of the option; without it, words of an enum are read. */
        String by() default "";
    }

    /** The option without which this one has no effect. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface Needs {
        String value();
    }

    /** Options that cannot be given together with this one. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface Excludes {

        String[] value();

        /** The reason, as the end of a sentence. */
        String why() default "";
    }

    private static final Pattern DASH = Pattern.compile("-(.)");

    /** Rejects options that need a missing one, or exclude a given one; those of a file count as given. */
    public static void check(CommandSpec spec) {
        for (OptionSpec option : spec.options()) {
            if (isOn(spec, option)) {
                Needs needs = declared(option, Needs.class);
                if (needs != null && !isOn(spec, spec.findOption(needs.value()))) {
                    throw Usage.invalid(spec, option.longestName(), "it needs " + needs.value() + ". Add that, or remove it");
                }
                Excludes excludes = declared(option, Excludes.class);
                for (String other : excludes == null ? new String[0] : excludes.value()) {
                    if (isOn(spec, spec.findOption(other))) {
                        throw Usage.invalid(spec, option.longestName(), "it cannot be combined with " + other
                                + (excludes.why().isEmpty() ? "" : ", for " + excludes.why()) + ". Remove one of them");
                    }
                }
            }
        }
    }

    /** An option of a mixin may exclude one that only another command has. */
    private static boolean isOn(CommandSpec spec, OptionSpec option) {
        return option != null && !Boolean.FALSE.equals(option.getValue()) && Usage.isGiven(spec, option);
    }

    /** An object with all its settings that options give, by their defaults, too. */
    @SuppressWarnings("unchecked")
    public static <T> T set(CommandSpec spec, T object) {
        T changed = object;
        for (OptionSpec option : spec.options()) {
            Sets sets = declared(option, Sets.class);
            Object value = option.getValue();
            if (sets != null && List.of(sets.value()).contains(object.getClass()) && value != null && !value.equals(false)) {
                T before = changed;
                changed = (T) Usage.check(spec, option.longestName(), () -> apply(before, option, sets.by(), value));
            }
        }
        return changed;
    }

    /** Calls the method of a setting; a switch that is on has none of its value. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object apply(Object object, OptionSpec option, String by, Object given) {
        try {
            Object value = given;
            if (!by.isEmpty()) {
                Method reader = ((Field) option.userObject()).getDeclaringClass().getDeclaredMethod(by, String.class);
                reader.setAccessible(true);
                value = reader.invoke(null, given);
            }
            for (Method method : object.getClass().getMethods()) {
                if (method.getName().equals(setting(option)) && method.getReturnType() == object.getClass()) {
                    Class<?>[] types = method.getParameterTypes();
                    if (types.length == 0 && value.equals(true)) {
                        return method.invoke(object);
                    }
                    Class type = types.length == 1 ? MethodType.methodType(types[0]).wrap().returnType() : Void.class;
                    if (type.isEnum() && value instanceof String text) {
                        return method.invoke(object, TableTypes.valueOf(type, "it", text));
                    }
                    if (type.isInstance(value)) {
                        return method.invoke(object, value);
                    }
                }
            }
            return object.getClass().getMethod("with", String.class, Object.class).invoke(object, setting(option), value);
        } catch (ReflectiveOperationException e) {
            if (e instanceof InvocationTargetException && e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        }
    }

    /** The setting that an option gives, such as {@code batchSize} of {@code --batch-size}. */
    static String setting(OptionSpec option) {
        Sets sets = declared(option, Sets.class);
        return sets != null && !sets.as().isEmpty() ? sets.as()
                : DASH.matcher(Usage.name(option)).replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
    }

    /** The options of a mixin that the user gave, except some, as typed, each after a space. */
    static String said(Object mixin, String... but) {
        StringBuilder said = new StringBuilder();
        for (Field field : mixin.getClass().getDeclaredFields()) {
            Option option = field.getAnnotation(Option.class);
            try {
                Object value = option == null || List.of(but).contains(option.names()[0]) ? null : field.get(mixin);
                said.append(value == null ? "" : " " + option.names()[0] + " " + Text.quote(value.toString()));
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
        return said.toString();
    }

    /** The annotation on the field of an option, or else on its class; null: none. */
    static <A extends Annotation> A declared(OptionSpec option, Class<A> annotation) {
        if (!(option.userObject() instanceof Field field)) { // one of picocli
            return null;
        }
        A own = field.getAnnotation(annotation);
        return own == null ? field.getDeclaringClass().getAnnotation(annotation) : own;
    }

    private OptionRules() {}
}
