package org.example;

import beras.compute.Compute;
import beras.prediction.Prediction;
import beras.tables.TableModel;
import beras.tables.TableTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Tells the species of a penguin. */
@SpringBootApplication
public class SpeciesService {

    /** A request; null is a missing value. The names are those of the columns. */
    public record Penguin(String island, Double bill_length_mm, Double bill_depth_mm, Double flipper_length_mm, Double body_mass_g,
            String sex) {

        Map<String, Object> row() {
            Map<String, Object> row = new HashMap<>(); // Map.of takes no null
            row.put("island", island);
            row.put("bill_length_mm", bill_length_mm);
            row.put("bill_depth_mm", bill_depth_mm);
            row.put("flipper_length_mm", flipper_length_mm);
            row.put("body_mass_g", body_mass_g);
            row.put("sex", sex);
            return row;
        }
    }

    /** An answer. */
    public record Species(String label, Map<String, Double> probabilities) {}

    private static final Penguin EXAMPLE = new Penguin("Dream", 49.5, 19.0, 200.0, 3800.0, "male");

    /** One model for all threads; nothing has to be closed. Trained once if there is no file, which takes some seconds. */
    @Bean
    TableModel model(@Value("${species.model}") String model, @Value("${species.data}") String data) throws IOException {
        Path file = Path.of(model); // Spring would take a Path for one within the jar
        if (Files.notExists(file)) {
            TableTraining.of(Path.of(data), "species").fit().save(file);
        }
        return TableModel.load(file);
    }

    /** Before the service says that it is ready, code for vectors is compiled: the first request is as fast as the others. */
    @Bean
    ApplicationRunner warmUp(TableModel model) {
        return (ApplicationArguments arguments) -> {
            for (int i = 0; i < 1000; i++) {
                model.predict(EXAMPLE.row());
            }
            Compute.awaitFast();
        };
    }

    /** {@code /actuator/health}: up if the model predicts, with what it runs on. */
    @Bean
    HealthIndicator modelHealth(TableModel model) {
        return () -> Health.up().withDetail("example", model.predict(EXAMPLE.row()).label())
                .withDetail("compute", Compute.describe()).build();
    }

    @RestController
    static class Controller {

        private final TableModel model;

        Controller(TableModel model) {
            this.model = model;
        }

        @PostMapping("/species")
        Species species(@RequestBody Penguin penguin) {
            Prediction prediction = model.predict(penguin.row());
            return new Species(prediction.label(), prediction.probabilities());
        }

        /** A value that the model cannot take: the message names the column. */
        @ExceptionHandler(IllegalArgumentException.class)
        ProblemDetail wrong(IllegalArgumentException e) {
            return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.getMessage());
        }
    }

    public static void main(String[] arguments) {
        SpringApplication.run(SpeciesService.class, arguments);
    }
}
