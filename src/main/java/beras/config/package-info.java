/**
 * What layers, losses, optimizers and the like are made of, in words: to be saved, and to be made again by name; and the checks
 * of arguments that all of them share.
 */
package beras.config;
