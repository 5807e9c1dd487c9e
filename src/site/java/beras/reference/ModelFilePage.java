package beras.reference;

import static beras.reference.Markdown.code;
import static beras.reference.Markdown.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.files.Bytes;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.bytes.Safetensors;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The page of what is in a model file: from the comment of the class that writes it, and from files that it wrote. */
public final class ModelFilePage {

    private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final Pattern KEY = Pattern.compile("(?m)^ +(beras\\.\\w+) +(.*)$");

    /** @param files that together have all there is */
    public static String of(List<Path> files) throws IOException, ClassNotFoundException {
        StringBuilder page = new StringBuilder("# Model file reference\n\nThe layout of `.beras` files, for programs that read them.")
                .append(" [Saving and formats](../guide/saving.md) describes how to save and exchange models.\n\n")
                .append("A model file is a [safetensors](https://github.com/huggingface/safetensors) file: eight bytes with the length of a JSON\n")
                .append("header, the header, then the numbers, float32 and little endian. The header names each tensor with its shape and place.\n\n")
                .append("## Metadata\n\nThe header's `__metadata__` has texts under these names; all but the first two are JSON.\n\n| name | what it has |\n|---|---|\n");
        Map<String, String> keys = new LinkedHashMap<>();
        String comment = Javadocs.comment(Class.forName("beras.saving.BerasFile"));
        for (MatchResult key : KEY.matcher(comment).results().toList()) {
            keys.put(key.group(1), key.group(2).replaceAll("\\{@\\w+ (?:\\S+ )?([^}]*)\\}", "$1"));
        }
        keys.forEach((key, what) -> page.append("| ").append(code(key)).append(" | ").append(text(what)).append(" |\n"));

        Map<String, String> found = new LinkedHashMap<>();
        TreeSet<String> tensors = new TreeSet<>();
        for (Path file : files) {
            try (Bytes bytes = Bytes.open(file)) {
                Safetensors header = Safetensors.read(bytes);
                found.putAll(header.metadata());
                tensors.addAll(header.entries().keySet());
            }
        }
        assertEquals(new TreeSet<>(keys.keySet()), new TreeSet<>(found.keySet()), "the comment of BerasFile, and files");

        page.append("\nA net is a config: a type with its settings, as in the [catalogue](catalogue.md). That of two layers:\n\n```json\n")
                .append(json(model())).append("\n```\n\nWhat `beras.provenance` of a file of `train` has: ");
        page.append(String.join(", ", JsonParser.parseString(found.get("beras.provenance")).getAsJsonObject().keySet().stream()
                .map(Markdown::code).toList()));
        page.append(".\n\n## Tensors\n\n| name | what it has |\n|---|---|\n")
                .append("| `LAYER/WEIGHT` | a weight, such as `dense/kernel`; `/` stands between the names of nested models, too |\n")
                .append("| `/training/...` | the state of an interrupted training, for `--resume` |\n")
                .append("| `/optimizer/N` | what the optimizer of a compiled model remembers |\n");
        assertEquals(true, tensors.stream().anyMatch(name -> name.startsWith("/training/"))
                && tensors.stream().anyMatch(name -> name.startsWith("/optimizer/")) && tensors.contains("dense/kernel"), tensors::toString);
        return page.toString();
    }

    private static String model() throws IOException {
        Path file = Files.createTempFile("net", ".beras");
        try {
            ModelFile.replace(new SavedModel(new Sequential(7, new Input(4), new Dense(2, "softmax"))), file);
            try (Bytes bytes = Bytes.open(file)) {
                return Safetensors.read(bytes).metadata().get("beras.model");
            }
        } finally {
            Files.delete(file);
        }
    }

    private static String json(String text) {
        JsonElement element = JsonParser.parseString(text);
        return PRETTY.toJson(element);
    }

    private ModelFilePage() {}
}
