/**
 * One language that describes what a model and its training are made of: layers, losses, metrics, optimizers and the rest.
 * Each of them is {@linkplain beras.config.Configurable configurable}: its class lists its settings once. A
 * {@link beras.config.Config} holds a type and its settings, {@link beras.config.ConfigText} is its form as text, and a
 * {@link beras.config.Registry} for each kind makes the thing itself, a user's own classes too. And the checks of arguments that
 * all of them share.
 */
package beras.config;
