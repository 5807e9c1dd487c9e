package beras.saving.keras;

import static beras.saving.bytes.Check.refuseIf;
import static beras.saving.keras.KerasJson.json;
import static beras.saving.keras.KerasJson.list;
import static beras.saving.keras.KerasJson.object;
import static beras.saving.keras.KerasJson.text;

import beras.config.Config;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.MultiHeadAttention;
import beras.layers.Node;
import beras.layers.Rescaling;
import beras.layers.activations.Softmax;
import beras.metrics.Metric;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sequential;
import beras.optimizers.Optimizer;
import beras.saving.FormatSupport;
import beras.saving.SavedModel;
import beras.saving.keras.KerasNames.Kind;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Objective;
import beras.training.Recipe;
import beras.training.TrainingState;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A model as {@code config.json} and the arrays of {@code model.weights.h5}. The layers stand in the order in which Keras will
 * have them, by which it numbers the groups of arrays.
 */
final class KerasWriter {

    /** An option of optimizers that Keras does not have as a setting. */
    private static final String NOT_DECAYED = "excludeFromWeightDecay";
    private static final double NADAM_DECAY = 0.96;

    final JsonObject json; // the config
    final Map<String, List<Object>> arrays = new LinkedHashMap<>(); // the contents of objects by path
    final Map<String, String> taken = new LinkedHashMap<>(); // each weight, by its name in model files, with the place of its array
    private final Map<Variable, String> names; // in model files
    private final Set<Variable> inOrder = new LinkedHashSet<>();
    private final KerasParts parts = new KerasParts();
    private final List<String> missing = parts.missing;
    final Set<String> changed = parts.changed; // parts that are written but compute differently in Keras, in words
    final List<String> notCompiled = new ArrayList<>(); // why the model is written as if it was not compiled
    boolean isCompiled; // loss, metrics and optimizer are written
    boolean hasOptimizerState; // the optimizer's state is written

    /**
     * A model that is not compiled is written as its recipe compiles it, with the optimizer's state of its training state, if
     * that has these weights.
     *
     * @throws IllegalArgumentException if something of the model does not exist in Keras, naming all of it
     */
    KerasWriter(SavedModel saved) {
        Model model = saved.model();
        names = FormatSupport.weightNames(model);
        json = model(model, "");
        saved.calibration().ifPresent(fitted -> temper(model, fitted.temperature()));
        refuseIf(!missing.isEmpty(),
                "Keras's format cannot express " + String.join("; ", missing) + ". Save the model as .beras");
        Optional<Optimizer> optimizer = saved.isUncompiled() ? Optional.empty() : model.optimizer();
        List<Objective> objectives = model.objectives();
        if (optimizer.isEmpty() && saved.recipe().isPresent() && model.outputShapes().size() == 1) {
            optimizer = optimizer(saved, saved.recipe().get());
            objectives = optimizer.isEmpty() ? List.of() : List.of(saved.recipe().get().objective(model.outputShape()));
        }
        Set<String> changedLayers = Set.copyOf(changed);
        JsonObject compile = optimizer.isEmpty() ? new JsonObject() : compile(optimizer.get(), objectives);
        notCompiled.addAll(missing);
        isCompiled = optimizer.isPresent() && notCompiled.isEmpty();
        json.add("compile_config", isCompiled ? compile : new JsonObject());
        if (isCompiled) {
            addState(optimizer.get());
        } else {
            changed.retainAll(changedLayers);
        }
    }

    /** The optimizer of the recipe, at the position of the training state; empty if the recipe does not describe it. */
    private Optional<Optimizer> optimizer(SavedModel saved, Recipe recipe) {
        if (recipe.lossConfig().isEmpty() || recipe.optimizerConfig().isEmpty()) {
            return Optional.empty();
        }
        Optional<TrainingState> state = saved.trainingState();
        int batches = state.isEmpty() || !state.get().config().has("batches") ? -1 : state.get().config().integer("batches");
        if (recipe.hasSchedule() && batches < 0) {
            missing.add("a schedule in epochs, of which it is not known how many steps they have");
            return Optional.empty();
        }
        Optimizer made = recipe.makeOptimizer((long) Math.max(1, batches) * recipe.batchSize());
        if (state.isPresent() && FormatSupport.sameWeights(saved.model(), state.get())) {
            made.restore(state.get().config().integer("steps"), saved.model().weights(), state.get().list(TrainingState.OPTIMIZER));
            if (!made.hasSchedule()) {
                made.learningRate((float) state.get().config().number("learningRate"));
            }
        }
        return Optional.of(made);
    }

    // --------------------------------------------------------------------------------------------------- layers

    private JsonObject model(Model model, String path) {
        Map<Layer, String> names = FormatSupport.layerNames(model);
        boolean sequential = isSequential(model);
        List<Layer> order = sequential ? List.copyOf(model.layersByName().values()) : order(model);
        Map<Node, Integer> calls = new IdentityHashMap<>();
        Map<Layer, List<Node>> uses = new IdentityHashMap<>();
        boolean hasMasks = FormatSupport.hasMasks(model);
        if (hasMasks && !sequential) { // Keras adds masks to the graph, and names their operations by type, some of which are those of layers
            names.replaceAll((layer, name) -> layer instanceof Concatenate ? name + "_layer" : name);
        }
        for (Node node : model.nodes()) {
            boolean isShared = node.inputs().stream().anyMatch(input -> model.nodes().stream().filter(user -> user.inputs().contains(input)).count() > 1);
            if (hasMasks && isShared && node.layer() instanceof MultiHeadAttention && !node.layer().config().flag("takesMasks")) {
                changed.add("the masks of what layer \"" + names.get(node.layer()) + "\" reads, which in Keras no attention or loss behind it sees");
            }
            List<Node> before = uses.computeIfAbsent(node.layer(), any -> new ArrayList<>());
            calls.put(node, before.size());
            before.add(node);
        }
        Function<Node, JsonElement> history = node -> list(names.get(node.layer()), calls.get(node), 0);
        JsonArray layers = new JsonArray();
        Map<String, Integer> counts = new HashMap<>();
        for (Layer layer : order) {
            JsonObject described = layer(layer, names.get(layer), path, sequential, counts);
            if (!sequential) {
                described.addProperty("name", names.get(layer));
                JsonArray inbound = new JsonArray();
                uses.get(layer).stream().filter(node -> !(layer instanceof Input))
                        .forEach(node -> inbound.add(call(node, history)));
                described.add("inbound_nodes", inbound);
            }
            described.add("build_config", build(layer, uses.get(layer).get(0).inputs()));
            layers.add(described);
        }
        JsonObject config = json("name", model.name() == null ? Models.snakeCase(sequential ? "Sequential" : "Functional")
                : model.name(), "trainable", !model.isFrozen(), "layers", layers);
        if (!sequential) {
            config.add("input_layers", ends(model.inputNodes(), history));
            config.add("output_layers", ends(model.outputNodes(), history));
        }
        return sequential ? KerasParts.part("keras", "Sequential", config) : KerasParts.part("keras.src.models.functional", "Functional", config);
    }

    /** Whether it is a chain there, too, where attention takes several inputs. */
    private static boolean isSequential(Model model) {
        return model instanceof Sequential && model.nodes().size() == model.layersByName().size()
                && model.layersByName().values().stream().noneMatch(layer -> layer instanceof MultiHeadAttention);
    }

    /**
     * Divides the input of the last softmax of a chain by a temperature, in an extra layer: the weights stay unchanged.
     */
    private void temper(Model model, double temperature) {
        List<Layer> layers = List.copyOf(model.layersByName().values());
        Layer last = layers.get(layers.size() - 1);
        List<Layer> inner = last.layers();
        boolean isWithin = inner.size() == 1 && inner.get(0) instanceof Softmax && last instanceof Dense;
        if (!text(json, "class_name").equals("Sequential") || !(isWithin || last instanceof Softmax)) {
            changed.add("the temperature of its probabilities");
            return;
        }
        JsonArray described = object(json, "config").getAsJsonArray("layers");
        JsonElement softmax = isWithin ? added(model, new Softmax(), "softmax") : described.remove(described.size() - 1);
        if (isWithin) {
            JsonObject dense = described.get(described.size() - 1).getAsJsonObject();
            object(dense, "config").addProperty("activation", "linear");
        }
        described.add(added(model, new Rescaling(1 / temperature), "temperature"));
        described.add(softmax);
    }

    /** A layer of the shape of the output, under a name that no other has. */
    private JsonObject added(Model model, Layer layer, String name) {
        String free = name;
        for (int again = 1; model.layersByName().containsKey(free); again++) {
            free = name + "_" + again;
        }
        JsonObject described = parts.layer(layer, free);
        described.add("build_config", json("input_shape", batch(model.outputShape())));
        return described;
    }

    private static JsonElement ends(List<Node> nodes, Function<Node, JsonElement> history) {
        JsonArray all = new JsonArray();
        nodes.forEach(node -> all.add(history.apply(node)));
        return all.size() == 1 ? all.get(0) : all;
    }

    private JsonObject layer(Layer layer, String name, String path, boolean sequential, Map<String, Integer> counts) {
        JsonObject described;
        String type;
        if (layer instanceof Input) {
            described = KerasParts.part("keras.layers", "InputLayer",
                    json("name", name, "batch_shape", batch(layer.inputShape()), "dtype", "float32"));
            type = "InputLayer";
            if (sequential) {
                return described;
            }
        } else if (layer instanceof Model inner) {
            type = isSequential(inner) ? "Sequential" : "Functional";
            String place = path + KerasFile.LAYERS + "/" + numbered(type, counts) + "/";
            described = model(inner, place);
            object(described, "config").addProperty("name", name);
            return described;
        } else {
            described = parts.layer(layer, name);
            type = text(described, "class_name");
        }
        String group = path + KerasFile.LAYERS + "/" + numbered(type, counts);
        KerasFile.groups(layer, group).forEach((place, inner) -> {
            List<Object> weights = new ArrayList<>();
            for (Variable weight : inner.weights()) {
                if (!layer.isFrozen() && !weight.isState() && !weight.trainable()) {
                    missing.add("layer \"" + name + "\": its " + weight.name() + " is frozen alone");
                }
                taken.put(names.get(weight), Hdf5.place(place, weights.size()));
                weights.add(Hdf5.array(KerasFile.shape(weight), weight));
            }
            if (inner.typeName().equals("Normalization")) {
                weights.add(0); // how many examples it was adapted to; unknown
            }
            if (!weights.isEmpty()) {
                arrays.put(place, weights);
            }
        });
        inOrder.addAll(layer.weights());
        return described;
    }

    /** The group of the arrays of a layer. */
    static String numbered(String type, Map<String, Integer> counts) {
        String group = Models.snakeCase(type);
        int count = counts.merge(group, 1, Integer::sum) - 1;
        return count == 0 ? group : group + "_" + count;
    }

    private JsonObject call(Node node, Function<Node, JsonElement> history) {
        JsonArray tensors = new JsonArray();
        for (Node input : node.inputs()) {
            tensors.add(json("class_name", "__keras_tensor__", "config", json("shape", batch(input.shape()), "dtype", "float32",
                    "keras_history", history.apply(input))));
        }
        boolean merges = KerasNames.MERGES.contains(node.layer().getClass().getSimpleName());
        if (merges && tensors.size() == 1) {
            missing.add(node.layer() + " of one input");
        }
        JsonObject named = new JsonObject();
        if (node.layer().config().has("useCausalMask") && node.layer().config().flag("useCausalMask")) {
            named.addProperty(KerasNames.CAUSAL, true);
        }
        if (node.layer() instanceof MultiHeadAttention) {
            if (tensors.size() == 1) {
                tensors.add(tensors.get(0));
            }
            return json("args", tensors, "kwargs", named);
        }
        return json("args", list(tensors.size() == 1 && !merges ? tensors.get(0) : tensors), "kwargs", named);
    }

    private static JsonObject build(Layer layer, List<Node> inputs) {
        if (layer instanceof MultiHeadAttention) {
            JsonObject shapes = json("query_shape", batch(inputs.get(0).shape()),
                    "value_shape", batch(inputs.get(inputs.size() > 1 ? 1 : 0).shape()));
            if (inputs.size() > 2) {
                shapes.add("key_shape", batch(inputs.get(2).shape()));
            }
            return json("shapes_dict", shapes);
        }
        JsonArray shapes = new JsonArray();
        inputs.forEach(input -> shapes.add(batch(input.shape())));
        return json("input_shape", shapes.isEmpty() ? null : shapes.size() == 1 ? shapes.get(0) : shapes);
    }

    private static JsonArray batch(Shape shape) {
        JsonArray sizes = list((Object) null);
        for (int size : shape.toArray()) {
            sizes.add(size == 0 ? null : size); // an open axis
        }
        return sizes;
    }

    /**
     * The layers as Keras sorts them: those furthest from the outputs first, and of the same distance in the order in which they
     * are met on the way from the outputs.
     */
    private static List<Layer> order(Model model) {
        Map<Layer, Integer> met = new IdentityHashMap<>();
        List<Node> finished = new ArrayList<>();
        Map<Node, Integer> next = new IdentityHashMap<>(); // the input to visit
        for (Node output : model.outputNodes()) {
            Deque<Node> open = new ArrayDeque<>(List.of(output));
            while (!open.isEmpty()) {
                Node node = open.peek();
                met.putIfAbsent(node.layer(), met.size());
                int at = next.merge(node, 1, Integer::sum) - 1;
                if (at < node.inputs().size()) {
                    if (!next.containsKey(node.inputs().get(at))) {
                        open.push(node.inputs().get(at));
                    }
                } else {
                    open.pop();
                    if (at == node.inputs().size()) {
                        finished.add(node);
                    }
                }
            }
        }
        Map<Node, Integer> depths = new IdentityHashMap<>();
        Map<Layer, Integer> deepest = new IdentityHashMap<>();
        for (int i = finished.size() - 1; i >= 0; i--) {
            Node node = finished.get(i);
            int depth = Math.max(depths.getOrDefault(node, 0), deepest.getOrDefault(node.layer(), 0));
            deepest.put(node.layer(), depth);
            node.inputs().forEach(input -> depths.merge(input, depth + 1, Math::max));
        }
        List<Layer> order = new ArrayList<>(deepest.keySet());
        order.sort(Comparator.<Layer>comparingInt(layer -> -deepest.get(layer)).thenComparingInt(met::get));
        return order;
    }

    // ------------------------------------------------------------------------------------------------- training

    private JsonObject compile(Optimizer optimizer, List<Objective> objectives) {
        JsonObject described = optimizer(optimizer); // first, so that missing types are reported in this order
        JsonArray losses = new JsonArray();
        JsonArray weights = new JsonArray();
        JsonArray metrics = new JsonArray();
        JsonArray weighted = new JsonArray();
        for (Objective objective : objectives) {
            parts.requireKnown(objective.loss(), "loss");
            losses.add(parts.part(Kind.LOSS, objective.loss().config(), "loss"));
            weights.add(objective.weight());
            metrics.add(metrics(objective.metrics()));
            weighted.add(metrics(objective.weightedMetrics()));
        }
        boolean single = losses.size() == 1;
        return json("optimizer", described, "loss", single ? losses.get(0) : losses, "loss_weights", weights,
                "metrics", single ? metrics.get(0) : metrics, "weighted_metrics", single ? weighted.get(0) : weighted);
    }

    private JsonArray metrics(List<Metric> metrics) {
        JsonArray list = new JsonArray();
        for (Metric metric : metrics) {
            parts.requireKnown(metric, "metric");
            list.add(parts.part(Kind.METRIC, metric.config(), "metrics"));
        }
        return list;
    }

    private JsonObject optimizer(Optimizer optimizer) {
        parts.requireKnown(optimizer, "optimizer");
        Config config = optimizer.config();
        if (config.has("form") && !config.text("form").equals("keras")) {
            if (config.type().equals("Adam")) {
                changed.add("the epsilon of Adam behind the correction, which Keras adds before it");
            } else {
                missing.add(config.type() + " in the form of the assignment; Keras's is " + config.type() + ".keras(...)");
            }
        }
        if (config.has(NOT_DECAYED)) {
            missing.add(NOT_DECAYED);
            config = config.with(NOT_DECAYED, null);
        }
        if (!optimizer.hasSchedule()) { // a callback may have changed it
            config = config.with("learningRate", optimizer.learningRate());
        }
        JsonObject described = parts.part(Kind.OPTIMIZER, config, "optimizer");
        object(described, "config").addProperty("use_ema", config.has("emaMomentum"));
        return described;
    }

    private void addState(Optimizer optimizer) {
        List<Variable> weights = inOrder.stream().filter(weight -> weight.trainable() && !weight.isState()).toList();
        List<Object> vars = new ArrayList<>();
        vars.add(optimizer.steps());
        if (!optimizer.hasSchedule()) {
            vars.add(optimizer.learningRate());
        }
        arrays.put(KerasTraining.OPTIMIZER, vars);
        if (optimizer.steps() == 0 || weights.isEmpty()) {
            return; // Keras creates the remaining state
        }
        hasOptimizerState = true;
        Config config = optimizer.config();
        List<Tensor> state = optimizer.state(weights);
        int each = state.size() / weights.size();
        for (int place : KerasTraining.order(config, each, weights.size())) {
            Variable weight = weights.get(place / each);
            Tensor slot = state.get(place);
            vars.add(Hdf5.array(KerasFile.shape(weight), slot.size() > 0 ? slot : first(config, weight, place % each == each - 1)));
        }
        if (config.type().equals(KerasTraining.NADAM)) {
            vars.add(product(config.number("beta1"), optimizer.steps()));
        }
    }

    /** The initial state of a weight that has had no gradient yet. */
    private static Tensor first(Config config, Variable weight, boolean last) {
        if (last && config.has("emaMomentum")) {
            return weight;
        }
        float first = config.has("initialAccumulatorValue") ? (float) config.number("initialAccumulatorValue") : 0f;
        return Tensor.full(first, weight.shape().toArray());
    }

    private static float product(double beta1, int steps) {
        double product = 1;
        for (int t = 1; t <= steps; t++) {
            product *= beta1 * (1 - 0.5 * StrictMath.pow(NADAM_DECAY, t));
        }
        return (float) product;
    }
}
