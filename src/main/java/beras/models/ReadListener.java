package beras.models;

/** Follows the progress of reading data. */
@FunctionalInterface
public interface ReadListener {

    /** A sentence, without a full stop, about the data and their encoding. */
    void onRemark(String sentence);

    /** Reading begins, of so many examples of which each takes a while, such as pictures. */
    default void onBegin(int examples) {}

    /** So many examples are read. */
    default void onRead(int examples) {}

    /** All examples are read, or reading failed. */
    default void onEnd() {}
}
