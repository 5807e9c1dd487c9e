package beras.config;

/** Something that can tell what it was made with, so that an equal one can be made from that. */
public interface Configurable {

    /** The type and every setting; no weights, and nothing that training changes. */
    Config config();
}
