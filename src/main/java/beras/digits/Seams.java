package beras.digits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where a mark may be cut that could be several digits which touch: along paths from top to bottom through little ink. */
final class Seams {

    // All in parts of the height of the line.
    /** A narrower or lower mark is at most one digit. */
    private static final double WIDE = 0.75;
    private static final double HIGH = 0.7;
    /** A piece is at least so wide, on average over its rows. */
    private static final double PIECE = 0.18;
    /** A seam goes so far to either side. */
    private static final double BEND = 0.2;
    /** A path through more ink would cut digits, not their joints. */
    private static final double MAX_INK = 0.6;
    /** The cost of a step sideways, in pixels of ink. */
    private static final double SIDEWAYS = 0.2;
    /** So many seams are tried for each two digits that a mark is wide enough for. */
    private static final int PER_PAIR = 3;

    /** A path: its column in each row, and the ink that it goes through. */
    private record Seam(int[] columns, double cost, int middle) {}

    /**
     * The seams from left to right; none if the mark is narrow.
     *
     * @param height of the line
     */
    static List<int[]> of(Page page, Mark mark, double height) {
        Box box = mark.box();
        if (box.width() < WIDE * height || box.height() < HIGH * height) {
            return List.of();
        }
        boolean[] inked = new boolean[box.width() * box.height()];
        for (int i = 0; i < inked.length; i++) {
            inked[i] = page.has(mark, box.left() + i % box.width(), box.top() + i / box.width());
        }
        int apart = Math.max(2, (int) (PIECE * height));
        List<Seam> all = new ArrayList<>();
        int step = Math.max(1, apart / 4);
        for (int middle = apart; middle <= box.width() - apart; middle += step) {
            Seam seam = best(inked, box, middle, Math.max(1, (int) (BEND * height)), apart);
            if (seam.cost <= MAX_INK * height) {
                all.add(seam);
            }
        }
        all.sort(Comparator.comparingDouble(Seam::cost));
        List<Seam> chosen = new ArrayList<>();
        int most = (int) Math.ceil(PER_PAIR * box.width() / (2 * height));
        for (Seam seam : all) {
            if (chosen.size() < most && chosen.stream().allMatch(other -> areApart(seam, other, apart))) {
                chosen.add(seam);
            }
        }
        chosen.sort(Comparator.comparingInt(Seam::middle));
        return chosen.stream().map(Seam::columns).toList();
    }

    private static boolean areApart(Seam a, Seam b, int apart) {
        boolean before = a.middle < b.middle;
        long far = 0;
        for (int row = 0; row < a.columns.length; row++) {
            int between = before ? b.columns[row] - a.columns[row] : a.columns[row] - b.columns[row];
            if (between < 0) {
                return false;
            }
            far += between;
        }
        return far >= (long) apart * a.columns.length;
    }

    /** The path of least ink that stays near a column. */
    private static Seam best(boolean[] inked, Box box, int middle, int bend, int apart) {
        int from = Math.max(apart, middle - bend);
        int to = Math.min(box.width() - apart, middle + bend);
        int count = to - from + 1;
        double[][] cost = new double[box.height()][count];
        for (int row = 0; row < box.height(); row++) {
            for (int i = 0; i < count; i++) {
                double above = row == 0 ? 0 : cost[row - 1][i];
                for (int next = Math.max(0, i - 1); row > 0 && next <= Math.min(count - 1, i + 1); next++) {
                    above = Math.min(above, cost[row - 1][next] + (next == i ? 0 : SIDEWAYS));
                }
                cost[row][i] = above + (inked[row * box.width() + from + i] ? 1 : 0);
            }
        }
        int[] columns = new int[box.height()];
        int at = 0;
        for (int i = 1; i < count; i++) {
            int last = box.height() - 1;
            boolean nearer = cost[last][i] == cost[last][at] && Math.abs(from + i - middle) < Math.abs(from + at - middle);
            at = cost[last][i] < cost[last][at] || nearer ? i : at;
        }
        double least = cost[box.height() - 1][at];
        for (int row = box.height() - 1; row >= 0; row--) {
            columns[row] = box.left() + from + at;
            if (row > 0) {
                int best = at;
                for (int next = Math.max(0, at - 1); next <= Math.min(count - 1, at + 1); next++) {
                    if (cost[row - 1][next] + (next == at ? 0 : SIDEWAYS) < cost[row - 1][best] + (best == at ? 0 : SIDEWAYS)) {
                        best = next;
                    }
                }
                at = best;
            }
        }
        return new Seam(columns, least, middle);
    }

    private Seams() {}
}
