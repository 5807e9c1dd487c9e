package beras.saving.keras;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Rng;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In which order the layers of a {@code config.json} become nodes. */
@Tag("saving")
class KerasConfigTest {

    private static final int INPUT = -1;

    /** A layer for each entry, {@code Add} of the layers that it names. */
    private static JsonObject model(List<List<Integer>> uses, int output) {
        JsonArray layers = new JsonArray();
        layers.add(JsonParser.parseString("{\"class_name\": \"InputLayer\", \"module\": \"keras.layers\", \"config\": {\"name\": \"l-1\","
                + " \"batch_shape\": [null, 2]}, \"inbound_nodes\": []}"));
        for (int i = 0; i < uses.size(); i++) {
            StringBuilder tensors = new StringBuilder();
            for (int use : uses.get(i)) {
                tensors.append(tensors.isEmpty() ? "" : ", ").append("{\"class_name\": \"__keras_tensor__\", \"config\":"
                        + " {\"keras_history\": [\"l" + use + "\", 0, 0]}}");
            }
            layers.add(JsonParser.parseString("{\"class_name\": \"Add\", \"module\": \"keras.layers\", \"config\": {\"name\": \"l" + i
                    + "\"}, \"inbound_nodes\": [{\"args\": [[" + tensors + "]], \"kwargs\": {}}]}"));
        }
        JsonObject config = JsonParser.parseString("{\"name\": \"m\", \"input_layers\": [\"l-1\", 0, 0], \"output_layers\": [\"l" + output
                + "\", 0, 0]}").getAsJsonObject();
        config.add("layers", layers);
        JsonObject model = JsonParser.parseString("{\"class_name\": \"Functional\", \"module\": \"keras\"}").getAsJsonObject();
        model.add("config", config);
        return model;
    }

    /** The order that the weights of models have had so far: through the file again and again. */
    @RepeatedTest(20)
    void followsTheFileAsFarAsItCan(RepetitionInfo repetition) {
        Rng rng = new Rng(repetition.getCurrentRepetition(), "graph", 0);
        int[] place = rng.permutation(30); // of each call in the file, so that all after it may need it
        List<List<Integer>> uses = new ArrayList<>();
        for (int i = 0; i < place.length; i++) {
            uses.add(List.of());
        }
        for (int i = 0; i < place.length; i++) {
            int first = (int) (rng.uniform(2 * i) * (i + 1)) - 1;
            int second = (int) (rng.uniform(2 * i + 1) * (i + 1)) - 1;
            uses.set(place[i], List.of(first == INPUT ? INPUT : place[first], second == INPUT ? INPUT : place[second]));
        }
        List<Integer> made = new ArrayList<>(List.of(INPUT));
        List<List<Integer>> nodes = new ArrayList<>(List.of(List.of(0)));
        while (made.size() <= uses.size()) {
            for (int i = 0; i < uses.size(); i++) {
                if (!made.contains(i) && made.containsAll(uses.get(i))) {
                    List<Integer> node = new ArrayList<>(List.of(i + 1));
                    uses.get(i).forEach(use -> node.add(made.indexOf(use)));
                    nodes.add(node);
                    made.add(i);
                }
            }
        }
        assertEquals(nodes, new KerasConfig().model(model(uses, place[29])).config().list("nodes"));
    }

    @Test
    void takesTheLongestModelBackToFront() {
        int layers = 9_999; // and the input
        List<List<Integer>> uses = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            uses.add(List.of(i == layers - 1 ? INPUT : i + 1));
        }
        List<?> nodes = new KerasConfig().model(model(uses, 0)).config().list("nodes");
        assertEquals(List.of(layers, 0), nodes.get(1));
        assertEquals(List.of(1, layers - 1), nodes.get(layers));
    }

    @Test
    void saysWhatAMemberMustBe() {
        for (String[] wrong : new String[][] {
            {"{\"class_name\": [], \"config\": {}}", "config.json needs a text as \"class_name\". Received: []"},
            {"{\"class_name\": \"Sequential\", \"module\": \"keras\", \"config\": 7}",
                "config.json needs an object as \"config\". Received: 7"},
            {"{\"class_name\": \"Sequential\", \"module\": \"keras\", \"config\": {\"layers\": {}}}",
                "config.json needs a list as \"layers\". Received: {}"},
            {"{\"Config\": {}}", "config.json has no \"class_name\" among config"}}) {
            assertEquals(wrong[1], assertThrows(IllegalArgumentException.class,
                    () -> new KerasConfig().model(JsonParser.parseString(wrong[0]).getAsJsonObject())).getMessage());
        }
    }
}
