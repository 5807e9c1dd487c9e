package beras.fuzz;

import beras.kernels.Backend;
import beras.kernels.KernelSetup;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** BERAS loaded once more, with kernels of a width of its own: a class chooses its vectors once, when it is loaded. */
final class SimdCopy {

    /** The values of the property {@code beras.simd} that force a choice. */
    static final List<String> WIDTHS = List.of(Backend.OFF, "128", "256", "512");

    private static final Map<String, SimdCopy> COPIES = new TreeMap<>();

    private final Loader loader;

    private SimdCopy(String width) {
        loader = new Loader(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
        try {
            int lanes = (int) loader.loadClass(KernelSetup.class.getName()).getMethod("use", String.class).invoke(null, width);
            int expected = width.equals(Backend.OFF) ? 0 : Integer.parseInt(width) / Float.SIZE;
            if (lanes != expected) {
                throw new AssertionError("expected kernels of " + expected + " lanes. Received: " + lanes);
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** The one of a width, which is made when it is first asked for. */
    static SimdCopy of(String width) {
        return COPIES.computeIfAbsent(width, SimdCopy::new);
    }

    /** What a program of the tests gives, which has a constructor without arguments. */
    String run(Class<? extends Function<Map<String, String>, String>> program, Map<String, String> arguments) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader); // by which services are found
        try {
            Object made = loader.loadClass(program.getName()).getConstructor().newInstance();
            @SuppressWarnings("unchecked")
            Function<Map<String, String>, String> function = (Function<Map<String, String>, String>) made;
            return function.apply(arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static final class Loader extends URLClassLoader {

        Loader(List<String> paths) {
            super(urls(paths), SimdCopy.class.getClassLoader());
        }

        private static URL[] urls(List<String> paths) {
            List<URL> urls = new ArrayList<>();
            for (String path : paths) {
                try {
                    urls.add(Path.of(path).toUri().toURL());
                } catch (MalformedURLException e) {
                    throw new AssertionError(e);
                }
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("beras.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
