package beras.models;

import beras.config.Config;
import beras.config.Names;
import beras.config.SettingException;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Recipe;
import beras.training.TestViews;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Models from their {@linkplain Model#config configs}, models within models included.
 *
 * <pre>
 *   {"type": "Sequential", "layers": [{"type": "Input", "shape": [784]}, {"type": "Dense", "units": 10}]}
 *
 *   {"type": "Functional",
 *    "layers": [{"type": "Input", "shape": [64]}, {"type": "Dense", "units": 64}, {"type": "Add"}],
 *    "nodes": [[0], [1, 0], [2, 0, 1]],
 *    "inputs": [0], "outputs": [2]}
 *
 *   {"type": "Ensemble", "layers": [{"type": "Sequential", ...}, {"type": "Sequential", ...}]}
 *
 *   {"type": "Views", "views": "flip,shift=1", "layers": [{"type": "Sequential", ...}]}
 * </pre>
 * A node is one use of a layer: the place of the layer in the list, then the places of its input nodes. A Sequential model in
 * which a layer stands twice has in {@code order} the place of the layer of each step. A layer that is also part of another
 * model in the same config is there once: {@code {"type": "Shared", "layer": 3}} is the layer number 3 of the whole config,
 * counted from 0 in reading order, models included. A layer that is frozen as a whole has {@code "trainable": false};
 * {@code "frozenInside"} has the places of the frozen ones of the layers inside a layer, at all levels, if they are not as it
 * is.
 */
public final class Models {

    private static final String SEQUENTIAL = "Sequential";
    private static final String FUNCTIONAL = "Functional";
    private static final String ENSEMBLE = "Ensemble";
    private static final String VIEWS = "Views";
    private static final List<String> NAMES = List.of(SEQUENTIAL, FUNCTIONAL, ENSEMBLE, VIEWS);
    private static final String SHARED = "Shared";
    private static final String TRAINABLE = "trainable";
    private static final String FROZEN_INSIDE = "frozenInside";

    /**
     * A new model of the layers of a recipe, whose weights follow from its seed: a {@link Sequential}, or an {@link Ensemble}
     * of several; with {@link Views} if the recipe has some.
     *
     * @param input the shape of one example
     * @throws SettingException if the network takes no images, and the recipe has views
     * @throws IllegalArgumentException if a layer does not accept the output of the one before it; the message names both
     */
    public static Model of(Recipe recipe, Shape input) {
        List<Model> nets = new ArrayList<>();
        for (int i = 0; i < recipe.ensemble(); i++) {
            nets.add(Sequential.of(recipe.makeLayers(i), input));
        }
        Model net = nets.size() == 1 ? nets.get(0) : new Ensemble(nets);
        if (recipe.views().count() == 1) {
            return net;
        }
        try {
            return new Views(net, recipe.views());
        } catch (IllegalArgumentException e) {
            throw new SettingException("views", e.getMessage(), e);
        }
    }

    /**
     * The model that a config describes, with new weights.
     *
     * @throws IllegalArgumentException if there is no such model or layer, a setting is wrong, or layers do not fit each other
     */
    public static Model of(Config config) {
        return new Reader(null).read(config);
    }

    /**
     * As {@link #of}, for a loader: no initializer runs, and the weights are zeros to be overwritten.
     *
     * @param weights how many numbers there are to fill the weights with
     * @throws IllegalArgumentException also if the model needs more or fewer, before there is memory for more
     */
    public static Model zeroInitialized(Config config, long weights) {
        Graph.Filling filling = new Graph.Filling(weights);
        Model model = new Reader(filling).read(config);
        filling.requireAll();
        return model;
    }

    /**
     * As {@link #zeroInitialized}, if the count of numbers to fill the weights with is not known beforehand.
     *
     * @param available how many there may be
     * @throws IllegalArgumentException also if the model needs more, before there is memory for them
     */
    public static Model zeroInitializedWithin(Config config, long available) {
        return new Reader(new Graph.Filling(available)).read(config);
    }

    /**
     * Refuses a model that cannot be made again by its config.
     *
     * @throws IllegalArgumentException if the class or the function of a layer is not registered
     */
    public static void requireRegistered(Model model) {
        int place = 0;
        for (Layer layer : model.layersByName().values()) {
            if (layer instanceof Model inner) {
                requireRegistered(inner);
            } else {
                Layers.REGISTRY.requireRegistered(layer, " as layer " + place);
            }
            place++;
        }
    }

    /** See {@link Model#copy}: not compiled. */
    static Model copy(Model model) {
        requireRegistered(model);
        List<Variable> weights = model.weights();
        Model copy = zeroInitialized(config(model), weights.stream().mapToLong(Variable::size).sum());
        for (int i = 0; i < weights.size(); i++) {
            copy.weights().get(i).assign(weights.get(i));
            copy.weights().get(i).trainable(weights.get(i).trainable()); // a layer may be frozen in part
        }
        List<Layer> layers = Layer.withInner(model.layers());
        List<Layer> copies = Layer.withInner(copy.layers());
        for (int i = 0; i < layers.size(); i++) {
            copies.get(i).noiseCalls(layers.get(i).noiseCalls());
        }
        return copy;
    }

    /**
     * Adapts the layers of a network that {@linkplain Layer#adapts adapt} to their inputs, such as {@code Whitening2D}, before
     * the network is trained: each learns from the outputs of the layers before it for the examples.
     *
     * @param examples returns them in the shape of the model's only input, {@code (count, ...)}; called only if there is such a
     *     layer
     * @throws IllegalArgumentException if they do not fit
     */
    public static void adapt(Model model, Supplier<Tensor> examples) {
        adapt(model, examples, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** @param adapted layers that are left as they are, as they have seen examples where they come first */
    private static void adapt(Model model, Supplier<Tensor> examples, Set<Layer> adapted) {
        Tensor given = null;
        for (Node node : model.nodes()) {
            if (!adapted.add(node.layer())) {
                continue;
            }
            if (node.layer() instanceof Model inner && adaptsWithin(inner)) {
                given = given == null ? examples.get() : given;
                Tensor known = given;
                adapt(inner, () -> before(model, node, known), adapted);
            } else if (node.layer().adapts()) {
                given = given == null ? examples.get() : given;
                node.layer().adapt(before(model, node, given));
            }
        }
    }

    private static boolean adaptsWithin(Model model) {
        return Layer.withInner(model.layers()).stream().anyMatch(Layer::adapts);
    }

    /** The only input of a node. */
    private static Tensor before(Model model, Node node, Tensor examples) {
        Node input = node.inputs().get(0);
        return input.layer() instanceof Input ? examples
                : new Functional(model.inputNodes(), List.of(input)).predict(examples);
    }

    /** As Keras makes names of types: {@code LeakyReLU} becomes {@code leaky_re_lu}. */
    public static String snakeCase(String type) {
        return type.replaceAll("(.)([A-Z][a-z]+)", "$1_$2").replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** The names of all types of models. */
    public static List<String> names() {
        return NAMES;
    }

    private static boolean isModel(Config config) {
        return NAMES.stream().anyMatch(config.type()::equalsIgnoreCase);
    }

    // ------------------------------------------------------------------------------------------------- describing

    static Config config(Model model) {
        Map<Layer, Integer> numbers = new IdentityHashMap<>();
        numbers.put(model, 0);
        return write(model, numbers);
    }

    private static Config write(Model model, Map<Layer, Integer> numbers) {
        if (model instanceof Ensemble ensemble) {
            return Config.of(ENSEMBLE).with("name", model.name())
                    .with("layers", ensemble.nets().stream().map(net -> described(net, numbers)).toList());
        }
        if (model instanceof Views views) {
            return Config.of(VIEWS).with("name", model.name()).with("views", views.views().toString())
                    .with("layers", List.of(described(views.net(), numbers)));
        }
        List<Layer> layers = List.copyOf(model.layersByName().values());
        List<Object> configs = new ArrayList<>();
        Map<Layer, Integer> places = new IdentityHashMap<>();
        for (Layer layer : layers) {
            places.put(layer, places.size());
            configs.add(described(layer, numbers));
        }
        Config config = Config.of(model instanceof Sequential ? SEQUENTIAL : FUNCTIONAL).with("name", model.name())
                .with("layers", configs);
        if (model instanceof Sequential) {
            List<Integer> order = model.nodes().stream().map(node -> places.get(node.layer())).toList();
            return config.with("order", order.size() == layers.size() ? null : order);
        }
        Map<Node, Integer> nodes = new IdentityHashMap<>();
        List<Object> uses = new ArrayList<>();
        for (Node node : model.nodes()) {
            nodes.put(node, nodes.size());
            List<Integer> use = new ArrayList<>(List.of(places.get(node.layer())));
            node.inputs().forEach(input -> use.add(nodes.get(input)));
            uses.add(use);
        }
        return config.with("nodes", uses).with("inputs", model.inputNodes().stream().map(nodes::get).toList())
                .with("outputs", model.outputNodes().stream().map(nodes::get).toList());
    }

    private static Config described(Layer layer, Map<Layer, Integer> numbers) {
        Integer known = numbers.putIfAbsent(layer, numbers.size());
        if (known != null) {
            return Config.of(SHARED).with("layer", known);
        }
        if (layer instanceof Model model) {
            return write(model, numbers).with(TRAINABLE, layer.isFrozen() ? false : null);
        }
        List<Layer> inside = Layer.withInner(layer.layers());
        boolean alike = inside.stream().allMatch(each -> each.isFrozen() == layer.isFrozen());
        return layer.config().with(TRAINABLE, layer.isFrozen() ? false : null).with(FROZEN_INSIDE, alike ? null
                : IntStream.range(0, inside.size()).filter(i -> inside.get(i).isFrozen()).boxed().toList());
    }

    // ---------------------------------------------------------------------------------------------------- making

    /** Makes one model, and all within it. */
    private static final class Reader {

        private final Graph.Filling filling; // null: initializers run
        private final List<Layer> numbered = new ArrayList<>(); // null: a model that is not made yet
        private final Map<Layer, Boolean> trainable = new HashMap<>();
        private final Map<Layer, int[]> frozenInside = new HashMap<>();

        Reader(Graph.Filling filling) {
            this.filling = filling;
        }

        Model read(Config config) {
            if (!isModel(config)) {
                throw Names.unknown("a model", config.type(), names(), names());
            }
            numbered.add(null);
            Model model = model(config);
            restore(model, new HashSet<>());
            return model;
        }

        /** Flags of layers, a model before the layers inside it, which may differ. */
        private void restore(Layer layer, Set<Layer> done) {
            for (Layer inner : done.add(layer) ? layer.layers() : List.<Layer>of()) {
                if (trainable.containsKey(inner)) {
                    if (inner.isFrozen() == trainable.get(inner)) {
                        inner.trainable(trainable.get(inner));
                    }
                    if (frozenInside.containsKey(inner)) {
                        restoreInside(Layer.withInner(inner.layers()), frozenInside.get(inner));
                    }
                    restore(inner, done);
                }
            }
        }

        /** Flags of layers inside one that is no model, a layer before the ones inside it. */
        private static void restoreInside(List<Layer> inside, int[] places) {
            Set<Layer> frozen = new HashSet<>();
            for (int place : places) {
                frozen.add(chosen(place, inside));
            }
            for (Layer each : inside) {
                if (each.isFrozen() != frozen.contains(each)) {
                    each.trainable(each.isFrozen());
                }
            }
        }

        private Model model(Config config) {
            String type = NAMES.stream().filter(config.type()::equalsIgnoreCase).findFirst().orElseThrow();
            switch (type) {
                case SEQUENTIAL -> config.requireOnly("name", "layers", "order", TRAINABLE);
                case FUNCTIONAL -> config.requireOnly("name", "layers", "nodes", "inputs", "outputs", TRAINABLE);
                case VIEWS -> config.requireOnly("name", "views", "layers", TRAINABLE);
                default -> config.requireOnly("name", "layers", TRAINABLE);
            }
            List<Layer> layers = new ArrayList<>();
            for (Object each : config.list("layers")) {
                layers.add(layer(each, layers.size()));
            }
            Model model = switch (type) {
                case SEQUENTIAL -> sequential(config, layers);
                case FUNCTIONAL -> functional(config, layers);
                case VIEWS -> views(config, layers);
                default -> ensemble(layers);
            };
            if (config.has("name")) {
                model.named(config.text("name"));
            }
            return model;
        }

        private Layer layer(Object described, int place) {
            try {
                if (!(described instanceof Config config)) {
                    throw new IllegalArgumentException("a layer is described by a config. Received: " + described);
                }
                return config.type().equals(SHARED) ? shared(config.requireOnly("layer").integer("layer")) : layer(config);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("layer " + place + ": " + e.getMessage(), e);
            }
        }

        private Layer shared(int number) {
            Layer layer = chosen(number, numbered);
            if (layer == null) {
                throw new IllegalArgumentException("a model is not part of itself. Received: Shared of layer " + number);
            }
            return layer;
        }

        private Layer layer(Config config) {
            int number = numbered.size();
            numbered.add(null);
            Layer layer = isModel(config) ? model(config) : Layers.REGISTRY.of(config.with(TRAINABLE, null).with(FROZEN_INSIDE, null));
            numbered.set(number, layer);
            trainable.put(layer, !config.has(TRAINABLE) || config.flag(TRAINABLE));
            if (config.has(FROZEN_INSIDE)) {
                frozenInside.put(layer, config.integers(FROZEN_INSIDE));
            }
            return layer;
        }

        private Model sequential(Config config, List<Layer> layers) {
            List<Layer> steps = layers;
            if (config.has("order")) {
                steps = new ArrayList<>();
                for (int place : config.integers("order")) {
                    steps.add(chosen(place, layers));
                }
            }
            return new Sequential(Sequential.graph(null, filling, steps.toArray(new Layer[0])));
        }

        private Model functional(Config config, List<Layer> layers) {
            List<Node> nodes = new ArrayList<>();
            for (Object each : config.list("nodes")) {
                int[] use = Config.of("Node").with("use", each instanceof List<?> list ? list : List.of()).integers("use");
                if (use.length == 0) {
                    throw new IllegalArgumentException("a node is the place of its layer and those of the nodes that go in."
                            + " Received: " + each);
                }
                Node[] inputs = new Node[use.length - 1];
                for (int i = 0; i < inputs.length; i++) {
                    inputs[i] = chosen(use[i + 1], nodes);
                }
                nodes.add(chosen(use[0], layers).apply(inputs));
            }
            return new Functional(new Graph(chosen(config.integers("inputs"), nodes), chosen(config.integers("outputs"), nodes),
                    null, filling));
        }

        private Model views(Config config, List<Layer> layers) {
            if (layers.size() != 1 || !(layers.get(0) instanceof Model net)) {
                throw new IllegalArgumentException("views are of one model. Received: layers " + layers);
            }
            return new Views(net, TestViews.parse(config.text("views")), filling);
        }

        private Model ensemble(List<Layer> layers) {
            List<Model> nets = new ArrayList<>();
            for (Layer layer : layers) {
                if (!(layer instanceof Model net)) {
                    throw new IllegalArgumentException("the nets of an ensemble are models. Received: " + layer.config().type());
                }
                nets.add(net);
            }
            return new Ensemble(nets, filling);
        }

        private static List<Node> chosen(int[] places, List<Node> all) {
            List<Node> some = new ArrayList<>();
            for (int place : places) {
                some.add(chosen(place, all));
            }
            return some;
        }

        private static <T> T chosen(int place, List<T> all) {
            if (place < 0 || place >= all.size()) {
                throw new IllegalArgumentException("the config of the model refers to part " + place + " of " + all.size());
            }
            return all.get(place);
        }
    }

    private Models() {}
}
