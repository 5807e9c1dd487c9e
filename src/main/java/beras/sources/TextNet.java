package beras.sources;

import beras.config.Names;
import beras.config.SettingException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A network for texts by its name, and its default training. */
public enum TextNet {

    /** Four blocks of causal attention over embedded tokens and positions. */
    TRANSFORMER("transformer_block(4, 512, causal=true)", 4),
    /** Two LSTMs. */
    LSTM("lstm(256, return_sequences=true)", 2),
    /** Two GRUs. */
    GRU("gru(256, return_sequences=true)", 2);

    /** The optimizer for texts. */
    public static final String OPTIMIZER = "adamw(learning_rate=0.001, weight_decay=0.1, beta_2=0.99, global_clipnorm=1)";
    /** How the rate changes. */
    public static final String SCHEDULE = "one_cycle(warmup=0.05, start=0.05, end=0.1)";
    /** Windows per step. */
    public static final int BATCH_SIZE = 16;
    /** At least so many steps are made, in whole epochs, up to the limit below. */
    public static final int STEPS = 2000;
    /** The largest number of epochs. */
    public static final int MOST_EPOCHS = 20;

    private static final int WIDTH = 128;

    private final String block;
    private final int blocks;

    TextNet(String block, int blocks) {
        this.block = block;
        this.blocks = blocks;
    }

    /** @throws SettingException if there is none of this name */
    public static TextNet of(String name) {
        List<String> names = Stream.of(values()).map(net -> net.name().toLowerCase(Locale.ROOT)).toList();
        int place = names.indexOf(name);
        if (place < 0) {
            throw new SettingException("net", "it must be one of " + String.join(", ", names) + ". Received: " + name
                    + Names.didYouMean(name, names));
        }
        return values()[place];
    }

    /** The layer that takes tokens. */
    static String input(int vocabulary) {
        return "embedding(" + vocabulary + ", " + WIDTH + ")";
    }

    /** Its layers as text, for a vocabulary of this size and so many tokens at a time. */
    public String layers(int vocabulary, int context) {
        boolean attends = this == TRANSFORMER;
        return input(vocabulary) + (attends ? ", position_embedding(" + context + ", adds_input=true)" : "")
                + (", " + block).repeat(blocks) + (attends ? ", layer_norm" : "") + ", " + vocabulary + ":linear";
    }

    /** How often to go through so many windows. */
    static int epochs(long windows, int batchSize) {
        long steps = (windows + batchSize - 1) / batchSize;
        return (int) Math.min(MOST_EPOCHS, (STEPS + steps - 1) / steps);
    }
}
