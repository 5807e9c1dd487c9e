/**
 * A trained model, or the report of a running training, behind HTTP: a page for people, JSON for programs.
 *
 * <p>{@link beras.serve.ModelServer} starts the one, {@link beras.serve.ReportServer} the other. Requests are read and checked by
 * Apache HttpComponents Core; each connection has a thread of its own, which reads, predicts and answers.
 */
package beras.serve;
