package beras.kernels;

import java.util.List;

/** The faces of all families, on implementations and with thresholds of one's own. */
record Faces(Products products, Elements elements, Sums sums, Normalizations normalizations, Updates updates) {

    /** A threshold with which nothing is split. */
    static final int NEVER = Integer.MAX_VALUE;

    /** @param threshold from so many elements or multiply-adds on, work is split */
    static Faces scalar(int threshold) {
        ScalarElements elements = new ScalarElements();
        ScalarSums sums = new ScalarSums(elements);
        return new Faces(new Products(new ScalarProducts(elements), threshold), new Elements(elements, threshold),
                new Sums(sums, threshold), new Normalizations(new ScalarNormalizations(sums), threshold),
                new Updates(new ScalarUpdates(), threshold));
    }

    static Faces inLanes(int threshold) {
        Faces faces = scalar(threshold);
        faces.all().forEach(Family::useLanes);
        return faces;
    }

    /** In lanes if {@link Backend} has chosen that. */
    static Faces chosen(int threshold) {
        return Backend.isVector() ? inLanes(threshold) : scalar(threshold);
    }

    List<Family<?>> all() {
        return List.of(products, elements, sums, normalizations, updates);
    }
}
