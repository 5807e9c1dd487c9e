package beras.fuzz;

import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How tests that draw their cases are run: {@code -Dberas.random.seed} is a number, or {@code fresh};
 * {@code -Dberas.random.count} how many cases of each test; {@code -Dberas.random.case} the number of the only one, or of the
 * first and last, such as {@code 200-299}.
 */
final class RandomCases {

    static final long SEED = seed();
    private static final String ONLY = System.getProperty("beras.random.case");
    private static final int MOST_FAILURES = 10;
    private static final int PROGRESS = 100;

    /** Tries one case, and returns what is wrong with it; empty: nothing. */
    @FunctionalInterface
    interface Case {
        String failure(long number) throws Exception;
    }

    /** Tries so many cases, unless the properties say otherwise; the failures, each with the command that repeats it. */
    static List<String> failures(Class<?> test, int count, Case trial) {
        int many = Integer.getInteger("beras.random.count", count);
        System.out.println(test.getSimpleName() + ": " + (ONLY == null ? many + " cases" : "case " + ONLY)
                + " of -Dberas.random.seed=" + SEED);
        List<String> failures = new ArrayList<>();
        numbers(many).takeWhile(number -> failures.size() < MOST_FAILURES).forEach(number -> {
            String failure;
            try {
                failure = trial.failure(number);
            } catch (Exception | Error e) {
                failure = e + " at " + List.of(e.getStackTrace()).subList(0, Math.min(6, e.getStackTrace().length));
            }
            if (number % PROGRESS == PROGRESS - 1) {
                System.out.println(test.getSimpleName() + ": case " + number + ", " + failures.size() + " failures so far");
            }
            if (!failure.isEmpty()) {
                failure += "\nTo repeat it: mvn -Pfuzz test -Dtest=" + test.getSimpleName() + " -Dberas.random.seed=" + SEED
                        + " -Dberas.random.case=" + number + "\n";
                System.out.println(failure); // at once, for many cases take hours
                failures.add(failure);
            }
        });
        return failures;
    }

    private static LongStream numbers(int many) {
        if (ONLY == null) {
            return LongStream.range(0, many);
        }
        String[] ends = ONLY.split("-");
        return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
    }

    private static long seed() {
        String seed = System.getProperty("beras.random.seed", "1");
        return seed.equals("fresh") ? Rng.freshSeed() : Long.parseLong(seed);
    }

    private RandomCases() {}
}
