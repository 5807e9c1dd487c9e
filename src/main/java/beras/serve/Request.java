package beras.serve;

/**
 * A request of a client.
 *
 * @param type of the body, without parameters, in small letters; empty if there is none
 */
record Request(String type, byte[] body) {}
