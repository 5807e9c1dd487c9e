/**
 * The commands of {@code beras.jar}: the only package that prints or ends the process. {@code TrainRun} is a training from its
 * options to its model. {@code ProcessTest} and {@code JarTest} run it as a process.
 */
package beras.cli;
