package beras.cli.models;

import beras.cli.terminal.Text;
import beras.data.table.TableTarget;
import beras.evaluation.RegressionReport;
import beras.report.Judgement.Regression;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** How good predicted numbers are, in units of their table. */
final class RegressionPrinter {

    private static final int DECIMALS = 4;

    private final TableTarget.Regression target;
    private final Regression regression;
    private final RegressionReport report;

    RegressionPrinter(TableTarget.Regression target, Regression regression) {
        this.target = target;
        this.regression = regression;
        this.report = regression.report();
    }

    /** The numbers of one line. */
    String line() {
        return "in units of " + target.name() + ": mse " + decimals(report.mse()) + ", mae " + decimals(report.mae()) + ", rmse "
                + decimals(report.rmse()) + ", r2 " + decimals(report.r2());
    }

    /** Prints the rest. */
    void print(PrintStream out) {
        out.println("Half of the absolute errors are below " + decimals(report.medianAbsoluteError()) + ", all up to "
                + decimals(report.maxError()));
        out.println("Baseline, always the mean of the training, " + decimals(target.mean()) + ": mae "
                + decimals(report.baselineMae()) + ", r2 " + decimals(report.baselineR2()));
    }

    /** Adds all numbers to a JSON object. */
    void addTo(Map<String, Object> fields) {
        fields.putAll(report.values());
    }

    /** Draws them. */
    void draw(EvaluationPlots plots) throws IOException {
        plots.draw(target.name(), regression.predicted(), regression.actual());
    }

    private static String decimals(double number) {
        return Text.decimals(number, DECIMALS);
    }
}
