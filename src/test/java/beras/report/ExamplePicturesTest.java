package beras.report;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.ImagePreprocessor;
import beras.data.image.PictureForm;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The images of a report: which come first. */
@Tag("cli")
class ExamplePicturesTest {

    private static final List<String> LABELS = List.of("a", "b", "<c>");

    /** Images of one pixel for each class, by how bright which the model decides; the first row is the most confident. */
    private static Judgement judgement(float[][] pixels, int... truth) {
        Sequential model = new Sequential(1, new Input(3), new Dense(3, "softmax"));
        model.weights().get(0).assign(Tensor.generate(i -> i / 3 == i % 3 ? 8 : 0, 3, 3));
        Tensor targets = Tensor.generate(i -> truth[i / 3] == i % 3 ? 1 : 0, truth.length, 3);
        HeldOut held = HeldOut.of("images", Batches.of(Examples.of(Tensor.of(pixels), targets), 100), model);
        ImagePreprocessor images = new ImagePreprocessor(1, 3, 1, PictureForm.SCALED, LABELS, 3);
        return Judgement.of(model, Optional.of(images), LABELS, held);
    }

    private static String written(Judgement judgement) {
        Html html = new Html();
        new JudgementHtml(judgement, html).writeErrors();
        return html.toString();
    }

    private static List<String> found(String pattern, String text) {
        List<String> found = new ArrayList<>();
        for (Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text); matcher.find();) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void theSurestMistakeAndTheLeastSureRightOneComeFirst() {
        float[][] pixels = {{1, 0, 0}, {0.9f, 0, 0}, {0, 1, 0}, {0.6f, 0.1f, 0}, {1, 0, 0.2f}};
        String page = written(judgement(pixels, 0, 0, 1, 1, 1));
        int right = page.indexOf("Least sure of the right ones");
        List<String> sure = found("<span>([0-9.]+)</span>", page.substring(0, right));
        assertEquals(2, sure.size());
        assertTrue(Double.parseDouble(sure.get(0)) > Double.parseDouble(sure.get(1)), "the most confident mistake comes first");
        assertEquals(List.of("b, taken for a", "b, taken for a"), found("<span>([^<0-9]+)</span>", page.substring(0, right)));
        List<String> unsure = found("<span>([0-9.]+)</span>", page.substring(right));
        assertEquals(3, unsure.size());
        assertTrue(Double.parseDouble(unsure.get(0)) <= Double.parseDouble(unsure.get(1)));
        assertFalse(page.contains("<c>"));
    }

    /** The model is as sure of the first mistake as of its class, of the other it is not. */
    @Test
    void aLabelIsDoubtedIfTheModelIsAsSureAsItUsuallyIs() {
        float[][] pixels = {{0.8f, 0, 0}, {0.9f, 0, 0}, {0, 0.9f, 0}, {1, 0, 0}, {0.3f, 0.2f, 0}};
        String page = written(judgement(pixels, 0, 0, 1, 1, 1));
        assertEquals(1, found("(label right\\?)", page).size());
        assertTrue(page.contains("The label of 1 may itself be wrong"), page);
    }

    @Test
    void manyImagesTakeABoundedPlace() {
        int count = 3000;
        float[][] pixels = Stream.generate(() -> new float[3]).limit(count).toArray(float[][]::new);
        int[] truth = new int[count];
        for (int i = 0; i < count; i++) {
            pixels[i][i % 3] = 0.5f + i / 10_000f;
            truth[i] = i / 3 % 3;
        }
        String page = written(judgement(pixels, truth));
        assertEquals(30, found("(<li>)", page).size());
        assertTrue(page.length() < 150_000, () -> "a page of " + page.length());
    }
}
