/**
 * The language that describes the parts of a model and its training: layers, losses, metrics, optimizers and the rest. Each of
 * them is {@linkplain beras.config.Configurable configurable}: its class lists its settings once. A {@link beras.config.Config}
 * holds a type and its settings, {@link beras.config.ConfigText} is its form as text, and a {@link beras.config.Registry} for
 * each kind makes the object. Users write types as text, such as {@code adam(0.01)}; an author of a type begins with
 * {@link beras.config.Configurable} and {@link beras.config.Registry#register}. A setting with an invalid value is rejected
 * with a {@link beras.config.SettingException}, which names it: the command line turns it into an error of the option.
 *
 * <p>A layer, loss, metric, optimizer or schedule takes a class and a line: the class lists its settings, and the line
 * registers it, {@code Layers.REGISTRY.register(Gain::new)}. In your program the line stands anywhere before the first use.
 * For the command line, and for programs that open your model files, it stands in a {@link beras.config.Registration}, which
 * is found on the class path:
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp beras.jar:ours.jar beras.cli.Main train --layers "128:relu,gain(2),10:softmax"
 * </pre>
 *
 * <p>{@code RegistriesTest}, {@code OwnTypesTest} and {@code RegistrationTest} go through all kinds.
 */
package beras.config;
