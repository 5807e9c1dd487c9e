package beras.saving;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.files.Bytes;
import beras.files.Sha256;
import beras.models.Model;
import beras.models.Models;
import beras.saving.bytes.Safetensors;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.TrainingLock;
import beras.training.TrainingState;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model in BERAS's own format: a {@link Safetensors} file whose tensors are the weights, {@code dense/kernel} and so on, in the
 * order of {@link Model#weights}, then what training needs to resume, {@code /training/...} and {@code /optimizer/...}. Its
 * metadata:
 *
 * <pre>
 *   beras.sha256         of the whole file, with 64 zeros in the place of this text; it comes first
 *   beras.version        3
 *   beras.model          the {@linkplain Model#config graph}
 *   beras.frozen         the names of weights that are not to be trained
 *   beras.recipe         how it was made and trained; may be absent, as those that follow
 *   beras.preprocessor   what makes inputs from data
 *   beras.conformal      the scores of held-out examples
 *   beras.calibration    the temperature of its probabilities, and the bound of an answer
 *   beras.training       the numbers of a {@link TrainingState}
 *   beras.compiled       how it is compiled, a {@link CompileConfig}
 *   beras.provenance     where it comes from, with the version of BERAS that wrote it
 * </pre>
 * All but the first two are JSON. The state of the optimizer is in the tensors {@code /optimizer/...}, unless the state of the
 * training run contains it.
 */
final class BerasFile implements PortableFormat {

    static final BerasFile FORMAT = new BerasFile();

    /** The name of a file's JSON in errors. */
    static final String HEADER = "the header";

    private static final int VERSION = 3;

    private static final String SHA256 = "beras.sha256";
    private static final String VERSION_KEY = "beras.version";
    private static final String FROZEN = "beras.frozen";
    private static final String TRAINING = "beras.training";
    private static final String COMPILED = "beras.compiled";

    private static final String STATE_PREFIX = "/training/"; // no name of a layer has a slash
    private static final String OPTIMIZER_PREFIX = "/optimizer/";
    private static final String DIGITS = "0".repeat(64);
    private static final byte[] BEGIN = ("{\"__metadata__\":{\"" + SHA256 + "\":\"").getBytes(StandardCharsets.UTF_8);
    private static final int DIGITS_AT = Safetensors.LENGTH_BYTES + BEGIN.length;
    private static final int DIGITS_END = DIGITS_AT + DIGITS.length();

    private BerasFile() {}

    // --------------------------------------------------------------------------------------------------- format

    @Override
    public String suffix() {
        return ".beras";
    }

    /** The name of the file does not matter: other programs write it as safetensors. */
    @Override
    public boolean isOne(Path file, Bytes bytes) throws IOException {
        return isOne(bytes);
    }

    @Override
    public Imported read(Path file, Optional<Model> net) throws IOException {
        SavedModel saved = FormatSupport.readModel(file, HEADER, BerasFile::read);
        FormatSupport.requireNone(net, "A model of BERAS");
        return new Imported(saved, report(saved, saved.leftOut()));
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        writeModel(saved, out);
        return report(saved, leavesOut(saved));
    }

    private static WeightReport report(SavedModel saved, List<String> lost) {
        return new WeightReport(WeightReport.sameNames(FormatSupport.weights(saved.model()).keySet()), lost);
    }

    @Override
    public List<String> leavesOut(SavedModel saved) {
        requireSavable(saved.model());
        if (saved.isUncompiled()) {
            return List.of();
        }
        List<String> left = new ArrayList<>(FormatSupport.customTraining(saved.model()).stream().toList());
        CompileConfig.of(saved.model()).ifPresent(compiled -> left.addAll(compiled.lost()));
        return left;
    }

    // -------------------------------------------------------------------------------------------------- writing

    /** Writes a model, without a report. */
    static void writeModel(SavedModel saved, OutputStream out) throws IOException {
        try (TrainingLock saving = TrainingLock.ofSaving(saved.model().weights())) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(FormatSupport.weights(saved.model()));
            byte[] header = Safetensors.header(metadata(saved, tensors), tensors);
            MessageDigest first = Sha256.begin();
            MessageDigest second = Sha256.begin();
            first.update(header);
            second.update(header);
            Safetensors.writeElements(tensors.values(), new DigestOutputStream(OutputStream.nullOutputStream(), first));
            byte[] digits = hex(first);
            System.arraycopy(digits, 0, header, DIGITS_AT, DIGITS.length());
            out.write(header);
            Safetensors.writeElements(tensors.values(), new DigestOutputStream(out, second));
            if (!Arrays.equals(digits, hex(second))) {
                throw new IOException("The weights changed while they were saved: another thread changes them outside of fit and"
                        + " trainOnBatch. Save in that thread");
            }
        }
    }

    private static byte[] hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
    }

    /** The metadata; adds the tensors of the training's state. */
    private static Map<String, String> metadata(SavedModel saved, Map<String, Tensor> tensors) {
        Models.requireRegistered(saved.model());
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(SHA256, DIGITS);
        metadata.put(VERSION_KEY, Integer.toString(VERSION));
        metadata.put(FormatSupport.MODEL, json(saved.model().config()));
        JsonArray frozen = new JsonArray();
        tensors.forEach((name, weight) -> {
            if (!((Variable) weight).trainable() && !((Variable) weight).isState()) {
                frozen.add(name);
            }
        });
        metadata.put(FROZEN, frozen.toString());
        Map<String, String> parts = FormatSupport.metadata(saved);
        String provenance = parts.remove(FormatSupport.PROVENANCE);
        metadata.putAll(parts);
        saved.trainingState().ifPresent(state -> {
            metadata.put(TRAINING, json(state.config()));
            boolean same = FormatSupport.sameWeights(saved.model(), state);
            state.tensors().forEach((name, tensor) -> {
                if (!same || !name.startsWith(TrainingState.WEIGHTS)) {
                    tensors.put(STATE_PREFIX + name, tensor);
                }
            });
        });
        if (!saved.isUncompiled()) {
            CompileConfig.of(saved.model()).flatMap(CompileConfig::json).ifPresent(json -> {
                metadata.put(COMPILED, json.toString());
                List<Tensor> slots = CompileConfig.slots(saved.model());
                if (saved.trainingState().isEmpty()
                        || !FormatSupport.isSame(slots, saved.trainingState().get().list(TrainingState.OPTIMIZER))) {
                    for (int i = 0; i < slots.size(); i++) {
                        tensors.put(OPTIMIZER_PREFIX + i, slots.get(i));
                    }
                }
            });
        }
        metadata.put(FormatSupport.PROVENANCE, provenance); // the last
        return metadata;
    }

    /**
     * Checks that all layers can be made again.
     *
     * @throws IllegalArgumentException if a layer, or a part of one, is of a class that is not registered
     */
    static void requireSavable(Model model) {
        Models.requireRegistered(model);
        model.config(); // the parts reject what the format does not hold
    }

    private static String json(Config config) {
        return ConfigJson.write(config).toString();
    }

    // -------------------------------------------------------------------------------------------------- reading

    /** Whether the file begins like one of this format, as far as it goes. */
    private static boolean isOne(Bytes file) throws IOException {
        int length = (int) Math.min(BEGIN.length, file.size() - Safetensors.LENGTH_BYTES);
        return length > 0 && Arrays.equals(file.read(Safetensors.LENGTH_BYTES, length).array(), Arrays.copyOf(BEGIN, length));
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is none of this format, is damaged or does not hold a model
     */
    static SavedModel read(Bytes file) throws IOException {
        if (!isOne(file)) {
            int shown = (int) Math.min(16, file.size());
            throw new IllegalArgumentException("this is not a BERAS model"
                    + (file.size() > Safetensors.LENGTH_BYTES ? "" : ", or nearly all of one was truncated")
                    + ": a model is a safetensors file whose metadata begin with beras.sha256, or its name ends with one of "
                    + PortableFormat.suffixes() + ". Received: " + (shown == 0 ? "an empty file"
                    : "a file that begins with the bytes " + HexFormat.of().formatHex(file.read(0, shown).array())));
        }
        if (file.size() < DIGITS_END) {
            throw truncated("more than " + DIGITS_END, file.size());
        }
        long json = file.read(0, Safetensors.LENGTH_BYTES).getLong();
        boolean intact = isIntact(file);
        if (!intact && json > file.size() - Safetensors.LENGTH_BYTES && json <= Safetensors.MOST_JSON_BYTES) {
            throw truncated("at least " + (Safetensors.LENGTH_BYTES + json), file.size());
        }
        Safetensors tensors;
        try {
            tensors = Safetensors.read(file);
        } catch (IllegalArgumentException e) {
            throw intact ? e : damaged();
        }
        if (!intact) {
            throw tensors.bytes() > file.size() ? truncated(Long.toString(tensors.bytes()), file.size())
                    : damaged();
        }
        String version = tensors.metadata().getOrDefault(VERSION_KEY, "none");
        if (!version.equals(Integer.toString(VERSION))) {
            boolean newer = version.matches("\\d{1,9}") && Integer.parseInt(version) > VERSION;
            throw new IllegalArgumentException("this model has version " + version + " of the format, and this BERAS reads "
                    + VERSION + ". " + (newer ? "Upgrade BERAS to read it" : "There is no such version"));
        }
        tensors.requireFloats(file.size());
        return read(file, tensors);
    }

    private static boolean isIntact(Bytes file) throws IOException {
        byte[] first = file.read(0, DIGITS_END).array();
        byte[] digits = Arrays.copyOfRange(first, DIGITS_AT, DIGITS_END);
        Arrays.fill(first, DIGITS_AT, DIGITS_END, (byte) '0');
        MessageDigest digest = Sha256.begin();
        digest.update(first);
        file.digest(DIGITS_END, file.size(), digest);
        return Arrays.equals(digits, hex(digest));
    }

    private static SavedModel read(Bytes file, Safetensors tensors) throws IOException {
        Map<String, String> metadata = tensors.metadata();
        refuseIf(!metadata.containsKey(FormatSupport.MODEL), "the metadata have no \"" + FormatSupport.MODEL + "\"");
        Map<String, Safetensors.Entry> weights = new LinkedHashMap<>();
        Map<String, Safetensors.Entry> state = new LinkedHashMap<>();
        Map<String, Safetensors.Entry> slots = new LinkedHashMap<>();
        long count = 0;
        for (Map.Entry<String, Safetensors.Entry> entry : tensors.entries().entrySet()) {
            boolean ofState = entry.getKey().startsWith(STATE_PREFIX);
            boolean ofOptimizer = entry.getKey().startsWith(OPTIMIZER_PREFIX);
            (ofState ? state : ofOptimizer ? slots : weights).put(entry.getKey(), entry.getValue());
            count += ofState || ofOptimizer ? 0 : entry.getValue().shape().size();
        }
        Model model = Models.zeroInitialized(FormatSupport.config(metadata, FormatSupport.MODEL), count);
        readWeights(file, tensors, weights, model, frozen(metadata));
        SavedModel saved = FormatSupport.withMetadata(new SavedModel(model), metadata);
        if (metadata.containsKey(TRAINING)) {
            saved = saved.trainingState(new TrainingState(FormatSupport.config(metadata, TRAINING),
                    state(file, tensors, state, model)));
        }
        return metadata.containsKey(COMPILED) ? compiled(file, tensors, slots, saved) : saved;
    }

    /** A model compiled as the file describes; or one whose {@code leftOut} gives the reason why it is not. */
    private static SavedModel compiled(Bytes file, Safetensors tensors, Map<String, Safetensors.Entry> slots, SavedModel saved)
            throws IOException {
        Map<String, Tensor> read = read(file, tensors, slots, OPTIMIZER_PREFIX);
        if (read.isEmpty() && saved.trainingState().isPresent()) {
            read = saved.trainingState().get().tensors();
        }
        String prefix = slots.isEmpty() ? TrainingState.OPTIMIZER : "";
        List<Tensor> ordered = new ArrayList<>();
        for (Tensor next = read.get(prefix + 0); next != null; next = read.get(prefix + ordered.size())) {
            ordered.add(next);
        }
        try {
            CompileConfig.restore(FormatSupport.config(tensors.metadata(), COMPILED), ordered, saved.model());
            return saved;
        } catch (IllegalArgumentException e) {
            return saved.notCompiled(e.getMessage());
        }
    }

    private static void readWeights(Bytes file, Safetensors tensors, Map<String, Safetensors.Entry> entries, Model model,
            Set<String> frozen) throws IOException {
        Map<String, Variable> weights = FormatSupport.weights(model);
        requireSame(List.copyOf(weights.keySet()), List.copyOf(entries.keySet()));
        for (Map.Entry<String, Variable> named : weights.entrySet()) {
            Variable weight = named.getValue();
            Safetensors.Entry entry = entries.get(named.getKey());
            refuseIf(!entry.shape().equals(weight.shape()), "the layers need weight " + named.getKey() + " to have shape "
                    + weight.shape() + ". Received: " + entry.shape());
            tensors.readElements(file, entry, weight);
            if (!weight.isState()) {
                weight.trainable(!frozen.remove(named.getKey()));
            }
        }
        refuseIf(!frozen.isEmpty(), "weights that are frozen must be among those of the layers. Received: " + frozen);
    }

    private static void requireSame(List<String> expected, List<String> received) {
        for (int i = 0; i < Math.max(expected.size(), received.size()); i++) {
            String wanted = i < expected.size() ? expected.get(i) : "none more";
            String found = i < received.size() ? received.get(i) : "none more";
            refuseIf(!wanted.equals(found), "the layers need as weight " + (i + 1) + ": " + wanted + ". Received: " + found);
        }
    }

    private static Set<String> frozen(Map<String, String> metadata) {
        return ConfigJson.parse(metadata.getOrDefault(FROZEN, "[]")).getAsJsonArray().asList().stream().map(JsonElement::getAsString)
                .collect(Collectors.toSet());
    }

    private static Map<String, Tensor> state(Bytes file, Safetensors tensors, Map<String, Safetensors.Entry> entries, Model model)
            throws IOException {
        Map<String, Tensor> state = read(file, tensors, entries, STATE_PREFIX);
        if (!state.containsKey(TrainingState.WEIGHTS + 0)) { // the weights of the model
            for (int i = 0; i < model.weights().size(); i++) {
                state.put(TrainingState.WEIGHTS + i, model.weights().get(i).copy());
            }
        }
        return state;
    }

    /** Some tensors, by their names without the prefix. */
    private static Map<String, Tensor> read(Bytes file, Safetensors tensors, Map<String, Safetensors.Entry> entries,
            String prefix)
            throws IOException {
        Map<String, Tensor> read = new LinkedHashMap<>();
        for (Map.Entry<String, Safetensors.Entry> entry : entries.entrySet()) {
            Tensor tensor = Tensor.zeros(entry.getValue().shape());
            tensors.readElements(file, entry.getValue(), tensor);
            read.put(entry.getKey().substring(prefix.length()), tensor);
        }
        return read;
    }

    private static IllegalArgumentException truncated(String meant, long received) {
        return new IllegalArgumentException("the file is truncated: expected " + meant + " bytes. Received: " + received
                + ". Copy or download it again");
    }

    private static IllegalArgumentException damaged() {
        return new IllegalArgumentException("the file was changed or damaged: its checksum is wrong. Use another copy of it");
    }
}
