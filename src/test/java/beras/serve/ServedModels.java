package beras.serve;

import beras.data.image.ImagePreprocessor;
import beras.data.image.PictureForm;
import beras.data.table.CategoryColumn;
import beras.data.table.DateColumn;
import beras.data.table.IgnoredColumn;
import beras.data.table.NumericColumn;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import java.util.List;

/** Models that have learnt nothing, but say something. */
final class ServedModels {

    static final int PIXELS = 784;
    /** So large weights make confidences above the bound of pages. */
    private static final float SURE = 20;

    static SavedModel images() {
        return new SavedModel(new Sequential(1, new Input(PIXELS), new Dense(16, "relu"), new Dense(10, "softmax")))
                .preprocessor(ImagePreprocessor.ofNumbers(28, 28, 10));
    }

    /** Of digits, about which it is sure and wrong. */
    static SavedModel digits() {
        Sequential net = new Sequential(1, new Input(PIXELS), new Dense(10, "softmax"));
        net.weights().get(0).assign(net.weights().get(0).multiply(SURE));
        return new SavedModel(net).preprocessor(ImagePreprocessor.ofNumbers(28, 28, 10));
    }

    /** Of 6 x 4 pixels in colours, into which pictures are scaled; takes them for what their strongest channel is. */
    static SavedModel colours() {
        Sequential model = new Sequential(1, new Input(72), new Dense(3, "softmax"));
        float[] kernel = new float[72 * 3];
        for (int i = 0; i < 72; i++) {
            kernel[3 * i + i % 3] = 1f;
        }
        model.weights().get(0).assign(Tensor.wrap(kernel, 72, 3));
        return new SavedModel(model)
                .preprocessor(new ImagePreprocessor(6, 4, 3, PictureForm.SCALED, List.of("red", "green", "blue"), 3));
    }

    static TableSchema schema(TableTarget target) {
        return new TableSchema(target, List.of(new NumericColumn("size, cm", 0, "", 5, 2, false, 0, 10),
                new NumericColumn("preis", 1, "", 5, 2, true, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
                new CategoryColumn("colour", 1, "", List.of("02", "red"), 3),
                new DateColumn("when", 0, "", false, List.of(DateColumn.Part.WEEKDAY, DateColumn.Part.TIME), 0, 0, 0,
                        0), new IgnoredColumn("id", 0, "differs")), 100);
    }

    static SavedModel table(TableTarget target) {
        TableSchema schema = schema(target);
        return new SavedModel(new Sequential(1, new Input(schema.width()), new Dense(8, "relu"), target.labels().isEmpty()
                ? new Dense(1) : new Dense(target.width(), "softmax"))).preprocessor(new TablePreprocessor(schema));
    }

    static SavedModel labels() {
        return table(new TableTarget.Labels("kind", List.of("big", "\"odd\"", "smäll"), List.of(1L, 1L, 1L)));
    }

    static SavedModel values() {
        return table(new TableTarget.Regression("price", 1000, 123.456));
    }

    private ServedModels() {}
}
