package beras.data.image;

import beras.feed.Batch;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.util.Objects;

/**
 * Images that {@link ImageAugmentation} changes again in each epoch; targets stay as they are. A validation split of them is of
 * the images themselves. Safe in several threads.
 */
public final class AugmentedImages implements Examples {

    private final Images images;
    private final ImageAugmentation augmentation;
    private final long seed;

    /**
     * @param seed determines the changes, with the epoch and the index of an image
     */
    public AugmentedImages(Images images, ImageAugmentation augmentation, long seed) {
        this.images = Objects.requireNonNull(images);
        this.augmentation = Objects.requireNonNull(augmentation);
        this.seed = seed;
    }

    @Override
    public int count() {
        return images.count();
    }

    @Override
    public ExampleSpec spec() {
        return images.spec();
    }

    @Override
    public Images forValidation() {
        return images;
    }

    @Override
    public void read(int epoch, int[] order, int from, int to, Batch into) {
        images.read(epoch, order, from, to, into);
        Tensor inputs = into.inputs().get(0);
        int size = images.inputShape().size();
        for (int i = from; i < to; i++) {
            int at = inputs.offset() + (i - from) * size;
            augmentation.augment(inputs.data(), at, images.height(), images.width(), images.channels(), seed, epoch, order[i],
                    inputs.data(), at);
        }
    }
}
