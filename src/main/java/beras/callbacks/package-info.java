/** What listens to training. */
package beras.callbacks;
