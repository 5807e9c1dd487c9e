package beras.cli.models;

import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Text;
import beras.prediction.Prediction;
import beras.saving.SavedModel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checks whether the scores that a model gives to labels are probabilities: logits, for instance, are not. An option that is about
 * probabilities is refused then; without one, that is reported once.
 */
final class ScoreCheck {

    private static final int LONGEST = 60;

    private final Path model;
    private final String cure;
    private final Optional<String> option;
    private final Console console;
    private boolean reported;

    /**
     * @param model  the file of the model
     * @param option the option that needs probabilities; empty: none
     */
    ScoreCheck(Path model, SavedModel saved, Optional<String> option, Console console) {
        this.model = model;
        this.cure = "`convert` with " + ConvertCommand.OUTPUT_ACTIVATION + (saved.model().outputShape().size() == 1 ? " sigmoid" : " softmax");
        this.option = option;
        this.console = console;
    }

    /**
     * Checks a prediction.
     *
     * @throws Failure if it has no probabilities, and an option needs them
     */
    void look(Prediction prediction) {
        if (!prediction.isLabel() || reported || prediction.hasProbabilities()) {
            return;
        }
        String received = Text.cut(prediction.scores().values().toString(), LONGEST);
        if (option.isPresent()) {
            throw new Failure(Exit.BAD_DATA, model + ": expected a model that gives probabilities, from 0 to 1 with a sum of 1, for "
                    + option.get() + ". Received: scores " + received + ". If these are logits, make another model by " + cure + ", else leave "
                    + option.get() + " out");
        }
        reported = true;
        console.err().println(model + ": the model gives scores that are no probabilities, such as " + received
                + "; the label of the highest is predicted. If these are logits, " + cure + " makes probabilities of them");
    }
}
