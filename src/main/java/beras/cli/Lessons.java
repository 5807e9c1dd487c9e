package beras.cli;

import beras.feed.Batches;
import beras.feed.Examples;

/**
 * What a net is trained on and measured with.
 *
 * @param training   batches to train on
 * @param examples   how many examples they hold
 * @param validation measured after each epoch, and what callbacks look at; null for none
 * @param test       measured after each epoch; null for none
 */
record Lessons(Batches training, long examples, Batches validation, Examples test) {}
