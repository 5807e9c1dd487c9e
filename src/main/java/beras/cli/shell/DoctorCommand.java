package beras.cli.shell;

import beras.bits.ReferenceBits;
import beras.bits.ReferenceBits.Comparison;
import beras.cli.options.BaseCommand;
import beras.cli.options.OptionRules;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Text;
import beras.compute.Compute;
import beras.saving.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code doctor}: whether BERAS is fast here, and what to do if not. */
@Command(name = "doctor", header = "Shows what BERAS runs on and what makes it slow.",
        description = {"Shows what BERAS runs on and, if something makes it slow, what to do; with --bits, whether it computes"
                + " the same bits as everywhere.",
            "Exit code 0: all is well; 1: it is not."},
        footer = {"", "Examples:", "  beras doctor",
            "  beras doctor --bits"})
public final class DoctorCommand extends BaseCommand {

    private static final long ENOUGH_HEAP = 512L << 20;
    private static final String UNNAMED = "a processor without a name";

    @Option(names = "--bits", description = "Makes some small training runs and predictions, with every layer, optimizer and loss,"
            + " and compares their bits with those that are published; a few seconds. The last line is for reports of problems.")
    private boolean bits;

    @OptionRules.Needs("--bits")
    @Option(names = "--csv", description = "With --bits: prints the hashes that they have here, as the table results/bits.csv.")
    private boolean csv;

    @Override
    public Integer call() throws Exception {
        String backend = console.backend();
        return bits ? compareBits() : describe(backend);
    }

    /** Compares the references with the table that is published. */
    private int compareBits() throws IOException, InterruptedException {
        PrintStream out = console.out();
        if (csv) {
            out.println(ReferenceBits.HEADER);
        }
        List<String> others = new ArrayList<>();
        List<String> names = ReferenceBits.names();
        int compared = 0;
        for (String name : names) {
            Comparison comparison;
            try {
                comparison = ReferenceBits.compare(name);
            } catch (LinkageError e) { // of a Java that cannot read pictures
                console.err().println(name + ": not compared, as this Java has not all of its modules: " + e);
                continue;
            }
            compared++;
            if (csv) {
                ReferenceBits.lines(comparison).forEach(out::println);
            } else {
                out.println(comparison);
            }
            if (!comparison.isSame()) {
                others.add(name);
            }
        }
        String verdict = "Bits of BERAS " + Version.get() + " on " + processor() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", " + java() + ", "
                + Compute.describe() + ", " + Text.count(Compute.threads(), "thread") + ": "
                + (others.isEmpty() ? compared + " of " + names.size() + " references are the same" : "other bits in "
                        + String.join(", ", others));
        (csv ? console.err() : out).println(verdict);
        return others.isEmpty() ? Exit.DONE : Exit.FAILED;
    }

    /** What the system calls its processor, if it does. */
    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse(UNNAMED);
        } catch (IOException e) { // not on Linux
            return Objects.requireNonNullElse(System.getenv("PROCESSOR_IDENTIFIER"), UNNAMED);
        }
    }

    /** The Java that runs this. */
    public static String java() {
        return "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
    }

    private int describe(String backend) {
        boolean fastFma = Compute.isFmaInHardware();
        int processors = Runtime.getRuntime().availableProcessors();
        long heap = Runtime.getRuntime().maxMemory();
        PrintStream out = console.out();
        out.println("BERAS       " + Version.get());
        out.println(java().replaceFirst(" ", "        ") + ", "
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
        if (!System.getProperty(Compute.SIMD, "auto").equals("auto")) {
            problems.add("The width of vectors is not chosen for this processor. Leave out -D" + Compute.SIMD + "="
                    + System.getProperty(Compute.SIMD) + ".");
        } else if (!Compute.isVector()) {
            problems.add("No vectors are used, which is several times slower; Kernels has the reason. Run: " + Text.command("train"));
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
