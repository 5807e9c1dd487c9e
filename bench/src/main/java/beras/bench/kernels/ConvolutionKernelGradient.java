package beras.bench.kernels;

import beras.kernels.Backend;
import org.openjdk.jmh.annotations.Benchmark;

/** The gradient of a convolution layer's kernel. */
public class ConvolutionKernelGradient extends ConvolutionBenchmark {

    @Override
    protected void call() {
        Backend.convolutions().kernelGradient(window, 1, input, upstream, ofKernel);
    }

    @Override
    protected void check() {
        checkOfKernel();
    }

    @Benchmark
    public void convolutionKernelGradient(Flops done) {
        call();
        done.flops += flops();
    }
}
