package beras.digits;

import java.util.Comparator;
import java.util.List;

/** By how much the lines of a page are turned. */
final class Skew {

    private static final double MAX_DEGREES = 6;
    private static final double STEP = 0.25;
    private static final double FINE_STEP = 0.05;
    /** So many marks tell it, those whose height is most typical. */
    private static final int MARKS = 400;
    /** How much the middles of digits in a line differ in height, in parts of the typical height. */
    private static final double SPREAD = 0.15;
    /** Lines are level unless a turn brings so much more of them together. */
    private static final double GAIN = 1.02;

    /** The slope at which most marks stand at the height of others: how far a line falls for each pixel to the right. */
    static double slope(List<Mark> marks, double typical) {
        List<Mark> chosen = marks.stream()
                .sorted(Comparator.comparingDouble(mark -> Math.abs(StrictMath.log(mark.box().height() / typical)))).limit(MARKS).toList();
        double spread = SPREAD * typical;
        double coarse = best(chosen, spread, 0, MAX_DEGREES, STEP);
        double fine = best(chosen, spread, coarse, STEP, FINE_STEP);
        return together(chosen, spread, fine) > GAIN * together(chosen, spread, 0) ? StrictMath.tan(Math.toRadians(fine)) : 0;
    }

    private static double best(List<Mark> marks, double spread, double middle, double most, double step) {
        double best = middle;
        double score = together(marks, spread, middle);
        for (int i = (int) Math.round(-most / step); i <= Math.round(most / step); i++) {
            double now = together(marks, spread, middle + i * step);
            if (now > score) {
                score = now;
                best = middle + i * step;
            }
        }
        return best;
    }

    /** How many pairs stand at one height, those that nearly do counting in part. */
    private static double together(List<Mark> marks, double spread, double degrees) {
        double slope = StrictMath.tan(Math.toRadians(degrees));
        double[] y = marks.stream().mapToDouble(mark -> mark.box().middleY() - slope * mark.box().middleX()).sorted().toArray();
        double sum = y.length; // each with itself
        for (int i = 0; i < y.length; i++) {
            for (int j = i + 1; j < y.length && y[j] - y[i] < 2 * spread; j++) {
                double apart = (y[j] - y[i]) / (2 * spread);
                sum += 2 * (1 - apart * apart) * (1 - apart * apart);
            }
        }
        return sum;
    }

    private Skew() {}
}
