package beras.training;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** {@code sum of factor_i * input_i}, of single numbers: a loss made of several. */
final class WeightedSum extends Diffable {

    private final float[] factors;

    WeightedSum(float[] factors) {
        this.factors = factors;
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor out = call.allocate(Shape.of());
        float sum = 0f;
        for (int i = 0; i < factors.length; i++) {
            sum = Math.fma(factors[i], call.input(i).item(), sum);
        }
        out.data()[out.offset()] = sum;
        return out;
    }

    @Override
    protected List<Tensor> inputGradients(Call call) {
        return composeInputGradients(call, Tensor.scalar(1f));
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        List<Tensor> gradients = new ArrayList<>();
        for (float factor : factors) {
            Tensor gradient = call.allocate(Shape.of());
            gradient.data()[gradient.offset()] = factor * upstream.item();
            gradients.add(gradient);
        }
        return gradients;
    }

    @Override
    protected boolean worksByElement() {
        return true;
    }
}
