/**
 * Handwritten digits: their form in pictures ({@link beras.digits.DigitForm}, which {@link beras.data.image.PictureForm} finds
 * as a service, so that no other package of the library knows of digits), pictures that are none ({@link
 * beras.digits.OutlierImages}), photographed pages ({@link beras.digits.PageReader} gives a {@link beras.digits.Reading} of a
 * {@link beras.data.image.Picture}), and the {@linkplain beras.digits.Assignment assignment} that BERAS began with. Begin with
 * {@link beras.digits.PageReader#of}.
 */
package beras.digits;
