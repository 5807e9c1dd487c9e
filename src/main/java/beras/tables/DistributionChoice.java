package beras.tables;

import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.table.TableTarget;
import beras.data.table.TableTarget.Distribution;
import beras.data.table.TableTarget.Range;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.models.RecipeTraining;
import beras.tensor.Tensor;
import beras.training.DivergedException;
import beras.training.Recipe;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/**
 * Chooses the {@link Distribution} of a target that spreads widely: each is trained with fewer networks, or epochs. Poisson is
 * taken if the mean Poisson deviance of held-out rows is lower by more than the standard error of the difference, as
 * predictions that grow exponentially can be far too large for a row unlike the others. Like a squared error, the deviance is
 * least for the mean, but it does not depend on the few largest values alone.
 */
final class DistributionChoice {

    /** Numbers of at least 0 spread widely if their standard deviation is at least so many times their mean; of exponential ones it is 1. */
    static final double WIDE = 0.7;
    /**
     * The share of the networks that is trained for each distribution, so that both take no longer than the training run, as
     * far as their epochs go.
     */
    private static final double SHARE_OF_NETS = 0.3;
    /** A prediction below this share of the mean counts as that, as the deviance of 0 is infinite. */
    private static final double LEAST_SHARE = 0.01;

    private final TableTraining training;
    private final PreparedTable table;
    private final TableTarget.Regression target;

    private DistributionChoice(TableTraining training, PreparedTable table, TableTarget.Regression target) {
        this.training = training;
        this.table = table;
        this.target = target;
    }

    /** The table with the better distribution for a training run; the same table if its target does not spread widely. */
    static PreparedTable of(TableTraining training, PreparedTable table, Consumer<String> onRemark) throws DataException {
        return spreads(table) ? new DistributionChoice(training, table,
                (TableTarget.Regression) table.schema().target()).choose(onRemark) : table;
    }

    private static boolean spreads(PreparedTable table) {
        return table.schema().target() instanceof TableTarget.Regression regression && regression.range() != Range.ALL
                && regression.deviation() >= WIDE * regression.mean();
    }

    /** Whether {@link #of} trains for it. */
    static boolean compares(TableTraining training, PreparedTable table) {
        if (!spreads(table)) {
            return false;
        }
        TableTarget.Regression target = (TableTarget.Regression) table.schema().target();
        return table.validationRows() > 0
                && !new DistributionChoice(training, table, target).isGiven(table.with(target.with(Distribution.POISSON)));
    }

    private PreparedTable choose(Consumer<String> onRemark) throws DataException {
        PreparedTable poisson = table.with(target.with(Distribution.POISSON));
        String found = "Target " + CsvRows.shown(target.name()) + ": " + (target.range() == Range.COUNTS ? "counts" : "numbers of at least 0")
                + String.format(Locale.ROOT, " with a standard deviation of %.2f times the mean", target.deviation() / target.mean());
        if (isGiven(poisson) || table.validationRows() == 0) {
            onRemark.accept(found + ". The distribution is normal, as " + (table.validationRows() == 0 ? "no rows are held out to compare it with"
                    + " poisson" : "loss or output are given") + " (`distribution` overrides that)");
            return table;
        }
        if (!poisson.fitsValidationFile()) {
            onRemark.accept(found + ". The distribution is normal, as validation rows are negative");
            return table;
        }
        Deviances ofNormal = deviances(table);
        Deviances ofPoisson = deviances(poisson);
        boolean isPoisson = ofPoisson.isClearlyBelow(ofNormal);
        onRemark.accept(found + String.format(Locale.ROOT, ". The distribution is %s: the Poisson deviance of held-out rows is %.4g with poisson and"
                + " %.4g with normal%s (`distribution` overrides that)", isPoisson ? "poisson" : "normal", ofPoisson.mean(), ofNormal.mean(),
                isPoisson || ofPoisson.mean() >= ofNormal.mean() ? "" : ", a difference within its standard error"));
        return isPoisson ? poisson : table;
    }

    /** Deviances and weights of the held-out rows. */
    record Deviances(double[] values, double[] weights) {

        private static final Deviances DIVERGED = new Deviances(new double[] {Double.POSITIVE_INFINITY}, new double[] {1});

        double mean() {
            double sum = 0;
            double count = 0;
            for (int i = 0; i < values.length; i++) {
                sum += weights[i] * values[i];
                count += weights[i];
            }
            return sum / count;
        }

        /** Whether the mean is lower than that of the same rows by others, by more than the standard error of the difference. */
        boolean isClearlyBelow(Deviances others) {
            return mean() + standardError(others) < others.mean();
        }

        /** The standard error of the difference between the means; 0 if one of them is infinite. */
        private double standardError(Deviances others) {
            double mean = mean() - others.mean();
            if (!Double.isFinite(mean)) {
                return 0;
            }
            double squares = 0;
            double count = 0;
            for (int i = 0; i < values.length; i++) {
                double distance = weights[i] * (values[i] - others.values[i] - mean);
                squares += distance * distance;
                count += weights[i];
            }
            return Math.sqrt(squares) / count;
        }
    }

    /** Whether loss or output are given, and so do not follow the distribution. */
    private boolean isGiven(PreparedTable poisson) {
        Recipe normal = training.recipe(table.schema());
        Recipe other = training.recipe(poisson.schema());
        return normal.lossConfig().equals(other.lossConfig()) || last(normal).equals(last(other));
    }

    private static Object last(Recipe recipe) {
        return recipe.layerConfigs().get(recipe.layerConfigs().size() - 1);
    }

    private Deviances deviances(PreparedTable candidate) throws DataException {
        TableRows rows = candidate.open();
        Recipe whole = training.recipe(candidate.schema());
        int nets = (int) Math.max(1, SHARE_OF_NETS * whole.ensemble());
        Recipe made = whole.ensemble(nets).epochs(whole.ensemble() == 1 ? (whole.epochs() + 1) / 2 : whole.epochs());
        RecipeTraining trained = training.begin(rows, made);
        try {
            trained.fit(TableTraining.options(trained, made.epochs(), Optional.empty(), List.of()));
        } catch (DivergedException e) {
            return Deviances.DIVERGED;
        }
        return deviances(trained, (TableTarget.Regression) candidate.schema().target());
    }

    private Deviances deviances(RecipeTraining trained, TableTarget.Regression regression) {
        DoubleStream.Builder values = DoubleStream.builder();
        DoubleStream.Builder weights = DoubleStream.builder();
        try (Batches.Pass pass = trained.validation().orElseThrow().open(0)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                Tensor outputs = trained.model().run(batch, pass.net())[0].contiguous();
                Tensor truth = batch.targets().get(0).contiguous();
                for (int i = 0; i < batch.size(); i++) {
                    double actual = regression.restore(truth.data()[truth.offset() + i]);
                    double predicted = Math.max(LEAST_SHARE * target.mean(),
                            regression.predicted(outputs.data()[outputs.offset() + i]));
                    double logarithm = actual <= 0 ? 0 : actual * StrictMath.log(actual / predicted);
                    values.add(2 * (logarithm - (actual - predicted)));
                    weights.add(batch.weights() == null ? 1 : batch.weights().get(i));
                }
            }
        }
        return new Deviances(values.build().toArray(), weights.build().toArray());
    }
}
