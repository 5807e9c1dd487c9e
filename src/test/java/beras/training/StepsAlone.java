package beras.training;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.util.List;

/** A net that tests take steps with: it neither predicts nor is evaluated. */
abstract class StepsAlone implements Trainable {

    @Override
    public Tensor predict(Tensor... x) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Tensor> predict(List<Tensor> x) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Evaluation evaluate(Examples examples, Collect... wanted) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Evaluation evaluate(Batches batches, Collect... wanted) {
        throw new UnsupportedOperationException();
    }
}
