/**
 * Arrays in NumPy's files: {@link beras.saving.numpy.NumpyFile}. Models are loaded by {@link beras.saving.ModelFile}, which
 * selects the format by the file's name. Needs the JDK alone.
 */
package beras.saving.numpy;
