package beras.cli.models;

import beras.evaluation.ClassificationReport;
import beras.report.EvaluationCharts;
import java.io.IOException;
import java.util.List;

/** Plots of how good a model is, each an SVG file in one folder. */
final class EvaluationPlots {

    private static final String CONFUSION = "confusion.svg";
    private static final String ROC = "roc.svg";
    private static final String PR = "pr.svg";
    private static final String CALIBRATION = "calibration.svg";
    private static final String PREDICTED = "predicted.svg";
    private static final String RESIDUALS = "residuals.svg";

    private final PlotFolder folder;

    EvaluationPlots(PlotFolder folder) {
        this.folder = folder;
    }

    /** All files that are drawn, of classes or of numbers. */
    static List<String> files(boolean classes) {
        return classes ? List.of(CONFUSION, ROC, PR, CALIBRATION) : List.of(PREDICTED, RESIDUALS);
    }

    /** Draws which class is taken for which, the curves, and how far probabilities can be trusted if that is what scores are. */
    void draw(ClassificationReport report) throws IOException {
        folder.save(CONFUSION, EvaluationCharts.confusion(report));
        EvaluationCharts.Curves curves = EvaluationCharts.curves(report);
        folder.save(ROC, curves.roc());
        folder.save(PR, curves.precisionAndRecall());
        if (!report.calibration().isEmpty()) {
            folder.save(CALIBRATION, EvaluationCharts.calibration(report));
        }
    }

    /** Draws what is predicted against what is true, and the errors. */
    void draw(String target, double[] predicted, double[] actual) throws IOException {
        folder.save(PREDICTED, EvaluationCharts.predicted(target, predicted, actual));
        folder.save(RESIDUALS, EvaluationCharts.residuals(target, predicted, actual));
    }
}
