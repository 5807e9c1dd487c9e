package beras.saving;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** All formats: BERAS's own, and those provided as services. */
final class Formats {

    /**
     * Not a constant of {@link PortableFormat}: a class that implements it must not initialize all others. Files of BERAS's own
     * format are read and written without looking for services.
     */
    static final List<PortableFormat> ALL = all();

    private static List<PortableFormat> all() {
        List<PortableFormat> all = new ArrayList<>(List.of(BerasFile.FORMAT));
        ServiceLoader.load(PortableFormat.class, PortableFormat.class.getClassLoader()).forEach(all::add);
        return List.copyOf(all);
    }

    private Formats() {}
}
