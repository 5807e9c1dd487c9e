package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.feed.Examples;
import beras.models.Model;
import beras.models.Models;
import beras.saving.Verification.Result;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Callback;
import beras.training.EarlyStopping;
import beras.training.FitOptions;
import beras.training.LambdaCallback;
import beras.training.LastState;
import beras.training.Recipe;
import beras.training.Training;
import beras.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that is repeated has the same bits, or it is known where they part. */
@Tag("saving")
class VerificationTest {

    private static final Examples EXAMPLES = examples(70);
    private static final Examples HELD = examples(30);
    private static final Recipe RECIPE = new Recipe()
            .layers("dense(9), batch_norm, relu, dropout(0.3), gaussian_noise(0.1), dense(3, softmax)").loss("cross-entropy")
            .metrics("accuracy").optimizer("adam(0.01)").epochs(4).batchSize(20).seed(3);

    private static Tensor x(int count) {
        return Tensor.generate(new Rng(count, "x", 0)::normal, count, 5);
    }

    private static Examples examples(Tensor x) {
        return Examples.of(x, Tensor.generate(i -> i % 3 == (x.get(i / 3, 0) > 0 ? 0 : i / 3 % 2 + 1) ? 1 : 0, x.dim(0), 3));
    }

    private static Examples examples(int count) {
        return examples(x(count));
    }

    /** Changes the lowest bit of an element; returns what it was. */
    private static float nextUp(Tensor tensor, int element) {
        float before = tensor.data()[tensor.offset() + element];
        tensor.data()[tensor.offset() + element] = Math.nextUp(before);
        return before;
    }

    /** Stops as Ctrl-C does, after this batch of this epoch. */
    private static Callback interruption(int epoch, int batch) {
        Training[] training = new Training[1];
        int[] now = new int[1];
        return new LambdaCallback().onTrainBegin(begun -> training[0] = begun).onEpochBegin((begun, batches) -> now[0] = begun)
                .onBatchEnd((ended, logs) -> {
                    if (now[0] == epoch && ended == batch) {
                        training[0].interrupt();
                    }
                });
    }

    private static Model net(Recipe recipe) {
        Model model = Models.of(recipe, Shape.of(5));
        model.compile(recipe, 70);
        return model;
    }

    private static Model fit(Recipe recipe, Callback... callbacks) {
        Model model = net(recipe);
        model.fit(EXAMPLES, options(recipe, callbacks));
        return model;
    }

    private static FitOptions options(Recipe recipe, Callback... callbacks) {
        return recipe.fitOptions().validationData(HELD).callbacks(callbacks);
    }

    private static SavedModel trained(Recipe recipe, Callback... callbacks) {
        LastState last = new LastState();
        List<Callback> all = new ArrayList<>(List.of(callbacks));
        all.add(last);
        return new SavedModel(fit(recipe, all.toArray(Callback[]::new))).trainingState(last.last().orElseThrow());
    }

    private static Result verify(SavedModel saved, Recipe recipe, Callback... before) {
        Verification verification = new Verification(saved);
        List<Callback> all = new ArrayList<>(List.of(before));
        all.add(verification);
        fit(recipe, all.toArray(Callback[]::new));
        return verification.result();
    }

    private static void assertOther(String difference, Result result) {
        assertFalse(result.isSame());
        assertTrue(result.toString().contains(difference), () -> "expected \"" + difference + "\" in " + result);
    }

    // ---------------------------------------------------------------------------------------------------- the same

    @Test
    void aRepeatedTrainingIsTheSame() {
        Result result = verify(trained(RECIPE), RECIPE);
        assertEquals("Same bits: 4 epochs and 8 weights. Not compared: times", result.toString());
        assertEquals(new Result(4, 8, List.of(), List.of("times")), result);
    }

    @Test
    void soIsOneThroughAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("published.beras");
        ModelFile.save(trained(RECIPE), file);
        assertEquals(new Result(4, 8, List.of(), List.of("times")), verify(ModelFile.load(file), RECIPE));
    }

    @Test
    void soIsOneThatKeepsAveragesOrTheBestWeights() {
        Recipe averaged = RECIPE.optimizer("adam(0.01, emaMomentum=0.9)");
        assertTrue(verify(trained(averaged), averaged).isSame());
        assertTrue(verify(trained(RECIPE, stopping()), RECIPE, stopping()).isSame());
        assertOther("the training state's conditions.optimizer.emaMomentum: expected 0.9 as in the file. Received: none",
                verify(trained(averaged), RECIPE.optimizer("adam(0.01)")));
    }

    /** Bits are compared, not numbers: 0 and -0 differ, and equal NaN do not. */
    @Test
    void aZeroOfTheOtherSignIsAnotherWeight() {
        SavedModel saved = trained(RECIPE, last(0f));
        set(saved.model().weights(), -0f);
        assertOther("element 0 of", verify(saved, RECIPE, last(0f)));
        set(saved.model().weights(), 0f);
        assertTrue(verify(saved, RECIPE, last(0f)).isSame());
        set(saved.model().weights(), Float.NaN);
        assertTrue(verify(saved, RECIPE, last(Float.NaN)).isSame());
    }

    /** Sets the first element of the last weight when the training run ends. */
    private static Callback last(float value) {
        Training[] training = new Training[1];
        return new LambdaCallback().onTrainBegin(begun -> training[0] = begun).onTrainEnd(outcome -> set(training[0].net().weights(), value));
    }

    private static void set(List<Variable> weights, float value) {
        Variable weight = weights.get(weights.size() - 1);
        weight.data()[weight.offset()] = value;
    }

    private static Callback stopping() {
        return new EarlyStopping("val_loss").patience(1).restoreBestWeights(true);
    }

    @Test
    void soIsOneThatWasInterruptedWithinAnEpochOrAfterOne() {
        for (int batch : new int[] {0, 2, 3}) {
            Result result = verify(trained(RECIPE, interruption(2, batch)), RECIPE);
            assertEquals(new Result(2, 8, List.of(), List.of("times")), result, "batch " + batch);
        }
    }

    @Test
    void soIsOneThatWasResumed() {
        SavedModel begun = trained(RECIPE, interruption(1, 1));
        LastState last = new LastState();
        begun.model().fit(EXAMPLES, options(RECIPE, last).resume(begun.trainingState().orElseThrow()));
        assertEquals(new Result(4, 8, List.of(), List.of("times")),
                verify(new SavedModel(begun.model()).trainingState(last.last().orElseThrow()),
                RECIPE));
    }

    @Test
    void soIsWhatIsKeptOnTheWay(@TempDir Path folder) throws IOException {
        Recipe averaged = RECIPE.optimizer("adam(0.01, emaMomentum=0.9)");
        Path last = folder.resolve("last.beras");
        Path each = folder.resolve("{epoch}.beras");
        fit(averaged, interruption(2, 1), new ModelCheckpoint(each.toString()), new BackupAndRestore(last));
        assertEquals(new Result(2, 8, List.of(), List.of("times", "what was known to ModelCheckpoint", "the provenance")),
                verify(ModelFile.load(last), averaged));
        Result ofTwo = verify(ModelFile.load(folder.resolve("2.beras")), averaged);
        assertEquals(new Result(0, 8, List.of(), List.of("the provenance")), ofTwo);
        assertEquals("Same bits: 8 weights. Not compared: the provenance", ofTwo.toString());
    }

    @Test
    void theFirstEpochsAloneCanBeCompared() {
        Verification verification = new Verification(trained(RECIPE)).epochs(2);
        assertEquals(Optional.of(2), verification.epochsToCompare());
        assertEquals(2, net(RECIPE).fit(EXAMPLES, options(RECIPE, verification)).epochs().size());
        assertEquals("Same bits: 2 epochs. Not compared: what was made after epoch 2", verification.result().toString());
        assertThrows(IllegalArgumentException.class, () -> verification.epochs(0));
    }

    /** Else it would be called the same. */
    @Test
    void soFewEpochsThatNothingIsComparedAreRefused(@TempDir Path folder) throws IOException {
        fit(RECIPE, new ModelCheckpoint(folder.resolve("{epoch}.beras").toString()));
        Verification ofThree = new Verification(ModelFile.load(folder.resolve("3.beras")));
        String message = assertThrows(IllegalArgumentException.class, () -> ofThree.epochs(2)).getMessage();
        assertEquals("A file that keeps no numbers of its epochs is compared when all 3 are repeated. Received: 2", message);
        fit(RECIPE, ofThree.epochs(3));
        assertEquals(new Result(0, 8, List.of(), List.of("the provenance")), ofThree.result());
        assertThrows(IllegalArgumentException.class, () -> new Verification(new SavedModel(net(RECIPE))).epochs(4));
    }

    @Test
    void ofAModelWithoutAHistoryTheWeightsAreCompared() {
        Model model = fit(RECIPE);
        assertEquals(new Result(0, 8, List.of(), List.of()), verify(new SavedModel(model), RECIPE));
        assertOther("trained weight dense/kernel", verify(new SavedModel(model), RECIPE.seed(4)));
    }

    // ------------------------------------------------------------------------------------------------------ others

    @Test
    void anotherSeedIsSeenInTheFirstEpoch() {
        Result result = verify(trained(RECIPE), RECIPE.seed(4));
        assertOther("epoch 1, dense/kernel and 7 more of 8 weights: expected the checksum ", result);
        assertEquals(1, result.epochs());
        assertEquals(0, result.weights());
    }

    /** The lowest bit of one pixel of one example; the lowest bit of a rate. */
    @Test
    void aBitOfTheDataOrOfTheRecipeIsSeen() {
        SavedModel saved = trained(RECIPE);
        Tensor x = x(70).copy();
        nextUp(x, 33 * 5 + 2);
        Verification verification = new Verification(saved);
        net(RECIPE).fit(examples(x), options(RECIPE, verification));
        assertOther("epoch 1, ", verification.result());
        Recipe other = RECIPE.optimizer("adam(" + Math.nextUp(0.01f) + ")");
        assertOther("epoch 1, ", verify(trained(RECIPE.optimizer("adam(0.01)")), other));
    }

    @Test
    void aBitOfAWeightIsSeenAndItsPlaceIsTold() {
        SavedModel saved = trained(RECIPE, stopping());
        float before = nextUp(saved.model().weights().get(7), 1);
        assertOther("trained weight dense_1/bias, element 1 of 3: expected " + Math.nextUp(before) + " as in the file. Received: "
                + before, verify(saved, RECIPE, stopping()));
    }

    @Test
    void theEpochAndTheWeightAreToldInWhichTwoTrainingsPart() {
        Model disturbed = net(RECIPE);
        Verification verification = new Verification(trained(RECIPE));
        int[] now = new int[1];
        disturbed.fit(EXAMPLES, options(RECIPE, verification, new LambdaCallback()
                .onEpochBegin((epoch, batches) -> now[0] = epoch)
                .onBatchEnd((batch, logs) -> {
                    if (now[0] == 2 && batch == 3) {
                        nextUp(disturbed.weights().get(6), 4);
                    }
                })));
        assertOther("epoch 3, dense_1/kernel of 8 weights: expected the checksum ", verification.result());
        assertEquals(3, verification.result().epochs());
    }

    @Test
    void numbersAreComparedToo() {
        Verification verification = new Verification(trained(RECIPE));
        net(RECIPE).fit(EXAMPLES, RECIPE.fitOptions().validationData(examples(31)).callbacks(verification));
        assertOther("epoch 1, val_loss: expected ", verification.result());
        Verification without = new Verification(trained(RECIPE));
        net(RECIPE).fit(EXAMPLES, RECIPE.fitOptions().callbacks(without));
        assertOther("epoch 1, its numbers: expected [", without.result());
    }

    @Test
    void aHistoryWithoutChecksumsIsAnother() {
        SavedModel saved = trained(RECIPE);
        TrainingState state = saved.trainingState().orElseThrow();
        List<Object> epochs = new ArrayList<>();
        for (Config epoch : state.config().configs("history")) {
            epochs.add(Config.of("Epoch").with("names", epoch.list("names")).with("numbers",
                    epoch.list("numbers")).with("seconds", 1.0));
        }
        assertOther("the training state's history.1.weights: expected none as in the file. Received: ",
                verify(saved.trainingState(new TrainingState(state.config().with("history", epochs), state.tensors())), RECIPE));
    }

    @Test
    void aTrainingThatEndsElsewhereIsNotTheSame() {
        assertOther("expected a training that ends after 4 epochs. Received: one that finished", verify(trained(RECIPE),
                RECIPE.epochs(3)));
        assertOther("expected a training that ends after 2 epochs and 2 batches of the next. Received: one that interrupted",
                verify(trained(RECIPE, interruption(2, 1)), RECIPE, interruption(2, 0)));
    }

    @Test
    void aTrainingThatFailsIsNotTheSame() {
        Verification verification = new Verification(trained(RECIPE));
        Callback failing = new LambdaCallback().onEpochEnd((epoch, logs) -> {
            if (epoch == 1) {
                throw new IllegalStateException("too hot");
            }
        });
        assertThrows(IllegalStateException.class, () -> fit(RECIPE, failing, verification));
        assertOther("epoch 2: expected no failure. Received: too hot", verification.result());
    }

    @Test
    void aNetOfOtherWeightsIsRefused() {
        Verification verification = new Verification(trained(RECIPE));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> fit(RECIPE.layers("dense(8), batch_norm, relu, dense(3, softmax)"), verification));
        assertTrue(e.getMessage().contains("Expected as weight 1, dense/kernel: (5, 9). Received: (5, 8)"), e::getMessage);
        assertThrows(IllegalStateException.class, verification::result);
    }
}
