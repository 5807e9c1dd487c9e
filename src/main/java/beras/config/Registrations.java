package beras.config;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Calls each {@link Registration} once. */
final class Registrations {

    private static boolean called; // or being called: one may ask for names itself

    /**
     * Sees to it that all were called.
     *
     * @throws IllegalStateException if one cannot be made; whatever one throws is thrown, too. The next call tries again
     */
    static synchronized void call() {
        if (called) {
            return;
        }
        called = true;
        boolean done = false;
        try {
            for (Registration registration : ServiceLoader.load(Registration.class)) {
                registration.register();
            }
            done = true;
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException("A Registration of types cannot be made: " + e.getMessage(), e);
        } finally {
            called = done;
        }
    }

    private Registrations() {}
}
