package beras.serve;

/**
 * What a client sends to be worked on.
 *
 * @param type of the body, without parameters, in small letters; empty if there is none
 */
record Request(String type, byte[] body) {}
