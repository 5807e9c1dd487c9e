package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Sequential;
import beras.tensor.Shape;
import beras.training.EarlyStopping;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A metric goes by the name that it was given, wherever its numbers are read, written or watched. */
@Tag("metrics")
class MetricNamesTest {

    private static final double[][] X = {{1, 2}, {2, 1}, {0, 1}, {1, 0}};
    private static final double[] Y = {1, 2, 0, 1};

    @TempDir
    Path folder;

    @Test
    void inLogsCallbacksAndFiles() throws IOException {
        Sequential model = new Sequential(1, new Input(2), new Dense(1));
        Recipe recipe = new Recipe().loss("mse").metrics("mae", "rmse", "RootMeanSquaredError", "mape(name=percent)")
                .optimizer("adam(0.01, form=keras)").epochs(2);
        List<String> names = List.of("mae", "rmse", "root_mean_squared_error", "percent");
        model.compile(recipe, 4);
        Path log = folder.resolve("log.csv");
        Path best = folder.resolve("best.beras");
        History history = model.fit(X, Y, recipe.fitOptions().validationData(Examples.of(X, Y)).callbacks(new EarlyStopping("val_mae").patience(5),
                new ModelCheckpoint(best.toString()).monitor("val_rmse").saveBestOnly(true)).callbacks(new CSVLogger(log)));
        assertEquals("[loss, mae, rmse, root_mean_squared_error, percent, val_loss, val_mae, val_rmse,"
                + " val_root_mean_squared_error, val_percent, learning_rate]", history.epochs().get(0).names().toString());
        assertEquals("epoch,loss,mae,rmse,root_mean_squared_error,percent,val_loss,val_mae,val_rmse,val_root_mean_squared_error,"
                + "val_percent,learning_rate", Files.readAllLines(log).get(0));
        assertTrue(Files.exists(best));
        assertEquals(history.get("val_mae").get(1), model.evaluate(X, Y).get("mae"));

        Path beras = folder.resolve("m.beras");
        ModelFile.save(new SavedModel(model).recipe(recipe), beras);
        assertEquals(names, names(ModelFile.load(beras).recipe().orElseThrow().objective(Shape.of(1)).metrics()));
        Path keras = folder.resolve("m.keras");
        ModelFile.save(model, keras);
        assertEquals(names, names(ModelFile.load(keras).model().objectives().get(0).metrics()));
    }

    private static List<String> names(List<Metric> metrics) {
        return metrics.stream().map(Metric::name).toList();
    }

    @Test
    void ofObjectsItIsKerasNameOfTheClass() {
        Metric[] metrics = {new CategoricalAccuracy(), Metrics.of("sparse_categorical_accuracy")};
        assertEquals(List.of("categorical_accuracy", "sparse_categorical_accuracy"), names(List.of(metrics)));
        Sequential model = new Sequential(1, new Input(2), new Dense(3, "softmax"));
        model.compile("adam", "categorical_crossentropy", new CategoricalAccuracy(), "acc");
        double[][] oneHot = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}};
        assertEquals(List.of("loss", "categorical_accuracy", "acc", "learning_rate"),
                model.fit(X, oneHot, new FitOptions()).epochs().get(0).names());
    }
}
