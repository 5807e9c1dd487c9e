package beras.layers;

import static beras.initializers.Initializers.constant;
import static org.junit.jupiter.api.Assertions.*;

import beras.initializers.Initializers;
import beras.layers.activations.Activation;
import beras.layers.activations.GLU;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.models.Model;
import beras.regularizers.L1;
import beras.regularizers.L2;
import beras.tensor.Shape;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What all layers have in common; a layer without a case fails. */
@Tag("layers")
@Tag("once")
class EveryLayerTest {

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("beras");

    private static final Shape NUMBER = Shape.of();
    private static final Shape NONE = Shape.of(0);
    private static final Shape THREE = Shape.of(3);
    private static final Shape FIVE = Shape.of(5);
    private static final Shape MATRIX = Shape.of(2, 3);
    private static final Shape IMAGE = Shape.of(4, 3, 2);

    /** All layers but {@link Input}, which computes nothing. */
    static Stream<LayerCheck> layers() {
        return Stream.of(dense(), recurrent(), attending(), convolving(), pooling(), random(), normalizing(), reshaping(), merging(), activations())
                .flatMap(checks -> checks);
    }

    private static Stream<LayerCheck> dense() {
        Shape weights = Shape.of(5, 3);
        Shape bias = Shape.of(1, 3);
        return Stream.of(
                LayerCheck.of("Dense", () -> new Dense(3), FIVE, THREE).weights(weights, bias).refuses(NUMBER, NONE),
                LayerCheck.of("Dense of known input", () -> new Dense(5, 3), FIVE, THREE).weights(weights, bias)
                        .refuses(NUMBER, THREE, Shape.of(5, 4)),
                LayerCheck.of("Dense with an activation", () -> new Dense(3, "relu"), FIVE, THREE).weights(weights, bias),
                LayerCheck.of("Dense with a softmax", () -> new Dense(3, "softmax"), FIVE, THREE).weights(weights, bias),
                LayerCheck.of("Dense without bias", () -> new Dense(3).useBias(false), MATRIX, MATRIX).weights(Shape.of(3, 3)),
                LayerCheck.of("Dense with all settings", () -> new Dense(3).with("kernelInitializer", Initializers.heNormal())
                        .with("biasInitializer", constant(0.1)).with("kernelRegularizer", new L2(0.02f)).with("biasRegularizer", new L1(0.01f))
                        .with("kernelConstraint", "max_norm(3)").with("biasConstraint", "non_neg")
                        .with("activityRegularizer", new L2(0.03f)), FIVE, THREE)
                        .weights(weights, bias),
                LayerCheck.of("Embedding with all settings", () -> new Embedding(9, 3).maskZero(true).with("embeddingsInitializer", Initializers.heNormal())
                        .with("embeddingsRegularizer", new L2(0.02f)).with("embeddingsConstraint", "max_norm(3, axis=[1])"), Shape.of(2), MATRIX)
                        .weights(Shape.of(9, 3)).indices(9),
                LayerCheck.of("Embedding", () -> new Embedding(9, 3), Shape.of(2), MATRIX).weights(Shape.of(9, 3)).indices(9),
                LayerCheck.of("Embedding of numbers", () -> new Embedding(4, 3), NUMBER, THREE).weights(Shape.of(4, 3))
                        .indices(4));
    }

    private static Stream<LayerCheck> recurrent() {
        Shape steps = Shape.of(4, 2);
        Shape states = Shape.of(4, 3);
        return Stream.of(
                LayerCheck.of("LSTM", () -> new LSTM(3), steps, THREE).weights(Shape.of(2, 12), Shape.of(3, 12), Shape.of(12))
                        .refuses(NUMBER, FIVE, IMAGE, Shape.of(4, 0)),
                LayerCheck.of("Columns", () -> new Columns(1, 2, new Dense(4, "tanh"), new Dense(3)), FIVE, Shape.of(6))
                        .weights(Shape.of(2, 4), Shape.of(1, 4), Shape.of(4, 3), Shape.of(1, 3)).refuses(NUMBER, Shape.of(2), IMAGE).rounds(2),
                LayerCheck.of("Columns of all numbers", () -> new Columns(0, 5, new Reshape(5, 1), new LSTM(2)), FIVE, Shape.of(2))
                        .weights(Shape.of(1, 8), Shape.of(2, 8), Shape.of(8)),
                LayerCheck.of("LSTM with all settings", () -> withAllSettings(new LSTM(3)).with("recurrentActivation", "tanh")
                        .with("unitForgetBias", false), steps, states).weights(Shape.of(2, 12), Shape.of(3, 12), Shape.of(12)).grid(0.04),
                LayerCheck.of("LSTM step by step", () -> new LSTM(3).with("activation", "elu"), steps, THREE)
                        .weights(Shape.of(2, 12), Shape.of(3, 12), Shape.of(12)),
                LayerCheck.of("GRU", () -> new GRU(3).returnSequences(true), steps, states)
                        .weights(Shape.of(2, 9), Shape.of(3, 9), Shape.of(2, 9)),
                LayerCheck.of("GRU with all settings", () -> withAllSettings(new GRU(3)).with("recurrentActivation", "tanh")
                        .with("useBias", false), steps, states).weights(Shape.of(2, 9), Shape.of(3, 9)).grid(0.05),
                LayerCheck.of("GRU that resets before", () -> withAllSettings(new GRU(3)).with("resetAfter", false), steps, states)
                        .weights(Shape.of(2, 9), Shape.of(3, 9), Shape.of(9)).grid(0.05),
                LayerCheck.of("Bidirectional", () -> new Bidirectional(new GRU(2).returnSequences(true)), steps, Shape.of(4, 4))
                        .weights(Shape.of(2, 6), Shape.of(2, 6), Shape.of(2, 6), Shape.of(2, 6), Shape.of(2, 6), Shape.of(2, 6)).refuses(FIVE),
                LayerCheck.of("Bidirectional with all settings", () -> new Bidirectional(new SimpleRNN(3)).mergeMode("mul")
                        .with("backwardLayer", new LSTM(3).with("goBackwards", true)), steps, THREE)
                        .weights(Shape.of(2, 3), Shape.of(3, 3), THREE, Shape.of(2, 12), Shape.of(3, 12), Shape.of(12)),
                LayerCheck.of("TimeDistributed", () -> new TimeDistributed(new Dense(3, "tanh")), steps, states)
                        .weights(Shape.of(2, 3), Shape.of(1, 3)).refuses(NUMBER, Shape.of(4)),
                LayerCheck.of("TimeDistributed of images", () -> new TimeDistributed(new Flatten()), Shape.of(2, 2, 3), Shape.of(2, 6)),
                LayerCheck.of("Masking", () -> new Masking(0.3), steps, steps).refuses(NUMBER, FIVE),
                LayerCheck.of("SimpleRNN", () -> new SimpleRNN(3), steps, THREE).weights(Shape.of(2, 3), Shape.of(3, 3), THREE),
                LayerCheck.of("SimpleRNN with all settings", () -> withAllSettings(new SimpleRNN(3)), steps, states)
                        .weights(Shape.of(2, 3), Shape.of(3, 3), THREE));
    }

    private static Stream<LayerCheck> attending() {
        Shape steps = Shape.of(4, 2);
        List<Shape> three = List.of(Shape.of(3, 2), Shape.of(4, 3), steps);
        Shape heads = Shape.of(2, 3);
        return Stream.of(
                LayerCheck.of("MultiHeadAttention", () -> new MultiHeadAttention(2, 3), steps, steps)
                        .weights(heads.prepend(2), heads, heads.prepend(2), heads, heads.prepend(2), heads, heads.append(2), Shape.of(2))
                        .refuses(List.of(List.of(FIVE), List.of(IMAGE), List.of(steps, Shape.of(3, 2), steps), List.of(Shape.of(4, 0))))
                        .grid(0.02).rounds(10),
                LayerCheck.of("MultiHeadAttention with all settings", () -> new MultiHeadAttention(2, 3).causal(true).with("valueDim", 1)
                        .with("outputShape", 5).with("dropout", 0.3).with("takesMasks", true).with("kernelInitializer", Initializers.heNormal())
                        .with("biasInitializer", constant(0.1)).with("kernelRegularizer", new L2(0.02f)).with("biasRegularizer", new L1(0.01f))
                        .with("kernelConstraint", "max_norm(3)").with("biasConstraint", "non_neg"), three, Shape.of(3, 5))
                        .weights(heads.prepend(2), heads, heads.prepend(2), heads, Shape.of(3, 2, 1), Shape.of(2, 1), Shape.of(2, 1, 5), FIVE)
                        .grid(0.02).rounds(10),
                LayerCheck.of("MultiHeadAttention without bias", () -> new MultiHeadAttention(1, 2).useBias(false), three.subList(0, 2),
                        Shape.of(3, 2)).weights(Shape.of(2, 1, 2), Shape.of(3, 1, 2), Shape.of(3, 1, 2), Shape.of(1, 2, 2)).grid(0.02).rounds(10),
                LayerCheck.of("Attention", Attention::new, three, Shape.of(3, 3))
                        .refuses(List.of(List.of(steps), List.of(steps, Shape.of(4, 3)), List.of(steps, steps, Shape.of(3, 2))))
                        .grid(0.02).rounds(10),
                LayerCheck.of("Attention with all settings", () -> new Attention().causal(true).with("useScale", true).with("dropout", 0.3),
                        three, Shape.of(3, 3)).weights(NUMBER).grid(0.02).rounds(10),
                LayerCheck.of("Attention of sums", () -> new Attention().causal(true).with("useScale", true).with("scoreMode", "concat"),
                        three, Shape.of(3, 3)).weights(NUMBER, NUMBER).grid(0.02).rounds(10),
                LayerCheck.of("PositionEmbedding", () -> new PositionEmbedding(5), steps, steps).weights(Shape.of(5, 2)).refuses(FIVE, Shape.of(6, 2))
                        .indices(9),
                LayerCheck.of("PositionEmbedding with all settings", () -> new PositionEmbedding(4).with("initializer", constant(0.1)).addsInput(true),
                        steps, steps).weights(steps).indices(9),
                LayerCheck.of("TransformerBlock", () -> new TransformerBlock(2, 3), Shape.of(4, 6), Shape.of(4, 6))
                        .weights(transformer(2, 3, 3)).refuses(FIVE, Shape.of(4, 5)).rounds(10),
                LayerCheck.of("TransformerBlock with all settings", () -> new TransformerBlock(1, 5).causal(true).with("activation", "tanh")
                        .with("epsilon", 0.01), Shape.of(4, 3), Shape.of(4, 3)).weights(transformer(1, 3, 5)).rounds(10));
    }

    private static Shape[] transformer(int heads, int size, int units) {
        Shape features = Shape.of(heads * size);
        Shape each = Shape.of(heads, size);
        Shape kernel = each.prepend(heads * size);
        return new Shape[] {features, features, kernel, each, kernel, each, kernel, each, each.append(heads * size), features, features, features,
            features.append(units), Shape.of(1, units), features.prepend(units), features};
    }

    private static <L extends Recurrent<L>> L withAllSettings(L layer) {
        return layer.returnSequences(true).with("goBackwards", true).with("zeroOutputForMask", true).with("activation", "sigmoid")
                .with("dropout", 0.3).with("recurrentDropout", 0.2).with("kernelInitializer", Initializers.heNormal())
                .with("recurrentInitializer", Initializers.heNormal()).with("biasInitializer", constant(0.1))
                .with("kernelRegularizer", new L2(0.02f)).with("recurrentRegularizer", new L2(0.03f)).with("biasRegularizer", new L1(0.01f))
                .with("kernelConstraint", "max_norm(3)").with("recurrentConstraint", "max_norm(4)")
                .with("biasConstraint", "non_neg");
    }

    private static Stream<LayerCheck> convolving() {
        Shape kernel = Shape.of(2, 2, 2, 3);
        return Stream.of(
                LayerCheck.of("Conv2D", () -> new Conv2D(3, 2), IMAGE, Shape.of(3, 2, 3)).weights(kernel, THREE)
                        .refuses(NUMBER, FIVE, MATRIX, Shape.of(1, 3, 2), Shape.of(4, 3, 0)),
                LayerCheck.of("Conv2D with all settings", () -> new Conv2D(4, 3, 2).strides(2, 1).padding("same")
                        .with("dilationRate", List.of(1, 2)).with("groups", 2).activation("softplus").with("kernelInitializer", Initializers.heNormal())
                        .with("biasInitializer", constant(0.1)).with("kernelRegularizer", new L2(0.02f)).with("biasRegularizer", new L1(0.01f))
                        .with("kernelConstraint", "max_norm(3, axis=[0, 1, 2])").with("biasConstraint", "non_neg"), IMAGE, Shape.of(2, 3, 4))
                        .weights(Shape.of(3, 2, 1, 4), Shape.of(4)),
                LayerCheck.of("Conv2D without bias", () -> new Conv2D(3, 1).useBias(false), IMAGE, Shape.of(4, 3, 3))
                        .weights(Shape.of(1, 1, 2, 3)),
                LayerCheck.of("Whitening2D", () -> new Whitening2D(2), IMAGE, Shape.of(3, 2, 16))
                        .state(Shape.of(2, 2, 2, 16), Shape.of(16)).refuses(FIVE, MATRIX, Shape.of(1, 3, 2), Shape.of(4, 3, 0)),
                LayerCheck.of("Whitening2D with all settings", () -> new Whitening2D(3, 1).strides(2, 1).padding("same")
                        .with("epsilon", 0.1).activation("softplus"), IMAGE, Shape.of(2, 3, 12)).state(Shape.of(3, 1, 2, 12), Shape.of(12)),
                LayerCheck.of("Conv1D", () -> new Conv1D(3, 2), MATRIX, Shape.of(1, 3)).weights(Shape.of(2, 3, 3), THREE)
                        .refuses(FIVE, IMAGE, Shape.of(1, 3)),
                LayerCheck.of("Conv1D that is causal", () -> new Conv1D(2, 3).padding("causal").strides(2).with("dilationRate", 2),
                        Shape.of(5, 2), Shape.of(3, 2)).weights(Shape.of(3, 2, 2), Shape.of(2)),
                LayerCheck.of("DepthwiseConv1D", () -> new DepthwiseConv1D(2).with("depthMultiplier", 2).padding("same"), Shape.of(5, 2),
                        Shape.of(5, 4)).weights(Shape.of(2, 2, 2), Shape.of(4)).refuses(FIVE, IMAGE),
                LayerCheck.of("SeparableConv1D", () -> new SeparableConv1D(3, 2).strides(2).activation("tanh"), Shape.of(5, 2), Shape.of(2, 3))
                        .weights(Shape.of(2, 2, 1), Shape.of(1, 2, 3), THREE).refuses(FIVE, IMAGE),
                LayerCheck.of("Conv1DTranspose", () -> new Conv1DTranspose(3, 2).strides(3), Shape.of(5, 2), Shape.of(15, 3))
                        .weights(Shape.of(2, 3, 2), THREE).refuses(FIVE, IMAGE),
                LayerCheck.of("Conv1DTranspose with all settings", () -> new Conv1DTranspose(3, 3).strides(2).padding("same")
                        .activation("softplus").useBias(false), Shape.of(5, 2), Shape.of(10, 3)).weights(Shape.of(3, 3, 2)),
                LayerCheck.of("DepthwiseConv2D", () -> new DepthwiseConv2D(2), IMAGE, Shape.of(3, 2, 2))
                        .weights(Shape.of(2, 2, 2, 1), Shape.of(2)).refuses(FIVE, Shape.of(4, 3, 0)),
                LayerCheck.of("DepthwiseConv2D with all settings", () -> new DepthwiseConv2D(3, 2).strides(2, 1).padding("same")
                        .with("dilationRate", List.of(1, 2)).with("depthMultiplier", 3).activation("softplus")
                        .with("depthwiseInitializer", Initializers.heNormal())
                        .with("biasInitializer", constant(0.1)).with("depthwiseRegularizer", new L2(0.02f)).with("biasRegularizer", new L1(0.01f))
                        .with("depthwiseConstraint", "max_norm(3)").with("biasConstraint", "non_neg"), IMAGE, Shape.of(2, 3, 6))
                        .weights(Shape.of(3, 2, 2, 3), Shape.of(6)),
                LayerCheck.of("SeparableConv2D", () -> new SeparableConv2D(3, 2), IMAGE, Shape.of(3, 2, 3))
                        .weights(Shape.of(2, 2, 2, 1), Shape.of(1, 1, 2, 3), THREE).refuses(FIVE),
                LayerCheck.of("SeparableConv2D with all settings", () -> new SeparableConv2D(3, 2).strides(2, 1).padding("same")
                        .with("dilationRate", List.of(1, 2)).with("depthMultiplier", 2).activation("softplus")
                        .with("depthwiseInitializer", Initializers.heNormal())
                        .with("pointwiseInitializer", Initializers.heNormal()).with("biasInitializer", constant(0.1))
                        .with("depthwiseRegularizer", new L2(0.02f)).with("pointwiseRegularizer", new L2(0.03f))
                        .with("biasRegularizer", new L1(0.01f))
                        .with("depthwiseConstraint", "max_norm(3)").with("pointwiseConstraint", "max_norm(4)")
                        .with("biasConstraint", "non_neg"), IMAGE, Shape.of(2, 3, 3))
                        .weights(Shape.of(2, 2, 2, 2), Shape.of(1, 1, 4, 3), THREE),
                LayerCheck.of("Conv2DTranspose", () -> new Conv2DTranspose(3, 2), IMAGE, Shape.of(5, 4, 3))
                        .weights(Shape.of(2, 2, 3, 2), THREE).refuses(FIVE, Shape.of(4, 3, 0)),
                LayerCheck.of("Conv2DTranspose with all settings", () -> new Conv2DTranspose(3, 3, 2).strides(2, 1).padding("same")
                        .activation("softplus").with("kernelInitializer", Initializers.heNormal()).with("biasInitializer", constant(0.1))
                        .with("kernelRegularizer", new L2(0.02f)).with("biasRegularizer", new L1(0.01f)).with("kernelConstraint", "max_norm(3)")
                        .with("biasConstraint", "non_neg"), IMAGE, Shape.of(8, 3, 3)).weights(Shape.of(3, 2, 3, 2), THREE),
                LayerCheck.of("Conv2DTranspose that leaves gaps", () -> new Conv2DTranspose(1, 2).strides(3).useBias(false), IMAGE,
                        Shape.of(12, 9, 1)).weights(Shape.of(2, 2, 1, 2)));
    }

    private static Stream<LayerCheck> pooling() {
        Shape two = Shape.of(2);
        Shape sequence = Shape.of(5, 2);
        return Stream.of(
                LayerCheck.of("MaxPooling2D", MaxPooling2D::new, IMAGE, Shape.of(2, 1, 2)).refuses(FIVE, MATRIX, Shape.of(4, 1, 2)),
                LayerCheck.of("MaxPooling2D with all settings", () -> new MaxPooling2D(3, 2).strides(2, 1).padding("same"), IMAGE,
                        Shape.of(2, 3, 2)),
                LayerCheck.of("AveragePooling2D", AveragePooling2D::new, IMAGE, Shape.of(2, 1, 2)),
                LayerCheck.of("AveragePooling2D with all settings", () -> new AveragePooling2D(3, 2).strides(2, 1).padding("same"),
                        IMAGE, Shape.of(2, 3, 2)),
                LayerCheck.of("MaxPooling1D", () -> new MaxPooling1D(3).strides(1), sequence, Shape.of(3, 2)).refuses(IMAGE),
                LayerCheck.of("AveragePooling1D", () -> new AveragePooling1D(2).padding("same"), sequence, Shape.of(3, 2)),
                LayerCheck.of("GlobalMaxPooling2D", GlobalMaxPooling2D::new, IMAGE, two).refuses(MATRIX, Shape.of(0, 3, 2)),
                LayerCheck.of("GlobalAveragePooling2D", GlobalAveragePooling2D::new, IMAGE, two),
                LayerCheck.of("GlobalAveragePooling2D that keeps its axes", () -> new GlobalAveragePooling2D().with("keepdims", true), IMAGE,
                        Shape.of(1, 1, 2)),
                LayerCheck.of("GlobalMaxPooling1D", GlobalMaxPooling1D::new, sequence, two),
                LayerCheck.of("GlobalAveragePooling1D", GlobalAveragePooling1D::new, sequence, two),
                LayerCheck.of("ZeroPadding1D", () -> new ZeroPadding1D(1, 2), sequence, Shape.of(8, 2)).refuses(FIVE, IMAGE),
                LayerCheck.of("Cropping1D", Cropping1D::new, sequence, Shape.of(3, 2)).refuses(FIVE, Shape.of(2, 2)),
                LayerCheck.of("UpSampling1D", () -> new UpSampling1D(3), sequence, Shape.of(15, 2)).refuses(FIVE, IMAGE),
                LayerCheck.of("ZeroPadding2D", ZeroPadding2D::new, IMAGE, Shape.of(6, 5, 2)).refuses(FIVE, MATRIX),
                LayerCheck.of("ZeroPadding2D of each edge", () -> new ZeroPadding2D(1, 0, 2, 3), IMAGE, Shape.of(5, 8, 2)),
                LayerCheck.of("Cropping2D of each edge", () -> new Cropping2D(1, 0, 0, 2), IMAGE, Shape.of(3, 1, 2))
                        .refuses(FIVE, Shape.of(1, 3, 2)),
                LayerCheck.of("Cropping2D", Cropping2D::new, IMAGE, IMAGE),
                LayerCheck.of("HorizontalFlip", HorizontalFlip::new, IMAGE, IMAGE).refuses(FIVE, MATRIX),
                LayerCheck.of("UpSampling2D", UpSampling2D::new, IMAGE, Shape.of(8, 6, 2)).refuses(FIVE),
                LayerCheck.of("UpSampling2D by lines", () -> new UpSampling2D(2, 3).with("interpolation", "bilinear"), IMAGE,
                        Shape.of(8, 9, 2)));
    }

    private static Stream<LayerCheck> random() {
        return Stream.of(
                LayerCheck.of("Dropout", () -> new Dropout(0.4), FIVE, FIVE),
                LayerCheck.of("Dropout of nothing", () -> new Dropout(0), MATRIX, MATRIX),
                LayerCheck.of("Dropout of columns", () -> new Dropout(0.4).with("noiseShape", List.of(-1, 1, 3)), MATRIX, MATRIX),
                LayerCheck.of("AlphaDropout", () -> new AlphaDropout(0.3), FIVE, FIVE),
                LayerCheck.of("GaussianDropout", () -> new GaussianDropout(0.2), MATRIX, MATRIX),
                LayerCheck.of("SpatialDropout1D", () -> new SpatialDropout1D(0.4), MATRIX, MATRIX),
                LayerCheck.of("SpatialDropout2D", () -> new SpatialDropout2D(0.4), IMAGE, IMAGE),
                LayerCheck.of("GaussianNoise", () -> new GaussianNoise(0.3), FIVE, FIVE));
    }

    private static Stream<LayerCheck> normalizing() {
        return Stream.of(
                LayerCheck.of("BatchNormalization", BatchNormalization::new, FIVE, FIVE).weights(FIVE, FIVE).state(FIVE, FIVE)
                        .refuses(NUMBER, NONE),
                LayerCheck.of("BatchNormalization without scale", () -> new BatchNormalization().momentum(0.5).with("scale", false),
                        MATRIX, MATRIX).weights(THREE).state(THREE, THREE),
                LayerCheck.of("BatchNormalization without weights", () -> new BatchNormalization().with("scale", false).with("center", false),
                        FIVE, FIVE).state(FIVE, FIVE),
                LayerCheck.of("BatchNormalization with all settings",
                        () -> withAllSettings(new BatchNormalization()).momentum(0.6).with("movingMeanInitializer", constant(0.3))
                                .with("movingVarianceInitializer", constant(2)), FIVE, FIVE).weights(FIVE, FIVE).state(FIVE, FIVE),
                LayerCheck.of("BatchNormalization of images", BatchNormalization::new, IMAGE, IMAGE)
                        .weights(Shape.of(2), Shape.of(2)).state(Shape.of(2), Shape.of(2)),
                LayerCheck.of("GroupNormalization", () -> new GroupNormalization(2), Shape.of(2, 3, 4), Shape.of(2, 3, 4))
                        .weights(Shape.of(4), Shape.of(4)).refuses(NUMBER, Shape.of(2, 3, 5)),
                LayerCheck.of("GroupNormalization with all settings", () -> withAllSettings(new GroupNormalization(-1)), IMAGE, IMAGE)
                        .weights(Shape.of(2), Shape.of(2)),
                LayerCheck.of("GroupNormalization of vectors", () -> new GroupNormalization(1).with("scale", false), FIVE, FIVE)
                        .weights(FIVE),
                LayerCheck.of("LayerNormalization with all settings", () -> withAllSettings(new LayerNormalization()),
                        FIVE, FIVE).weights(FIVE, FIVE),
                LayerCheck.of("LayerNormalization", LayerNormalization::new, FIVE, FIVE).weights(FIVE, FIVE)
                        .refuses(NUMBER, NONE),
                LayerCheck.of("LayerNormalization without center", () -> new LayerNormalization().with("center", false).epsilon(0.1f),
                        MATRIX, MATRIX).weights(THREE),
                LayerCheck.of("LayerNormalization without weights", () -> new LayerNormalization().with("center", false).with("scale", false),
                        FIVE, FIVE),
                LayerCheck.of("RMSNormalization", RMSNormalization::new, FIVE, FIVE).weights(FIVE).refuses(NUMBER, NONE),
                LayerCheck.of("RMSNormalization with epsilon", () -> new RMSNormalization().with("epsilon", 0.1f), MATRIX, MATRIX)
                        .weights(THREE),
                LayerCheck.of("UnitNormalization", UnitNormalization::new, FIVE, FIVE).refuses(NUMBER),
                LayerCheck.of("UnitNormalization of matrices", UnitNormalization::new, MATRIX, MATRIX),
                LayerCheck.of("Rescaling", () -> new Rescaling(0.5, -0.25), MATRIX, MATRIX),
                LayerCheck.of("Normalization", Normalization::new, FIVE, FIVE).state(FIVE, FIVE).refuses(NUMBER, NONE),
                LayerCheck.of("Normalization by given numbers",
                        () -> new Normalization(new float[] {0.1f, -2, 3}, new float[] {4, 0.3f, 0.01f}), MATRIX, MATRIX)
                        .state(THREE, THREE).refuses(FIVE));
    }

    private static <L extends ScaledNormalization<L>> L withAllSettings(L layer) {
        return layer.epsilon(0.01f).with("betaInitializer", constant(0.2)).with("gammaInitializer", constant(0.7))
                .with("betaRegularizer", new L1(0.01f)).with("gammaRegularizer", new L2(0.02f)).with("betaConstraint", "max_norm(3)")
                .with("gammaConstraint", "non_neg");
    }

    private static Stream<LayerCheck> reshaping() {
        return Stream.of(
                LayerCheck.of("Flatten", Flatten::new, MATRIX, Shape.of(6)),
                LayerCheck.of("Flatten of numbers", Flatten::new, NUMBER, Shape.of(1)),
                LayerCheck.of("Reshape", () -> new Reshape(3, 2), MATRIX, Shape.of(3, 2)).refuses(FIVE),
                LayerCheck.of("Reshape of unknown size", () -> new Reshape(3, -1, 1), MATRIX, Shape.of(3, 2, 1)).refuses(FIVE),
                LayerCheck.of("Permute", () -> new Permute(2, 1), MATRIX, Shape.of(3, 2)).refuses(FIVE, NUMBER),
                LayerCheck.of("Permute of three axes", () -> new Permute(3, 1, 2), Shape.of(2, 3, 4), Shape.of(4, 2, 3)),
                LayerCheck.of("RepeatVector", () -> new RepeatVector(4), THREE, Shape.of(4, 3)).refuses(NUMBER, MATRIX),
                LayerCheck.of("Concatenate", Concatenate::new, List.of(MATRIX, Shape.of(2, 1), Shape.of(2, 2)), Shape.of(2, 6))
                        .refuses(List.of(List.of(MATRIX, THREE), List.of(MATRIX, Shape.of(1, 3)), List.of(NUMBER))),
                LayerCheck.of("Concatenate along axis 1", () -> new Concatenate(1), List.of(MATRIX, Shape.of(1, 3)),
                        Shape.of(3, 3)).refuses(List.of(List.of(MATRIX, Shape.of(2, 2)))));
    }

    private static Stream<LayerCheck> merging() {
        return Stream.of(merge("Add", Add::new, 3), merge("Add of one", Add::new, 1), merge("Subtract", Subtract::new, 2),
                merge("Multiply", Multiply::new, 3), merge("Average", Average::new, 3), merge("Maximum", Maximum::new, 3),
                merge("Maximum of one", Maximum::new, 1), merge("Minimum", Minimum::new, 3),
                broadcast("Add", Add::new), broadcast("Multiply", Multiply::new), broadcast("Average", Average::new),
                broadcast("Maximum", Maximum::new), broadcast("Minimum", Minimum::new),
                LayerCheck.of("Subtract of pixels from channels", Subtract::new, List.of(Shape.of(2), IMAGE), IMAGE),
                LayerCheck.of("Multiply of numbers", Multiply::new, List.of(NUMBER, MATRIX), MATRIX),
                LayerCheck.of("Dot", () -> new Dot(1), List.of(FIVE, FIVE), Shape.of(1))
                        .refuses(List.of(List.of(FIVE, THREE), List.of(NUMBER, FIVE), List.of(FIVE))),
                LayerCheck.of("Dot of cosines", () -> new Dot(1, -1).with("normalize", true), List.of(IMAGE, MATRIX.prepend(2).with(2, 4)),
                        Shape.of(3, 2, 2, 2)),
                LayerCheck.of("Dot of matrices", () -> new Dot(-1), List.of(MATRIX, Shape.of(4, 3)), Shape.of(2, 4))
                        .refuses(List.of(List.of(MATRIX, MATRIX.with(1, 2)))));
    }

    /** Channels, images, and a number for each channel and each row of an image. */
    private static LayerCheck broadcast(String name, Supplier<? extends Layer> maker) {
        return LayerCheck.of(name + " of several shapes", maker,
                List.of(Shape.of(2), Shape.of(1, 3, 2), Shape.of(4, 1, 1), Shape.of(1, 1, 2)), IMAGE)
                .refuses(List.of(List.of(Shape.of(3), IMAGE), List.of(Shape.of(3, 3, 2), IMAGE)));
    }

    private static LayerCheck merge(String name, Supplier<? extends Layer> maker, int inputs) {
        return LayerCheck.of(name, maker, Stream.generate(() -> MATRIX).limit(inputs).toList(), MATRIX)
                .refuses(List.of(List.of(MATRIX, FIVE), List.of(MATRIX, Shape.of(2, 2))));
    }

    /** Steps that a model computes as one. */
    static Stream<LayerCheck> fused() {
        Shape small = Shape.of(2, 2, 1);
        return Stream.of(
                LayerCheck.of("Dense and tanh", () -> fused(new Dense(3, "tanh"), FIVE), FIVE, THREE),
                LayerCheck.of("Conv2D and softplus", () -> fused(new Conv2D(3, 2), IMAGE, Layers.activation("softplus")), IMAGE, Shape.of(3, 2, 3)),
                LayerCheck.of("Conv2D, relu and pooling", () -> fused(new Conv2D(2, 2, "relu").padding("same"), small,
                        new MaxPooling2D()), small, Shape.of(1, 1, 2)),
                LayerCheck.of("Conv2DTranspose and pooling", () -> fused(new Conv2DTranspose(2, 1), small, new MaxPooling2D()),
                        small, Shape.of(1, 1, 2)));
    }

    private static Layer fused(Layer layer, Shape input, Layer... next) {
        layer.build(List.of(input));
        return layer.fused(next).orElseThrow();
    }

    /** One with a setting, and every one with its defaults. */
    private static Stream<LayerCheck> activations() {
        Stream<LayerCheck> withSettings = Stream.of(
                LayerCheck.of("LeakyReLU", () -> new LeakyReLU(0.1f), FIVE, FIVE),
                LayerCheck.of("ReLU with a slope", () -> new ReLU().with("negativeSlope", 0.2f), FIVE, FIVE),
                LayerCheck.of("ReLU with all settings", () -> Layers.activation("relu(1, 0.2, 0.2)"), MATRIX, MATRIX),
                LayerCheck.of("CELU", () -> Layers.activation("celu(0.5)"), FIVE, FIVE),
                LayerCheck.of("HardShrink", () -> Layers.activation("hard_shrink(0.4)"), FIVE, FIVE),
                LayerCheck.of("HardTanh", () -> Layers.activation("hard_tanh(-1.2, 0.4)"), MATRIX, MATRIX),
                LayerCheck.of("SoftShrink", () -> Layers.activation("soft_shrink(0.4)"), FIVE, FIVE),
                LayerCheck.of("SquarePlus", () -> Layers.activation("square_plus(0.5)"), FIVE, FIVE),
                LayerCheck.of("GLU", GLU::new, Shape.of(2, 4), Shape.of(2, 2)).refuses(NUMBER, FIVE),
                LayerCheck.of("PReLU", PReLU::new, FIVE, FIVE).weights(FIVE),
                LayerCheck.of("PReLU with all settings", () -> new PReLU().with("alphaInitializer", constant(0.3)).with("sharedAxes", List.of(1, 3))
                        .with("alphaRegularizer", new L1(0.01f)).with("alphaConstraint", "non_neg"), Shape.of(2, 3, 4), Shape.of(2, 3, 4))
                        .weights(Shape.of(1, 3, 1)).refuses(FIVE),
                LayerCheck.of("ActivityRegularization", () -> new ActivityRegularization(0.01f, 0.02f), FIVE, FIVE));
        return Stream.concat(withSettings, Layers.ACTIVATIONS.names().stream().filter(type -> !type.equals("GLU"))
                .map(type -> LayerCheck.of(type + " by default", () -> Layers.activation(type), FIVE, FIVE)
                        .grid(type.endsWith("Shrink") ? 0.24 : 0.2))); // two have kinks at a half
    }

    /** The layers that can be made, except those of functions, see {@link LambdaTest}, and rows of a table. */
    private static Set<Class<?>> concrete() {
        return MAIN.stream().filter(type -> type.isAssignableTo(Layer.class) && !type.isEquivalentTo(Lambda.class) && !type.isEquivalentTo(Activation.class)
                && !type.isAssignableTo(Model.class) && type.getModifiers().contains(JavaModifier.PUBLIC)
                && !type.getModifiers().contains(JavaModifier.ABSTRACT)).map(JavaClass::reflect).collect(Collectors.toSet());
    }

    @Test
    void everyLayerHasACaseAndAName() {
        Set<String> layers = concrete().stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
        layers.addAll(Layers.ACTIVATIONS.names());
        layers.remove("OnnxOperator"); // registered by a service, and tested with the format
        Set<String> checked = layers().map(LayerCheck::type)
                .collect(Collectors.toCollection(() -> new TreeSet<>(Set.of("Input"))));
        assertEquals(layers, checked);
        Set<String> named = new TreeSet<>(Layers.REGISTRY.names());
        named.remove("OnnxOperator");
        assertEquals(layers, named);
    }

    private static Stream<DynamicNode> tests(Stream<LayerCheck> checks, Map<String, Consumer<LayerCheck>> questions) {
        List<LayerCheck> all = checks.toList();
        return questions.entrySet().stream().map(question -> DynamicContainer.dynamicContainer(question.getKey(),
                all.stream().map(check -> DynamicTest.dynamicTest(check.toString(), () -> question.getValue().accept(check)))));
    }

    @TestFactory
    Stream<DynamicNode> ofEachLayer() {
        return tests(layers(), Map.ofEntries(
                Map.entry("infers its shapes", LayerCheck::infersItsShapes),
                Map.entry("has its weights", LayerCheck::hasItsWeights),
                Map.entry("refuses wrong shapes", LayerCheck::refusesWrongShapes),
                Map.entry("is made again from its config", LayerCheck::isMadeAgainFromItsConfig),
                Map.entry("has the gradients of its forward pass", LayerCheck::hasTheGradientsOfItsForwardPass),
                Map.entry("composes what its local Jacobians say", LayerCheck::composesWhatItsLocalJacobiansSay),
                Map.entry("reads any layout", LayerCheck::readsAnyLayout),
                Map.entry("gives the same bits again and on any number of threads", LayerCheck::givesTheSameBitsAgainAndOnAnyNumberOfThreads),
                Map.entry("predicts in many threads and leaves no trace", LayerCheck::predictsInManyThreadsAndLeavesNoTrace),
                Map.entry("survives a file", LayerCheck::survivesAFile),
                Map.entry("trains", LayerCheck::trains)));
    }

    @TestFactory
    Stream<DynamicNode> ofEachLayerAndThoseThatAModelFuses() {
        return tests(Stream.concat(layers(), fused()), Map.of(
                "is defined by operations", LayerCheck::isDefinedByOperations,
                "has the gradients of its definition", LayerCheck::hasTheGradientsOfItsDefinition,
                "has gradients of its gradients", LayerCheck::hasGradientsOfItsGradients));
    }
}
