package beras.bench.endtoend;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One training of a 784-{@code hidden}-10 net. */
record Task(DataSet data, int hidden, int batch, int epochs, int threads) {

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,6})x([1-9]\\d{0,6})x([1-9]\\d{0,6})");

    /** Reads HIDDENxBATCHxEPOCHS; of MNIST, on one thread. */
    static final class Parser implements ITypeConverter<Task> {
        @Override
        public Task convert(String config) {
            Matcher sizes = FORM.matcher(config);
            if (!sizes.matches()) {
                throw new TypeConversionException("expected HIDDENxBATCHxEPOCHS, such as 128x128x10. Received: " + config);
            }
            return new Task(DataSet.MNIST, Integer.parseInt(sizes.group(1)), Integer.parseInt(sizes.group(2)),
                    Integer.parseInt(sizes.group(3)), 1);
        }
    }

    Task on(DataSet data, int threads) {
        return new Task(data, hidden, batch, epochs, threads);
    }

    @Override
    public String toString() {
        return "784-" + hidden + "-10, batch " + batch + ", " + threads + (threads == 1 ? " thread" : " threads");
    }
}
