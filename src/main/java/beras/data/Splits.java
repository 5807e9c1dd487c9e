package beras.data;

import beras.data.table.TableOptions;
import beras.data.table.TableReader;
import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * Which examples are for training, which for validation, which for the test. The same seed gives the same split, and all
 * indices of a part ascend.
 *
 * <p>A <em>stratified</em> split has each label in each part in proportion: the number of examples of a label in a part is
 * less than one off its share.
 */
public final class Splits {

    private static final int TRAIN = 0;
    private static final int VALIDATION = 1;
    private static final int TEST = 2;

    /** The indices of each part; together they are all, and none is in two. */
    public record Split(int[] train, int[] validation, int[] test) {}

    /**
     * Splits examples at random.
     *
     * @param count           how many there are
     * @param validationShare the share of them for validation, at least 0
     * @param testShare       the share of them for the test, at least 0; the rest is for training
     * @throws IllegalArgumentException if the shares leave nothing to train on, or a part with a share would be empty
     */
    public static Split random(int count, double validationShare, double testShare, long seed) {
        return stratified(new int[requireCount(count)], validationShare, testShare, seed);
    }

    /**
     * Splits examples at random, each label in proportion.
     *
     * @param labels one for each example
     * @throws IllegalArgumentException as {@link #random}
     */
    public static Split stratified(int[] labels, double validationShare, double testShare, long seed) {
        double[] shares = requireShares(validationShare, testShare);
        return requireExamples(parts(labels, shares, seed), shares, "");
    }

    private static double[] requireShares(double validationShare, double testShare) {
        if (!(validationShare >= 0 && testShare >= 0 && validationShare + testShare < 1)) {
            throw new IllegalArgumentException("The shares of validation and test must be at least 0, and together below 1."
                    + " Received: " + validationShare + " and " + testShare);
        }
        return new double[] {1 - validationShare - testShare, validationShare, testShare};
    }

    private static Split requireExamples(int[] parts, double[] shares, String groups) {
        if (!hasExamples(parts, shares)) {
            throw new IllegalArgumentException("Each part with a share must get an example. Received: " + parts.length
                    + " examples" + groups + " and shares " + Arrays.toString(shares));
        }
        return new Split(indices(parts, TRAIN), indices(parts, VALIDATION), indices(parts, TEST));
    }

    /** Whether there is an example to train on and one for each other part with a share. */
    private static boolean hasExamples(int[] parts, double[] shares) {
        for (int part = 0; part < shares.length; part++) {
            int wanted = part;
            if ((part == TRAIN || shares[part] > 0) && Arrays.stream(parts).noneMatch(each -> each == wanted)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Splits examples at random, each group whole, and each label in proportion as far as its groups allow. The larger groups of
     * a label are placed first, each in the part that is short of most examples of the label. If that leaves a part with a share
     * without examples, the largest groups of each label go to training, test and validation in turn before that.
     *
     * @param labels one for each example
     * @param groups one for each example; the examples of a group have one label
     * @throws IllegalArgumentException as {@link #random}
     */
    public static Split grouped(int[] labels, int[] groups, double validationShare, double testShare, long seed) {
        double[] shares = requireShares(validationShare, testShare);
        Map<Integer, List<Integer>> members = new LinkedHashMap<>(); // of each group, in random order
        for (int example : new Rng(seed, "split", 0).permutation(labels.length)) {
            members.computeIfAbsent(groups[example], any -> new ArrayList<>()).add(example);
        }
        List<List<Integer>> largestFirst = new ArrayList<>(members.values());
        largestFirst.sort(Comparator.comparing(group -> -group.size()));
        int[] parts = wholeGroups(largestFirst, labels, shares, false);
        return requireExamples(hasExamples(parts, shares) ? parts : wholeGroups(largestFirst, labels, shares, true), shares,
                " in " + members.size() + " groups, which stay whole,");
    }

    /**
     * The part of each example, the same for all examples of a group.
     *
     * @param spread whether a group goes first to a part that has none of its label
     */
    private static int[] wholeGroups(List<List<Integer>> largestFirst, int[] labels, double[] shares, boolean spread) {
        Map<Integer, double[]> missingByLabel = new HashMap<>(); // of each label, how many examples each part is short of
        for (int label : labels) {
            double[] missing = missingByLabel.computeIfAbsent(label, any -> new double[shares.length]);
            for (int part = 0; part < shares.length; part++) {
                missing[part] += shares[part];
            }
        }
        Map<Integer, Integer> placed = new HashMap<>(); // of each label, how many groups
        int[] first = IntStream.of(TRAIN, TEST, VALIDATION).filter(part -> part == TRAIN || shares[part] > 0).toArray();
        int[] parts = new int[labels.length];
        for (List<Integer> group : largestFirst) {
            int label = labels[group.get(0)];
            double[] missing = missingByLabel.get(label);
            int before = placed.merge(label, 1, Integer::sum) - 1;
            int chosen = spread && before < first.length ? first[before] : mostMissing(missing);
            missing[chosen] -= group.size();
            for (int example : group) {
                parts[example] = chosen;
            }
        }
        return parts;
    }

    private static int mostMissing(double[] missing) {
        int mostMissing = TRAIN;
        for (int part = 0; part < missing.length; part++) {
            mostMissing = missing[part] > missing[mostMissing] ? part : mostMissing;
        }
        return mostMissing;
    }

    /** The indices of a share of the examples, each label in proportion; none if the share is less than half an example. */
    public static int[] share(int[] labels, double share, long seed) {
        return indices(parts(labels, new double[] {1 - share, share}, seed), VALIDATION);
    }

    /** The part of each example, of as many as there are shares. */
    private static int[] parts(int[] labels, double[] shares, long seed) {
        int[] parts = new int[labels.length];
        double[] missing = new double[shares.length];
        byLabel(labels, seed).forEach(members -> {
            int next = 0;
            int[] sizes = sizes(members.length, shares, missing);
            for (int part = 0; part < sizes.length; part++) {
                for (int i = 0; i < sizes[part]; i++) {
                    parts[members[next++]] = part;
                }
            }
        });
        return parts;
    }

    /**
     * The number of {@code count} examples for each part: its share rounded down, or up for the parts that miss most so far. So
     * labels of few examples each still come out right together.
     *
     * @param missing how many examples each part is short of its share, over all labels before; changed
     */
    private static int[] sizes(int count, double[] shares, double[] missing) {
        int[] sizes = new int[shares.length];
        double[] fractions = new double[shares.length];
        int left = count;
        for (int part = 0; part < shares.length; part++) {
            sizes[part] = (int) (count * shares[part]);
            fractions[part] = count * shares[part] - sizes[part];
            missing[part] += fractions[part];
            left -= sizes[part];
        }
        for (; left > 0; left--) {
            int mostMissing = -1;
            for (int part = 0; part < shares.length; part++) {
                if (fractions[part] > 0 && (mostMissing < 0 || missing[part] > missing[mostMissing])) {
                    mostMissing = part;
                }
            }
            sizes[mostMissing]++;
            missing[mostMissing]--;
            fractions[mostMissing] = 0;
        }
        return sizes;
    }

    /** The fold of each example, from 0: the examples of each label are dealt out in turn. */
    public static int[] deal(int[] labels, int folds, long seed) {
        int[] fold = new int[labels.length];
        int dealt = 0;
        for (int[] members : byLabel(labels, seed)) {
            for (int member : members) {
                fold[member] = dealt++ % folds;
            }
        }
        return fold;
    }

    private static int requireCount(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("The number of examples must be at least 0. Received: " + count);
        }
        return count;
    }

    /** The examples of each label, in random order. */
    private static List<int[]> byLabel(int[] labels, long seed) {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        for (int label : labels) {
            counts.merge(label, 1, Integer::sum);
        }
        TreeMap<Integer, int[]> members = new TreeMap<>();
        counts.forEach((label, count) -> members.put(label, new int[count]));
        int[] order = new Rng(seed, "split", 0).permutation(labels.length);
        for (int example : order) {
            int left = counts.merge(labels[example], -1, Integer::sum);
            members.get(labels[example])[left] = example;
        }
        return List.copyOf(members.values());
    }

    private static int[] indices(int[] parts, int part) {
        int[] indices = new int[(int) Arrays.stream(parts).filter(p -> p == part).count()];
        int next = 0;
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] == part) {
                indices[next++] = i;
            }
        }
        return indices;
    }

    /**
     * The rows for validation of a file of any length, for {@link TableReader} and {@link TableOptions#rows}: each row is one
     * of them with probability {@code share}, by its number and the seed alone. All other rows are for training:
     * {@code validationRows(share, seed).negate()}.
     *
     * @throws IllegalArgumentException if the share is not from 0 to 1
     */
    public static LongPredicate validationRows(double share, long seed) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("The share of validation must be from 0 to 1. Received: " + share);
        }
        Rng rng = new Rng(seed, "validation", 0);
        return row -> rng.uniform(row) < share;
    }

    /** The rows of a part, for {@link TableReader} and {@link TableOptions#rows}. */
    public static LongPredicate rows(int[] indices) {
        BitSet rows = new BitSet();
        for (int index : indices) {
            rows.set(index);
        }
        return row -> row <= Integer.MAX_VALUE && rows.get((int) row);
    }

    private Splits() {}
}
