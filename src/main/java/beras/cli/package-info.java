/**
 * The commands of {@code beras.jar}: the only packages that print or end the process. {@code Main} makes a command by its name; the
 * commands are in folders by family, and know only folders below them: {@code training}, {@code models}, {@code data},
 * {@code options}, {@code terminal}; {@code shell} is about the program itself. {@code ProcessTest} and {@code JarTest} run it as a
 * process.
 */
package beras.cli;
