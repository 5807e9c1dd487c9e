package beras.layers;

/** A layer that computes each step separately: masked steps of its input are masked in its output, see {@link Layer#mask}. */
interface KeepsSteps {}
