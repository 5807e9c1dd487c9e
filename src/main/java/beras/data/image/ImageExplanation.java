package beras.data.image;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.autograd.Workspace;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.models.Model;
import beras.models.Views;
import beras.prediction.Prediction;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * Explains the prediction of a model for an image.
 *
 * <pre>{@code
 * ImageExplanation explanation = new ImageExplanation(model, ImagePreprocessor.ofNumbers(28, 28, 10));
 * Tensor gradient = explanation.saliency(images.slice(0, 1).inputs()).gradient();
 * }</pre>
 */
public final class ImageExplanation {

    private final Model model;
    private final Model net; // the model, or the part behind its test-time augmentation
    private final ImagePreprocessor preprocessor;

    /**
     * The prediction for an image, and the pixels that support it.
     *
     * @param prediction the most likely label
     * @param gradient   of the log-odds of that label, {@code log(p / (1 - p))}, with respect to the pixels, in the shape of
     *     the model's input without a batch: above 0 where a brighter pixel supports the label, below 0 where it contradicts
     *     it. For a model that does not end in a softmax or sigmoid it is the gradient of the output itself
     */
    public record Saliency(Prediction prediction, Tensor gradient) {}

    /**
     * An explanation of a model with one input, an image, and one output.
     *
     * @param model   takes the pixels of an image row by row, or {@code (height, width)} or {@code (height, width, channels)}
     * @param preprocessor of its pixels and its outputs
     * @throws IllegalArgumentException if the shapes do not fit each other
     */
    public ImageExplanation(Model model, ImagePreprocessor preprocessor) {
        this.model = model;
        this.net = model instanceof Views views ? views.net() : model;
        this.preprocessor = preprocessor;
        boolean single = model.inputShapes().size() == 1 && model.outputShapes().equals(List.of(preprocessor.outputShape()));
        Shape input = model.inputShapes().get(0);
        int size = preprocessor.inputShape().size();
        int height = preprocessor.height();
        int width = preprocessor.width();
        boolean sides = input.size() == size || input.rank() == 3 && input.dim(0) == height && input.dim(1) == width;
        if (!single || !sides) {
            throw new IllegalArgumentException("Expected a model of images of " + Images.sides(height, width, preprocessor.channels())
                    + " with outputs of shape " + preprocessor.outputShape() + ". Received: inputs of shapes " + model.inputShapes()
                    + " and outputs of shapes " + model.outputShapes());
        }
    }

    /**
     * The prediction for an image, and the pixels that support it.
     *
     * <p>The log-odds are computed from the logits of the last softmax or sigmoid, so that the gradient does not vanish where
     * the model is sure.
     *
     * @param image one, {@code (1, ...)} in the shape of the model's input
     * @throws IllegalArgumentException if the image is of another shape, or an output is not finite
     */
    public Saliency saliency(Tensor image) {
        requireImage(image);
        GradientTape tape = new GradientTape(new Workspace(), false);
        Tensor output;
        try (tape) {
            output = net.call(image);
        }
        Prediction prediction = preprocessor.decode((net == model ? output : model.predict(image)).toArray(), 0);
        Call last = tape.producer(output);
        boolean shares = last != null && (last.diffable() instanceof Softmax || last.diffable() instanceof LogSoftmax);
        boolean odds = shares || last != null && last.diffable() instanceof Sigmoid;
        Tensor target = odds ? last.input(0) : output;
        Tensor upstream = weights(target, prediction.labelIndex(), shares);
        Tensor gradient = tape.gradient(target, List.of(image), upstream).get(0);
        return new Saliency(prediction, gradient == null ? Tensor.zeros(model.inputShape())
                : gradient.copy().reshape(model.inputShape().toArray()));
    }

    /** The gradient of a label's log-odds to the numbers that they are made of. */
    private static Tensor weights(Tensor target, int label, boolean shares) {
        Tensor weights = Tensor.zeros(target.shape());
        if (target.size() == 1) {
            weights.data()[0] = label == 1 ? 1 : -1; // the only output is for the second of two labels
            return weights;
        }
        if (shares) { // log-odds are the logit minus the log-sum-exp of the others, whose gradient is their softmax
            float[] logits = target.toArray();
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < logits.length; i++) {
                largest = i == label ? largest : Math.max(largest, logits[i]);
            }
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                sum += i == label ? 0 : StrictMath.exp(logits[i] - largest);
            }
            for (int i = 0; i < logits.length; i++) {
                weights.data()[i] = (float) (-StrictMath.exp(logits[i] - largest) / sum);
            }
        }
        weights.data()[label] = 1;
        return weights;
    }

    private void requireImage(Tensor image) {
        if (!image.shape().equals(model.inputShape().prepend(1))) {
            throw new IllegalArgumentException("Expected one image of shape " + model.inputShape().prepend(1) + ". Received: "
                    + image.shape());
        }
    }
}
