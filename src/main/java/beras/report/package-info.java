/**
 * What trainings have left, as pages of HTML and as plots: {@link beras.report.RunReport} shows one,
 * {@link beras.report.Comparison} several. A page needs nothing besides itself, has no script, and asks for nothing. Not part
 * of the API.
 */
package beras.report;
