package beras.golden;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** One case of a golden file: named inputs, parameters and expected arrays. */
public final class GoldenCase {

    /**
     * How many times further off than a plain float32 computation (PyTorch's or NumPy's) a result may be. That error is one
     * sample of rounding in some order of summation; another order may as well land a few times further away.
     */
    private static final double FACTOR = 4;

    private final JsonObject json;

    GoldenCase(JsonObject json) {
        this.json = json;
    }

    public String name() {
        return json.get("name").getAsString();
    }

    /** An input, exactly as it is in the file. */
    public Tensor input(String key) {
        JsonObject array = json.getAsJsonObject("inputs").getAsJsonObject(key);
        double[] values = numbers(array.getAsJsonArray("data"));
        return Tensor.generate(i -> values[i], integers(array.getAsJsonArray("shape")));
    }

    public boolean hasInput(String key) {
        return json.getAsJsonObject("inputs").has(key);
    }

    /** One of the shapes that the case tells, for cases without inputs. */
    public Shape shape(String key) {
        return toShape(json.getAsJsonObject("shapes").getAsJsonArray(key));
    }

    public boolean hasParam(String key) {
        return json.getAsJsonObject("params").has(key);
    }

    /** A numeric parameter: not exact in float. */
    public double param(String key) {
        return json.getAsJsonObject("params").get(key).getAsDouble();
    }

    /** A parameter that is a word. */
    public String paramText(String key) {
        return json.getAsJsonObject("params").get(key).getAsString();
    }

    /** A parameter that is a list of integers. */
    public int[] paramList(String key) {
        return integers(json.getAsJsonObject("params").getAsJsonArray(key));
    }

    /** A parameter that is a list of words; empty if the case has none of this name. */
    public List<String> paramWords(String key) {
        JsonElement words = json.getAsJsonObject("params").get(key);
        return words == null ? List.of() : words.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
    }

    /**
     * All parameters as the settings of a config, without null ones.
     *
     * @param type the parameter that names the type; in nested parameters it is {@code name}
     */
    public Config config(String type) {
        return toConfig(json.getAsJsonObject("params"), type);
    }

    /** All parameters as the settings of the type that the name of the case begins with. */
    public Config config() {
        return toConfig(json.getAsJsonObject("params"), Config.of(name().substring(0, name().indexOf('.'))), "");
    }

    private static Config toConfig(JsonObject params, String type) {
        return toConfig(params, Config.of(params.get(type).getAsString()), type);
    }

    private static Config toConfig(JsonObject params, Config bare, String type) {
        Config config = bare;
        for (Map.Entry<String, JsonElement> param : params.entrySet()) {
            if (!param.getKey().equals(type)) {
                config = config.with(param.getKey(), toSetting(param.getValue()));
            }
        }
        return config;
    }

    private static Object toSetting(JsonElement value) {
        if (value.isJsonNull()) {
            return null;
        }
        if (value.isJsonObject()) {
            return toConfig(value.getAsJsonObject(), "name");
        }
        if (value.isJsonArray()) {
            return value.getAsJsonArray().asList().stream().map(GoldenCase::toSetting).toList();
        }
        JsonPrimitive primitive = value.getAsJsonPrimitive();
        return primitive.isBoolean() ? (Object) primitive.getAsBoolean()
                : primitive.isNumber() ? (Object) primitive.getAsDouble() : primitive.getAsString();
    }

    /** Whether the file says something about this array, be it that there is none. */
    public boolean expects(String key) {
        return json.getAsJsonObject("expected").has(key);
    }

    /** The names of all expected arrays. */
    public Set<String> expectedNames() {
        return json.getAsJsonObject("expected").keySet();
    }

    /** The shape of an expected array. */
    public Shape expectedShape(String key) {
        return toShape(json.getAsJsonObject("expected").getAsJsonObject(key).getAsJsonArray("shape"));
    }

    /** The numbers of an expected array, for tests that compare in a way of their own. */
    public double[] expected(String key) {
        return numbers(json.getAsJsonObject("expected").getAsJsonObject(key).getAsJsonArray("data"));
    }

    /** The only number of an expected array. */
    public double expectedNumber(String key) {
        double[] values = expected(key);
        assertEquals(1, values.length, () -> name() + ", " + key + " is one number");
        return values[0];
    }

    /**
     * Compares a result with the expected array of this name, first by the file's tolerance, then, where the file gives the
     * error of a plain float32 computation, by {@value #FACTOR} times that error (but not less than a unit in the last place
     * of the largest number in the array). A null result must be expected as null.
     *
     * <p>Shapes must agree; a bias, {@code (1, n)} in BERAS, is {@code (n)} in most files.
     */
    public void check(String key, Tensor result) {
        JsonElement wanted = json.getAsJsonObject("expected").get(key);
        if (wanted.isJsonNull()) {
            assertNull(result, () -> name() + ", " + key + ": there is no gradient, which is not the same as zeros");
            return;
        }
        assertTrue(result != null, () -> name() + ", " + key + ": there is a result. Got null");
        Shape shape = expectedShape(key);
        boolean bias = shape.rank() == 1 && result.shape().equals(Shape.of(1, shape.dim(0)));
        assertTrue(bias || shape.equals(result.shape()),
                () -> name() + ", " + key + ": expected shape " + shape + ", got " + result.shape());
        double[] expected = expected(key);
        float[] actual = result.toArray();
        JsonObject tolerance = json.getAsJsonObject("tolerance").getAsJsonObject(key);
        double rtol = tolerance.get("rtol").getAsDouble();
        double atol = tolerance.get("atol").getAsDouble();
        double asPlainFloats = errorAsPlainFloats(key, expected);
        for (int i = 0; i < expected.length; i++) {
            float e = (float) expected[i];
            if (!Float.isFinite(e)) {
                require(Float.compare(e, actual[i]) == 0, key, i, e, actual[i], "exactly");
                continue;
            }
            double allowed = atol + rtol * Math.abs((double) e);
            require(Math.abs((double) actual[i] - e) <= allowed, key, i, e, actual[i], "within " + allowed);
            require(Math.abs(actual[i] - expected[i]) <= asPlainFloats, key, i, expected[i], actual[i],
                    "as plain float32 does, within " + asPlainFloats);
        }
    }

    /**
     * Compares an output with {@code y}, and every gradient that the case has.
     *
     * @param sources of the gradients, by their names in the file, such as {@code dx}
     */
    public void check(Supplier<Tensor> output, Map<String, ? extends Tensor> sources) {
        Recorded recorded = Recorded.of(output);
        check("y", recorded.target());
        List<String> names = expectedNames().stream().filter(name -> name.matches("d(?!.*Inference).*")).toList();
        if (!names.isEmpty()) {
            List<Tensor> gradients = recorded.gradient(names.stream().map(sources::get).toList(), input("upstream"));
            names.forEach(name -> check(name, gradients.get(names.indexOf(name))));
        }
    }

    /** The largest error allowed by what PyTorch or NumPy reach in float32; infinite where the file does not say. */
    private double errorAsPlainFloats(String key, double[] expected) {
        JsonElement errors = json.get("float32Error");
        if (errors == null || !errors.isJsonObject() || !errors.getAsJsonObject().has(key)) {
            return Double.POSITIVE_INFINITY;
        }
        float scale = 0f;
        for (double e : expected) {
            scale = Float.isFinite((float) e) ? Math.max(scale, (float) Math.abs(e)) : scale;
        }
        double maxAbs = errors.getAsJsonObject().getAsJsonObject(key).get("maxAbs").getAsDouble();
        return FACTOR * Math.max(maxAbs, Math.ulp(scale));
    }

    private void require(boolean holds, String key, int index, double expected, float actual, String how) {
        assertTrue(holds,
                () -> name() + ", " + key + "[" + index + "]: expected " + expected + " " + how + ", got " + actual);
    }

    private static Shape toShape(JsonArray sizes) {
        return Shape.of(integers(sizes));
    }

    private static int[] integers(JsonArray array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsInt();
        }
        return values;
    }

    /** Numbers, with the words NaN, Infinity and -Infinity standing for themselves. */
    private static double[] numbers(JsonArray array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsDouble();
        }
        return values;
    }

    @Override
    public String toString() {
        return name();
    }
}
