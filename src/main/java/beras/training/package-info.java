/**
 * Training and evaluation of networks. A {@link beras.training.Recipe} describes a network and its training, a
 * {@link beras.training.Trainer} trains and evaluates it, {@link beras.training.FitOptions} and
 * {@link beras.training.Objective} are its settings, and {@link beras.training.Callback}s receive its events. A training run
 * ends with an {@link beras.training.Outcome}, and can be resumed from a {@link beras.training.TrainingState}. A network is
 * only seen as a {@link beras.training.Trainable}, so that models may offer {@code fit} themselves. Begin with
 * {@code FitOptions} and its callbacks, and with {@code Recipe} for reproducible training.
 *
 * <p>A {@link beras.metrics.Metric} is a formula. {@code MetricAccumulators} sums losses and metrics over the batches of an epoch or an
 * evaluation; {@link beras.training.Logs} are their means at one time. An {@link beras.training.Evaluation} has those of a
 * whole evaluation, and the tensors that it {@linkplain beras.training.Collect collects}, such as the predictions.
 *
 * <h2>A batch through {@code fit}</h2>
 *
 * <ol>
 * <li>{@code Model.fit} wraps its arguments in {@link beras.feed.Examples}. {@link beras.training.Trainer#fit} holds out the
 *     validation split, checks the shapes ({@code ExampleFit}), makes shuffled {@link beras.feed.Batches}, locks the weights
 *     ({@code TrainingLock}) and runs {@code Fit}, the loop.
 * <li>{@code Fit} takes the next batch from {@code TrainingProgress}, which opens a pass over the data for each epoch and skips
 * the batches that a resumed epoch has had. {@code CallbackList} calls the callbacks.
 * <li>{@code Steps} has a {@link beras.training.TrainStep} for each network that learns; those of an ensemble run at once. It
 *     copies the state of layers, such as moving means, in case the loss is not finite, and calls
 *     {@link beras.training.Trainable#trainStep}, which a model may override. This opens the tape, runs the network, computes
 *     the loss and minimizes it.
 * <li>Forward: the model runs its layers ({@code models.Graph}), each of which is recorded by the
 *     {@link beras.autograd.GradientTape}, in memory of the step before ({@link beras.autograd.Workspace}). A layer with a kernel,
 *     its activation and a max pooling behind it may run as one, {@code layers.Fused}, which no summary shows; the last layer
 *     never does, because a loss may look for its activation.
 * <li>Loss: {@code TrainStep.loss} adds the losses of the outputs, each times its weight, and the penalties on weights and
 *     activations; after the step {@code MetricAccumulators} takes from each loss's call the values for
 *     {@link beras.training.Logs}. A cross-entropy whose predictions come from a softmax or sigmoid on the tape is computed
 *     from the logits, and merges with that call: its gradient is then that of both, and belongs to the logits.
 * <li>Backward: the tape goes through its calls in reverse. Each composes the gradient of its output with its own derivative, to
 *     gradients of its weights and inputs; a tensor that was used several times has the sum.
 * <li>Step: {@code TrainStep.apply} has the {@link beras.optimizers.Optimizer} change the weights, see
 *     {@link beras.optimizers}, and then applies their constraints.
 * <li>Back in {@code Fit}: if the loss is not finite, no weight was changed, and training ends. Else the batch is done:
 *     callbacks may take the state ({@code TrainingSnapshot}). After the last batch, validation runs without a tape for
 *     training, the logs of the epoch go to the {@link beras.training.History}, and the next epoch begins.
 * </ol>
 *
 * <p>{@code ResumeTest} interrupts runs, {@code CombinationsTest} combines options, {@code models.FitEqualsTapeTest} compares
 * with a user's tape.
 */
package beras.training;
