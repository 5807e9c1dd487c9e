/**
 * One language that describes what a model and its training are made of: layers, losses, metrics, optimizers and the rest.
 * Each of them is {@linkplain beras.config.Configurable configurable}: its class lists its settings once. A
 * {@link beras.config.Config} holds a type and its settings, {@link beras.config.ConfigText} is its form as text, and a
 * {@link beras.config.Registry} for each kind makes the thing itself. And the checks of arguments that all of them share.
 *
 * <p>A type of one's own, such as a layer, a loss, a metric, an optimizer or a schedule, takes a class and a line: the class
 * lists its settings, and the line registers it, {@code Layers.register(Gain::new)}. In a program of one's own the line stands
 * anywhere before the first use. For the command line, and for model files that others open, it stands in a
 * {@link beras.config.Registration}, which is found on the class path:
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp beras.jar:ours.jar beras.cli.Main train --layers "128:relu,gain(2),10:softmax"
 * </pre>
 */
package beras.config;
