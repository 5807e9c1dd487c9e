package beras.training;

import beras.layers.Layer;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;

/** What a {@link Trainer} trains: layers with weights that turn inputs into outputs. */
public interface Trainable {

    /** The layers, whose penalties and constraints count in training. */
    List<Layer> layers();

    /** The weights of all layers, each once. */
    List<Variable> weights();

    /** The shape of one example of each input. */
    List<Shape> inputShapes();

    /** The shape of one example of each output. */
    List<Shape> outputShapes();

    /** A name for each output, all different. */
    List<String> outputNames();

    /** The outputs for a batch of each input, by the fastest way; recorded if a tape is open. */
    Tensor[] run(Tensor... inputs);
}
