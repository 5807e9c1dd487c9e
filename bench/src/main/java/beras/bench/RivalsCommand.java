package beras.bench;

import beras.bench.kernels.Gemm;
import beras.bench.rivals.RivalGemm;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rivals}: the matrix product of BERAS and of other libraries, in turn. */
@Command(name = "rivals", sortOptions = false,
        description = {"Measures matrix products of BERAS and of other libraries, in turn.",
            "Needs the other jar: " + RivalsCommand.BUILD,
            "Writes results/rivals-jdkN-MACHINE.csv."})
final class RivalsCommand implements Callable<Integer> {

    static final String BUILD =
            "mvn -q -DskipTests -f bench -Privals package && java -jar bench/target/rivals/benchmarks.jar rivals";
    /** Before the backend in a row of BERAS, to distinguish it from the libraries. */
    private static final String BERAS = "BERAS, ";

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        List<RivalGemm> rivals = ServiceLoader.load(RivalGemm.class).stream().map(ServiceLoader.Provider::get).toList();
        if (rivals.isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "This jar holds no other library. Build and run one that does: " + BUILD);
        }
        Probe.Answer here = Probe.ask(new Setting(Setting.VECTOR, 1));
        new Run(options, Machine.name(here.vectorBits()), System.out).write("rivals", contenders(rivals, here));
        return 0;
    }

    private List<Contender> contenders(List<RivalGemm> rivals, Probe.Answer here) {
        List<Contender> contenders = new ArrayList<>(KernelsCommand.limits(options.threads(), here.vectorBits()));
        for (String shape : Contender.shapes(Gemm.class)) {
            for (int threads : options.threads()) {
                Setting setting = new Setting(Setting.VECTOR, threads);
                contenders.add(Contender.of(Gemm.class, shape, BERAS + here.backend(), setting));
                for (RivalGemm rival : rivals) {
                    if (threads == 1 || rival.usesThreads()) {
                        contenders.add(Contender.of(rival.getClass(), shape, rival.library(), setting));
                    }
                }
            }
        }
        return contenders;
    }
}
