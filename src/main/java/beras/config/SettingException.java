package beras.config;

/**
 * A setting that was given has a value that does not fit. The message names the setting as Java does, such as {@code batchSize:
 * it must be at least 1. Received: 0}; the command line names its option instead.
 */
public final class SettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String setting;
    private final String problem;

    /**
     * @param setting its name in Java, such as {@code batchSize}
     * @param problem the expectation, the received value, and the remedy
     */
    public SettingException(String setting, String problem) {
        this(setting, problem, null);
    }

    /** As {@link #SettingException(String, String)}, with a cause. */
    public SettingException(String setting, String problem, Throwable cause) {
        super(setting + ": " + problem, cause);
        this.setting = setting;
        this.problem = problem;
    }

    /**
     * The value of a setting, which must not be below a minimum.
     *
     * @throws SettingException if it is
     */
    public static int requireAtLeast(String setting, int min, int value) {
        if (value < min) {
            throw new SettingException(setting, "it must be at least " + min + ". Received: " + value);
        }
        return value;
    }

    /**
     * The value of a setting, which must be from a minimum to a maximum.
     *
     * @throws SettingException if it is not
     */
    public static int requireWithin(String setting, int min, int max, int value) {
        if (value < min || value > max) {
            throw new SettingException(setting, "it must be " + min + " to " + max + ". Received: " + value);
        }
        return value;
    }

    /** The name of the setting, such as {@code batchSize}. */
    public String setting() {
        return setting;
    }

    /** The expectation, the received value, and the remedy. */
    public String problem() {
        return problem;
    }
}
