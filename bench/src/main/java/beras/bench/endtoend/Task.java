package beras.bench.endtoend;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * One training run.
 *
 * @param hidden units of a 784-{@code hidden}-10 network; or {@value #CONVOLUTIONS}, for a small convolutional network
 */
record Task(DataSet data, String hidden, int batch, int epochs, int threads) {

    private static final String CONVOLUTIONS = "conv";
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,6}|" + CONVOLUTIONS + ")x([1-9]\\d{0,6})x([1-9]\\d{0,6})");

    /** Reads HIDDENxBATCHxEPOCHS; of MNIST, on one thread. */
    static final class Parser implements ITypeConverter<Task> {
        @Override
        public Task convert(String config) {
            Matcher sizes = FORM.matcher(config);
            if (!sizes.matches()) {
                throw new TypeConversionException("expected HIDDENxBATCHxEPOCHS, such as 128x128x10 or convx64x3. Received: "
                        + config);
            }
            return new Task(DataSet.MNIST, sizes.group(1), Integer.parseInt(sizes.group(2)),
                    Integer.parseInt(sizes.group(3)), 1);
        }
    }

    Task on(DataSet data, int threads) {
        return new Task(data, hidden, batch, epochs, threads);
    }

    /** The network as an option of BERAS's command line. */
    String layers() {
        return (hidden.equals(CONVOLUTIONS) ? "conv:32x3:relu,max_pool:2,conv:64x3:relu,max_pool:2,128:relu" : hidden + ":relu")
                + ",10:softmax";
    }

    @Override
    public String toString() {
        return (hidden.equals(CONVOLUTIONS) ? "convolutions" : "784-" + hidden + "-10") + ", batch " + batch + ", " + threads + (threads == 1 ? " thread" : " threads");
    }
}
