package beras.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The layers of a recipe in a line: {@code conv 16x5, pool 2, conv 32x5, pool 2, 128, dropout 0.2, 10}. */
final class NetWords {

    private static final Pattern WORD = Pattern.compile("(?<=[a-z])(?=[A-Z][a-z])");
    private static final Pattern EQUAL_SIDES = Pattern.compile("\\[(\\d+), \\1\\]");

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
        String type = recipe.get(path);
        String inner = layers(path + ".");
        if (!inner.isEmpty()) {
            return name(type) + " (" + inner + ")";
        }
        return switch (type) {
            case "Dense" -> recipe.get(path + ".units") + activation(path);
            case "Conv2D" -> "conv " + recipe.get(path + ".filters") + "x" + sides(path + ".kernelSize") + activation(path);
            case "MaxPooling2D" -> "pool " + sides(path + ".poolSize");
            case "BatchNormalization" -> "batch norm";
            case "Dropout" -> "dropout " + recipe.get(path + ".rate");
            case "Flatten", "Reshape", "Input" -> ""; // says nothing that its neighbours do not
            default -> name(type);
        };
    }

    /** The one that most nets have is left out, and so is that of the outputs, which follows from the task. */
    private String activation(String path) {
        String activation = recipe.getOrDefault(path + ".activation", "Linear");
        return switch (activation) {
            case "ReLU", "Linear", "Softmax", "Sigmoid" -> "";
            default -> " " + name(activation);
        };
    }

    private String sides(String setting) {
        return EQUAL_SIDES.matcher(recipe.getOrDefault(setting, "")).replaceAll("$1");
    }

    private static String name(String type) {
        return WORD.matcher(type).replaceAll(" ").toLowerCase(Locale.ROOT);
    }
}
