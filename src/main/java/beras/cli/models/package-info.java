/** The commands that use a model: evaluate, predict, explain, relay, info, convert, serve. */
package beras.cli.models;
