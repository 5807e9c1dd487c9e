package beras.digits;

import java.util.ArrayList;
import java.util.List;

/**
 * A font of strokes: the letters, upper and lower case, and signs that do not look like a digit. It leaves out letters that
 * look like a digit, such as O, l, S, Z, B, q and g, or may in some hand, such as C.
 */
final class Letters {

    /** On a square of side 10: points x,y in turn, y downwards; strokes are apart by a semicolon. */
    private static final String[] FONT = {
        "0,10 5,0 10,10; 2,6 8,6", // A
        "8,0 0,0 0,10 8,10; 0,5 6,5", // E
        "8,0 0,0 0,10; 0,5 6,5", // F
        "9,2 6,0 2,1 0,5 2,9 6,10 9,8 9,6; 5,6 10,6", // G
        "0,0 0,10; 8,0 8,10; 0,5 8,5", // H
        "2,0 9,0; 6,0 6,8 4,10 1,9 0,7", // J
        "0,0 0,10; 8,0 0,6; 2,5 8,10", // K
        "0,0 0,10 7,10", // L
        "0,10 0,0 5,6 10,0 10,10", // M
        "0,10 0,0 8,10 8,0", // N
        "0,10 0,0 5,0 8,1 8,4 5,5 0,5", // P
        "0,10 0,0 5,0 8,1 8,4 5,5 0,5; 3,5 8,10", // R
        "0,0 10,0; 5,0 5,10", // T
        "0,0 0,7 2,10 6,10 8,7 8,0", // U
        "0,0 5,10 10,0", // V
        "0,0 3,10 5,3 7,10 10,0", // W
        "0,0 9,10; 9,0 0,10", // X
        "0,0 4,5 8,0; 4,5 4,10", // Y
        "1,2 4,0 7,1 8,3 8,10; 8,4 3,4 0,6 0,9 3,10 8,7", // a, of two storeys
        "7,0 7,10; 7,5 4,4 1,5 0,7 1,10 4,10 7,8", // d
        "0,5 8,5 7,1 4,0 1,1 0,5 1,9 4,10 8,8", // e
        "8,1 6,0 4,1 4,10; 1,4 7,4", // f
        "0,0 0,10; 0,6 3,4 6,4 7,6 7,10", // h
        "0,0 0,10; 6,4 0,7; 2,6 7,10", // k
        "0,2 0,10; 0,4 2,2 4,3 4,10; 4,4 7,2 9,3 9,10", // m
        "0,2 0,10; 0,5 3,2 6,2 7,4 7,10", // n
        "0,0 0,10; 0,1 4,0 7,1 7,4 4,5 0,4", // p
        "0,2 0,10; 0,5 2,3 5,2 6,3", // r
        "4,0 4,8 5,10 7,9; 0,3 8,3", // t
        "0,2 0,8 2,10 5,10 7,7; 7,2 7,10", // u
        "0,0 4,7; 8,0 4,7 1,10", // y
        "0,5 10,5; 5,0 5,10", // +
        "0,2 10,2; 0,8 10,8", // =
        "3,0 2,10; 8,0 7,10; 0,3 10,3; 0,7 10,7", // #
        "0,0 10,10; 10,0 0,10; 5,0 5,10", // *
        "0,10 9,0; 1,1 2,0 3,1 2,2 1,1; 6,9 7,8 8,9 7,10 6,9", // %
    };
    private static final double SIDE = 10;

    /** How many there are. */
    static int count() {
        return FONT.length;
    }

    /** The strokes of one: for each its points, in a square of side 1. */
    static List<double[]> strokes(int letter) {
        List<double[]> strokes = new ArrayList<>();
        for (String stroke : FONT[letter].split("; ")) {
            String[] numbers = stroke.split("[ ,]");
            double[] points = new double[numbers.length];
            for (int i = 0; i < points.length; i++) {
                points[i] = Integer.parseInt(numbers[i]) / SIDE;
            }
            strokes.add(points);
        }
        return strokes;
    }

    private Letters() {}
}
