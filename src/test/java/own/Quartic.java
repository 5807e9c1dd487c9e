package own;

import beras.autograd.Call;
import beras.losses.Loss;
import beras.tensor.Tensor;

/** The fourth power of the error, mean over the last axis. */
public final class Quartic extends Loss {

    @Override
    protected void perExample(Call call, Tensor out) {
        Tensor error = call.input(0).subtract(call.input(1));
        Tensor square = error.multiply(error);
        int cols = error.dim(-1);
        float[] powers = square.multiply(square).toArray();
        for (int i = 0; i < out.size(); i++) {
            float sum = 0;
            for (int j = 0; j < cols; j++) {
                sum += powers[i * cols + j];
            }
            out.data()[out.offset() + i] = sum / cols;
        }
    }

    @Override
    protected void gradient(Call call, float scale, Tensor out) {
        Tensor error = call.input(0).subtract(call.input(1));
        float[] cubes = error.multiply(error).multiply(error).toArray();
        for (int i = 0; i < cubes.length; i++) {
            out.data()[out.offset() + i] = 4 * scale * cubes[i] / error.dim(-1);
        }
    }
}
