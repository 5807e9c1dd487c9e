package beras.kernels;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rules of every kind. */
final class Rules {

    static final int MOST_SLOTS = 3;
    private static final float[] NUMBERS = {0.01f, 0.9f, 0.1f, 0.999f, 0.001f, 3.3f, 1e-7f, 0.3f};

    /** Of every kind of rule one with each choice of its flags, with usual numbers and with 0 throughout. */
    static List<Update> all() {
        List<Update> rules = new ArrayList<>();
        for (Class<?> kind : UpdateRules.class.getDeclaredClasses()) {
            RecordComponent[] components = kind.getRecordComponents();
            long flags = Stream.of(components).filter(c -> c.getType() == boolean.class).count();
            for (int choice = 0; choice < 2 << flags; choice++) {
                rules.add(rule(kind, components, choice >> 1, choice % 2));
            }
        }
        return rules;
    }

    private static Update rule(Class<?> kind, RecordComponent[] components, int flags, int factor) {
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[types.length];
        int flag = 0;
        for (int i = 0; i < types.length; i++) {
            values[i] = types[i] == boolean.class ? (Object) ((flags >> flag++ & 1) == 1) : (Object) (factor * NUMBERS[i]);
        }
        try {
            return (Update) kind.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private Rules() {}
}
