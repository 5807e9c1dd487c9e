package beras.training;

import static beras.training.FakeTraining.logs;
import static beras.training.FakeTraining.run;
import static beras.training.MonitorTest.assertMessage;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sequences worked out by hand from the rules of Keras 3. */
@Tag("model")
class EarlyStoppingTest {

    private static final double NAN = Double.NaN;

    private static EarlyStopping onLoss() {
        return new EarlyStopping("loss");
    }

    private static void assertEpochs(int stopped, int best, EarlyStopping stopping) {
        assertEquals(stopped, stopping.stoppedEpoch(), "stopped");
        assertEquals(best, stopping.bestEpoch(), "best");
    }

    // ------------------------------------------------------------------------------------------------- when it stops

    @Test
    void stopsAfterTheFirstEpochWithoutImprovement() {
        for (int patience = 0; patience <= 1; patience++) {
            EarlyStopping stopping = onLoss().patience(patience);
            assertEquals(3, run(stopping, "loss", 3, 2, 2, 1, 0));
            assertEpochs(2, 1, stopping);
            assertEquals(2, stopping.best());
            assertEquals(3, run(stopping, "loss", NAN, 5, 5, 1), "the first epoch does not stop");
        }
    }

    @Test
    void waitsAsLongAsItsPatienceAndAnImprovementEndsTheWait() {
        EarlyStopping stopping = onLoss().patience(3);
        assertEquals(7, run(stopping, "loss", 5, 6, 6, 4, 5, 4.5, 4.25, 0));
        assertEpochs(6, 3, stopping);
    }

    @Test
    void smallImprovementsDoNotCountAndAddUp() {
        EarlyStopping stopping = new EarlyStopping(new Monitor("loss").minDelta(0.5)).patience(3);
        assertEquals(6, run(stopping, "loss", 4, 3.75, 3.25, 3, 2.75, 2.75, 1));
        assertEpochs(5, 2, stopping);
    }

    @Test
    void moreMayBeBetter() {
        EarlyStopping byName = new EarlyStopping("val_accuracy");
        assertEquals(3, run(byName, "val_accuracy", 0.5, 0.75, 0.75, 1));
        EarlyStopping byMode = new EarlyStopping(new Monitor("my_number").mode(Mode.MAX));
        assertEquals(3, run(byMode, "my_number", 0.5, 0.75, 0.75, 1));
        assertEpochs(2, 1, byMode);
    }

    @Test
    void whatIsNotANumberIsNoImprovement() {
        EarlyStopping stopping = onLoss().patience(2);
        assertEquals(5, run(stopping, "loss", NAN, 5, 4, NAN, NAN, 1));
        assertEpochs(4, 2, stopping);
        EarlyStopping nothing = onLoss().patience(2).restoreBestWeights(true);
        assertEquals(2, run(nothing, "loss", NAN, NAN, NAN));
        assertEpochs(1, -1, nothing);
        assertTrue(Double.isNaN(nothing.best()));
    }

    @Test
    void beginsAnewWithEachTraining() {
        EarlyStopping stopping = onLoss().patience(2);
        assertEquals(4, run(stopping, "loss", 2, 1, 1, 1));
        assertEquals(3, run(stopping, "loss", 9, 8, 7));
        assertEpochs(-1, 2, stopping);
        assertEquals(7, stopping.best());
        assertEquals(1, run(stopping, "loss", NAN));
        assertEpochs(-1, -1, stopping);
        assertEquals(2, run(stopping, "loss", NAN, NAN, NAN), "the wait of the training before is over");
    }

    @Test
    void theWeightsOfAnEarlierTrainingDoNotComeBack() {
        EarlyStopping stopping = onLoss().patience(9).restoreBestWeights(true);
        assertOfEpoch(1, trained(stopping, 5, 4, 6));
        assertOfEpoch(2, trained(stopping, NAN, NAN, NAN));
    }

    // ------------------------------------------------------------------------------------------------------- weights

    private static final int ODD_NAN = 0x7fc01234;

    /** Trains weights to the number of the epoch, and gives them as they are in the end. */
    private static Variable[] trained(EarlyStopping stopping, double... losses) {
        Variable[] weights = {new Variable(Tensor.zeros(2, 2)), new Variable("bias", Tensor.zeros(3)),
            Variable.state("mean", Tensor.zeros(1)), new Variable(Tensor.zeros(0, 2))};
        weights[1].trainable(false);
        FakeTraining training = new FakeTraining(losses.length, weights);
        stopping.onTrainBegin(training);
        for (int epoch = 0; epoch < losses.length && !training.stopping(); epoch++) {
            for (Variable weight : weights) {
                weight.assign(epoch);
            }
            weights[0].data()[3] = Float.intBitsToFloat(ODD_NAN + epoch);
            stopping.onEpochEnd(epoch, logs("loss", losses[epoch]));
        }
        stopping.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
        return weights;
    }

    private static void assertOfEpoch(int epoch, Variable[] weights) {
        assertEquals(ODD_NAN + epoch, Float.floatToRawIntBits(weights[0].data()[3]));
        weights[0].data()[3] = epoch;
        for (Variable weight : weights) {
            assertEquals(Tensor.full(epoch, weight.shape().toArray()), weight.copy());
        }
    }

    @Test
    void bringsBackEveryBitOfAllWeightsAndStateOfTheBestEpoch() {
        assertOfEpoch(1, trained(onLoss().patience(2).restoreBestWeights(true), 5, 4, 6, 6, 1));
    }

    @Test
    void aTapeFromBeforeNoticesThatTheWeightsChanged() {
        Variable weight = new Variable(Tensor.ones(1));
        EarlyStopping stopping = onLoss().restoreBestWeights(true);
        stopping.onTrainBegin(new FakeTraining(2, weight));
        stopping.onEpochEnd(0, logs("loss", 1));
        weight.assign(2);
        Recorded recorded = Recorded.of(() -> weight.square().sum());
        stopping.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
        assertEquals(1, weight.item());
        assertThrows(IllegalStateException.class, () -> recorded.gradient(List.of(weight)));
    }

    @Test
    void withoutBeingAskedItLeavesTheLastWeights() {
        assertOfEpoch(3, trained(onLoss().patience(2), 5, 4, 6, 6, 1));
    }

    @Test
    void badArgumentsAreRefused() {
        assertMessage("patience must be at least 0. Received: -1", () -> onLoss().patience(-1));
    }
}
