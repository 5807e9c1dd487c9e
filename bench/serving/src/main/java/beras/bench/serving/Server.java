package beras.bench.serving;

/** A library that has loaded the net. */
interface Server {

    /**
     * The outputs for some rows.
     *
     * @param rows  the numbers of all rows, one row after the other
     * @param count of rows
     */
    float[] predict(float[] rows, int count) throws Exception;
}
