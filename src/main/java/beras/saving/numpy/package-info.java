/**
 * Arrays in NumPy's files: {@link beras.saving.numpy.NumpyFile}. Models begin with {@link beras.saving.ModelFile}, which knows
 * the format by the file's name. Needs the JDK alone.
 */
package beras.saving.numpy;
