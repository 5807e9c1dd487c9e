/** Arrays in NumPy's files: {@link beras.saving.numpy.NumpyFile}. Needs the JDK alone. */
package beras.saving.numpy;
