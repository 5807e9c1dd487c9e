package beras.digits;

import beras.config.CheckReturnValue;
import beras.config.InvalidDataException;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.image.Picture;
import beras.feed.Preprocessor;
import beras.models.Model;
import beras.prediction.Calibration;
import beras.prediction.Prediction;
import beras.saving.SavedModel;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Reads the handwritten digits of a page, line by line, and leaves out all else.
 *
 * <p>Ink is separated from paper, ruled lines are removed, and connected pieces are grouped into lines. Pieces that may be
 * several digits are cut, parts that may be one are joined, in all plausible ways; the network predicts all of them in one
 * batch, and each line takes the most confident way. A mark is cut only if all pieces are as high as digits: a 4 with a leg is
 * an A. Frames, rules and the edges of shadows are no marks. Things lower than about half of their line are no digits, and
 * strokes lower than three quarters of it are no 1s. (Over-segmentation and the best path through it: LeCun, Bottou, Bengio and
 * Haffner, "Gradient-based learning applied to document recognition", 1998.) Pieces of little confidence are no digits: the
 * network should be trained with outliers, {@link OutlierImages}.
 *
 * <p>Safe in several threads if the network is.
 *
 * <pre>{@code
 * PageReader reader = PageReader.of(ModelFile.load(Path.of("digits.beras")));
 * System.out.println(reader.read(Picture.read(Path.of("page.jpg"))).text());
 * }</pre>
 */
public final class PageReader {

    /**
     * The rejection threshold: below this confidence a piece is no digit. It is lower than the threshold that a model keeps for
     * single images, because a missing digit changes the number, and an unsure one is visible. Chosen on pages of digits that
     * the network was not trained on: from 0.25 to 0.4 as many digits are right, and higher thresholds miss more.
     */
    public static final double REJECT = 0.4;
    /** Digits that a page may have. */
    public static final int CLASSES = 10;

    /** Marks that may be one digit together. */
    private static final int TOGETHER = 6;
    /** In parts of the height of the line: how wide a digit is at most, and how far its parts are apart. */
    private static final double MAX_WIDTH = 1.5;
    private static final double APART = 0.25;
    /** Lower things are no digits, in parts of the height of the line. */
    private static final double MIN_HEIGHT = 0.55;
    /** Lower strokes are no 1s: the network is confident about them, but it receives all pieces in one size. */
    private static final double MIN_HEIGHT_OF_1 = 0.75;
    /** The probability of a piece that the network was not applied to. */
    static final double CHANCE = 1.0 / CLASSES;
    /** The logarithm of the confidence where no digit is read. */
    private static final double NOTHING = StrictMath.log(CHANCE);
    /** The required gain of a cut, in the logarithm of the confidence. */
    private static final double CUT = 0.4;
    /** The weight of ink that is too low for a digit: without such a part a digit may look like another. */
    private static final double LEFT_OUT = 2;
    /**
     * A page is upside down, or on its side, if the mean logarithm of the confidence of its marks is so much more that way, and may be
     * upside down if it is so little less.
     */
    private static final double UPSIDE_DOWN = 0.2;
    /** The confidence of a line of 1s alone: it may as well be strokes. */
    private static final double ONLY_ONES = 0.5;
    /** Beside so many unsure marks in a word digits are letters as often as these are many. */
    private static final int LETTERS = 5;
    /**
     * Another way to read a page is right if the network has this confidence in a digit other than 1, and so much more than in
     * the first way, if that has any digit but 1.
     */
    private static final double MIN_SURE = 0.75;
    private static final double MUCH_SURER = 0.1;
    /** A page whose marks have so much confidence in the mean has no words. */
    private static final double NO_WORDS = 0.94;
    /** In lines of fewer pixels the network is unsure of digits, too, so that little confidence indicates no word. */
    private static final double MIN_HEIGHT_OF_WORDS = 20;
    /** In parts of the height of the line: marks that are less far apart are of one word, in which lower marks are no letters. */
    private static final double CLOSE = 0.35;
    private static final double LETTER = 0.4;
    /** In a word the sum of doubts, 1 less the confidence, is so large, and so large for each mark. */
    private static final double MIN_DOUBT = 0.75;
    private static final double SOME_DOUBT = 0.25;
    /** A digit of less confidence may be a letter. */
    private static final double SURE = 0.9;
    /** Images per batch of the network. */
    private static final int BATCH = 1000;

    private final UnaryOperator<Tensor> net;
    private final Optional<Calibration> calibration;
    private final double reject;

    /**
     * With {@link #REJECT}.
     *
     * @param model takes images of 28 x 28 and gives the probabilities of the ten digits
     * @throws InvalidDataException if it does not
     */
    public PageReader(Model model) {
        this(of(model), Optional.empty(), REJECT);
    }

    private PageReader(UnaryOperator<Tensor> net, Optional<Calibration> calibration, double reject) {
        this.net = net;
        this.calibration = calibration;
        this.reject = reject;
    }

    /**
     * With the calibration that was saved with a model, and with {@link #REJECT}. Writing, words and the direction are decided
     * by the confidences of the network itself, without the temperature.
     *
     * @throws InvalidDataException if the model does not take images of 28 x 28 and give the probabilities of ten classes, or
     *         it was saved with a preprocessor by which they are not the digits 0 to 9 in the form of MNIST
     */
    public static PageReader of(SavedModel saved) {
        UnaryOperator<Tensor> net = of(saved.uncalibrated().probabilities());
        saved.preprocessor().ifPresent(PageReader::requireDigits);
        return new PageReader(net, saved.calibration(), REJECT);
    }

    private static void requireDigits(Preprocessor preprocessor) {
        if (preprocessor instanceof ImagePreprocessor images && !(images.form() instanceof DigitForm)) {
            throw new InvalidDataException("expected a model of digits in the form of MNIST, white on black and centred."
                    + " Received: one of pictures in the form " + images.form().name());
        }
        for (int digit = 0; digit < CLASSES; digit++) { // ten classes could be anything
            float[] output = new float[CLASSES];
            output[digit] = 1;
            String label = preprocessor.decode(output, 0).label();
            if (!label.equals(Integer.toString(digit))) {
                throw new InvalidDataException("expected a model whose classes are the digits 0 to 9. Received: class " + digit
                        + " is " + label);
            }
        }
    }

    /**
     * With another network.
     *
     * @param net returns the probabilities of the digits {@code (count, 10)} for pixels {@code (count, 784)} from 0 to 1
     */
    public static PageReader of(UnaryOperator<Tensor> net) {
        return new PageReader(net, Optional.empty(), REJECT);
    }

    private static UnaryOperator<Tensor> of(Model model) {
        int pixels = DigitForm.SIDE * DigitForm.SIDE;
        boolean fits = model.inputShapes().size() == 1 && model.outputShapes().size() == 1
                && isImage(model.inputShape()) && model.outputShape().equals(Shape.of(CLASSES));
        if (!fits) {
            throw new InvalidDataException("A page is read by a model of digits, which takes " + pixels + " pixels of 28 x 28 and gives "
                    + CLASSES + " probabilities. Received: inputs of shapes " + model.inputShapes() + " and outputs of shapes "
                    + model.outputShapes());
        }
        return pixelsOfEach -> model.predict(pixelsOfEach.reshape(model.inputShape().prepend(pixelsOfEach.dim(0)).toArray()));
    }

    private static boolean isImage(Shape shape) {
        int side = DigitForm.SIDE;
        return shape.equals(Shape.of(side * side)) || shape.equals(Shape.of(side, side)) || shape.equals(Shape.of(side, side, 1))
                || shape.equals(Shape.of(1, side, side));
    }

    /**
     * With another bound, below which nothing is a digit.
     *
     * @throws IllegalArgumentException if it is not 0 to 1
     */
    @CheckReturnValue
    public PageReader reject(double bound) {
        return new PageReader(net, calibration, Prediction.requireBound(bound));
    }

    /**
     * With a way to give up: {@link #read} throws a {@link CancellationException} once this is true.
     *
     * @param stopped is called before each batch of the network, in the thread that reads
     */
    @CheckReturnValue
    public PageReader stopped(BooleanSupplier stopped) {
        return new PageReader(pixels -> {
            if (stopped.getAsBoolean()) {
                throw new CancellationException("The reading of a page was stopped");
            }
            return net.apply(pixels);
        }, calibration, reject);
    }

    /**
     * Reads a page.
     *
     * @throws InvalidDataException if there are too many marks on it for digits, as in print or on a texture, or the network's
     *     output is no probability
     */
    public Reading read(Picture picture) {
        Page page = new Page(picture);
        if (page.isCrowded()) {
            throw new InvalidDataException("expected a page of digits, with at most " + Page.MAX_MARKS + " marks. Received: "
                    + page.count + " marks, as print, a texture or noise has. Cut out the digits, or take them from nearer");
        }
        Reading reading = read(picture, page);
        if (reading.confidence() < NO_WORDS) {
            double[] likelihoods = Direction.likelihoods(new Page(picture), this::outputs); // of marks that reading has not cut
            int likeliest = Direction.likeliest(likelihoods);
            boolean isTurned = likelihoods[likeliest] >= StrictMath.log(MIN_SURE)
                    && likelihoods[likeliest] - likelihoods[0] > UPSIDE_DOWN;
            reading = reading.turn(isTurned ? likeliest : 0,
                    !isTurned && reading.isOfDigits() && likelihoods[0] - likelihoods[2] < UPSIDE_DOWN);
        }
        boolean isSure = reading.confidence() >= MIN_SURE && reading.digits().stream().anyMatch(PageReader::isTelling);
        Page otherInk = isSure ? page : Page.ofOtherInk(picture); // paper in the sun, or beyond a shadow, may look like light ink
        if (!isSure && !otherInk.isCrowded()) {
            boolean isTelling = reading.digits().stream().anyMatch(PageReader::isTelling);
            Reading other = read(picture, otherInk);
            boolean isBetter = other.confidence() >= Math.max(MIN_SURE, isTelling ? reading.confidence() + MUCH_SURER : 0)
                    && other.digits().stream().anyMatch(PageReader::isTelling);
            reading = isBetter ? other : reading;
        }
        return reading;
    }

    /** Whether it is a digit but 1, which any stroke may be. */
    private static boolean isTelling(Reading.Digit digit) {
        return digit.value() != 1;
    }

    private Reading read(Picture picture, Page page) {
        List<Path> paths = new ArrayList<>();
        List<Candidate> all = new ArrayList<>();
        for (Page.Line line : page.lines) {
            Path path = new Path(page, line);
            paths.add(path);
            for (Candidate candidate : path.candidates) {
                candidate.isAsked = candidate.box.height() >= MIN_HEIGHT * candidate.height;
                if (candidate.isAsked) {
                    all.add(candidate);
                }
            }
        }
        recognize(page, all);
        List<List<Candidate>> best = new ArrayList<>();
        int tall = 0;
        double sum = 0;
        for (Path path : paths) {
            List<Candidate> line = path.best();
            path.doubtStrokesThatHangTogether(line);
            best.add(line);
            for (Candidate candidate : line) {
                candidate.isDigit = candidate.isHighEnough() && candidate.calibrated >= reject;
                if (candidate.isTall()) {
                    tall++;
                    sum += candidate.confidence;
                }
            }
        }
        double confidence = tall == 0 ? 0 : sum / tall;
        List<Reading.Line> lines = new ArrayList<>();
        List<Reading.Digit> others = new ArrayList<>();
        int words = 0;
        for (int i = 0; i < best.size(); i++) {
            boolean mayBeWords = confidence < NO_WORDS && paths.get(i).height >= MIN_HEIGHT_OF_WORDS;
            words += mayBeWords ? leaveOutWords(best.get(i), paths.get(i).height) : 0;
            List<Reading.Digit> digits = new ArrayList<>();
            boolean onlyOnes = best.get(i).stream().noneMatch(candidate -> candidate.isDigit && candidate.value != 1);
            double most = confidence < Reading.MIN_CONFIDENCE ? confidence : onlyOnes ? ONLY_ONES : 1;
            for (Candidate candidate : best.get(i)) {
                (candidate.isDigit ? digits : others).add(new Reading.Digit(candidate.value, Math.min(most, candidate.calibrated),
                        candidate.box.times(picture.reduction())));
            }
            if (!digits.isEmpty()) {
                lines.add(new Reading.Line(digits));
            }
        }
        return new Reading(lines, others, Math.toDegrees(StrictMath.atan(page.slope())), confidence, words, 0, false);
    }

    // ------------------------------------------------------------------------------------------------------- words

    /** Takes the digits out of words; returns how many words had some. */
    private static int leaveOutWords(List<Candidate> line, double height) {
        int words = 0;
        for (int first = 0, end; first < line.size(); first = end) {
            end = first + 1;
            int right = line.get(first).box.right();
            while (end < line.size() && line.get(end).box.left() - right < CLOSE * height) {
                right = Math.max(right, line.get(end++).box.right());
            }
            words += isCleared(line.subList(first, end)) ? 1 : 0;
        }
        return words;
    }

    /**
     * Leaves out digits of marks that stand close, by their confidence: if most are unsure, they are a word and all are left
     * out; if some are, there are letters or strokes among them, the unsure ones are left out, and the rest is doubted if these
     * are many.
     */
    private static boolean isCleared(List<Candidate> group) {
        int count = 0;
        int unsure = 0;
        double doubt = 0;
        for (Candidate candidate : group) {
            if (candidate.isTall()) {
                count++;
                unsure += candidate.confidence < SURE ? 1 : 0;
                doubt += 1 - candidate.confidence;
            }
        }
        if (count < 2 || doubt < MIN_DOUBT || doubt < SOME_DOUBT * count && 2 * unsure <= count) {
            return false;
        }
        boolean cleared = false;
        for (Candidate candidate : group) {
            boolean stays = 2 * unsure <= count && candidate.confidence >= SURE;
            cleared |= candidate.isDigit && !stays;
            candidate.isDigit &= stays;
            candidate.calibrated = unsure < LETTERS ? candidate.calibrated : Math.min(candidate.calibrated, 1 - (double) unsure / count);
        }
        return cleared;
    }

    private Tensor outputs(List<byte[]> images) {
        int size = DigitForm.SIDE * DigitForm.SIDE;
        byte[] pixels = new byte[images.size() * size];
        for (int i = 0; i < images.size(); i++) {
            System.arraycopy(images.get(i), 0, pixels, i * size, size);
        }
        return net.apply(new Images(pixels, DigitForm.SIDE, DigitForm.SIDE, null, 0).inputs());
    }

    private void recognize(Page page, List<Candidate> all) {
        for (int from = 0; from < all.size(); from += BATCH) {
            List<Candidate> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            Tensor outputs = outputs(batch.stream().map(candidate -> page.form(candidate.marks, candidate.box)).toList());
            Tensor calibrated = calibration.map(each -> each.apply(outputs)).orElse(outputs);
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).take(outputs, calibrated, i);
            }
        }
    }

    /** Marks that may be one digit, and the network's prediction. */
    private static final class Candidate {

        final List<Mark> marks;
        final int first; // its first mark in the line
        final Box box;
        final int size;
        final double height; // of its line
        int value;
        double confidence = CHANCE; // until the network is applied
        double calibrated = CHANCE;
        boolean isAsked;
        boolean isLowStroke;
        boolean isDigit;

        Candidate(List<Mark> line, double height, int first, int end) {
            this.height = height;
            this.marks = line.subList(first, end);
            this.first = first;
            Box around = marks.get(0).box();
            int pixels = 0;
            for (Mark mark : marks) {
                around = around.and(mark.box());
                pixels += mark.size();
            }
            this.box = around;
            this.size = pixels;
        }

        /** Whether it is as high as its predicted digit. */
        boolean isHighEnough() {
            return isAsked && !isLowStroke;
        }

        /** Whether it is as high as a letter. */
        boolean isTall() {
            return box.height() >= LETTER * height;
        }

        void take(Tensor outputs, Tensor calibratedOutputs, int row) {
            for (int digit = 0; digit < CLASSES; digit++) {
                float probability = outputs.get(row, digit);
                if (!(probability >= 0 && probability <= 1)) {
                    throw new InvalidDataException("expected a net that gives probabilities. Received: " + probability);
                }
                if (digit == 0 || probability > confidence) {
                    confidence = probability;
                    value = digit;
                }
            }
            calibrated = calibratedOutputs.get(row, value);
            isLowStroke = value == 1 && box.height() < MIN_HEIGHT_OF_1 * height;
            if (isLowStroke) {
                doubt();
            }
        }

        /** Sets the confidence of a piece that the network was not applied to. */
        void doubt() {
            confidence = CHANCE;
            calibrated = CHANCE;
        }
    }

    /** The ways to read a line. */
    private static final class Path {

        private final double height; // of the line
        private final List<Mark> pieces = new ArrayList<>();
        private final List<Mark> wholes = new ArrayList<>(); // for each piece the mark that it is of
        private final BitSet isCut = new BitSet(); // before which pieces a mark was cut
        private final List<Candidate> candidates = new ArrayList<>();

        Path(Page page, Page.Line line) {
            height = line.height();
            for (Mark mark : line.marks()) {
                List<int[]> seams = Seams.of(page, mark, height);
                List<Mark> cut = seams.isEmpty() ? List.of(mark) : page.cut(mark, seams);
                for (int i = 0; i < cut.size(); i++) {
                    pieces.add(cut.get(i));
                    wholes.add(mark);
                    isCut.set(pieces.size(), i < cut.size() - 1);
                }
            }
            for (int first = 0; first < pieces.size(); first++) {
                Box box = pieces.get(first).box();
                for (int end = first + 1; end <= Math.min(pieces.size(), first + TOGETHER); end++) {
                    Box next = pieces.get(end - 1).box();
                    boolean near = end == first + 1
                            || next.left() - box.right() <= APART * height && box.and(next).width() <= MAX_WIDTH * height;
                    if (!near) {
                        break;
                    }
                    box = box.and(next);
                    candidates.add(new Candidate(pieces, height, first, end));
                }
            }
        }

        /** The sequence of candidates with the highest confidence; ink is weighted by its amount. */
        List<Candidate> best() {
            double[] score = new double[pieces.size() + 1];
            Candidate[] last = new Candidate[pieces.size() + 1];
            for (Candidate candidate : candidates) { // by their first pieces
                int end = candidate.first + candidate.marks.size();
                double now = score[candidate.first] + gain(candidate) - cut(candidate, candidate.first, candidate.first)
                        - cut(candidate, end, end - 1);
                if (last[end] == null || now > score[end]) {
                    score[end] = now;
                    last[end] = candidate;
                }
            }
            List<Candidate> best = new ArrayList<>();
            for (int end = pieces.size(); end > 0; end = best.get(0).first) {
                best.add(0, last[end]);
            }
            return best;
        }

        private static double gain(Candidate candidate) {
            double log = candidate.isHighEnough() ? StrictMath.log(Math.max(candidate.confidence, CHANCE)) : LEFT_OUT * NOTHING;
            return candidate.size * log;
        }

        /** The cost of a cut on one side: for a piece too low for a digit, the cost of reading no digit in the whole mark. */
        private double cut(Candidate candidate, int beforePiece, int piece) {
            if (!isCut.get(beforePiece)) {
                return 0;
            }
            return candidate.size * CUT - (candidate.isHighEnough() ? 0 : wholes.get(piece).size() * NOTHING);
        }

        /** Two strokes that were cut apart are of a letter, such as V, or of another digit, more often than they are 1s that touch. */
        void doubtStrokesThatHangTogether(List<Candidate> line) {
            for (int i = 1; i < line.size(); i++) {
                Candidate left = line.get(i - 1);
                Candidate right = line.get(i);
                if (left.value == 1 && right.value == 1 && isCut.get(right.first)) {
                    left.doubt();
                    right.doubt();
                }
            }
        }
    }
}
