package beras.digits;

import beras.data.image.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** A page of handwriting: which ink hangs together, and in which lines it stands. */
final class Page {

    /** Lower marks are not read: of digits that small too little is seen. */
    private static final int MIN_HEIGHT = 7;
    /**
     * Parts of the typical height: marks that are smaller both ways are specks, thinner ones what is left of ruled lines, larger ones no
     * digits.
     */
    private static final double SPECK = 0.22;
    private static final double HAIR = 0.04;
    private static final double TOO_HIGH = 2.5;
    private static final double TOO_WIDE = 8;
    /** Marks from this part of the typical height on make lines; lower ones belong to one. */
    private static final double TALL = 0.45;
    /** So much of the lower of two heights is common to a mark and the line it stands in. */
    private static final double COMMON = 0.5;
    /** Low marks, such as the bar of a 5, may stand so far above and below their line, in parts of its height. */
    private static final double MARGIN = 0.3;
    /** A level line covers at least such a share of the width, an upright one, which a column of 1s may look like, of the height. */
    private static final double LEVEL_COVERAGE = 0.45;
    private static final double UPRIGHT_COVERAGE = 0.7;
    /** More marks are no handwriting, and would take long. */
    static final int MAX_MARKS = 5000;
    /** Of the ink of a digit such a share is lighter than what counts as full ink. */
    private static final double FULL = 0.6;

    private final PageInk ink;
    private final int[] labels;
    private int marks;
    private final double typical;
    private final Pencil writing; // on which lines marks stand
    private final List<Line> lines;
    private final boolean crowded;

    Page(Picture picture) {
        this(new PageInk(picture, PageInk.isDarkOnLight(picture)));
    }

    /** Read as if it were written in light ink, if it looks like one in dark ink, and the other way round. */
    static Page ofOtherInk(Picture picture) {
        return new Page(new PageInk(picture, !PageInk.isDarkOnLight(picture)));
    }

    private Page(PageInk ink) {
        this.ink = ink;
        Optional<Pencil> ruled = eraseRules();
        Components components = Components.of(ink.mask, ink.width, ink.height);
        labels = components.labels();
        marks = components.count();
        List<Mark> all = marks();
        typical = typicalHeight(all);
        all.removeIf(mark -> !mayBelong(mark.box()));
        crowded = all.size() > MAX_MARKS;
        if (crowded) {
            writing = Pencil.level(ink.width, ink.height);
            lines = List.of();
        } else {
            writing = ruled.isPresent() ? ruled.get() : Skew.lines(all, typical, ink.width, ink.height);
            lines = lines(all);
        }
    }

    /** Takes ruled lines off the mask, level ones and then upright ones; returns the level ones, if there are some. */
    private Optional<Pencil> eraseRules() {
        boolean[] without = ink.faint;
        Optional<Pencil> level = new Rules(without, ink.width, ink.height, LEVEL_COVERAGE).erase();
        boolean[] turned = turned(without, ink.width, ink.height);
        if (new Rules(turned, ink.height, ink.width, UPRIGHT_COVERAGE).erase().isPresent()) {
            without = turned(turned, ink.height, ink.width);
        }
        for (int i = 0; i < without.length; i++) {
            ink.mask[i] &= without[i];
        }
        return level;
    }

    private static boolean[] turned(boolean[] mask, int width, int height) {
        boolean[] turned = new boolean[mask.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                turned[x * height + y] = mask[y * width + x];
            }
        }
        return turned;
    }

    /** Whether there is too much on it for handwriting, such as a texture; then there are no lines. */
    boolean isCrowded() {
        return crowded;
    }

    /** By how much lines fall for each pixel to the right. */
    double slope() {
        return writing.slope();
    }

    /**
     * A line of writing.
     *
     * @param marks  from left to right
     * @param height of most of them
     */
    record Line(List<Mark> marks, double height) {}

    /** The lines from top to bottom. */
    List<Line> lines() {
        return lines;
    }

    // ------------------------------------------------------------------------------------------------------- marks

    private List<Mark> marks() {
        Bounds[] bounds = Bounds.of(marks + 1);
        for (int at = 0; at < labels.length; at++) {
            bounds[labels[at]].add(at % ink.width, at / ink.width);
        }
        List<Mark> all = new ArrayList<>();
        for (int label = 1; label <= marks; label++) {
            all.add(new Mark(label, bounds[label].box(), bounds[label].count()));
        }
        return all;
    }

    /** The median of the heights of marks, in which each counts as much as it is high: specks are many, and low. */
    private static double typicalHeight(List<Mark> all) {
        int[] heights = all.stream().mapToInt(mark -> mark.box().height()).filter(height -> height >= MIN_HEIGHT).sorted().toArray();
        long sum = Arrays.stream(heights).asLongStream().sum();
        long below = 0;
        for (int height : heights) {
            below += height;
            if (2 * below >= sum) {
                return height;
            }
        }
        return MIN_HEIGHT;
    }

    private boolean mayBelong(Box box) {
        boolean speck = Math.max(box.height(), box.width()) < Math.max(MIN_HEIGHT / 2.0, SPECK * typical);
        boolean hair = Math.min(box.height(), box.width()) < HAIR * typical;
        return !speck && !hair && box.height() <= TOO_HIGH * typical && box.width() <= TOO_WIDE * typical;
    }

    // ------------------------------------------------------------------------------------------------------- lines

    /** A line while it is found: marks of typical height come first, so that it lies where most of them are. */
    private final class Band {
        private final List<Mark> marks = new ArrayList<>();
        private final List<Mark> low = new ArrayList<>();
        private double top;
        private double bottom;

        void add(Mark mark) {
            marks.add(mark);
            top = median(each -> level(each.box(), each.box().top()));
            bottom = median(each -> level(each.box(), each.box().bottom()));
        }

        private double median(ToDoubleFunction<Mark> place) {
            double[] places = marks.stream().mapToDouble(place).sorted().toArray();
            return places[places.length / 2];
        }

        double height() {
            return bottom - top;
        }

        /** How much of the lower of their heights is common to a mark and the line, to which a margin is added. */
        double common(Mark mark, double margin) {
            double above = level(mark.box(), mark.box().top());
            double below = level(mark.box(), mark.box().bottom());
            double more = margin * height();
            return (Math.min(bottom + more, below) - Math.max(top - more, above)) / Math.min(height(), below - above);
        }
    }

    /** A row as it would be if lines were level. */
    private double level(Box box, double y) {
        return writing.line(box.middleX(), y);
    }

    private List<Line> lines(List<Mark> all) {
        List<Band> bands = new ArrayList<>();
        List<Mark> order = new ArrayList<>(all);
        order.sort(Comparator.comparingDouble(mark -> Math.abs(StrictMath.log(mark.box().height() / typical))));
        List<Mark> low = new ArrayList<>();
        for (Mark mark : order) {
            if (mark.box().height() < Math.max(MIN_HEIGHT, TALL * typical)) {
                low.add(mark);
                continue;
            }
            Band band = best(bands, mark, 0);
            if (band == null) {
                band = new Band();
                bands.add(band);
            }
            band.add(mark);
        }
        for (Mark mark : low) {
            Band band = best(bands, mark, MARGIN);
            if (band != null) {
                band.low.add(mark);
            }
        }
        List<Line> found = new ArrayList<>();
        bands.sort(Comparator.comparingDouble(band -> band.top + band.bottom));
        for (Band band : bands) {
            double height = band.median(mark -> mark.box().height());
            band.marks.addAll(band.low);
            band.marks.sort(Comparator.comparingDouble((Mark mark) -> mark.box().middleX()).thenComparingInt(Mark::id));
            found.add(new Line(band.marks, height));
        }
        return found;
    }

    private static Band best(List<Band> bands, Mark mark, double margin) {
        Band best = null;
        double most = COMMON;
        for (Band band : bands) {
            double common = band.common(mark, margin);
            if (common >= most) {
                most = common;
                best = band;
            }
        }
        return best;
    }

    // -------------------------------------------------------------------------------------------------------- cuts

    /** Whether a pixel belongs to a mark. */
    boolean has(Mark mark, int x, int y) {
        return labels[y * ink.width + x] == mark.id();
    }

    /**
     * Cuts a mark along seams.
     *
     * @param seams for each its column in each row of the mark's box, from left to right; pixels of it belong to the right
     * @return the pieces, from left to right; the mark itself if nothing is on one side of a seam
     */
    List<Mark> cut(Mark mark, List<int[]> seams) {
        Box box = mark.box();
        Bounds[] bounds = Bounds.of(seams.size() + 1);
        for (int y = box.top(); y < box.bottom(); y++) {
            for (int x = box.left(); x < box.right(); x++) {
                if (has(mark, x, y)) {
                    bounds[piece(seams, x, y - box.top())].add(x, y);
                }
            }
        }
        for (Bounds piece : bounds) {
            if (piece.count() == 0) {
                return List.of(mark);
            }
        }
        for (int y = box.top(); y < box.bottom(); y++) {
            for (int x = box.left(); x < box.right(); x++) {
                if (has(mark, x, y)) {
                    labels[y * ink.width + x] = marks + 1 + piece(seams, x, y - box.top());
                }
            }
        }
        List<Mark> pieces = new ArrayList<>();
        for (Bounds piece : bounds) {
            pieces.add(new Mark(++marks, piece.box(), piece.count()));
        }
        return pieces;
    }

    private static int piece(List<int[]> seams, int x, int row) {
        int piece = 0;
        while (piece < seams.size() && x >= seams.get(piece)[row]) {
            piece++;
        }
        return piece;
    }

    // -------------------------------------------------------------------------------------------------------- form

    /** Some marks together, in the form of a digit. */
    byte[] form(List<Mark> together, Box box) {
        float[] form = new float[box.width() * box.height()];
        float[] members = new float[form.length];
        int count = 0;
        for (int y = box.top(); y < box.bottom(); y++) {
            for (int x = box.left(); x < box.right(); x++) {
                int label = labels[y * ink.width + x];
                boolean own = label != 0 && isOf(together, label);
                if (own || label == 0 && touches(together, x, y)) {
                    float level = Math.max(0, ink.level[y * ink.width + x]);
                    form[(y - box.top()) * box.width() + x - box.left()] = level;
                    if (own) {
                        members[count++] = level;
                    }
                }
            }
        }
        Arrays.sort(members, 0, count);
        float full = members[(int) (FULL * (count - 1))];
        for (int i = 0; i < form.length; i++) {
            form[i] = Math.min(full, form[i]);
        }
        return DigitForm.of(form, box.width(), box.height());
    }

    private static boolean isOf(List<Mark> marks, int label) {
        for (int i = 0; i < marks.size(); i++) {
            if (marks.get(i).id() == label) {
                return true;
            }
        }
        return false;
    }

    private boolean touches(List<Mark> marks, int x, int y) {
        for (int i = Math.max(0, y - 1); i <= Math.min(ink.height - 1, y + 1); i++) {
            for (int j = Math.max(0, x - 1); j <= Math.min(ink.width - 1, x + 1); j++) {
                int label = labels[i * ink.width + j];
                if (label != 0 && isOf(marks, label)) {
                    return true;
                }
            }
        }
        return false;
    }
}
