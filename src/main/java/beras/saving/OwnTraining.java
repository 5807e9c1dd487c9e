package beras.saving;

import beras.models.Ensemble;
import beras.models.Model;
import beras.training.TrainStep;
import beras.training.Trainable;
import java.util.Optional;

/** The training step of a user's class of models, which is code and so in no file. */
final class OwnTraining {

    /** What is lost of a model of such a class, as a sentence; empty if it is of none. */
    static Optional<String> lost(Model model) {
        Class<?> from = definer(model);
        return from == Trainable.class || from == Ensemble.class ? Optional.empty()
                : Optional.of("The trainStep of " + from.getName() + " is code and not in the file: the model comes back as a "
                        + model.config().type() + ", which is trained by its losses alone");
    }

    /** Whether it takes steps of its own, be it as a user's class or as an ensemble. */
    static boolean isOf(Model model) {
        return definer(model) != Trainable.class;
    }

    /** Whose trainStep a model has. */
    private static Class<?> definer(Model model) {
        try {
            return model.getClass().getMethod("trainStep", TrainStep.class).getDeclaringClass();
        } catch (NoSuchMethodException e) {
            throw new AssertionError("Each Trainable has it", e);
        }
    }

    private OwnTraining() {}
}
