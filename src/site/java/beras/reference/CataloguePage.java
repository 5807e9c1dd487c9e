package beras.reference;

import static beras.reference.Markdown.code;

import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Registry;
import beras.config.Settings.Setting;
import beras.constraints.Constraints;
import beras.initializers.Initializers;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.metrics.Metrics;
import beras.optimizers.Optimizers;
import beras.optimizers.Schedules;
import beras.regularizers.Regularizers;
import beras.saving.keras.KerasCatalogue;
import beras.training.Callback;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The page of all that a net and its training are made of: from the registries, and the first sentences of Javadoc. */
public final class CataloguePage {

    private record Kind(String title, Registry<?> registry, String home) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("Layers", Layers.REGISTRY, "beras.layers"),
            new Kind("Activations", Layers.ACTIVATIONS, "beras.layers.activations"),
            new Kind("Losses", Losses.REGISTRY, "beras.losses"),
            new Kind("Metrics", Metrics.REGISTRY, "beras.metrics"),
            new Kind("Optimizers", Optimizers.REGISTRY, "beras.optimizers"),
            new Kind("Schedules", Schedules.REGISTRY, "beras.optimizers"),
            new Kind("Initializers", Initializers.REGISTRY, "beras.initializers"),
            new Kind("Regularizers", Regularizers.REGISTRY, "beras.regularizers"),
            new Kind("Constraints", Constraints.REGISTRY, "beras.constraints"));
    private static final Map<String, String> REMARKS = Map.of(
            "Layers", "The [activations](#activations) are layers, too.",
            "Metrics", "Each [loss](#losses) is a metric, too.",
            "Schedules", "In place of a learning rate, in steps. `train --lr-schedule` takes the same in epochs.");

    private final StringBuilder page = new StringBuilder();

    private CataloguePage() {}

    public static String of() {
        CataloguePage made = new CataloguePage();
        made.write();
        return made.page.toString();
    }

    private void write() {
        page.append("# Catalogue\n\nAll layers, losses, metrics, optimizers, schedules and other types with a name, and their settings.\n\n")
                .append("The first column is the syntax of recipes, the command line and `compile`, with all settings in order and their\n")
                .append("defaults; a setting without `=` is required, `none` means absent. Settings may be positional or named, `useBias` or\n")
                .append("`use_bias`; those after `*` must be named. The second column is the class in Java; Keras uses the same name, unless\n")
                .append("noted, with these [differences](../migrate/keras.md).\n");
        KINDS.forEach(this::kind);
        callbacks();
    }

    private void kind(Kind kind) {
        List<String> types = new ArrayList<>(kind.registry.names());
        if (kind.registry == Layers.REGISTRY) {
            types.removeAll(Layers.ACTIVATIONS.names());
            types.remove("OnnxOperator"); // which files of ONNX alone make
        }
        Map<String, List<Setting>> settings = new LinkedHashMap<>();
        types.forEach(type -> settings.put(type, kind.registry.settings(type)));
        boolean isOfLayers = kind.registry == Layers.REGISTRY; // of which Input has less than all others
        List<Setting> common = new ArrayList<>(settings.get(types.get(isOfLayers ? 1 : 0)));
        settings.forEach((type, all) -> {
            if (!type.equals("Input")) {
                common.retainAll(all);
            }
        });
        page.append("\n## ").append(kind.title).append("\n\n");
        if (REMARKS.containsKey(kind.title)) {
            page.append(REMARKS.get(kind.title)).append("\n\n");
        }
        if (!common.isEmpty()) {
            page.append(isOfLayers ? "All but `Input`" : "All of them").append(" also have the settings ").append(list(common, "`, `", "`", "`")).append(".\n\n");
        }
        page.append("| name and settings | class | what it is |\n|---|---|---|\n");
        for (String type : types) {
            List<Setting> own = new ArrayList<>(settings.get(type));
            own.removeAll(common);
            List<String> names = new ArrayList<>(kind.registry.otherNames(type));
            page.append("| <a id=\"").append(type).append("\"></a>").append(code(textName(kind.registry, type) + signature(own)));
            if (!names.isEmpty()) {
                page.append(", also ").append(names.stream().map(Markdown::code).collect(Collectors.joining(", ")));
            }
            page.append(" | ").append(inBoth(type, KerasCatalogue.name(kind.registry, type))).append(" | ")
                    .append(firstSentence(kind, type)).append(" |\n");
        }
    }

    /** That of its class, or of the row of a table, which some settings make. */
    private static String firstSentence(Kind kind, String type) {
        try {
            return Javadocs.firstSentence(Class.forName(kind.home + "." + type));
        } catch (ClassNotFoundException e) {
            Config required = Config.of(type);
            for (Setting setting : kind.registry.settings(type)) {
                required = !setting.required() ? required : required.with(setting.name(), setting.name().equals("values") ? List.of(1) : 1);
            }
            return Javadocs.firstSentence(kind.registry.of(required).getClass(), type);
        }
    }

    /** The name of a class, and where Keras has another, or none, what it has. */
    private static String inBoth(String type, Optional<String> keras) {
        return code(type) + keras.map(name -> name.equals(type) ? "" : "; Keras: " + code(name)).orElse("; not in Keras");
    }

    private static String textName(Registry<?> registry, String type) {
        String plain = type.toLowerCase(Locale.ROOT);
        return registry.textNames().stream().filter(name -> name.replace("_", "").equals(plain)).findFirst().orElseThrow();
    }

    private static String signature(List<Setting> settings) {
        return settings.isEmpty() ? "" : list(settings, ", ", "(", ")");
    }

    private static String list(List<Setting> settings, String between, String before, String after) {
        List<String> parts = new ArrayList<>();
        List<Setting> placedFirst = settings.stream().sorted(Comparator.comparing(Setting::byName)).toList();
        boolean isByName = false;
        for (Setting setting : placedFirst) {
            if (setting.byName() && !isByName && before.equals("(")) {
                parts.add("*");
            }
            isByName |= setting.byName();
            parts.add(setting.name() + (setting.required() ? "" : "=" + setting.fallback().map(CataloguePage::value).orElse("none")));
        }
        return parts.stream().collect(Collectors.joining(between, before, after));
    }

    private static String value(Object value) {
        String text = ConfigText.print(Config.of("x").with("y", value)); // x(y=...)
        return text.substring("x(y=".length(), text.length() - 1);
    }

    private void callbacks() {
        page.append("\n## Callbacks\n\nGiven to `FitOptions.callbacks`; they have no names in texts.\n\n| class | package | what it does |\n")
                .append("|---|---|---|\n");
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("beras").stream()
                .filter(type -> type.isAssignableTo(Callback.class) && !type.isInterface()
                        && type.getModifiers().contains(JavaModifier.PUBLIC) && !type.getPackageName().startsWith("beras.cli"))
                .sorted(Comparator.comparing(JavaClass::getSimpleName))
                .forEach(type -> page.append("| <a id=\"").append(type.getSimpleName()).append("\"></a>")
                        .append(inBoth(type.getSimpleName(), KerasCatalogue.callback(type.getSimpleName()))).append(" | `")
                        .append(type.getPackageName()).append("` | ").append(Javadocs.firstSentence(type(type.getName()))).append(" |\n"));
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
