package beras.kernels;

import java.util.List;

/** The faces of all families, on implementations and with thresholds of one's own. */
record Faces(Products products, Convolutions convolutions, Recurrences recurrences, Attentions attentions, Pools pools, Elements elements, Sums sums,
        Softmaxes softmaxes, RowLosses rowLosses, Normalizations normalizations, Updates updates) {

    /** A threshold with which nothing is split. */
    static final int NEVER = Integer.MAX_VALUE;

    /** @param threshold from so many elements or multiply-adds on, work is split */
    static Faces scalar(int threshold) {
        Elements elements = new Elements(new ScalarElements(), threshold);
        Products products = new Products(new ScalarProducts(), elements, threshold);
        Softmaxes softmaxes = new Softmaxes(Softmaxes.scalar(), threshold);
        return new Faces(products, new Convolutions(products, elements, threshold),
                new Recurrences(products, elements, threshold), new Attentions(products, softmaxes, threshold),
                new Pools(new ScalarPools(), threshold), elements, new Sums(new ScalarSums(new ScalarElements()), threshold), softmaxes,
                new RowLosses(RowLosses.scalar(), threshold), new Normalizations(Normalizations.scalar(), threshold),
                new Updates(new ScalarUpdates(), threshold));
    }

    /** As when all of it has come into use. */
    static Faces inLanes(int threshold) {
        Faces faces = scalar(threshold);
        faces.all().forEach(KernelGroup::useSimd);
        return faces;
    }

    /** In lanes if {@link Backend} has chosen that. */
    static Faces chosen(int threshold) {
        return Backend.isVector() ? inLanes(threshold) : scalar(threshold);
    }

    /** All but convolutions, recurrences and attention, which are made of others. */
    List<KernelGroup<?>> all() {
        return List.of(products, pools, elements, sums, softmaxes, rowLosses, normalizations, updates);
    }
}
