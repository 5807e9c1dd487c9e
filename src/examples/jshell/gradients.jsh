// Gradients step by step, for students: in the top folder, after mvn package,
//   jshell -R--add-modules=jdk.incubator.vector --class-path beras.jar src/examples/jshell/gradients.jsh
import beras.autograd.GradientTape;
import beras.layers.Dense;
import beras.layers.activations.ReLU;
import beras.losses.MeanSquaredError;
import beras.tensor.Tensor;

Tensor x = Tensor.of(new float[][] {{1, 2}, {3, -1}});
Tensor truth = Tensor.of(new float[][] {{1}, {0}});
Dense dense = new Dense(2, 1);
dense.w().assign(Tensor.of(new float[][] {{0.5f}, {-0.25f}}));
dense.b().assign(Tensor.of(new float[][] {{0.1f}}));

// Forward, under a tape: it records what is computed.
GradientTape tape = new GradientTape();
Tensor z, y, loss;
try (GradientTape open = tape) { // it records until the end of the block
    z = dense.call(x);
    y = new ReLU().call(z);
    loss = new MeanSquaredError().call(y, truth);
}
System.out.println("z    " + z);
System.out.println("y    " + y);
System.out.println("loss " + loss.item());

// Backward: the chain rule, from the loss to the weights.
List<Tensor> gradients = tape.gradient(loss, dense.trainableVariables());
System.out.println("dw   " + gradients.get(0));
System.out.println("db   " + gradients.get(1));

// By hand: dloss/dy = 2 (y - truth) / n, times the derivative of ReLU, times x.
Tensor upstream = y.subtract(truth).multiply(2.0 / 2).multiply(z.greater(0));
System.out.println("hand " + x.transpose().matmul(upstream));
System.out.println("same " + x.transpose().matmul(upstream).equals(gradients.get(0)));
/exit
