package beras.bench.serving;

/** A library with the loaded network. */
interface Server {

    /**
     * The outputs for some rows.
     *
     * @param rows  the numbers of all rows, one row after the other
     * @param count of rows
     */
    float[] predict(float[] rows, int count) throws Exception;
}
