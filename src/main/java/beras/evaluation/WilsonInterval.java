package beras.evaluation;

/**
 * Between which shares the true one lies with 95 % confidence, if it was counted: the score interval of Wilson (1927). It is
 * right for few trials, too, and for shares of 0 and 1.
 *
 * @param low  at least 0
 * @param high at most 1
 */
public record WilsonInterval(double low, double high) {

    /** Beyond so many deviations, on both sides, lie 5 % of a normal distribution. */
    private static final double Z = 1.959963984540054;

    /**
     * The interval of an event that was observed in some of several trials, such as right answers.
     *
     * @throws IllegalArgumentException if there is no trial, or events are fewer than 0 or more than trials
     */
    public static WilsonInterval of(long events, long trials) {
        if (trials < 1 || events < 0 || events > trials) {
            throw new IllegalArgumentException("Expected 1 trial or more, and from 0 events to as many as trials. Received: "
                    + events + " events in " + trials + " trials");
        }
        double share = (double) events / trials;
        double weight = Z * Z / trials;
        double middle = share + weight / 2;
        double width = Z * Math.sqrt(share * (1 - share) / trials + weight / trials / 4);
        return new WilsonInterval(Math.max(0, (middle - width) / (1 + weight)), Math.min(1, (middle + width) / (1 + weight)));
    }
}
