/**
 * Reads the handwritten digits of a photographed page: {@link beras.relay.Relay} gives a {@link beras.relay.Reading} of a
 * {@link beras.data.image.Picture}.
 */
package beras.relay;
