package beras.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * A library that is needed for some files and nothing else, so that a program may do without it. Code that needs it checks at
 * its beginning: a library that is missing at the end must not cost a training run.
 */
public enum Library {
    /** Reads and writes CSV. */
    CSV("org.apache.commons.csv.CSVFormat", "org.apache.commons.csv"),
    /** Reads and writes JSON, which is in all files of models. */
    GSON("com.google.gson.JsonElement", "com.google.gson"),
    /** Reads and writes HDF5, which is in files of Keras. */
    JHDF("io.jhdf.HdfFile", "io.jhdf");

    private final String type;
    private final String module;

    /**
     * @param type   the name of one of its classes
     * @param module the name of its module
     */
    Library(String type, String module) {
        this.type = type;
        this.module = module;
    }

    /** The coordinates of the version that BERAS is built with: {@code groupId:artifactId:version}. */
    public String coordinates() {
        Properties all = new Properties();
        try (InputStream in = Library.class.getResourceAsStream("libraries.properties")) {
            all.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.getProperty(name());
    }

    /**
     * Checks that the library is there.
     *
     * @param user who needs it, as the first words of the error
     * @throws IllegalStateException if it is missing, saying how to add it
     */
    public void require(String user) {
        try {
            Class.forName(type, false, Library.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            boolean named = Library.class.getModule().isNamed();
            throw new IllegalStateException(user + " needs the library " + coordinates() + ", which is not on the "
                    + (named ? "module path, or not among the modules of this program: add it, and `requires " + module
                            + ";` to your module-info.java, or start Java with --add-modules " + module
                    : "class path. Add it to the dependencies of your build, or use beras.jar, which has it"), e);
        }
    }
}
