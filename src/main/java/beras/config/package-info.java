/** What layers, losses, optimizers and the like are made of, in words: to be saved, and to be made again by name. */
package beras.config;
