package beras.saving.keras;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.config.Configurable;
import beras.layers.Bidirectional;
import beras.layers.Dense;
import beras.layers.Embedding;
import beras.layers.HorizontalFlip;
import beras.layers.Input;
import beras.layers.Lambda;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Masking;
import beras.layers.MultiHeadAttention;
import beras.layers.Node;
import beras.layers.PositionEmbedding;
import beras.layers.Recurrent;
import beras.layers.Rescaling;
import beras.layers.SpatialDropout;
import beras.layers.TimeDistributed;
import beras.layers.TransformerBlock;
import beras.layers.Whitening2D;
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
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A model as {@code config.json} and the arrays of {@code model.weights.h5}. The layers stand in the order in which Keras will
 * have them, by which it numbers the groups of arrays.
 */
final class KerasWriter {

    private static final Set<String> MERGES = Set.of("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply",
            "Subtract");
    private static final Set<String> ACTIVATION_LAYERS = Set.of("ReLU", "LeakyReLU", "ELU", "Softmax");
    private static final Set<String> NO_METRICS = Set.of("BalancedAccuracy", "BrierScore", "LogCosh", "Huber", "Quantile");
    private static final Set<String> NO_LOSSES = Set.of("Quantile");
    private static final Set<String> OWN_SETTINGS = Set.of("name", "seed", "inputs", "form");
    private static final String REGULARIZER = "activityRegularizer";
    private static final String DIRAC = "Dirac";
    private static final String ONE_CYCLE = "OneCycle";
    /** An option of optimizers that Keras does not have as a setting. */
    private static final String NOT_DECAYED = "excludeFromWeightDecay";
    /** Lists of four numbers that Keras has in pairs. */
    private static final Set<String> EDGES = Set.of("padding", "cropping");
    private static final double NADAM_DECAY = 0.96;
    private static final String STATE = "optimizer."; // tensors of a training state

    /** Paths of objects with what each has. */
    private final Map<String, List<Object>> arrays = new LinkedHashMap<>();
    private final Map<String, String> taken = new LinkedHashMap<>();
    private final Map<Variable, String> names; // in model files
    private final Set<Variable> inOrder = new LinkedHashSet<>();
    private final List<String> missing = new ArrayList<>();
    private final JsonObject json;
    private final Set<String> changed = new LinkedHashSet<>();
    private final List<String> notCompiled = new ArrayList<>();
    private boolean compiled;
    private boolean remembers; // what its optimizer did is written

    /**
     * A model that is not compiled is written as its recipe compiles it, with what its optimizer remembered where its training
     * was, if that had these weights.
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
        compiled = optimizer.isPresent() && notCompiled.isEmpty();
        json.add("compile_config", compiled ? compile : new JsonObject());
        if (compiled) {
            addState(optimizer.get());
        } else {
            changed.retainAll(changedLayers);
        }
    }

    /** That of the recipe, where the training was; empty if the recipe does not say it. */
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
            List<Tensor> tensors = new ArrayList<>();
            for (Tensor next; (next = state.get().tensors().get(STATE + tensors.size())) != null; ) {
                tensors.add(next);
            }
            made.restore(state.get().config().integer("steps"), saved.model().weights(), tensors);
            if (!made.hasSchedule()) {
                made.learningRate((float) state.get().config().number("learningRate"));
            }
        }
        return Optional.of(made);
    }

    JsonObject config() {
        return json;
    }

    Map<String, List<Object>> arrays() {
        return arrays;
    }

    /** Each weight, by its name in model files, with the place of its array. */
    Map<String, String> taken() {
        return taken;
    }

    /** What is written, but is otherwise in Keras, in words. */
    Set<String> changed() {
        return changed;
    }

    /** Whether loss, metrics and optimizer are written. */
    boolean isCompiled() {
        return compiled;
    }

    /** Whether what the optimizer remembers is there. */
    boolean hasOptimizerState() {
        return remembers;
    }

    /** Why the model is written as if it was not compiled; empty if it is not so. */
    List<String> notCompiled() {
        return notCompiled;
    }

    // --------------------------------------------------------------------------------------------------- layers

    private JsonObject model(Model model, String path) {
        Map<Layer, String> names = FormatSupport.layerNames(model);
        boolean sequential = isSequential(model);
        List<Layer> order = sequential ? List.copyOf(model.layersByName().values()) : order(model);
        Map<Node, Integer> calls = new IdentityHashMap<>();
        Map<Layer, List<Node>> uses = new IdentityHashMap<>();
        for (Node node : model.nodes()) {
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
        return sequential ? part("keras", "Sequential", config) : part("keras.src.models.functional", "Functional", config);
    }

    /** Whether it is a chain there, too, where attention takes several inputs. */
    private static boolean isSequential(Model model) {
        return model instanceof Sequential && model.nodes().size() == model.layersByName().size()
                && model.layersByName().values().stream().noneMatch(layer -> layer instanceof MultiHeadAttention);
    }

    /**
     * Divides what the last softmax of a chain takes by a temperature, in a layer of its own: the weights stay those of the
     * model.
     */
    private void temper(Model model, double temperature) {
        List<Layer> layers = List.copyOf(model.layersByName().values());
        Layer last = layers.get(layers.size() - 1);
        List<Layer> inner = last.layers();
        boolean isWithin = inner.size() == 1 && inner.get(0) instanceof Softmax && last instanceof Dense;
        if (!KerasConfig.text(json, "class_name").equals("Sequential") || !(isWithin || last instanceof Softmax)) {
            changed.add("the temperature of its probabilities");
            return;
        }
        JsonArray described = KerasConfig.object(json, "config").getAsJsonArray("layers");
        JsonElement softmax = isWithin ? added(model, new Softmax(), "softmax") : described.remove(described.size() - 1);
        if (isWithin) {
            JsonObject dense = described.get(described.size() - 1).getAsJsonObject();
            KerasConfig.object(dense, "config").addProperty("activation", "linear");
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
        JsonObject described = leaf(layer, free);
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
            described = part("keras.layers", "InputLayer",
                    json("name", name, "batch_shape", batch(layer.inputShape()), "dtype", "float32"));
            type = "InputLayer";
            if (sequential) {
                return described;
            }
        } else if (layer instanceof Model inner) {
            type = isSequential(inner) ? "Sequential" : "Functional";
            String place = path + KerasFile.LAYERS + "/" + numbered(type, counts) + "/";
            described = model(inner, place);
            KerasConfig.object(described, "config").addProperty("name", name);
            return described;
        } else {
            if (!sequential) {
                requireNoMasks(layer, name);
            }
            described = leaf(layer, name);
            type = KerasConfig.text(described, "class_name");
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
                weights.add(0); // how many it learnt from, which is not known
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

    private JsonObject leaf(Layer layer, String name) {
        String place = "layer \"" + name + "\"";
        for (Layer each : Layer.withInner(List.of(layer))) {
            requireKnown(each, place + ":");
        }
        if (layer instanceof HorizontalFlip || layer instanceof PositionEmbedding || layer instanceof TransformerBlock) {
            missing.add(place + ": " + layer.typeName());
        }
        if (layer instanceof Lambda) {
            return part("keras.layers", "Lambda", json("name", name)); // which is not written
        }
        Config config = layer instanceof Whitening2D whitening ? whitening.convolution() : Layers.REGISTRY.configOf(layer);
        config = config.with("useCausalMask", null).with("takesMasks", null); // the first is an argument of calls, the other always so
        if (layer instanceof Bidirectional || layer instanceof TimeDistributed) {
            config = config.with("layer", null).with("backwardLayer", null); // which follow
        }
        JsonObject described;
        if (Layers.ACTIVATIONS.has(config.type()) && !ACTIVATION_LAYERS.contains(config.type())) {
            JsonObject settings = json("activation", activation(config.with(REGULARIZER, null), place));
            if (config.has(REGULARIZER)) {
                settings.add(KerasNames.ACTIVITY_REGULARIZER, value(REGULARIZER, config.values().get(REGULARIZER), place));
            }
            described = part("keras.layers", "Activation", settings);
        } else {
            if (config.type().equals("Normalization")) { // its numbers are those of the weights
                config = config.with("mean", null).with("variance", null);
            }
            if (!(layer instanceof Dense) && config.values().get("biasConstraint") instanceof Config rule && rule.has("axis")) {
                config = config.with("biasConstraint", rule.with("axis", List.of(-1))); // the bias has no other
            }
            described = part(Kind.LAYER, config, place);
        }
        JsonObject settings = KerasConfig.object(described, "config");
        settings.addProperty("name", name);
        if (layer instanceof Bidirectional || layer instanceof TimeDistributed) {
            for (int i = 0; i < layer.layers().size(); i++) {
                Layer inner = layer.layers().get(i);
                String which = i == 0 ? "layer" : "backward_layer";
                if (inner instanceof Model) {
                    missing.add(place + ": a model inside it");
                }
                settings.add(which, leaf(inner, which + "_" + Models.snakeCase(inner.typeName())));
            }
        }
        if (layer instanceof Recurrent && !settings.has("activation")) { // whose default is another
            settings.addProperty("activation", "linear");
        }
        if (!(layer instanceof SpatialDropout)) { // Keras's takes no such argument
            settings.addProperty("trainable", !layer.isFrozen() && !(layer instanceof Whitening2D));
        }
        if (KerasNames.SEEDED.contains(config.type())) {
            addSeed(settings, config, place);
            if (layer.noiseCalls() > 0) {
                changed.add("how often " + place + " has drawn random numbers");
            }
        }
        return described;
    }

    /** Notes a part that is of a user's class, or a function. */
    private void requireKnown(Configurable part, String place) {
        boolean known = part.typeKey() instanceof Class<?> type && type.getName().startsWith("beras.");
        if (!known) {
            missing.add(place + " " + part.typeName() + (part.typeKey() instanceof Class<?> ? "" : ", a function"));
        }
    }

    private void addSeed(JsonObject settings, Config config, String place) {
        if (config.has("seed")) {
            long seed = config.whole("seed");
            if (seed == (int) seed && seed >= 0) {
                settings.addProperty("seed", seed);
            } else {
                changed.add("the seed of " + place + ", which Keras has from 0 to " + Integer.MAX_VALUE);
            }
        }
    }

    private JsonObject call(Node node, Function<Node, JsonElement> history) {
        JsonArray tensors = new JsonArray();
        for (Node input : node.inputs()) {
            tensors.add(json("class_name", "__keras_tensor__", "config", json("shape", batch(input.shape()), "dtype", "float32",
                    "keras_history", history.apply(input))));
        }
        boolean merges = MERGES.contains(node.layer().getClass().getSimpleName());
        if (merges && tensors.size() == 1) {
            missing.add(node.layer() + " of one input");
        }
        JsonObject named = new JsonObject();
        if (node.layer().config().has("useCausalMask") && node.layer().config().flag("useCausalMask")) {
            named.addProperty(KerasConfig.CAUSAL, true);
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
            sizes.add(size);
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

    // ---------------------------------------------------------------------------------------------------- parts

    private static JsonObject part(String module, String className, JsonObject config) {
        return json("module", module, "class_name", className, "config", config, "registered_name",
                className.equals("Functional") ? className : null);
    }

    /** An object of names and values in turn. */
    private static JsonObject json(Object... namesAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.add((String) namesAndValues[i], element(namesAndValues[i + 1]));
        }
        return object;
    }

    private static JsonArray list(Object... values) {
        JsonArray list = new JsonArray();
        for (Object value : values) {
            list.add(element(value));
        }
        return list;
    }

    private static JsonElement element(Object value) {
        return value == null ? JsonNull.INSTANCE : value instanceof JsonElement json ? json
                : value instanceof Number number ? new JsonPrimitive(number)
                : value instanceof Boolean flag ? new JsonPrimitive(flag) : new JsonPrimitive((String) value);
    }

    private JsonObject part(Kind kind, Config config, String place) {
        String className = KerasNames.className(kind, config.type());
        JsonObject settings = new JsonObject();
        config.values().forEach((name, value) -> {
            if ((kind == Kind.LOSS || kind == Kind.METRIC) && KerasConfig.RULE.containsKey(name)) {
                Object keras = KerasConfig.RULE.get(name);
                if (!(value instanceof Number number ? (Object) number.floatValue() : value).equals(keras)) {
                    changed.add("the setting " + name + "=" + value + " of the " + kind.word + " " + config.type()
                            + ", which Keras has as " + keras);
                }
            } else if (!OWN_SETTINGS.contains(name) || kind == Kind.METRIC && name.equals("name")) {
                settings.add(KerasNames.kerasSetting(className, name),
                        EDGES.contains(name) && value instanceof List<?> edges && edges.size() == 4 ? pairs(edges) : value(name, value, place));
            }
        });
        return part(kind.module, className, settings);
    }

    /** Top and bottom, left and right. */
    private JsonArray pairs(List<?> edges) {
        return list(value("", edges.subList(0, 2), ""), value("", edges.subList(2, 4), ""));
    }

    /** Refuses masks in a graph, where Keras has layers that compute them. */
    private void requireNoMasks(Layer layer, String name) {
        if (layer instanceof Masking || layer instanceof Embedding && layer.config().flag("maskZero")) {
            missing.add("layer \"" + name + "\": a mask in a model that is no Sequential");
        }
    }

    private JsonElement value(String name, Object value, String place) {
        if (value instanceof Config config) {
            if (name.toLowerCase(Locale.ROOT).endsWith("activation")) {
                return activation(config, place);
            }
            Kind kind = KerasNames.kindOf(name);
            if (config.type().equals(DIRAC)) { // the weights are there
                changed.add(place + ": the initializer " + DIRAC + ", which new weights would have");
                return value(name, config.values().get("rest"), place);
            }
            if (config.type().equals(ONE_CYCLE)) {
                missing.add("the schedule " + ONE_CYCLE);
            }
            if (name.equals("biasConstraint") && config.has("axis")) {
                if (!List.of("[1]", "[-1]").contains(config.list("axis").toString())) {
                    missing.add(place + ": a constraint on each number of the bias alone");
                }
                return part(kind, config.with("axis", 0), place);
            }
            return part(kind, config, place);
        }
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(each -> array.add(value(name, each, place)));
            return array;
        }
        if (name.equals("noiseShape") && value.equals(-1)) {
            return JsonNull.INSTANCE; // the size of the input
        }
        return element(value);
    }

    /** A name, or a layer where the function of that name has other settings. */
    private JsonElement activation(Config config, String place) {
        String type = config.type();
        if (config.has(REGULARIZER) && !ACTIVATION_LAYERS.contains(type)) {
            missing.add(place + ": an activityRegularizer of the activation " + type + " inside it");
        }
        for (Map.Entry<String, Config> function : KerasNames.FUNCTIONS.entrySet()) {
            if (Layers.ACTIVATIONS.of(function.getValue()).config().equals(settings(config))) {
                return new JsonPrimitive(function.getKey());
            }
        }
        if (ACTIVATION_LAYERS.contains(type) && !Layers.ACTIVATIONS.of(type).config().equals(settings(config))
                || type.equals("LeakyReLU")) {
            return part(Kind.LAYER, config, place);
        }
        Config other = Config.of(type); // the settings that the function has not
        Map<String, Object> defaults = Layers.ACTIVATIONS.of(type).config().values();
        for (Map.Entry<String, Object> setting : settings(config).with(REGULARIZER, null).values().entrySet()) {
            other = setting.getValue().equals(defaults.get(setting.getKey())) ? other
                    : other.with(setting.getKey(), setting.getValue());
        }
        if (!other.values().isEmpty()) {
            missing.add(place + ": activation " + other);
        }
        return new JsonPrimitive(KerasNames.function(type));
    }

    /** Without what does not change the function. */
    private static Config settings(Config activation) {
        return activation.with("name", null).with("seed", null);
    }

    // ------------------------------------------------------------------------------------------------- training

    private JsonObject compile(Optimizer optimizer, List<Objective> objectives) {
        JsonObject described = optimizer(optimizer); // first, so that what Keras does not have of it is reported first
        JsonArray losses = new JsonArray();
        JsonArray weights = new JsonArray();
        JsonArray metrics = new JsonArray();
        JsonArray weighted = new JsonArray();
        for (Objective objective : objectives) {
            requireKnown(objective.loss(), "loss");
            if (NO_LOSSES.contains(objective.loss().typeName())) {
                missing.add("loss " + objective.loss().typeName());
            }
            losses.add(part(Kind.LOSS, objective.loss().config(), "loss"));
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
            requireKnown(metric, "metric");
            Config config = metric.config();
            if (NO_METRICS.contains(config.type())) {
                missing.add("metric " + config.type());
            }
            list.add(part(Kind.METRIC, config, "metrics"));
        }
        return list;
    }

    private JsonObject optimizer(Optimizer optimizer) {
        requireKnown(optimizer, "optimizer");
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
        JsonObject described = part(Kind.OPTIMIZER, config, "optimizer");
        KerasConfig.object(described, "config").addProperty("use_ema", config.has("emaMomentum"));
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
            return; // Keras makes what else it needs
        }
        remembers = true;
        Config config = optimizer.config();
        List<Tensor> state = optimizer.state(weights);
        int each = state.size() / weights.size();
        for (int[] together : KerasTraining.order(config, each)) {
            for (int w = 0; w < weights.size(); w++) {
                for (int place : together) {
                    Variable weight = weights.get(w);
                    Tensor slot = state.get(w * each + place);
                    Tensor known = slot.size() > 0 ? slot : first(config, weight, place == each - 1);
                    vars.add(Hdf5.array(KerasFile.shape(weight), known));
                }
            }
        }
        if (config.type().equals(KerasTraining.NADAM)) {
            vars.add(product(config.number("beta1"), optimizer.steps()));
        }
    }

    /** What is remembered of a weight that had no gradient yet. */
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
