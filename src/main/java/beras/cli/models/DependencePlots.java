package beras.cli.models;

import java.util.List;
import java.util.stream.IntStream;

/** The files of plots of what a model predicts by value of a column, the most important column first. */
final class DependencePlots {

    /** So many columns are drawn at most. */
    static final int MOST = 6;

    /** All files that may be drawn. */
    static List<String> names() {
        return IntStream.range(0, MOST).mapToObj(DependencePlots::name).toList();
    }

    /** The file of the column at a place in the order of importance, from 0: names of columns may hold what names of files may not. */
    static String name(int place) {
        return "dependence" + (place + 1) + ".svg";
    }

    private DependencePlots() {}
}
