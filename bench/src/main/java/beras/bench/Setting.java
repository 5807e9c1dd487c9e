package beras.bench;

import java.util.List;

/** How BERAS is started: the system properties {@code beras.simd} and {@code beras.threads}. */
record Setting(String simd, int threads) {

    static final String SCALAR = "off";
    static final String VECTOR = "auto";

    /** In words. */
    static String threads(int n) {
        return n == 1 ? "1 thread" : n + " threads";
    }

    List<String> jvmArgs() {
        return List.of("--add-modules", "jdk.incubator.vector", "-Dberas.simd=" + simd, "-Dberas.threads=" + threads);
    }
}
