package beras.models;

import beras.layers.Average;
import beras.layers.Cropping2D;
import beras.layers.HorizontalFlip;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.Reshape;
import beras.layers.ZeroPadding2D;
import beras.tensor.Shape;
import beras.training.TestViews;
import java.util.ArrayList;
import java.util.List;

/**
 * Test-time augmentation: averages the outputs of a network for several views of an image, such as the image and its mirror
 * image. Accuracy improves, and prediction takes as many times longer.
 *
 * <pre>{@code
 * Model model = new Views(net, new TestViews(true, 1));
 * }</pre>
 *
 * <p>Training uses each image as it is; predictions, validation and {@link #evaluate}, and so the choice of the best epoch, use
 * all views. The weights are the network's. ONNX files contain the views as a graph; Keras has no layer that flips images in
 * inference, so models with flips cannot be saved for it.
 */
public final class Views extends Model {

    private final Model net;
    private final TestViews views;

    /**
     * Averages the views of this network, without copying it.
     *
     * @throws IllegalArgumentException if the network has several inputs or outputs, takes no images, or images that are not
     *     larger than the shift, or there is one view only
     */
    public Views(Model net, TestViews views) {
        this(net, views, null);
    }

    Views(Model net, TestViews views, Graph.Filling filling) {
        super(graph(net, views, filling));
        this.net = net;
        this.views = views;
    }

    private static Graph graph(Model net, TestViews views, Graph.Filling filling) {
        if (net.inputShapes().size() != 1 || net.outputShapes().size() != 1 || views.count() == 1) {
            throw new IllegalArgumentException("Views are several, of a net with one input and one output. Received: "
                    + views.count() + " of a net with " + net.inputShapes().size() + " and " + net.outputShapes().size());
        }
        Shape taken = net.inputShape();
        Shape image = image(net);
        if (views.shift() >= Math.min(image.dim(0), image.dim(1))) {
            throw new IllegalArgumentException("Views are moved by less than the sides of an image. Received: " + views.shift()
                    + " of an image of shape " + image);
        }
        Node input = new Input(taken.toArray()).apply();
        Node pixels = taken.equals(image) ? input : new Reshape(image.toArray()).apply(input);
        List<Node> seen = new ArrayList<>();
        for (Node side : views.flips() ? List.of(pixels, new HorizontalFlip().apply(pixels)) : List.of(pixels)) {
            seen.add(side);
            int shift = views.shift();
            if (shift > 0) {
                seen.add(new Cropping2D(shift, 0, shift, 0).apply(new ZeroPadding2D(0, shift, 0, shift).apply(side)));
                seen.add(new Cropping2D(0, shift, 0, shift).apply(new ZeroPadding2D(shift, 0, shift, 0).apply(side)));
            }
        }
        Node[] outputs = new Node[seen.size()];
        for (int i = 0; i < outputs.length; i++) {
            Node view = seen.get(i);
            outputs[i] = net.apply(view == pixels ? input : taken.equals(image) ? view : new Reshape(taken.toArray()).apply(view));
        }
        return new Graph(List.of(input), List.of(new Average().apply(outputs)), null, filling);
    }

    /** The sides of the images that a network takes, perhaps as rows that its first layer reshapes to images. */
    private static Shape image(Model net) {
        Shape taken = net.inputShape();
        if (taken.rank() == 3) {
            return taken;
        }
        for (Node node : net.nodes()) {
            if (node.layer() instanceof Model inner) {
                return image(inner);
            }
            if (node.layer() instanceof Reshape && node.shape().rank() == 3) {
                return node.shape();
            }
            if (!(node.layer() instanceof Input)) {
                break;
            }
        }
        throw new IllegalArgumentException("Views are of images (height, width, channels), such as a net takes that begins with a"
                + " convolution. Received: a net that takes " + taken);
    }

    /** The network. */
    public Model net() {
        return net;
    }

    /** The views. */
    public TestViews views() {
        return views;
    }

    @Override
    public List<? extends Model> nets() {
        return net.nets();
    }
}
