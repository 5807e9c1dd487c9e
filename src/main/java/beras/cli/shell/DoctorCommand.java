package beras.cli.shell;

import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Text;
import beras.compute.Compute;
import beras.saving.Version;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code doctor}: whether BERAS is fast here, and what to do if not. */
@Command(name = "doctor",
        description = {"Shows what BERAS runs on and, if something makes it slow, what to do.",
            "Exit code 0: all is well; 1: it is not."},
        footer = {"", "Example:", "  java --add-modules jdk.incubator.vector -jar beras.jar doctor"})
public final class DoctorCommand implements Callable<Integer> {

    private static final String SIMD = "beras.simd";
    private static final long ENOUGH_HEAP = 512L << 20;
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    private final Console console;

    public DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        String backend = console.backend();
        boolean fastFma = Compute.isFmaInHardware();
        int processors = Runtime.getRuntime().availableProcessors();
        long heap = Runtime.getRuntime().maxMemory();
        PrintStream out = console.out();
        out.println("BERAS       " + Version.get());
        out.println("Java        " + Runtime.version() + " (" + System.getProperty("java.vendor") + "), "
                + System.getProperty("java.vm.name") + ", " + System.getProperty("java.vm.info"));
        out.println("System      " + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        out.println("Vectors     module jdk.incubator.vector is "
                + (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? "loaded" : "not loaded"));
        out.println("Kernels     " + backend);
        out.println("FMA         " + (fastFma ? "in hardware" : "in software"));
        out.println("Processors  " + processors);
        out.println("Threads     " + Compute.threads());
        out.println("Heap        up to " + (heap >> 20) + " MB");
        List<String> problems = problems(fastFma, processors, heap);
        out.println(problems.isEmpty() ? "All is well." : Text.count(problems.size(), "problem") + ":");
        problems.forEach(problem -> out.println("- " + problem));
        return problems.isEmpty() ? Exit.DONE : Exit.FAILED;
    }

    private static List<String> problems(boolean fastFma, int processors, long heap) {
        List<String> problems = new ArrayList<>();
        if (!System.getProperty(SIMD, "auto").equals("auto")) {
            problems.add("The width of vectors is not chosen for this processor. Leave out -D" + SIMD + "="
                    + System.getProperty(SIMD) + ".");
        } else if (!Compute.isVector()) {
            problems.add("No vectors are used, which is several times slower; Kernels says why. Run: " + Text.command("train"));
        }
        if (!fastFma) {
            problems.add("Fused multiply-add runs in software, which is very slow. Use a processor that has it (x86"
                    + " since 2013, every 64-bit ARM), or let the virtual machine pass it on,"
                    + " and do not start Java with -XX:-UseFMA.");
        }
        if (Compute.threads() < processors) {
            problems.add("Fewer threads than processors are used. Leave out -Dberas.threads=" + Compute.threads() + ".");
        }
        if (heap < ENOUGH_HEAP) {
            problems.add("The heap is small. Give Java at least -Xmx" + (ENOUGH_HEAP >> 20) + "m.");
        }
        return problems;
    }
}
