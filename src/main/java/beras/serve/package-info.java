/**
 * A trained model behind HTTP: a page for people, JSON for programs.
 *
 * <p>{@link beras.serve.ModelServer} starts it. Apache HttpComponents Core reads and checks requests; each connection has a
 * thread that reads, predicts and answers.
 */
package beras.serve;
