package beras.kernels;

import org.junit.jupiter.api.BeforeAll;

/** A test of the kernels that this build means to use. */
public interface KernelsOfThisBuild {

    @BeforeAll
    static void awaitKernels() throws InterruptedException {
        Backend.awaitFast();
    }
}
