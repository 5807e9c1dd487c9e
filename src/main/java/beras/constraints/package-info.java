/** Rules that weights must keep, restored after every step of training. */
package beras.constraints;
