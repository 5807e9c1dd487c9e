package beras.digits;

/**
 * A connected piece of ink, or a part cut off one: a digit, a part of one, several that touch, or something else.
 *
 * @param id   its number on the page, from 1
 * @param box  around it
 * @param size in pixels
 */
record Mark(int id, Box box, int size) {}
