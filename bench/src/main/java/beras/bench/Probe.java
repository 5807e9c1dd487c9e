package beras.bench;

import beras.kernels.Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;

/** Gets the implementation of a JVM that is started as those of the benchmarks are. This one may lack the vector module. */
final class Probe {

    /** The answer of a JVM: {@code Backend.describe()}, and the bits of the widest vector it uses. */
    record Answer(String backend, int vectorBits) {}

    /** @throws IOException if the JVM does not start or fails */
    static Answer ask(Setting setting) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(setting.jvmArgs());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader reader = process.inputReader()) {
            String backend = reader.readLine();
            String bits = reader.readLine();
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0 || bits == null) {
                throw new IOException("A JVM with these options fails: " + String.join(" ", command));
            }
            return new Answer(backend, Integer.parseInt(bits));
        }
    }

    public static void main(String[] args) {
        System.out.println(Backend.describe());
        System.out.println(FloatVector.SPECIES_PREFERRED.vectorBitSize());
    }

    private Probe() {}
}
