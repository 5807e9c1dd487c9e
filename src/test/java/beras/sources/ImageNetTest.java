package beras.sources;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Layer;
import beras.models.Sequential;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class ImageNetTest {

    private static final Shape ROW = Shape.of(784);
    private static final Shape IMAGE = Shape.of(28, 28, 1);

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "16:relu,10:softmax                    | Dense Dense",
        "conv:2x3,10:softmax                   | Reshape Conv2D Flatten Dense",
        "reshape([28,28,1]),conv:2x3,flatten,10| Reshape Conv2D Flatten Dense",
        "dropout:0.1,max_pool:2,batch_norm,5,5 | Dropout Reshape MaxPooling2D BatchNormalization Flatten Dense Dense",
        "conv:2x3,global_avg_pool,10           | Reshape Conv2D GlobalAveragePooling2D Dense",
        "conv:2x3,16,max_pool:2                | Reshape Conv2D Flatten Dense MaxPooling2D",
        "conv:2x30,10                          | Reshape Conv2D Dense"})
    void imagesHaveTheFormThatLayersWant(String layers, String types) {
        List<Layer> made = ImageNet.fitted(new Recipe().layers(layers), ROW, IMAGE).makeLayers();
        assertEquals(types, String.join(" ", made.stream().map(layer -> layer.config().type()).toList()));
    }

    @Test
    void rowsThatAreNoImagesAreLeftAsTheyAre() {
        Recipe recipe = new Recipe().layers("conv:2x3,10");
        assertEquals(recipe.layerConfigs(), ImageNet.fitted(recipe, ROW, ROW).layerConfigs());
    }

    @ParameterizedTest
    @ValueSource(strings = {ImageNet.DENSE, ImageNet.LENET, ImageNet.SMALL_CNN, ImageNet.LARGE_CNN})
    void namedNetsTakeImagesOfDigits(String name) {
        Recipe recipe = ImageNet.fitted(new Recipe().layers(ImageNet.of(name).layers(7)), ROW, IMAGE);
        assertEquals(Shape.of(7), Sequential.of(recipe, ROW).outputShape());
    }
}
