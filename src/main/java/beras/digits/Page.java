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
     * Shares of the typical height: marks smaller both ways are specks, thinner ones remains of ruled lines, larger ones no
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
    /** A level line covers at least this share of the width; an upright one, which a column of 1s resembles, of the height. */
    private static final double LEVEL_COVERAGE = 0.45;
    private static final double UPRIGHT_COVERAGE = 0.7;
    /** A mark is a stroke if it is so many times as long as it is thick, and a long one from this part of the page's height on. */
    private static final double SLENDER = 6;
    private static final double LONG = 0.15;
    /** The contents of a frame are together at least this share as high. */
    private static final double ENCLOSED = 0.3;
    /** Parts of the typical height: how far from ink paper is looked for, and how near to a rule a stroke ends at it. */
    private static final double BESIDE = 0.1;
    /** Paper beside ink is brighter by at least this share of the light that ink takes from the paper around. */
    private static final double STEP = 0.75;
    /** A stroke that is darker than a rule, of which this is a part, is none. */
    private static final double AS_DARK = 0.65;
    /** More marks are no handwriting, and would take long. */
    static final int MAX_MARKS = 400;
    /** Frames are not searched among more marks, which would take long: the page is rejected in any case. */
    private static final int MAX_COMPARED = 16 * MAX_MARKS;
    /** The share of a digit's ink that is lighter than full ink. */
    private static final double FULL = 0.6;

    private final PageInk ink;
    private final int[] labels;
    private int marks;
    private final double typical;
    private final Pencil writing; // on which lines marks stand
    /** The lines from top to bottom. */
    final List<Line> lines;
    final int count; // of the marks that may be writing
    private final boolean[] rules; // the ink that was taken off as ruled lines

    Page(Picture picture) {
        this(new PageInk(picture, PageInk.isDarkOnLight(picture)));
    }

    /** Read as if it were written in light ink, if it looks like one in dark ink, and the other way round. */
    static Page ofOtherInk(Picture picture) {
        return new Page(new PageInk(picture, !PageInk.isDarkOnLight(picture)));
    }

    private Page(PageInk ink) {
        this.ink = ink;
        rules = new boolean[ink.mask.length];
        Optional<Pencil> ruled = eraseRules();
        Components components = Components.of(ink.mask, ink.width, ink.height);
        labels = components.labels();
        marks = components.count();
        List<Mark> all = withoutFrames(marks());
        typical = typicalHeight(all);
        all.removeIf(mark -> !mayBelong(mark.box()));
        count = all.size();
        if (isCrowded()) {
            writing = Pencil.level(ink.width, ink.height);
            lines = List.of();
        } else {
            all.removeIf(mark -> joinsRules(mark.box()) || isStep(mark));
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
            rules[i] = ink.mask[i] && !without[i];
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

    /** Whether there is too much on it for digits, such as print or a texture; then there are no lines. */
    boolean isCrowded() {
        return count > MAX_MARKS;
    }

    /** The fall of lines for each pixel to the right. */
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

    /**
     * The median of the heights of marks, in which each counts as much as it is high: specks are many, and low. Long strokes, such as
     * the rules of a table, do not count unless most marks are long.
     */
    private double typicalHeight(List<Mark> all) {
        List<Mark> high = all.stream().filter(mark -> mark.box().height() >= MIN_HEIGHT).toList();
        List<Mark> others = high.stream().filter(mark -> mark.box().height() < Math.max(LONG * ink.height, SLENDER * mark.box().width()))
                .toList();
        int[] heights = (2 * others.size() > high.size() ? others : high).stream().mapToInt(mark -> mark.box().height()).sorted().toArray();
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

    /** Leaves out frames: boxes, tables, circles, whatever encloses other marks on four sides. */
    private List<Mark> withoutFrames(List<Mark> all) {
        List<Mark> high = all.stream().filter(mark -> mark.box().height() >= MIN_HEIGHT).toList();
        List<Mark> rest = new ArrayList<>(all);
        if (high.size() <= MAX_COMPARED) {
            rest.removeIf(frame -> frame.box().height() >= MIN_HEIGHT && high.stream().filter(mark -> encloses(frame, mark.box()))
                    .mapToInt(mark -> mark.box().height()).sum() >= ENCLOSED * frame.box().height());
        }
        return rest;
    }

    private boolean encloses(Mark frame, Box box) {
        int x = box.left() + box.width() / 2;
        int y = box.top() + box.height() / 2;
        return frame.box().contains(box) && frame.box().height() > box.height()
                && meets(frame, x, y, -1, 0) && meets(frame, x, y, 1, 0) && meets(frame, x, y, 0, -1) && meets(frame, x, y, 0, 1);
    }

    /** Whether a mark is met on the way from a place in its box to a side of that. */
    private boolean meets(Mark mark, int fromX, int fromY, int right, int down) {
        Box box = mark.box();
        boolean met = false;
        for (int x = fromX, y = fromY; !met && x >= box.left() && x < box.right() && y >= box.top() && y < box.bottom(); x += right) {
            met = has(mark, x, y);
            y += down;
        }
        return met;
    }

    /** Whether it is an upright stroke from one rule to another as dark as itself: the side of a box. */
    private boolean joinsRules(Box box) {
        int reach = (int) Math.max(2, BESIDE * typical);
        return box.height() >= SLENDER * box.width() / 2 && Math.min(darkest(rules, around(box, box.top(), reach)),
                darkest(rules, around(box, box.bottom() - 1, reach))) >= AS_DARK * darkest(ink.mask, box);
    }

    private Box around(Box box, int row, int reach) {
        int left = Math.max(0, box.left() - reach);
        int top = Math.max(0, row - reach);
        return new Box(left, top, Math.min(ink.width, box.right() + reach) - left, Math.min(ink.height, row + reach + 1) - top);
    }

    private float darkest(boolean[] of, Box box) {
        float most = 0;
        for (int y = box.top(); y < box.bottom(); y++) {
            for (int x = box.left(); x < box.right(); x++) {
                most = of[y * ink.width + x] ? Math.max(most, ink.level[y * ink.width + x]) : most;
            }
        }
        return most;
    }

    /**
     * Whether it is the edge of a shadow: a step, at which one side is as dark as the mark itself, or a soft slope; strokes are ridges.
     * Looked at from both sides across its shorter way, in the mean over its rows or columns.
     */
    private boolean isStep(Mark mark) {
        Box box = mark.box();
        boolean tall = box.height() >= box.width();
        double[] beside = new double[2];
        double own = 0;
        for (int along = 0; along < Math.max(box.height(), box.width()); along++) {
            int first = -1;
            int last = -1;
            int darkest = -1;
            for (int across = 0; across < Math.min(box.height(), box.width()); across++) {
                int x = box.left() + (tall ? across : along);
                int y = box.top() + (tall ? along : across);
                if (has(mark, x, y)) {
                    int at = y * ink.width + x;
                    first = first < 0 ? at : first;
                    last = at;
                    darkest = darkest < 0 || ink.level[at] > ink.level[darkest] ? at : darkest;
                }
            }
            if (first >= 0) {
                own += ink.level[darkest];
                beside[0] += contrast(darkest, first, tall ? -1 : 0, tall ? 0 : -1);
                beside[1] += contrast(darkest, last, tall ? 1 : 0, tall ? 0 : 1);
            }
        }
        return Math.min(beside[0], beside[1]) < STEP * own;
    }

    /** How much less light there is at a place than at the brightest one near another, in some direction; all if the page ends there. */
    private double contrast(int dark, int from, int right, int down) {
        int reach = (int) Math.max(3, BESIDE * typical);
        int bright = 0;
        for (int i = 1; i <= reach; i++) {
            int x = from % ink.width + i * right;
            int y = from / ink.width + i * down;
            if (x < 0 || y < 0 || x >= ink.width || y >= ink.height) {
                return ink.level[dark];
            }
            bright = Math.max(bright, ink.light(x, y));
        }
        return 255.0 * (bright - ink.light(dark % ink.width, dark / ink.width)) / Math.max(1, bright);
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
