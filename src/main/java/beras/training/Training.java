package beras.training;

import beras.optimizers.Optimizer;
import beras.tensor.Variable;
import java.util.List;

/** A training that is going on, as callbacks see it and may change it. */
public interface Training {

    /** All weights of the model, also frozen ones and state; the very objects. */
    List<Variable> weights();

    /** What changes the weights; its learning rate may be set. */
    Optimizer optimizer();

    /** The number of epochs that training will have when it is not stopped before. */
    int epochs();

    /** Ends training after the current batch, or after the current epoch if that is where this is called. */
    void stop();

    /** Whether {@link #stop} was called. */
    boolean stopping();
}
