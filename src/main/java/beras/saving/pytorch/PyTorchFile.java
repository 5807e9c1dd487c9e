package beras.saving.pytorch;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.InvalidDataException;
import beras.files.Bytes;
import beras.files.Library;
import beras.files.WholeFile;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.FormatSupport;
import beras.saving.ModelFormatException;
import beras.saving.PortableFormat;
import beras.saving.SavedModel;
import beras.saving.WeightReport;
import beras.saving.bytes.Safetensors;
import beras.saving.pytorch.PyTorchLayout.Place;
import beras.saving.pytorch.PyTorchLayout.Slot;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.TrainingLock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The weights of PyTorch, a {@code state_dict} in safetensors: {@code fc1.weight}, {@code 0.bias}, {@code norm.running_mean}.
 * Kernels of linear layers are (out, in) in PyTorch and are transposed.
 *
 * <pre>{@code
 * Sequential model = new Sequential(new Input(784), new Dense(128, "relu"), new Dense(10, "softmax"));
 * System.out.println(PyTorchFile.load(model, Path.of("net.safetensors")));
 * PyTorchFile.save(model, Path.of("back.safetensors")); // 0.weight, 0.bias, 2.weight, 2.bias
 * }</pre>
 *
 * <p>{@code Dense} is {@code Linear}, {@code BatchNormalization} {@code BatchNorm1d}, {@code SeparableConv2D} two modules, one
 * for each of its steps; {@code LayerNorm}, {@code RMSNorm}, {@code PReLU} and {@code Embedding} are as here. {@code LSTM},
 * {@code GRU}, {@code SimpleRNN} ({@code RNN}) and {@code Bidirectional} are modules, read also from one with {@code num_layers} and written
 * one each, whose two biases are one here, except for a {@code GRU}. {@code MultiHeadAttention} is {@code MultiheadAttention},
 * and {@code TransformerBlock} a {@code TransformerEncoderLayer} with {@code norm_first}; one without is attention, {@code Add}, {@code LayerNormalization} and {@code Dense} of a functional model,
 * named {@code block.self_attn}, {@code block.norm1} and so on. A {@link Sequential} is written for {@code torch.nn.Sequential}: a layer's name is its index from 0,
 * counting each activation as a module, also {@code Dropout} and the like, but not {@code Input}. A layer of another model is
 * written under its own name. Files have no settings: PyTorch's {@code eps} is 1e-5 by default, the {@code epsilon} here 1e-3.
 */
public final class PyTorchFile implements PortableFormat {

    private static final String USER = "A .safetensors file";
    private static final String COUNTER = "num_batches_tracked"; // of BatchNorm; nothing is computed with it
    private static final Map<String, String> METADATA = Map.of("format", "pt"); // as PyTorch's own writer
    /** Far more than any network of these layers has; a header has room for a million, which would take long. */
    private static final int MOST_TENSORS = 10_000;
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern RECURRENT = Pattern.compile("((?:weight|bias)_[ih]h_l)([0-9]+)(|_reverse)");

    /** Found by {@link java.util.ServiceLoader} as a {@link PortableFormat}; all else is static. */
    public PyTorchFile() {}

    /**
     * The tensors of one module, or of one layer of a stacked one, by the names that a module of one layer has.
     *
     * @param layer its number in a stacked module, else empty
     */
    private record Group(String module, String layer, Map<String, Tensor> tensors) {

        String name() {
            return layer.isEmpty() ? module : PyTorchFile.tensorName(module, "l" + layer);
        }

        String tensorName(String part) {
            return PyTorchFile.tensorName(module, inFile(part));
        }

        private String inFile(String parts) {
            return layer.isEmpty() ? parts : parts.replace("_l0", "_l" + layer);
        }

        Map<String, Shape> shapes() {
            Map<String, Shape> shapes = new TreeMap<>();
            tensors.forEach((part, tensor) -> shapes.put(part, tensor.shape()));
            return shapes;
        }

        /** All but the numbers of its name. */
        String kind() {
            return NUMBER.matcher(module).replaceAll("0");
        }

        @Override
        public String toString() {
            return name() + " " + inFile(shapes().toString());
        }
    }

    // ------------------------------------------------------------------------------------------------------- reading

    /**
     * Sets the weights of a network to the tensors of a file; all or none. A layer takes the module of its shapes. Layers of
     * the same shapes take theirs by name, if all of these have the names that {@link #save} gives or that the layers have
     * here; else in the order of the numbers in the modules' names, which must differ in nothing else. A layer of a module with
     * {@code num_layers} is a module here, named {@code lstm.l0} and so on.
     *
     * @return the name of the tensor that was taken for each weight, in order
     * @throws ModelFormatException if the file is no safetensors file, or does not have exactly the weights of the network; the
     *     message lists missing and surplus names
     * @throws IllegalArgumentException if the network has a layer with weights that PyTorch does not have
     * @throws IOException if the file cannot be read
     */
    public static Map<String, String> load(Model model, Path file) throws IOException {
        Library.GSON.require(USER);
        List<Place> places = PyTorchLayout.places(model);
        return FormatSupport.read(file, bytes -> fill(model, places, groups(file, bytes)));
    }

    private static List<Group> groups(Path path, Bytes file) throws IOException {
        refuseIf(PortableFormat.own().isOne(path, file), "this is a model of BERAS, which needs no import. Use it as it is");
        Safetensors header = Safetensors.read(file);
        refuseIf(header.entries().size() > MOST_TENSORS,
                "expected at most " + MOST_TENSORS + " tensors. Received: " + header.entries().size());
        header.requireNumbers(file.size());
        Map<String, Group> groups = new LinkedHashMap<>();
        header.tensors(file).forEach((name, tensor) -> {
            int dot = name.lastIndexOf('.');
            int before = name.lastIndexOf('.', dot - 1);
            dot = dot > 0 && name.substring(before + 1, dot).equals("out_proj") ? before : dot; // of attention
            String part = name.substring(dot + 1);
            if (!part.equals(COUNTER)) {
                groups.computeIfAbsent(name.substring(0, Math.max(0, dot)), module -> new Group(module, "", new TreeMap<>()))
                        .tensors.put(part, tensor);
            }
        });
        return groups.values().stream().flatMap(module -> layers(module).stream()).toList();
    }

    private static List<Group> layers(Group module) {
        Map<String, Map<String, Tensor>> layers = new TreeMap<>(PyTorchFile::compareNumbers);
        module.tensors.forEach((part, tensor) -> {
            Matcher name = RECURRENT.matcher(part);
            boolean isRecurrent = name.matches();
            refuseIf(part.startsWith("weight_hr_l"), "expected recurrent modules without proj_size, which no layer has here. Received: "
                    + module.tensorName(part) + ". Train the module without it");
            layers.computeIfAbsent(isRecurrent ? name.group(2) : "0", number -> new TreeMap<>())
                    .put(isRecurrent ? name.group(1) + "0" + name.group(3) : part, tensor);
        });
        List<Group> all = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            String number = Integer.toString(i);
            refuseIf(!layers.containsKey(number), "expected " + module.tensorName("weight_ih_l" + i) + ", as the layers of a module have numbers from 0"
                    + " without gaps. Received: the layers " + layers.keySet() + ". Save the whole state_dict");
            all.add(new Group(module.module, layers.size() == 1 ? "" : number, layers.get(number)));
        }
        return all;
    }

    // ---------------------------------------------------------------------------------------------------- a given net

    private static Map<String, String> fill(Model model, List<Place> places, List<Group> groups) {
        Map<Map<String, Shape>, List<Place>> wanted = places.stream()
                .collect(Collectors.groupingBy(Place::shapes, LinkedHashMap::new, Collectors.toList()));
        Map<Map<String, Shape>, List<Group>> there = groups.stream()
                .collect(Collectors.groupingBy(Group::shapes, LinkedHashMap::new, Collectors.toList()));
        requireRecurrent(places, groups);
        requireSame(wanted, there);
        Map<String, Group> found = new HashMap<>();
        wanted.forEach((shapes, same) -> {
            List<Group> ordered = inOrder(same, there.get(shapes));
            for (int i = 0; i < ordered.size(); i++) {
                found.put(same.get(i).name(), ordered.get(i));
            }
        });
        places.forEach(place -> requireFixed(place, found.get(place.name())));
        Map<Variable, String> names = FormatSupport.weightNames(model);
        Map<String, String> taken = new LinkedHashMap<>();
        for (Place place : places) {
            fill(place, found.get(place.name()), names, taken);
        }
        return taken;
    }

    /** As many modules as layers, all of the same shapes, in the order of the layers. */
    private static List<Group> inOrder(List<Place> places, List<Group> groups) {
        Map<String, Group> named = new HashMap<>();
        groups.forEach(group -> named.put(group.name(), group));
        for (Function<Place, String> name : List.<Function<Place, String>>of(Place::module, Place::name)) {
            if (places.stream().allMatch(place -> named.containsKey(name.apply(place)))) {
                return places.stream().map(place -> named.get(name.apply(place))).toList();
            }
        }
        return ordered(groups).orElseThrow(() -> new InvalidDataException("which of these comes first is unknown, as"
                + " their shapes are the same and their names differ in more than numbers: " + groups
                + ". Give the layers these names, " + names(places) + " now"));
    }

    private static List<String> names(List<Place> places) {
        return places.stream().map(Place::name).toList();
    }

    private static void requireRecurrent(List<Place> places, List<Group> groups) {
        List<Place> wanted = places.stream().filter(place -> place.slots().containsKey("weight_ih_l0")).toList();
        List<Group> there = groups.stream().filter(group -> group.tensors.containsKey("weight_ih_l0")).toList();
        refuseIf(wanted.size() != there.size() && there.stream().anyMatch(group -> !group.layer.isEmpty()), "expected the recurrent layers "
                + names(wanted) + ". Received: " + there.stream().map(Group::name).toList() + ". Give the net a layer for each layer of num_layers, all but"
                + " the last with returnSequences(true)");
        List<String> bare = there.stream().filter(group -> group.tensors.keySet().stream().noneMatch(part -> part.startsWith("bias"))).map(Group::name).toList();
        refuseIf(bare.size() > wanted.stream().filter(place -> !place.slots().containsKey("bias_ih_l0")).count(), "expected biases of the recurrent layers "
                + names(wanted) + ". Received: bias=False of " + bare + ". Let their layers have useBias(false)");
    }

    private static void requireSame(Map<Map<String, Shape>, List<Place>> wanted, Map<Map<String, Shape>, List<Group>> there) {
        List<String> lacking = new ArrayList<>();
        wanted.forEach((shapes, places) -> {
            int count = there.getOrDefault(shapes, List.of()).size();
            if (count < places.size()) {
                lacking.add((count == 0 ? "" : places.size() - count + " of ") + names(places) + " of " + shapes);
            }
        });
        List<String> over = new ArrayList<>();
        there.forEach((shapes, groups) -> {
            int count = wanted.getOrDefault(shapes, List.of()).size();
            if (count < groups.size()) {
                over.add((count == 0 ? "" : groups.size() - count + " of ") + groups);
            }
        });
        refuseIf(!lacking.isEmpty() || !over.isEmpty(), "expected the weights of the net. Lacking in the file: "
                + (lacking.isEmpty() ? "nothing" : String.join("; ", lacking)) + ". Left over in it: " + (over.isEmpty()
                ? "nothing" : String.join("; ", over)) + ". Describe the net that the file was made of");
    }

    private static void requireFixed(Place place, Group group) {
        place.fixed().forEach((part, tensor) -> {
            if (!group.tensors.get(part).equals(tensor)) {
                throw new InvalidDataException("expected " + group.tensorName(part) + " to be " + tensor + ", as "
                        + place.name() + " has no weight for it. Received: " + group.tensors.get(part)
                        + ". Let the layer scale and center");
            }
        });
    }

    private static void fill(Place place, Group group, Map<Variable, String> names, Map<String, String> taken) {
        place.slots().forEach((part, slot) -> {
            slot.fill(group.tensors.get(part));
            slot.weights().forEach(weight -> taken.put(names.get(weight), group.tensorName(part)));
        });
    }

    private static String tensorName(String module, String part) {
        return module.isEmpty() ? part : module + "." + part;
    }

    // ------------------------------------------------------------------------------------------------------- their order

    /** Sorted by the numbers in their names; empty if these give no order. */
    private static Optional<List<Group>> ordered(List<Group> groups) {
        if (groups.stream().map(Group::kind).distinct().count() > 1) {
            return Optional.empty();
        }
        return Optional.of(groups.stream().sorted((a, b) -> compareNumbers(a.module + "." + a.layer, b.module + "." + b.layer)).toList());
    }

    /** Numbers of any length, without making numbers of them. */
    private static int compareNumbers(String a, String b) {
        Matcher one = NUMBER.matcher(a);
        Matcher other = NUMBER.matcher(b);
        while (one.find() && other.find()) {
            String first = one.group().replaceFirst("^0+(?=.)", "");
            String second = other.group().replaceFirst("^0+(?=.)", "");
            int order = first.length() != second.length() ? Integer.compare(first.length(), second.length())
                    : first.compareTo(second);
            if (order != 0) {
                return order;
            }
        }
        return a.compareTo(b);
    }

    // ------------------------------------------------------------------------------------------------------- writing

    /**
     * Writes the weights of a network, whole or not at all, and never replaces a file.
     *
     * @return the name of the tensor of each weight
     * @throws IllegalArgumentException if the network has a layer with weights that PyTorch does not have
     * @throws java.nio.file.FileAlreadyExistsException if the file is there
     * @throws IOException if it cannot be written
     */
    public static Map<String, String> save(Model model, Path file) throws IOException {
        Library.GSON.require(USER);
        Map<String, String> names = new LinkedHashMap<>();
        WholeFile.write(file, false, out -> names.putAll(writeWeights(model, out)));
        return names;
    }

    private static Map<String, String> writeWeights(Model model, OutputStream out) throws IOException {
        try (TrainingLock saving = TrainingLock.ofSaving(model.weights())) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            Map<String, String> taken = new LinkedHashMap<>();
            Map<Variable, String> names = FormatSupport.weightNames(model);
            for (Place place : PyTorchLayout.places(model)) {
                for (Map.Entry<String, Slot> slot : place.slots().entrySet()) {
                    String name = tensorName(place.module(), slot.getKey());
                    tensors.put(name, slot.getValue().tensor());
                    slot.getValue().weights().forEach(weight -> taken.put(names.get(weight), name));
                }
                place.fixed().forEach((part, tensor) -> tensors.put(tensorName(place.module(), part), tensor));
            }
            out.write(Safetensors.header(METADATA, tensors));
            Safetensors.writeElements(tensors.values(), out);
            return taken;
        }
    }

    // -------------------------------------------------------------------------------------------------------- format

    @Override
    public String suffix() {
        return ".safetensors";
    }

    @Override
    public boolean containsNet() {
        return false;
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        return WeightReport.ofWeightsWritten(saved, writeWeights(saved.model(), out));
    }

    @Override
    public Imported read(Path file, Optional<Model> net) throws IOException {
        Model known = FormatSupport.require(net);
        return new Imported(new SavedModel(known), WeightReport.ofWeightsRead(load(known, file)));
    }
}
