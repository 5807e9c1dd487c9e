package beras.bench.kernels;

import beras.kernels.Backend;
import org.openjdk.jmh.annotations.Benchmark;

/** The gradient of a convolution layer's images. */
public class ConvolutionInputGradient extends ConvolutionBenchmark {

    @Override
    protected void call() {
        Backend.convolutions().inputGradient(window, 1, upstream, kernel, ofInput);
    }

    @Override
    protected void check() {
        checkOfInput();
    }

    @Benchmark
    public void convolutionInputGradient(Flops done) {
        call();
        done.flops += flops();
    }
}
