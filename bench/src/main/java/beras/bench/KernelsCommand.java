package beras.bench;

import beras.bench.kernels.AdamStep;
import beras.bench.kernels.Checked;
import beras.bench.kernels.ColumnSums;
import beras.bench.kernels.ConvolutionForward;
import beras.bench.kernels.ConvolutionInputGradient;
import beras.bench.kernels.ConvolutionKernelGradient;
import beras.bench.kernels.DenseBackward;
import beras.bench.kernels.DenseForward;
import beras.bench.kernels.Exp;
import beras.bench.kernels.ExpByMathExp;
import beras.bench.kernels.FmaPeak;
import beras.bench.kernels.Gemm;
import beras.bench.kernels.MemoryRead;
import beras.bench.kernels.Softmax;
import beras.bench.kernels.SoftmaxByMathExp;
import beras.bench.kernels.SoftmaxCrossEntropy;
import beras.bench.kernels.UnitFloats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kernels}: BERAS against itself, scalar and vector, and against the machine. */
@Command(name = "kernels", sortOptions = false,
        description = {"Measures BERAS's kernels, scalar and in vector lanes, with the machine's fma peak and memory.",
            "Writes results/kernels-jdkN-MACHINE.csv."})
final class KernelsCommand implements Callable<Integer> {

    /** In the order of the rows. */
    private static final List<Class<? extends Checked>> KERNELS = List.of(Gemm.class, DenseForward.class, DenseBackward.class,
            ConvolutionForward.class, ConvolutionInputGradient.class, ConvolutionKernelGradient.class, Exp.class, Softmax.class,
            SoftmaxCrossEntropy.class, ColumnSums.class, AdamStep.class, UnitFloats.class);
    private static final Map<Class<? extends Checked>, Class<? extends Checked>> BASELINES =
            Map.of(Exp.class, ExpByMathExp.class, Softmax.class, SoftmaxByMathExp.class);

    /** A call of the scalar kernel takes seconds here, and the size before it shows the same. */
    private static final String TOO_LONG_FOR_SCALAR = "2048x2048x2048";

    @Mixin
    private RunOptions options;

    @Option(names = "--simd", split = ",", paramLabel = "KIND", defaultValue = "off,auto",
            description = {"Values of beras.simd to measure: off, auto, 128, 256, 512. Default: ${DEFAULT-VALUE}.",
                "All but auto are measured on one thread only."})
    private List<String> simd;

    @Override
    public Integer call() throws Exception {
        Map<String, String> backends = new LinkedHashMap<>();
        for (String kind : simd) {
            backends.put(kind, Probe.ask(new Setting(kind, 1)).backend());
        }
        int bits = Probe.ask(new Setting(Setting.VECTOR, 1)).vectorBits();
        new Run(options, Machine.name(bits), System.out).write("kernels", contenders(backends, bits));
        return 0;
    }

    private List<Contender> contenders(Map<String, String> backends, int bits) {
        List<Contender> contenders = new ArrayList<>(limits(options.threads(), bits));
        for (Class<? extends Checked> kernel : KERNELS) {
            for (String shape : Contender.shapes(kernel)) {
                if (BASELINES.containsKey(kernel)) {
                    contenders.add(Contender.of(BASELINES.get(kernel), shape, "plain loop with Math.exp",
                            new Setting(Setting.VECTOR, 1)));
                }
                backends.forEach((kind, backend) -> {
                    if (kind.equals(Setting.SCALAR) && shape.equals(TOO_LONG_FOR_SCALAR)) {
                        return;
                    }
                    for (int threads : kind.equals(Setting.VECTOR) ? options.threads() : List.of(1)) {
                        contenders.add(Contender.of(kernel, shape, backend, new Setting(kind, threads)));
                    }
                });
            }
        }
        return contenders;
    }

    /** The limits of the machine, on each number of threads. */
    static List<Contender> limits(List<Integer> threads, int bits) {
        List<Contender> limits = new ArrayList<>();
        for (Class<? extends Checked> limit : List.of(FmaPeak.class, MemoryRead.class)) {
            for (String shape : Contender.shapes(limit)) {
                for (int n : threads) {
                    limits.add(new Contender(limit, shape, "Vector API, " + bits + " bits", new Setting(Setting.VECTOR, n), n));
                }
            }
        }
        return limits;
    }
}
