package beras.training;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** {@code sum of factor_i * input_i}, of single numbers: a loss made of several. Inputs beyond the factors count once. */
final class WeightedSum extends Diffable {

    private final float[] factors;

    WeightedSum(float[] factors) {
        this.factors = factors;
    }

    /** How many inputs have a factor. */
    int factors() {
        return factors.length;
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor out = call.allocate(Shape.of());
        float sum = 0f;
        for (int i = 0; i < call.inputs().size(); i++) {
            sum = Math.fma(factor(i), call.input(i).item(), sum);
        }
        out.data()[out.offset()] = sum;
        return out;
    }

    @Override
    protected Tensor define(Call call) {
        Tensor sum = call.input(0).multiply(factor(0));
        for (int i = 1; i < call.inputs().size(); i++) {
            sum = sum.add(call.input(i).multiply(factor(i)));
        }
        return sum;
    }

    private float factor(int i) {
        return i < factors.length ? factors[i] : 1f;
    }

    @Override
    protected List<Tensor> inputGradients(Call call) {
        return composeInputGradients(call, Tensor.scalar(1f));
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            Tensor gradient = call.allocate(Shape.of());
            gradient.data()[gradient.offset()] = factor(i) * upstream.item();
            gradients.add(gradient);
        }
        return gradients;
    }

    @Override
    protected boolean worksByElement() {
        return true;
    }
}
