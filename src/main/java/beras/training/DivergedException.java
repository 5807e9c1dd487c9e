package beras.training;

/** Training stopped because the loss is NaN or infinite; the weights are those before the step that failed. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DivergedException(int epoch, int batch, float loss) {
        super("The loss became " + loss + " at epoch " + (epoch + 1) + ", batch " + (batch + 1)
                + ". A smaller learning rate may help; look also for extreme values in the data");
    }
}
