package beras.digits;

import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** The direction of a page that is not upright: from the network's outputs for a sample of its marks in each direction. */
final class Direction {

    /** The number of sampled marks, the ones of the most typical size. */
    private static final int SAMPLE = 40;

    /**
     * How likely the marks are digits after each number of quarters of a turn, clockwise, 0 to 3: the mean logarithm of the largest
     * probability; all 0 without marks.
     *
     * @param net gives the probabilities of the digits for images in the form of digits
     */
    static double[] likelihoods(Page page, Function<List<byte[]>, Tensor> net) {
        double[] likelihoods = new double[4];
        List<Mark> marks = sample(page.lines.stream().flatMap(line -> line.marks().stream()).toList());
        if (marks.isEmpty()) {
            return likelihoods;
        }
        List<byte[]> images = new ArrayList<>();
        for (Mark mark : marks) {
            byte[] form = page.form(List.of(mark), mark.box());
            for (int quarters = 0; quarters < 4; quarters++) {
                images.add(form);
                form = turned(form);
            }
        }
        Tensor outputs = net.apply(images);
        for (int i = 0; i < images.size(); i++) {
            double most = 0;
            for (int digit = 0; digit < PageReader.CLASSES; digit++) {
                most = Math.max(most, outputs.get(i, digit));
            }
            likelihoods[i % 4] += StrictMath.log(Math.max(most, PageReader.CHANCE)) / marks.size();
        }
        return likelihoods;
    }

    /** The likeliest quarters but 0. */
    static int likeliest(double[] likelihoods) {
        return likelihoods[1] > Math.max(likelihoods[2], likelihoods[3]) ? 1 : likelihoods[2] >= likelihoods[3] ? 2 : 3;
    }

    private static List<Mark> sample(List<Mark> marks) {
        int[] sides = marks.stream().mapToInt(Direction::side).sorted().toArray();
        if (sides.length == 0) {
            return List.of();
        }
        double typical = sides[sides.length / 2];
        return marks.stream().sorted(Comparator.comparingDouble(mark -> Math.abs(StrictMath.log(side(mark) / typical))))
                .limit(SAMPLE).toList();
    }

    private static int side(Mark mark) {
        return Math.max(mark.box().width(), mark.box().height());
    }

    /** An image in the form of a digit, turned clockwise; the form has its middle in the pixel right of and below the middle. */
    private static byte[] turned(byte[] form) {
        int side = DigitForm.SIDE;
        byte[] turned = new byte[form.length];
        for (int row = 0; row < side; row++) {
            for (int column = 1; column < side; column++) {
                turned[row * side + column] = form[(side - column) * side + row];
            }
        }
        return turned;
    }

    private Direction() {}
}
