package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.UnaryOp;
import org.openjdk.jmh.annotations.Benchmark;

/** A convolution layer's forward pass with bias and ReLU, of which only the product is counted. */
public class ConvolutionForward extends ConvolutionBenchmark {

    @Override
    protected void call() {
        Backend.convolutions().forward(window, 1, UnaryOp.RELU, 0f, input, kernel, bias, output);
    }

    @Override
    protected void check() {
        checkOutput();
    }

    @Benchmark
    public void convolutionForward(Flops done) {
        call();
        done.flops += flops();
    }
}
