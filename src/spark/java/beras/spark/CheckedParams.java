package beras.spark;

import java.io.Serializable;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable;
import scala.runtime.AbstractFunction1;

/**
 * Params whose bounds hold wherever a value comes from: a setter, a {@code ParamMap}, a grid or a saved stage. Spark calls
 * {@code isValid} in all of these; the checks here throw instead of answering false, so that the message names the bound.
 */
final class CheckedParams {

    /** Refuses some values. */
    interface Check<T> extends Serializable {

        /** @throws IllegalArgumentException if the value is out of bounds */
        void require(T value);
    }

    /** Reads a text, which is refused where it cannot be read. */
    interface Reading extends Serializable {

        /** @throws IllegalArgumentException if the text cannot be read */
        Object read(String text);
    }

    /** A param of whole numbers. */
    static IntParam whole(Identifiable owner, String name, String doc, Check<Integer> check) {
        return new IntParam(owner, name, doc, new Valid<>(name, Integer.class, "a whole number of 32 bits", check));
    }

    static Param<String> text(Identifiable owner, String name, String doc, Check<String> check) {
        return new Param<>(owner, name, doc, new Valid<String, String>(name, String.class, "a text", check));
    }

    /** A param of texts that can be read. */
    static Param<String> readable(Identifiable owner, String name, String doc, Reading reading) {
        return text(owner, name, doc, text -> {
            var unused = reading.read(text);
        });
    }

    /** A param that names a column, which is none if the name is empty. */
    static Param<String> column(Identifiable owner, String name, String doc) {
        return text(owner, name, doc, any -> { });
    }

    /** A param of lists of texts. */
    static StringArrayParam texts(Params owner, String name, String doc, Check<String[]> check) {
        return new StringArrayParam(owner, name, doc, new Valid<String[], String[]>(name, String[].class, "an array of texts",
                check));
    }

    /** Calls a check. To Java, params of numbers are params of objects, so any object may come. */
    private static final class Valid<P, T> extends AbstractFunction1<P, Object> implements Serializable {

        private static final long serialVersionUID = 1;

        private final String name;
        private final Class<T> type;
        private final String expected;
        private final Check<T> check;

        Valid(String name, Class<T> type, String expected, Check<T> check) {
            this.name = name;
            this.type = type;
            this.expected = expected;
            this.check = check;
        }

        @Override
        public Object apply(P value) {
            if (!type.isInstance(value)) {
                throw new IllegalArgumentException(name + " must be " + expected + ". Received: "
                        + (value == null ? "null" : value + ", a " + value.getClass().getName()));
            }
            check.require(type.cast(value));
            return true;
        }
    }

    private CheckedParams() {}
}
