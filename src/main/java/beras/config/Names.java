package beras.config;

import java.util.Collection;
import java.util.Locale;

/** Suggests the name that was probably meant by an unknown one, for errors. */
public final class Names {

    /** The share of the letters that may be others in a name that is near. */
    private static final double CHANGED = 0.4;
    /** Fewer letters are too few for a part of a name. */
    private static final int MIN_PART = 3;
    private static final int FAR = Integer.MAX_VALUE;

    /**
     * The error about an unknown name.
     *
     * @param article of the kind, such as {@code a loss}
     * @param near    names to choose from, as texts have them
     * @param known   the existing names
     */
    public static IllegalArgumentException unknown(String article, String name, Collection<String> near,
            Collection<String> known) {
        String question = didYouMean(name, near);
        return new IllegalArgumentException("There is no such name for " + article + ". Received: " + name
                + (question.isEmpty() ? "." : question) + " Known: " + String.join(", ", known));
    }

    /**
     * The question that an error ends with, such as {@code ". Did you mean learningRate?"}; empty if no name is near. Near are
     * names with few other letters ({@code adma} for {@code adam}), and those that contain each other ({@code eps} for
     * {@code epsilon}), ignoring case.
     *
     * @param known the names there are; of equally near ones the first is meant
     */
    public static String didYouMean(String name, Collection<String> known) {
        String nearest = null;
        int minDistance = FAR;
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < minDistance) {
                minDistance = distance;
                nearest = candidate;
            }
        }
        return nearest == null ? "" : ". Did you mean " + nearest + "?";
    }

    /** The distance of a name from a candidate; {@link #FAR} if it is not near. */
    private static int distance(String name, String candidate) {
        String given = plain(name);
        String meant = plain(candidate);
        if (given.isEmpty() || meant.isEmpty()) {
            return FAR;
        }
        int maxChanges = Math.max(1, (int) (CHANGED * Math.min(given.length(), meant.length())));
        int changes = Math.abs(given.length() - meant.length()) > maxChanges ? FAR : changes(given, meant);
        if (changes <= maxChanges && changes < given.length()) {
            return changes;
        }
        boolean part = Math.min(given.length(), meant.length()) >= MIN_PART && (meant.contains(given) || given.contains(meant));
        return part ? Math.max(given.length(), meant.length()) : FAR;
    }

    /** A name without case and word separators, equal for all spellings of a name. */
    public static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "").replace(" ", "");
    }

    /** A name in snake case as people write it: {@code kl_divergence}, {@code top_k}, but {@code relu}. */
    public static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z]{1,2}[a-z])|(?<=[A-Z])(?=[A-Z][a-z])", "_").toLowerCase(Locale.ROOT);
    }

    /** The letters that must be put in, left out, replaced, or exchanged with their neighbour: optimal string alignment. */
    private static int changes(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                distance[i][j] = Math.min(distance[i - 1][j - 1] + replaced, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
                }
            }
        }
        return distance[a.length()][b.length()];
    }

    /**
     * The name of a function, if it can be one.
     *
     * @param article of the kind that the function is, such as {@code a loss}
     * @throws IllegalArgumentException if it is not a letter, then letters, digits and {@code _}
     */
    public static String requireFunctionName(String article, String name) {
        boolean fits = !name.isEmpty() && Character.isLetter(name.charAt(0));
        for (int i = 0; i < name.length(); i++) {
            fits &= Character.isLetterOrDigit(name.charAt(i)) || name.charAt(i) == '_';
        }
        if (!fits) {
            throw new IllegalArgumentException("The name of " + article + " from a function must be a letter, then letters, digits and"
                    + " _. Received: \"" + name + "\"");
        }
        return name;
    }

    private Names() {}
}
