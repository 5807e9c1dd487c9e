package beras.tables;

import beras.data.table.TableTarget;
import beras.prediction.ConformalSets;
import beras.prediction.Prediction;
import beras.tensor.Tensor;
import java.util.List;

/**
 * The measured coverage and size of intervals or sets on rows with known targets.
 *
 * @param promised which coverage they promise
 * @param rows     how many rows were measured
 * @param share    of the rows, from 0 to 1, whose target is in the interval or set
 * @param meanSize of the intervals in units of the table, or how many labels a set has
 */
public record Coverage(double promised, long rows, double share, double meanSize) {

    /**
     * Measures sets or intervals on outputs of a model.
     *
     * @param outputs probabilities of the labels, {@code (n, labels)}, or standardized numbers, {@code (n, 1)}
     * @param targets likewise, as training has them
     * @throws IllegalArgumentException if an output is not finite
     */
    public static Coverage of(ConformalSets sets, TableTarget target, Tensor outputs, Tensor targets) {
        int rows = outputs.dim(0);
        int width = target.width();
        Tensor given = outputs.contiguous();
        Tensor truth = targets.contiguous();
        long within = 0;
        double size = 0;
        for (int row = 0; row < rows; row++) {
            Prediction prediction = target.decode(given.data(), given.offset() + row * width);
            if (prediction.isLabel()) {
                List<String> labels = sets.labels(prediction);
                within += labels.contains(target.decode(truth.data(), truth.offset() + row * width).label()) ? 1 : 0;
                size += labels.size();
            } else {
                ConformalSets.Interval interval = sets.interval(prediction);
                within += interval.contains(((TableTarget.Regression) target).restore(truth.data()[truth.offset() + row])) ? 1
                        : 0;
                size += interval.width();
            }
        }
        return new Coverage(sets.coverage(), rows, (double) within / rows, size / rows);
    }
}
