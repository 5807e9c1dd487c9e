package beras.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The layers of a recipe in a line: {@code conv2d 16 [5, 5], max pooling2d [2, 2], dense 128, dropout 0.2, dense 10}. */
final class NetWords {

    private static final Pattern WORD = Pattern.compile("(?<=[a-z])(?=[A-Z][a-z])");
    /** What tells layers of one type from each other. */
    private static final List<String> SETTINGS = List.of("units", "filters", "kernelSize", "poolSize", "rate", "activation");
    /** Activations that most nets have, and those of outputs, which follow from the task. */
    private static final Set<String> COMMON = Set.of("ReLU", "Linear", "Softmax", "Sigmoid");

    private final Map<String, String> recipe;

    private NetWords(Map<String, String> recipe) {
        this.recipe = recipe;
    }

    /**
     * All layers.
     *
     * @param recipe each setting by its path, such as {@code layers.1.units}
     * @return empty if there are none in it
     */
    static String of(Map<String, String> recipe) {
        return new NetWords(recipe).layers("");
    }

    private String layers(String path) {
        List<String> words = new ArrayList<>();
        for (int number = 1; recipe.containsKey(path + "layers." + number); number++) {
            String word = layer(path + "layers." + number);
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return String.join(", ", words);
    }

    private String layer(String path) {
        String name = WORD.matcher(recipe.get(path)).replaceAll(" ").toLowerCase(Locale.ROOT);
        String inner = layers(path + ".");
        StringBuilder words = new StringBuilder(name.equals("flatten") || name.equals("reshape") ? "" : name);
        for (String setting : SETTINGS) {
            String value = recipe.getOrDefault(path + "." + setting, "");
            words.append(value.isEmpty() || COMMON.contains(value) ? "" : " " + value);
        }
        return words + (inner.isEmpty() ? "" : " (" + inner + ")");
    }
}
