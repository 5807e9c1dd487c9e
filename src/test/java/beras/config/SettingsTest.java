package beras.config;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
class SettingsTest {

    /** One setting of each kind; public, as a registry makes it. */
    public static final class Thing implements Configurable {

        private int units = 1;
        private Integer most;
        private Long seed;
        private double rate = 0.5;
        private Double decay;
        private float slope = 0.1f;
        private Float threshold;
        private boolean flag = true;
        private String name;
        private TimeUnit unit = TimeUnit.DAYS;
        private Thing part;
        private int[] shape = {2};
        private double[] values;
        private float[] means;
        private List<String> names = List.of();
        private List<Config> steps = List.of();

        @Override
        public void settings(Settings s) {
            name = s.byName().text("name", name);
            units = Arguments.atLeast(1, "units", s.required().integer("units", units));
            most = s.integer("most", most);
            seed = s.whole("seed", seed);
            rate = Arguments.share("rate", s.number("rate", rate));
            decay = s.number("decay", decay);
            slope = s.real("slope", slope);
            threshold = s.real("threshold", threshold);
            flag = s.flag("flag", flag);
            unit = s.choice("unit", unit);
            part = s.made("part", part, THINGS);
            shape = s.integers("shape", shape);
            values = s.numbers("values", values);
            means = s.reals("means", means);
            names = s.texts("names", names);
            steps = s.configs("steps", steps);
        }
    }

    private static final Registry<Thing> THINGS = new Registry<>("a thing", Thing.class);

    static {
        THINGS.register(Thing::new);
    }

    private static Thing thing(String text) {
        return THINGS.of(ConfigText.parse(text));
    }

    @Test
    void whatIsAbsentIsAsTheFieldHasIt() {
        Thing thing = thing("thing(3)");
        assertEquals(3, thing.units);
        assertNull(thing.most);
        assertEquals(0.5, thing.rate);
        assertEquals(TimeUnit.DAYS, thing.unit);
        assertEquals("Thing(units=3, rate=0.5, slope=0.1, flag=true, unit=days, shape=[2])", thing.config().toString());
    }

    @Test
    void everyKindIsReadAndWritten() {
        Thing thing = thing("thing(units=3, most=4, seed=9223372036854775807, rate=0.25, decay=1e-300, slope=0.3, threshold=0.7,"
                + " flag=false, name=\"a name\", unit=hours, part=thing(7), shape=[1, 2], values=[1, 0.1], means=[0.1],"
                + " names=[bias, \"a, b\"], steps=[first, second(2)])");
        assertEquals(4, thing.most);
        assertEquals(Long.MAX_VALUE, thing.seed);
        assertEquals(0.3f, thing.slope);
        assertEquals(0.7f, thing.threshold);
        assertFalse(thing.flag);
        assertEquals(TimeUnit.HOURS, thing.unit);
        assertEquals(7, thing.part.units);
        assertArrayEquals(new int[] {1, 2}, thing.shape);
        assertArrayEquals(new double[] {1, 0.1}, thing.values);
        assertArrayEquals(new float[] {0.1f}, thing.means);
        assertEquals(List.of("bias", "a, b"), thing.names);
        assertEquals(List.of(Config.of("first"), ConfigText.parse("second(2)")), thing.steps);
        Config config = thing.config();
        assertEquals(16, config.values().size());
        assertEquals(config, THINGS.of(config).config());
        assertEquals(config, ConfigText.parse(config.toString()));
        assertEquals(config, THINGS.of(ConfigText.parse(config.toString())).config());
    }

    @Test
    void valuesWithoutNamesGoInOrderAndPassThoseByName() {
        assertEquals(thing("thing(units=3, most=4, seed=5, rate=1)").config(), thing("thing(3, 4, 5, 1)").config());
        assertEquals(thing("thing(units=3, most=4, flag=false)").config(), thing("thing(3, 4, flag=false)").config());
        assertRefused("Thing: units is given twice. Received: 4, and without a name: 3", () -> thing("thing(3, units=4)"));
        String fifteen = "1, 1, 1, 1, 1, 1, 1, true, days, thing(1), 1, 1, 1, x, y";
        assertRefused("Thing takes at most 15 values without a name. Received: [1, 1, 1, 1, 1, 1, 1, true, days, "
                + "thing(1), 1, 1, 1, x, y, 1]", () -> thing("thing(" + fifteen + ", 1)"));
    }

    @Test
    void wordsStandForTextsAndPartsAndANumberForAListOfOne() {
        assertEquals("out", thing("thing(1, name=out)").name);
        assertEquals(List.of("x"), thing("thing(1, names=x)").names);
        assertArrayEquals(new int[] {3}, thing("thing(1, shape=3)").shape);
        assertEquals(3, THINGS.of(Config.of("thing", Map.of("units", 1, "part", Config.of("thing", List.of(3), Map.of()))))
                .part.units);
        assertRefused("Thing: units must be a whole number. Received: nothing", () -> thing("thing(1, part=thing)"));
    }

    @Test
    void allSettingsAreListedWithTheirDefaults() {
        List<Settings.Setting> settings = Settings.list(new Thing());
        assertEquals(List.of("name", "units", "most", "seed", "rate", "decay", "slope", "threshold", "flag", "unit", "part", "shape",
                "values", "means", "names", "steps"), settings.stream().map(Settings.Setting::name).toList());
        assertEquals(List.of("units"), settings.stream().filter(Settings.Setting::required).map(Settings.Setting::name).toList());
        assertEquals(List.of("name"), settings.stream().filter(Settings.Setting::byName).map(Settings.Setting::name).toList());
        assertEquals(Optional.of(0.5), settings.get(4).fallback());
        assertEquals(Optional.empty(), settings.get(1).fallback());
    }

    @Test
    void whatIsRequiredMustBeThere() {
        assertRefused("Thing: units must be a whole number. Received: nothing", () -> thing("thing(rate=0.5)"));
        assertRefused("Thing has no setting unit s, only [name, units, most, seed, rate, decay, slope, threshold, flag, unit,"
                + " part, shape, values, means, names, steps]. Did you mean units?", () -> THINGS.of(Config.of("thing").with("unit s", 3)));
    }

    @Test
    void otherKindsOfValuesAreRefused() {
        for (String setting : List.of("units=0.5", "units=x", "most=1e300", "seed=18446744073709551626", "rate=true", "decay=[1]",
                "slope=x", "threshold=x", "flag=1", "name=1", "name=x(1)", "unit=years", "unit=1", "part=1", "part=nonsense",
                "shape=[0.5]", "values=[x]", "means=true", "names=[1]", "steps=[1]", "units=2147483648")) {
            String text = setting.startsWith("units") ? "thing(" + setting + ")" : "thing(1, " + setting + ")";
            String message = assertThrows(IllegalArgumentException.class, () -> thing(text), setting).getMessage();
            assertEquals(-1, message.indexOf("null"), message);
        }
        Config big = Config.of("thing").with("units", new BigInteger("18446744073709551626"));
        assertRefused("Thing: units must be a whole number of 64 bits. Received: 18446744073709551626", () -> THINGS.of(big));
    }

    @Test
    void checksAreTheSameWhicheverWayAValueComes() {
        assertRefused("rate must be from 0 to 1. Received: 2.0", () -> thing("thing(1, rate=2)"));
        Thing thing = new Thing();
        assertRefused("rate must be from 0 to 1. Received: 2.0", () -> Settings.set(thing, "rate", 2.0));
        assertEquals(0.5, thing.rate);
        thing.rate = 3;
        assertRefused("rate must be from 0 to 1. Received: 3.0", () -> Settings.check(thing));
    }

    /** As float it would be 1. */
    @Test
    void aFactorIsBelowOneAsAFloatToo() {
        assertEquals(0.9999, Arguments.factor("decay", 0.9999));
        for (double wrong : new double[] {0.99999999999, 1, -0.1, Double.NaN}) {
            assertRefused("decay must be at least 0 and below 1", wrong, () -> Arguments.factor("decay", wrong));
        }
    }

    @Test
    void oneSettingIsChangedAndMayBeNone() {
        Thing thing = thing("thing(3, most=4, part=thing(5))");
        Thing other = new Thing();
        Settings.set(thing, "most", null);
        Settings.set(thing, "part", other);
        Settings.set(thing, "unit", TimeUnit.SECONDS);
        Settings.set(thing, "shape", new int[] {4});
        Settings.set(thing, "values", new double[] {0.5});
        Settings.set(thing, "means", new float[] {0.1f});
        Settings.set(thing, "names", List.of("a"));
        assertNull(thing.most);
        assertSame(other, thing.part);
        assertEquals(TimeUnit.SECONDS, thing.unit);
        assertArrayEquals(new int[] {4}, thing.shape);
        assertArrayEquals(new double[] {0.5}, thing.values);
        assertArrayEquals(new float[] {0.1f}, thing.means);
        assertEquals(List.of("a"), thing.names);
        assertEquals(3, thing.units);
        assertThrows(IllegalArgumentException.class, () -> Settings.set(thing, "nonsense", 1));
    }
}
