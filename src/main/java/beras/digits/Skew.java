package beras.digits;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The angle of the lines of a page. */
final class Skew {

    private static final double MAX_DEGREES = 6;
    private static final double STEP = 0.25;
    private static final double FINE_STEP = 0.05;
    /** The number of marks that decide it, the ones of the most typical height. */
    private static final int MARKS = 400;
    /** How much the middles of digits in a line differ in height, in parts of the typical height. */
    private static final double SPREAD = 0.15;
    /** Lines are level unless a turn brings so much more of them together, and parallel unless a tilt does. */
    private static final double GAIN = 1.02;
    private static final double TILT_GAIN = 1.04;
    /** A tilt is looked for at slopes up to so many degrees from that of parallel lines, and at so many parts of the width. */
    private static final double NEAR = 1;
    private static final double MAX_SPREAD = 0.2;
    private static final double SPREAD_STEP = 0.04;
    private static final double FINE_SPREAD_STEP = 0.01;

    /** The lines on which most marks stand beside others. */
    static Pencil lines(List<Mark> marks, double typical, int width, int height) {
        List<Mark> chosen = marks.stream()
                .sorted(Comparator.comparingDouble(mark -> Math.abs(StrictMath.log(mark.box().height() / typical)))).limit(MARKS).toList();
        Skew skew = new Skew(chosen, SPREAD * typical);
        Pencil level = Pencil.level(width, height);
        Pencil coarse = skew.best(level, MAX_DEGREES, STEP, 0, 1);
        Pencil parallel = skew.best(coarse, STEP, FINE_STEP, 0, 1);
        parallel = skew.together(parallel) > GAIN * skew.together(level) ? parallel : level;
        Pencil tilted = skew.best(parallel, NEAR, STEP, MAX_SPREAD / width, SPREAD_STEP / width);
        tilted = skew.best(tilted, STEP, FINE_STEP, SPREAD_STEP / width, FINE_SPREAD_STEP / width);
        return skew.together(tilted) > TILT_GAIN * skew.together(parallel) ? tilted : parallel;
    }

    private final double[] x;
    private final double[] y;
    private final double spread;

    private Skew(List<Mark> marks, double spread) {
        this.x = marks.stream().mapToDouble(mark -> mark.box().middleX()).toArray();
        this.y = marks.stream().mapToDouble(mark -> mark.box().middleY()).toArray();
        this.spread = spread;
    }

    private Pencil best(Pencil around, double most, double step, double mostSpread, double spreadStep) {
        Pencil best = around;
        double score = together(around);
        double middle = Math.toDegrees(StrictMath.atan(around.slope()));
        for (int i = (int) Math.round(-most / step); i <= Math.round(most / step); i++) {
            double slope = StrictMath.tan(Math.toRadians(middle + i * step));
            for (int j = (int) Math.round(-mostSpread / spreadStep); j <= Math.round(mostSpread / spreadStep); j++) {
                Pencil pencil = around.with(slope, around.spread() + j * spreadStep);
                double now = together(pencil);
                if (now > score) {
                    score = now;
                    best = pencil;
                }
            }
        }
        return best;
    }

    /** The number of pairs on one line; pairs that nearly are count in part. */
    private double together(Pencil pencil) {
        double[] lines = new double[x.length];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = pencil.line(x[i], y[i]);
        }
        Arrays.sort(lines);
        double sum = lines.length; // each with itself
        for (int i = 0; i < lines.length; i++) {
            for (int j = i + 1; j < lines.length && lines[j] - lines[i] < 2 * spread; j++) {
                double apart = (lines[j] - lines[i]) / (2 * spread);
                sum += 2 * (1 - apart * apart) * (1 - apart * apart);
            }
        }
        return sum;
    }
}
