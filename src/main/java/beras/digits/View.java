package beras.digits;

import beras.data.image.Picture;
import java.util.Optional;

/**
 * A page as it is read: the photograph, or the sheet on it, straightened and turned.
 *
 * @param picture      what is read
 * @param photograph   where it comes from
 * @param toPhotograph where places of the picture are on the photograph
 * @param sheet        whether a sheet was found on its ground
 * @param quarterTurns by which the photograph was turned clockwise, 0 to 3
 */
record View(Picture picture, Picture photograph, Projection toPhotograph, boolean sheet, int quarterTurns) {

    /** A sheet that is seen from aside becomes no larger than so many pictures. */
    private static final double LARGEST = 1.5;

    /** The sheet on a photograph, or all of it. */
    static View of(Picture photograph) {
        Optional<double[]> sheet = Sheet.find(photograph);
        if (sheet.isEmpty()) {
            return ofWhole(photograph);
        }
        double[] corners = sheet.get();
        double width = Math.max(distance(corners, 0, 1), distance(corners, 3, 2));
        double height = Math.max(distance(corners, 0, 3), distance(corners, 1, 2));
        double scale = Math.min(1, Math.sqrt(LARGEST * photograph.width() * photograph.height() / (width * height)));
        int columns = (int) Math.max(1, Math.round(width * scale));
        int rows = (int) Math.max(1, Math.round(height * scale));
        Projection projection = Projection.ofRectangle(columns, rows, corners);
        return new View(projection.undo(photograph, columns, rows), photograph, projection, true, 0);
    }

    /** All of a photograph. */
    static View ofWhole(Picture photograph) {
        return new View(photograph, photograph, Projection.IDENTITY, false, 0);
    }

    private static double distance(double[] corners, int a, int b) {
        double x = corners[2 * a] - corners[2 * b];
        double y = corners[2 * a + 1] - corners[2 * b + 1];
        return Math.sqrt(x * x + y * y);
    }

    /** Turned clockwise. */
    View turned(int quarters) {
        Projection turn = Projection.ofTurned(quarters, picture.width(), picture.height());
        boolean aside = quarters % 2 == 1;
        int width = aside ? picture.height() : picture.width();
        int height = aside ? picture.width() : picture.height();
        Projection all = toPhotograph.after(turn);
        return new View(all.undo(photograph, width, height), photograph, all, sheet, (quarterTurns + quarters) % 4);
    }

    /** A box on the photograph's file. */
    Box onFile(Box box) {
        return toPhotograph.box(box, photograph).times(photograph.reduction());
    }

    /** How much a line of this slope through the middle is turned on the photograph, clockwise, -180 to 180 degrees. */
    double degrees(double slope) {
        double x = picture.width() / 2.0;
        double y = picture.height() / 2.0;
        double right = toPhotograph.x(x + 1, y + slope) - toPhotograph.x(x, y);
        double down = toPhotograph.y(x + 1, y + slope) - toPhotograph.y(x, y);
        return Math.toDegrees(StrictMath.atan2(down, right));
    }
}
