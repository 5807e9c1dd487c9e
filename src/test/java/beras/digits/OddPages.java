package beras.digits;

import beras.data.image.Picture;
import beras.tensor.Rng;

/** Pictures of anything, by seed: of all sizes, with bars, discs, steps, gradients, stripes and noise. */
final class OddPages {

    static Picture page(int seed) {
        Rng rng = new Rng(seed, "odd pages", 0);
        long[] next = {0};
        int width = 1 + side(rng, next);
        int height = 1 + side(rng, next);
        double[] light = new double[width * height];
        double paper = 255 * rng.uniform(next[0]++);
        double across = (rng.uniform(next[0]++) - 0.5) * 300 / width;
        double down = (rng.uniform(next[0]++) - 0.5) * 300 / height;
        for (int i = 0; i < light.length; i++) {
            light[i] = paper + across * (i % width) + down * (i / width);
        }
        int things = (int) (rng.uniform(next[0]++) * 40);
        for (int thing = 0; thing < things; thing++) {
            double kind = rng.uniform(next[0]++);
            double level = 255 * rng.uniform(next[0]++);
            double x = width * rng.uniform(next[0]++);
            double y = height * rng.uniform(next[0]++);
            double wide = StrictMath.pow(rng.uniform(next[0]++), 2) * width;
            double high = StrictMath.pow(rng.uniform(next[0]++), 2) * height;
            for (int i = 0; i < light.length; i++) {
                double dx = i % width - x;
                double dy = i / width - y;
                boolean inside = kind < 0.5 ? dx >= 0 && dy >= 0 && dx <= wide && dy <= high
                        : kind < 0.8 ? dx * dx * high * high + dy * dy * wide * wide <= wide * wide * high * high
                        : kind < 0.9 ? Math.abs(dx * high + dy * wide) < width + height : (i % width + i / width) % 7 == 0;
                light[i] = inside ? level : light[i];
            }
        }
        double noise = rng.uniform(next[0]++) < 0.5 ? 0 : 60 * rng.uniform(next[0]++);
        Rng grain = new Rng(seed, "odd grain", 0);
        byte[] grey = new byte[light.length];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (byte) Math.min(255, Math.max(0, light[i] + (noise == 0 ? 0 : noise * grain.normal(i))));
        }
        return new Picture(width, height, grey);
    }

    private static int side(Rng rng, long[] next) {
        double kind = rng.uniform(next[0]++);
        double side = rng.uniform(next[0]++);
        return (int) (kind < 0.2 ? 4 * side : kind < 0.6 ? 60 * side : 300 * side);
    }

    private OddPages() {}
}
