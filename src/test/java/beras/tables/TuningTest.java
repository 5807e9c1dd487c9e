package beras.tables;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.table.TableSplit;
import beras.data.table.TableTarget;
import beras.kernels.Threads;
import beras.saving.ModelFile;
import beras.training.Callback;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The search for good settings. */
@Tag("tables")
@Tag("once")
class TuningTest {

    private static final int TRIALS = 9;
    private static final int EPOCHS = 9;
    /** Trainings in all: nine, then three and perhaps the defaults, then one and perhaps the defaults. */
    private static final int LEAST_TRAININGS = TRIALS + 3 + 1;

    @TempDir
    Path folder;
    private TableTraining training;
    private Tuning tuning;

    @BeforeEach
    void prepare() throws IOException {
        training = TableTraining.of(TinyTable.kinds(folder.resolve("kinds.csv")), "kind").change(recipe -> recipe.epochs(EPOCHS));
        tuning = Tuning.of(training).trials(TRIALS).threads(2)
                .space(new SearchSpace().layers("8:relu|16:relu,8:relu").batchSize("16,64"));
    }

    private static String hash(TuningResult result) {
        return ModelFile.weightsSha256(result.model().orElseThrow().model());
    }

    /** Keeps all results, and breaks the tuning off after so many. */
    private static class Breaker implements TuningListener {

        private final int most;
        private final List<TrialResult> results = new ArrayList<>();
        private final Map<Integer, List<Integer>> rungs = new TreeMap<>();

        Breaker(int most) {
            this.most = most;
        }

        @Override
        public synchronized boolean interrupted() {
            return results.size() >= most;
        }

        @Override
        public synchronized void onResult(TrialResult result) {
            results.add(result);
        }

        @Override
        public synchronized void onRung(int epochs, List<Trial> ranked) {
            rungs.put(epochs, ranked.stream().map(Trial::number).toList());
        }
    }

    @Test
    void theResultDoesNotDependOnThreads() throws IOException {
        TuningResult one = tuning.threads(1).run();
        assertTrue(one.finished());
        assertEquals(TRIALS, one.trials().size());
        for (int threads = 2; threads <= 3; threads++) {
            TuningResult many = tuning.threads(threads).run();
            assertEquals(one.trials(), many.trials());
            assertEquals(hash(one), hash(many));
        }
        assertNotEquals(one.trials(), tuning.seed(2).run().trials());
    }

    @Test
    void theBestThirdGoesOnToTheNetThatAnUndisturbedTrainingGives() throws IOException {
        Breaker seen = new Breaker(Integer.MAX_VALUE);
        TuningResult result = tuning.listener(seen).run();
        assertEquals(List.of(1, 3, EPOCHS), List.copyOf(seen.rungs.keySet()));
        List<Integer> first = seen.rungs.get(1);
        List<Integer> second = seen.rungs.get(3);
        assertEquals(TRIALS, first.size());
        assertTrue(second.containsAll(first.subList(0, 3)) && second.contains(0), seen.rungs::toString);
        assertTrue(second.size() <= 4, seen.rungs::toString);
        assertTrue(seen.rungs.get(EPOCHS).containsAll(List.of(0, second.get(0))), seen.rungs::toString);

        Trial best = result.trials().get(0);
        assertEquals(EPOCHS, best.last().epochs());
        double last = 0;
        for (Trial trial : result.trials()) {
            assertTrue(trial.last().value() >= last, result.trials()::toString);
            last = trial.last().value();
        }
        TableModel alone = training.recipe(schema -> best.settings().apply(TableDefaults.recipe(schema), schema)
                .epochs(EPOCHS)).fit();
        assertEquals(ModelFile.weightsSha256(alone.model()), hash(result));
        assertEquals(best.last().value(), alone.history().orElseThrow().best().get("val_loss"));
        assertEquals(best.last().bestEpoch(), alone.history().orElseThrow().bestEpoch());
        assertEquals("trial " + best.number() + " of 9, by val_loss",
                result.model().orElseThrow().saved().provenance().get("tuned"));
    }

    /** The question whether to break off is asked once for each batch, trial and rung, which counts the work. */
    @Test
    void theDefaultsAlwaysGoOnAndNobodyBeginsAgain() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Breaker seen = new Breaker(Integer.MAX_VALUE) {

            @Override
            public boolean interrupted() {
                asked.incrementAndGet();
                return false;
            }
        };
        SearchSpace faster = new SearchSpace().learningRate("0.01").layers("64:relu,32:relu").dropout("0").batchSize("64");
        tuning.space(faster).listener(seen).run();
        assertTrue(seen.rungs.get(1).indexOf(0) >= 3, "the defaults are slower at first: " + seen.rungs);
        assertEquals(4, seen.rungs.get(3).size());
        assertEquals(2, seen.rungs.get(EPOCHS).size());
        int batches = (360 + 63) / 64 * (TRIALS + 4 * (3 - 1) + 2 * (EPOCHS - 3));
        assertEquals(batches + TRIALS + 4 + 2 + seen.rungs.size(), asked.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, TRIALS, TRIALS + 2, LEAST_TRAININGS - 1})
    void aBrokenTuningIsGoneOnWithToTheSameResult(int results) throws IOException {
        Breaker breaker = new Breaker(results);
        TuningResult broken = tuning.listener(breaker).run();
        assertFalse(broken.finished());
        assertTrue(breaker.results.size() >= results && breaker.results.size() <= results + 1, breaker.results::toString);
        assertEquals(breaker.results.isEmpty(), broken.model().isEmpty());

        Breaker rest = new Breaker(Integer.MAX_VALUE);
        TuningResult resumed = tuning.resume(breaker.results).listener(rest).run();
        TuningResult whole = tuning.run();
        assertEquals(whole.trials(), resumed.trials());
        assertEquals(hash(whole), hash(resumed));
        assertTrue(breaker.results.stream().noneMatch(known -> rest.results.stream().anyMatch(again ->
                again.trial() == known.trial() && again.epochs() == known.epochs())), "nothing is measured twice");
    }

    /** The defaults, which go on behind the best third, are among it after more epochs: that must not put out another trial. */
    @Test
    void whatIsKnownOfLaterEpochsDoesNotDecideWhoGoesOn() throws IOException {
        SearchSpace faster = new SearchSpace().learningRate("0.01").layers("64:relu,32:relu").dropout("0").batchSize("64");
        Breaker all = new Breaker(Integer.MAX_VALUE);
        TuningResult whole = tuning.space(faster).listener(all).run();
        List<TrialResult> known = all.results.stream().filter(result -> result.epochs() == 1 || result.trial() == 0).toList();
        Breaker rest = new Breaker(Integer.MAX_VALUE);
        TuningResult resumed = tuning.space(faster).resume(known).listener(rest).run();
        assertEquals(all.rungs, rest.rungs);
        assertEquals(whole.trials(), resumed.trials());
    }

    @Test
    void allThatIsKnownGivesTheNetOnceMore() throws IOException {
        Breaker all = new Breaker(Integer.MAX_VALUE);
        TuningResult whole = tuning.listener(all).run();
        Breaker none = new Breaker(Integer.MAX_VALUE);
        assertEquals(hash(whole), hash(tuning.resume(all.results).listener(none).run()));
        assertEquals(List.of(), none.results);
        assertEquals(all.rungs, none.rungs, "each rung is ranked by what its epochs gave, whatever is known of later ones");
    }

    /** One third of seven, rounded down, and the defaults, which are worse. */
    @Test
    void ofEqualTrialsTheFirstGoOn() throws IOException {
        SearchSpace one = new SearchSpace().learningRate("0.01").layers("64:relu,32:relu").dropout("0").weightDecay("0")
                .batchSize("32");
        Breaker seen = new Breaker(Integer.MAX_VALUE);
        tuning.space(one).trials(7).listener(seen).run();
        assertEquals(Map.of(1, List.of(1, 2, 3, 4, 5, 6, 0), 3, List.of(1, 2, 0), EPOCHS, List.of(1, 0)), seen.rungs);
    }

    @Test
    void theDefaultsAreTrialZeroAndOnlyABetterNetWins() throws IOException {
        TuningResult result = tuning.space(new SearchSpace().learningRate("1e-9")).run();
        assertEquals(0, result.trials().get(0).number());
        assertEquals(EPOCHS, result.trials().get(0).last().epochs());
        assertEquals(ModelFile.weightsSha256(training.fit().model()), hash(result));
    }

    @Test
    void thoseThatDivergeAreTheWorst() throws IOException {
        Breaker seen = new Breaker(Integer.MAX_VALUE);
        TuningResult result = tuning.space(new SearchSpace().learningRate("1e38,0.001").dropout("0")).listener(seen).run();
        List<Trial> diverged = result.trials().stream().filter(trial -> trial.last().diverged()).toList();
        assertTrue(!diverged.isEmpty() && diverged.size() < TRIALS, result.trials()::toString);
        assertEquals(diverged, result.trials().subList(TRIALS - diverged.size(), TRIALS));
        assertTrue(diverged.stream().allMatch(trial -> trial.settings().learningRate() == 1e38f));
        assertFalse(seen.rungs.get(3).contains(diverged.get(0).number()));

        TuningResult none = Tuning.of(training).trials(1).run();
        assertEquals(hash(none), ModelFile.weightsSha256(training.fit().model()));
        assertEquals(0, none.trials().get(0).number());
    }

    @Test
    void anyNumberOfTheValidationMayDecide() throws IOException {
        TuningResult result = Tuning.of(training.monitor("accuracy")).trials(5).run();
        double last = 1;
        for (Trial trial : result.trials()) {
            assertTrue(trial.last().value() <= last, result.trials()::toString);
            last = trial.last().value();
        }
        assertEquals(result.trials().get(0).last().value(),
                result.model().orElseThrow().history().orElseThrow().best().get("val_accuracy"));
    }

    // ------------------------------------------------------------------------------------------------------ the plan

    @ParameterizedTest
    @CsvSource({"27,3,1,100,'[4, 12, 34, 100]'", "27,3,5,100,'[12, 34, 100]'", "27,3,1,5,'[1, 2, 5]'",
        "9,3,1,100,'[12, 34, 100]'", "1,3,1,100,[100]", "2,3,1,100,'[34, 100]'", "27,3,1,1,[1]",
        "16,2,1,40,'[3, 5, 10, 20, 40]'", "27,3,1000,100,[100]"})
    void trialsAndEpochsDecideTheRungs(int trials, int factor, int least, int epochs, String rungs) {
        assertEquals(rungs, tuning.trials(trials).factor(factor).leastEpochs(least).rungs(epochs).toString());
    }

    @Test
    void settingsFollowFromSeedAndNumber() {
        SearchSpace space = new SearchSpace();
        assertEquals(space.settings(1, 5), new SearchSpace().settings(1, 5));
        List<Double> decays = new ArrayList<>();
        int low = 0;
        for (int trial = 1; trial <= 400; trial++) {
            TrialSettings settings = space.settings(1, trial);
            assertNotEquals(settings, space.settings(2, trial));
            assertTrue(settings.learningRate() >= 3e-4f && settings.learningRate() <= 1e-2f, settings::toString);
            assertTrue(List.of(0., 0.1, 0.2, 0.4).contains(settings.dropout()), settings::toString);
            assertTrue(List.of(32, 64, 128, 256).contains(settings.batchSize()), settings::toString);
            assertTrue(settings.weightDecay() == 0 || settings.weightDecay() >= 1e-3 && settings.weightDecay() <= 0.3);
            decays.add(settings.weightDecay());
            low += settings.learningRate() < 1.732e-3 ? 1 : 0;
        }
        assertEquals(200, decays.stream().filter(decay -> decay == 0).count(), 40);
        assertEquals(200, low, 40, "half the rates lie below the geometric mean");
        assertEquals("dense(64, relu), dropout(0.5), batch_norm, dense(8), dropout(0.5), dense(1, linear)".replace(" ", ""),
                new TrialSettings(1, "64:relu,batch_norm,dense(8)", 0.5, 0, 1).net(value()).replace(" ", ""));
    }

    private TableTarget value() {
        try {
            return TableTraining.of(TinyTable.prices(folder.resolve("p.csv")), "price").prepare().schema().target();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ------------------------------------------------------------------------------------------------------ refusals

    private static void assertRefused(String message, Supplier<?> call) {
        String said = assertThrows(IllegalArgumentException.class, call::get).getMessage();
        assertTrue(said.contains(message), said);
    }

    @Test
    void aSpaceIsWrittenAsDocumented() {
        SearchSpace space = new SearchSpace();
        assertRefused("each above 0, or ranges of such that begin above 0, as 1..10, with commas between. Received: \"0\" in"
                + " \"1,0\"", () -> space.learningRate("1,0"));
        for (String wrong : List.of("", "a", "1e-2..1e-3", "1..", "..1", "1,", "NaN", "1e60", "1..2..3")) {
            assertRefused("Received: ", () -> space.learningRate(wrong));
        }
        assertRefused("each from 0 to below 1", () -> space.dropout("0,1"));
        assertRefused("ranges of such that begin above 0", () -> space.dropout("0..0.5"));
        assertRefused("each at least 0", () -> space.weightDecay("-1"));
        assertRefused("each a whole number", () -> space.batchSize("32,1.5"));
        assertRefused("nothing", () -> space.layers("64:relu|8:nothing"));
        assertRefused("Received: ", () -> space.layers("64:relu|"));
    }

    @Test
    void whatCannotWorkIsRefusedAtOnce() {
        assertRefused("must have no callbacks", () -> Tuning.of(training.callbacks(new Callback() {})));
        assertRefused("trials", () -> tuning.trials(0));
        assertRefused("factor", () -> tuning.factor(1));
        assertRefused("leastEpochs", () -> tuning.leastEpochs(0));
        assertRefused("threads", () -> tuning.threads(0));
        assertRunRefused("validation rows are needed", Tuning.of(training.split(TableSplit.random(0))));
        assertRunRefused("There will be no val_nothing", Tuning.of(training.monitor("nothing")));
        assertRunRefused("Received: TrialResult[trial=9,", tuning.resume(List.of(new TrialResult(9, 1, 0.5, 0))));
        assertRunRefused("Received: TrialResult[trial=1,", tuning.resume(List.of(new TrialResult(1, 2, 0.5, 0))));
        assertRunRefused("reshape", tuning.space(new SearchSpace().layers("8:relu|reshape([5, 5])")));
    }

    private static void assertRunRefused(String message, Tuning wrong) {
        Breaker seen = new Breaker(Integer.MAX_VALUE);
        String said = assertThrows(IllegalArgumentException.class, () -> wrong.listener(seen).run()).getMessage();
        assertTrue(said.toLowerCase(Locale.ROOT).contains(message.toLowerCase(Locale.ROOT)), said);
        assertEquals(List.of(), seen.results);
    }

    @Test
    void whatAListenerThrowsEndsAll() {
        int threads = Threads.count();
        for (boolean asked : new boolean[] {true, false}) {
            Breaker failing = new Breaker(Integer.MAX_VALUE) {

                @Override
                public boolean interrupted() {
                    if (asked) {
                        throw new IllegalStateException("no more");
                    }
                    return false;
                }

                @Override
                public void onResult(TrialResult result) {
                    throw new IllegalStateException("no more");
                }
            };
            assertEquals("no more", assertThrows(IllegalStateException.class, () -> tuning.listener(failing).run()).getMessage());
        }
        assertEquals(threads, Threads.count());
    }
}
