package beras.examples;

import beras.feed.Prediction;
import beras.tables.TableModel;
import beras.tables.TableTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

public class Penguins {

    public static void main(String[] arguments) throws IOException {
        TableTraining training = TableTraining.of(Path.of("data/penguins.csv"), "species");
        for (TableTraining.Fold fold : training.crossValidate(5)) {
            System.out.println("balanced accuracy " + fold.measured().labels().orElseThrow().balancedAccuracy());
        }
        TableModel model = training.fit();
        System.out.println("on the rows to validate " + model.history().orElseThrow().best());
        Prediction one = model.predict(Map.of("island", "Dream", "bill_length_mm", 49.5, "bill_depth_mm", 19,
                "flipper_length_mm", 200, "body_mass_g", 3800, "sex", "male"));
        System.out.println(one.label() + " with probability " + one.confidence());
        model.save(Path.of(arguments[0]));
    }
}
