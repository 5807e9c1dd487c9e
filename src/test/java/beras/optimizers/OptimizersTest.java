package beras.optimizers;

import static beras.optimizers.OptimizerTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import beras.config.Config;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers by name and config. */
@Tag("optimizers")
class OptimizersTest {

    static List<String> names() {
        return Optimizers.REGISTRY.names();
    }

    static List<Supplier<Optimizer>> all() {
        return OptimizerTest.all();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameGivesDefaults(String name) {
        Optimizer optimizer = Optimizers.REGISTRY.of(name);
        assertEquals(name, optimizer.config().type());
        assertEquals(optimizer.config(), Optimizers.REGISTRY.of(optimizer.config()).config());
        assertEquals(name.equals("SGD") ? 0.01f : 0.001f, optimizer.learningRate());
    }

    @ParameterizedTest
    @MethodSource("all")
    void anOptimizerComesBackFromItsConfig(Supplier<Optimizer> maker) {
        assertSame(maker.get());
        assertSame(maker.get().clipNorm(0.3f).weightDecay(0.2).excludeFromWeightDecay("bias", "beta").ema(0.7));
        assertSame(maker.get().clipValue(0.1f).lossScale(3).gradientAccumulation(5).ema(0.99, 4));
        assertSame(maker.get().globalClipNorm(0.7f).weightDecay(0).schedule(new CosineDecay(0, 6).alpha(0.1).warmup(0.05, 3)));
    }

    private static void assertSame(Optimizer optimizer) {
        Config config = optimizer.config();
        Optimizer again = Optimizers.REGISTRY.of(config);
        assertEquals(config, again.config());
        assertEquals(optimizer.getClass(), again.getClass());
        assertEquals(optimizer.learningRate(), again.learningRate());
    }

    @Test
    void theDefaultsAreThoseOfTheShortConstructors() {
        List<Optimizer> made = List.of(new SGD(0.01f), new RMSProp(0.001f), new Adam(0.001f), new AdamW(0.001f),
                new Nadam(0.001f), new Adamax(0.001f), new Adagrad(0.001f), new Adadelta(0.001f), new Lion(0.001f));
        assertEquals(made.stream().map(Optimizer::config).toList(),
                Optimizers.REGISTRY.names().stream().map(n -> Optimizers.REGISTRY.of(n).config()).toList());
        assertEquals(Adam.keras(0.001f).config(), Optimizers.REGISTRY.of(Config.of("adam").with("form", "keras")).config());
        assertEquals(RMSProp.keras(0.001f).config(), Optimizers.REGISTRY.of(Config.of("rmsprop").with("form", "keras")).config());
        assertEquals(new Adam(0.001f).config(), Optimizers.REGISTRY.of(Config.of("adam").with("form", "assignment")).config());
    }

    @ParameterizedTest
    @MethodSource("names")
    void aScheduleTakesThePlaceOfTheRate(String name) throws ReflectiveOperationException {
        LearningRateSchedule schedule = new CosineDecay(0.3, 10);
        Optimizer optimizer = Optimizers.REGISTRY.of(name + "(cosine(0.3, 10))");
        assertEquals(0.3f, optimizer.learningRate());
        assertEquals(schedule.config(), optimizer.config().values().get("schedule"));
        assertFalse(optimizer.config().has("learningRate"));
        for (String text : List.of("(schedule=cosine(0.3, 10))", "(learning_rate=cosine(0.3, 10))")) {
            assertEquals(optimizer.config(), Optimizers.REGISTRY.of(name + text).config());
        }
        Class<?> type = optimizer.getClass();
        Optimizer made = (Optimizer) type.getConstructor(LearningRateSchedule.class).newInstance(schedule);
        assertEquals(optimizer.config(), made.config());
        assertEquals(Optimizers.REGISTRY.of(name).config(), ((Optimizer) type.getConstructor().newInstance()).config());
    }

    @Test
    void aSettingThatIsRefusedChangesNothing() {
        RMSProp keras = RMSProp.keras(0.1f).rho(0.8);
        assertMessage("RMSProp has no setting beta, only [learningRate, schedule, form, rho, momentum, epsilon, centered,"
                + " clipnorm, clipvalue, globalClipnorm, gradientAccumulationSteps, lossScaleFactor, weightDecay,"
                + " excludeFromWeightDecay, emaMomentum, emaOverwriteFrequency]", () -> keras.beta(0.5));
        assertThrows(IllegalArgumentException.class, () -> keras.clipNorm(-1));
        assertEquals(RMSProp.keras(0.1f).rho(0.8).config(), keras.config());
    }

    @Test
    void everySettingIsInTheConfig() {
        assertEquals("AdamW(learningRate=0.002, beta1=0.8, beta2=0.9, epsilon=1.0E-4, amsgrad=true, clipnorm=1.0, "
                + "gradientAccumulationSteps=2, lossScaleFactor=8.0, weightDecay=0.1, excludeFromWeightDecay=[bias], "
                + "emaMomentum=0.9, emaOverwriteFrequency=3)",
                new AdamW(0.002f).beta1(0.8).beta2(0.9).epsilon(1e-4f).amsgrad(true).weightDecay(0.1).clipNorm(1)
                        .gradientAccumulation(2).lossScale(8).excludeFromWeightDecay("bias").ema(0.9, 3).config().toString());
        assertEquals("SGD(schedule=ExponentialDecay(initialLearningRate=0.1, decaySteps=10, decayRate=0.5, staircase=true), "
                + "momentum=0.9, nesterov=true)",
                new SGD(new ExponentialDecay(0.1, 10, 0.5).staircase(true)).momentum(0.9f).nesterov(true).config().toString());
    }

    @Test
    void wrongSettingsAreRefused() {
        Config schedule = Config.of("CosineDecay").with("initialLearningRate", 0.1).with("decaySteps", 5);
        Config both = Config.of("SGD").with("learningRate", 0.1).with("schedule", schedule);
        assertMessage("SGD has a learningRate or a schedule. Received both: 0.1 and " + Schedules.REGISTRY.of(schedule).config(),
                () -> Optimizers.REGISTRY.of(both));
        assertMessage("Adam: form must be one of [assignment, keras]. Received: pytorch",
                () -> Optimizers.REGISTRY.of(Config.of("Adam").with("form", "pytorch")));
        assertMessage("emaOverwriteFrequency needs an emaMomentum. Received only the frequency: 3",
                () -> Optimizers.REGISTRY.of(Config.of("Adam").with("emaOverwriteFrequency", 3)));
        assertMessage("There is no such name for an optimizer. Received: Ftrl. Known: SGD, RMSProp, Adam, AdamW, Nadam, "
                + "Adamax, Adagrad, Adadelta, Lion", () -> Optimizers.REGISTRY.of("Ftrl"));
    }
}
