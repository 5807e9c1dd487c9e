/**
 * Handwritten digits: their form in pictures ({@link beras.digits.DigitForm}, which {@link beras.data.image.PictureForm} finds
 * as a service, so that no other package of the library depends on digits), images without digits
 * ({@link beras.digits.OutlierImages}), photographed pages ({@link beras.digits.PageReader} makes a
 * {@link beras.digits.Reading} of a {@link beras.data.image.Picture}), and the {@linkplain beras.digits.Assignment assignment}
 * that BERAS began with. Begin with {@link beras.digits.PageReader#of}.
 */
package beras.digits;
