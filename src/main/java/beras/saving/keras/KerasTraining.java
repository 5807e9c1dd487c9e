package beras.saving.keras;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.Layer;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Model;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.saving.SavedModel;
import beras.saving.keras.KerasNames.Kind;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Objective;
import beras.training.Recipe;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How Keras compiled a model, and the state of its optimizer. */
final class KerasTraining {

    static final String OPTIMIZER = "optimizer";
    static final String NADAM = "Nadam";

    private static final String LOSS = "loss";
    private static final String METRICS = "metrics";

    private final JsonObject json;
    private final List<String> names; // of the outputs
    private final List<String> keys; // by which their dict has them; if it is none, the names
    private final List<String> leftOut = new ArrayList<>();

    private KerasTraining(JsonObject json, List<String> names, List<String> keys) {
        this.json = json;
        this.names = names;
        this.keys = keys.isEmpty() ? names : keys;
    }

    /**
     * The model, compiled as the file describes. If BERAS cannot do that, the model stays uncompiled and the reason is
     * reported: it can predict all the same.
     *
     * @param json    of the model
     * @param keys    the names of its outputs if they are a dict
     * @param inOrder its weights, in Keras's order
     */
    static SavedModel compiled(JsonObject json, List<String> keys, Model model, List<Variable> inOrder, Hdf5 arrays) {
        SavedModel saved = new SavedModel(model);
        JsonElement compile = json.get("compile_config");
        if (compile == null || compile.isJsonNull() || compile.isJsonObject() && compile.getAsJsonObject().size() == 0) {
            return saved;
        }
        try {
            KerasTraining training = new KerasTraining(compile.getAsJsonObject(), model.outputNames(), keys);
            return training.compiled(saved, inOrder, arrays).leftOut(training.leftOut);
        } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) { // the latter of the JSON
            return saved.notCompiled(e.getMessage());
        }
    }

    /** The leaves of a structure of lists and dicts. */
    private static List<JsonElement> parts(JsonElement structure) {
        List<JsonElement> parts = new ArrayList<>();
        if (structure == null || structure.isJsonNull()) {
            return parts;
        }
        if (structure.isJsonArray()) {
            structure.getAsJsonArray().forEach(each -> parts.addAll(parts(each)));
        } else if (structure.isJsonObject() && !structure.getAsJsonObject().has("class_name")) {
            structure.getAsJsonObject().asMap().values().forEach(each -> parts.addAll(parts(each)));
        } else {
            parts.add(structure);
        }
        return parts;
    }

    private static JsonElement or(JsonElement json) {
        return json == null ? JsonNull.INSTANCE : json;
    }

    // ------------------------------------------------------------------------------------------------ compiling

    private SavedModel compiled(SavedModel saved, List<Variable> inOrder, Hdf5 arrays) {
        Model model = saved.model();
        KerasParts configs = new KerasParts();
        Config optimizer = configs.part(Kind.OPTIMIZER, or(json.get(OPTIMIZER)));
        List<Config> losses = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            JsonElement given = ofOutput(json.get(LOSS), i, false);
            refuseIf(given.isJsonNull(), "each output needs a loss. Received none for " + keys.get(i));
            losses.add(configs.part(Kind.LOSS, given));
        }
        configs.requireAll();
        List<Objective> objectives = new ArrayList<>();
        List<List<Config>> metrics = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Loss loss = Losses.REGISTRY.of(losses.get(i));
            JsonElement weight = ofOutput(json.get("loss_weights"), i, false);
            Shape shape = model.outputShapes().get(i);
            metrics.add(metrics(METRICS, i, loss, shape));
            Objective objective = new Objective(loss).metrics((Object[]) made(metrics.get(i), loss, shape))
                    .weightedMetrics((Object[]) made(metrics("weighted_metrics", i, loss, shape), loss, shape));
            objectives.add(weight.isJsonNull() ? objective : objective.weight(weight.getAsFloat()));
        }
        Optimizer made = Optimizers.REGISTRY.of(optimizer);
        if (!arrays.vars(OPTIMIZER).isEmpty()) {
            restore(made, inOrder.stream().filter(weight -> weight.trainable() && !weight.isState()).distinct().toList(),
                    arrays.vars(OPTIMIZER));
        }
        if (made.steps() > 0) {
            for (Layer layer : Layer.withInner(model.layers())) {
                if (KerasNames.SEEDED.contains(layer.config().type())) {
                    leftOut.add("How often the layer \"" + layer.name() + "\" has drawn random numbers is not in the file: training"
                            + " that continues draws the first again, and goes another way than without the file");
                }
            }
        }
        model.compile(made, objectives.toArray(Objective[]::new));
        return names.size() == 1
                ? saved.recipe(new Recipe().with("loss", losses.get(0)).with("metrics", metrics.get(0))
                        .with("optimizer", optimizer)) : saved;
    }

    /** Leaves out metrics that BERAS does not have, or not for this loss: training does not need them. */
    private List<Config> metrics(String which, int output, Loss loss, Shape shape) {
        List<Config> metrics = new ArrayList<>();
        for (JsonElement metric : parts(ofOutput(json.get(which), output, names.size() == 1))) {
            try {
                KerasParts configs = new KerasParts();
                Config config = configs.part(Kind.METRIC, metric);
                configs.requireAll();
                Metrics.of(config, loss, shape); // rejects metrics that do not fit
                metrics.add(config);
            } catch (IllegalArgumentException e) {
                leftOut.add("A metric is left out: " + e.getMessage());
            }
        }
        return metrics;
    }

    private static Metric[] made(List<Config> configs, Loss loss, Shape output) {
        return configs.stream().map(config -> Metrics.of(config, loss, output)).toArray(Metric[]::new);
    }

    /**
     * The part of a structure for one output.
     *
     * @param whole whether a list is for the only output as it stands
     */
    private JsonElement ofOutput(JsonElement structure, int output, boolean whole) {
        JsonElement all = or(structure);
        if (all.isJsonObject() && !all.getAsJsonObject().has("class_name")) {
            JsonElement byKey = all.getAsJsonObject().get(keys.get(output));
            return or(byKey == null ? all.getAsJsonObject().get(names.get(output)) : byKey);
        }
        if (all.isJsonArray() && !whole) {
            JsonArray list = all.getAsJsonArray();
            if (list.size() != names.size()) {
                throw new IllegalArgumentException("compile_config must have lists of one for each output, " + keys
                        + ". Received: " + list);
            }
            return list.get(output);
        }
        if (!all.isJsonNull() && names.size() > 1) {
            throw new IllegalArgumentException("compile_config must name one of the outputs " + keys + " is meant. Received: "
                    + all);
        }
        return all;
    }

    // --------------------------------------------------------------------------------------------------- state

    /**
     * Puts the optimizer where Keras's was. This covers the number of steps; the learning rate, if it follows no schedule; the
     * state of the weights, by {@link #order}; and Nadam's product, which follows from the steps.
     */
    private void restore(Optimizer made, List<Variable> weights, List<Hdf5.Stored> vars) {
        Config settings = made.config();
        int each = weights.isEmpty() ? 0 : made.state(weights).size() / weights.size();
        int first = made.hasSchedule() ? 1 : 2;
        int last = settings.type().equals(NADAM) ? 1 : 0;
        int expected = first + each * weights.size() + last;
        boolean begun = vars.size() != first || vars.get(0).count() != 0; // before its first step it has nothing else
        refuseIf(begun && vars.size() != expected, KerasFile.WEIGHTS + ": the optimizer " + settings.type() + " of "
                + weights.size() + " weights has " + expected + " arrays in " + OPTIMIZER + "/vars. Received: " + vars.size());
        if (begun) {
            Tensor[] state = new Tensor[each * weights.size()];
            int next = first;
            for (int place : order(settings, each, weights.size())) {
                Variable weight = weights.get(place / each);
                state[place] = Tensor.zeros(weight.shape());
                vars.get(next++).read(KerasFile.shape(weight), state[place], () -> "what the optimizer remembers of a " + weight.name());
            }
            made.restore(vars.get(0).count(), weights, List.of(state));
        }
        if (!made.hasSchedule()) {
            Tensor rate = Tensor.scalar(0f);
            vars.get(1).read(rate.shape(), rate, () -> "the learning rate");
            made.learningRate(rate.item());
        }
    }

    /**
     * The places in {@link Optimizer#state} of the tensors in the file, in its order: for each weight some, then for each the next.
     *
     * @param each how many there are of a weight
     */
    static int[] order(Config optimizer, int each, int weights) {
        List<int[]> order = new ArrayList<>();
        int slots = each;
        if (optimizer.has("emaMomentum")) {
            order.add(new int[] {--slots});
        }
        if (optimizer.has("gradientAccumulationSteps")) {
            order.add(new int[] {--slots});
        }
        if (optimizer.type().equals("RMSProp")) { // here: velocity, average gradient, momentum
            order.addAll(List.of(new int[] {0}, new int[] {slots - 1}, new int[] {1}).subList(0, slots));
        } else if (optimizer.has("amsgrad") && optimizer.flag("amsgrad")) {
            order.addAll(List.of(new int[] {0, 1}, new int[] {2}));
        } else if (slots > 0) {
            order.add(slots == 2 ? new int[] {0, 1} : new int[] {0});
        }
        return order.stream().flatMapToInt(together -> IntStream.range(0, weights)
                .flatMap(w -> Arrays.stream(together).map(place -> w * each + place))).toArray();
    }
}
