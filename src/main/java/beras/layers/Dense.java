package beras.layers;

import beras.autograd.Affine;
import beras.autograd.FusedOperation;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Initializer;
import beras.kernels.UnaryOp;
import beras.tensor.Shape;

/**
 * A fully connected layer: {@code y = activation(x · w + b)}.
 *
 * <p>Shapes: x {@code (batch, inputs)}, w {@code (inputs, outputs)}, b {@code (1, outputs)}, y {@code (batch, outputs)}. An
 * input of higher rank is taken as a batch over all its axes but the last.
 *
 * <p>Without an activation, the default, y is the product. The activation is a separate layer with its own call: the local
 * Jacobians, the composed gradients, {@link #inputs} and {@link #outputs} of this layer are always those of the product, and
 * the activation has its own. {@code Dense(128, "relu")} and {@code Dense(128)} followed by a {@code ReLU} are bit-identical.
 *
 * <p>The initial weights are Glorot uniform, as in Keras, and the bias is zero. (The handout of the assignment has zero for
 * both, with {@code normal} in its code; {@code new Dense(inputs, units, Initializers.zeros())} is a layer of zeros.)
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(784), new Dense(128, "relu").with("kernelRegularizer", "l2(1e-5)"), new Dense(10, "softmax"));
 * Tensor outputs = new Dense(3, 2, Initializers.heNormal(), 7).call(x);     // alone: 3 inputs, 2 units
 * }</pre>
 */
public final class Dense extends KernelLayer<Dense> implements KeepsSteps {

    private int inputSize; // 0: set when it is built
    private int units;

    Dense() {
        super("kernel");
        units = 1;
    }

    /**
     * A layer of {@code units} outputs whose input size is set when it is built: Glorot uniform weights, zero bias.
     *
     * @throws IllegalArgumentException if {@code units} is less than 1
     */
    public Dense(int units) {
        this();
        this.units = Arguments.atLeast(1, "units of Dense", units);
    }

    /**
     * A layer of {@code units} outputs with an activation, such as {@code new Dense(128, "relu")}.
     *
     * @param activation its name, as {@link Layers#ACTIVATIONS} has it
     * @throws IllegalArgumentException if {@code units} is less than 1, or there is no such activation
     */
    public Dense(int units, String activation) {
        this(units);
        activation(activation);
    }

    /**
     * A layer with a fixed number of inputs.
     *
     * @throws IllegalArgumentException if a size is less than 1
     */
    public Dense(int inputSize, int outputSize) {
        this();
        this.inputSize = Arguments.atLeast(1, "inputs of Dense", inputSize);
        this.units = Arguments.atLeast(1, "units of Dense", outputSize);
    }

    /** A layer with a fixed number of inputs, and weights from the given initializer. */
    public Dense(int inputSize, int outputSize, Initializer initializer) {
        this(inputSize, outputSize);
        with("kernelInitializer", initializer);
    }

    /** A layer with a fixed number of inputs, whose weights follow from the seed alone. */
    public Dense(int inputSize, int outputSize, Initializer initializer, long seed) {
        this(inputSize, outputSize, initializer);
        seed(seed);
    }

    @Override
    public void settings(Settings s) {
        units = Arguments.atLeast(1, "units of Dense", s.required().integer("units", units));
        kernelSettings(s);
        Integer inputs = s.byName().integer("inputs", inputSize == 0 ? null : (Integer) inputSize);
        inputSize = inputs == null ? 0 : Arguments.atLeast(1, "inputs of Dense", inputs);
    }

    @Override
    Shape kernelShape(Shape input) {
        requireInputs(input, "examples");
        return Shape.of(input.dim(-1), units);
    }

    @Override
    Shape biasShape(Shape input) {
        return Shape.of(1, units);
    }

    @Override
    public Shape inputShape() {
        return kernel() != null ? Shape.of(kernel().dim(0)) : inputSize == 0 ? null : Shape.of(inputSize);
    }

    @Override
    Shape productShape(Shape input) {
        requireInputs(input, "examples");
        int[] sizes = input.toArray();
        sizes[sizes.length - 1] = units;
        return Shape.of(sizes);
    }

    private void requireInputs(Shape shape, String what) {
        int inputs = kernel() == null ? inputSize : kernel().dim(0);
        if (shape.rank() == 0 || inputs != 0 && shape.dim(-1) != inputs || shape.dim(-1) == 0) {
            throw new IllegalArgumentException("Dense(" + (inputs == 0 ? "" : inputs + ", ") + units + ") needs " + what
                    + " whose last axis is " + (inputs == 0 ? "at least 1" : inputs) + ". Received shape: " + shape);
        }
    }

    @Override
    FusedOperation operation(Shape batch, UnaryOp op, float alpha) {
        requireInputs(batch, "an input");
        return new Affine(op, alpha);
    }
}
