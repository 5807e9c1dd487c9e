/**
 * Results of training runs, as pages of HTML and as plots: {@link beras.report.RunReport} shows one,
 * {@link beras.report.Comparison} several. A page is self-contained, without scripts, and loads nothing. Not part of the API.
 */
package beras.report;
