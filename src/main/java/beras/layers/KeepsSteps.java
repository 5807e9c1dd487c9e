package beras.layers;

/** A layer that computes each step by itself: what does not count in its input does not in what it gives, see {@link Layer#mask}. */
interface KeepsSteps {}
