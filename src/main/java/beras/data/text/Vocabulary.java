package beras.data.text;

import beras.config.Arguments;
import beras.config.Config;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The tokens that texts are cut into, each with a number. Token 0 stands for text that is not in the vocabulary. Immutable.
 *
 * <ul>
 * <li>Characters: each code point is a token.
 * <li>Words: a token is a word with the space before it, a number, a run of other signs or of white space; the most frequent are kept.
 * <li>Byte pairs: words are cut into pieces, which are learned by joining the most frequent pair of neighbours again and again (Sennrich,
 *     Haddow and Birch, 2016), here of code points.
 * </ul>
 *
 * <p>The tokens of a text, joined, are the text, except for parts that are not in the vocabulary.
 *
 * <pre>{@code
 * Vocabulary vocabulary = Vocabulary.ofCharacters("to be or not to be");
 * int[] tokens = vocabulary.encode("to be");
 * String text = vocabulary.decode(tokens);       // to be
 * }</pre>
 */
public final class Vocabulary {

    /** The units of tokens. */
    public enum Unit {
        /** Code points. */
        CHARACTERS,
        /** Words with the space before them. */
        WORDS,
        /** Pieces of words. */
        BYTE_PAIRS
    }

    /** The number of the unknown token. */
    public static final int UNKNOWN = 0;
    /** The text of {@link #UNKNOWN}: the replacement character. */
    public static final String UNKNOWN_TEXT = "\uFFFD";
    /** The most tokens, so that each fits in two bytes. */
    public static final int MOST_TOKENS = 1 << 16;

    private static final Pattern PIECE = Pattern.compile(" ?\\p{L}[\\p{L}\\p{M}'’]*| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?=\\s)|\\s+");

    private final Unit unit;
    private final List<String> tokens;
    private final Map<String, Integer> numbers = new HashMap<>();

    private Vocabulary(Unit unit, List<String> tokens) {
        this.unit = unit;
        this.tokens = List.copyOf(tokens);
        if (tokens.size() < 2 || tokens.size() > MOST_TOKENS || !tokens.get(UNKNOWN).equals(UNKNOWN_TEXT)) {
            throw new IllegalArgumentException("A vocabulary has from 2 to " + MOST_TOKENS + " tokens, of which the first is \\uFFFD."
                    + " Received: " + tokens.size() + " tokens");
        }
        for (String token : tokens) {
            if (token.isEmpty() || numbers.put(token, numbers.size()) != null) {
                throw new IllegalArgumentException("The tokens of a vocabulary differ, and none is empty. Received: \"" + token + "\""
                        + (token.isEmpty() ? "" : " twice"));
            }
        }
    }

    // ------------------------------------------------------------------------------------------------- making

    /**
     * All characters of a text, by their code points.
     *
     * @throws IllegalArgumentException if the text is empty, or has more than {@value #MOST_TOKENS} - 1 different characters
     */
    public static Vocabulary ofCharacters(CharSequence text) {
        return new Learner(Unit.CHARACTERS).add(text).learn(MOST_TOKENS);
    }

    /**
     * The most frequent words of a text; of equally frequent ones the first in the order of their characters.
     *
     * @param size how many tokens at most, the unknown one included; at least 2
     * @throws IllegalArgumentException if the text is empty, or the size is out of its range
     */
    public static Vocabulary ofWords(CharSequence text, int size) {
        return new Learner(Unit.WORDS).add(text).learn(size);
    }

    /**
     * The characters of a text, and the pieces of its words that are found by joining pairs.
     *
     * @param size how many tokens at most, the unknown one included; more than the text has different characters
     * @throws IllegalArgumentException if the text is empty, or the size is out of its range
     */
    public static Vocabulary ofBytePairs(CharSequence text, int size) {
        return new Learner(Unit.BYTE_PAIRS).add(text).learn(size);
    }

    /** Learns a vocabulary from a text that is added in parts, so that it may be larger than memory. */
    public static final class Learner {

        private final Unit unit;
        private final BitSet characters = new BitSet();
        private final Map<String, Long> counts = new TreeMap<>(); // of pieces, in the order of their characters

        /** @param unit of the tokens */
        public Learner(Unit unit) {
            this.unit = unit;
        }

        /** Adds a part, which, unless it is the last one, ends before white space and not in it. */
        public Learner add(CharSequence part) {
            if (unit != Unit.WORDS) {
                part.codePoints().forEach(characters::set);
            }
            if (unit != Unit.CHARACTERS) {
                eachPiece(part, piece -> counts.merge(piece, 1L, Long::sum));
            }
            return this;
        }

        /**
         * The vocabulary of all parts.
         *
         * @param size how many tokens of words or byte pairs at most; any for characters
         * @throws IllegalArgumentException if the text is empty, or the size is out of its range
         */
        public Vocabulary learn(int size) {
            Arguments.atLeast(2, "The size of a vocabulary", size);
            if (size > MOST_TOKENS) {
                throw new IllegalArgumentException("A vocabulary has at most " + MOST_TOKENS + " tokens. Received: " + size);
            }
            List<String> tokens = new ArrayList<>(List.of(UNKNOWN_TEXT));
            if (unit == Unit.WORDS) {
                counts.keySet().stream().sorted(Comparator.comparing((String word) -> -counts.get(word)).thenComparing(word -> word))
                        .filter(word -> !word.equals(UNKNOWN_TEXT)).limit(size - 1L).forEach(tokens::add);
                return new Vocabulary(unit, tokens);
            }
            characters.stream().mapToObj(Character::toString).filter(token -> !token.equals(UNKNOWN_TEXT)).forEach(tokens::add);
            if (tokens.size() < 2) {
                throw new IllegalArgumentException("A vocabulary is made of a text. Received: "
                        + (characters.isEmpty() ? "an empty one" : "only \\uFFFD"));
            }
            if (unit == Unit.BYTE_PAIRS) {
                if (size < tokens.size()) {
                    throw new IllegalArgumentException("The text has " + (tokens.size() - 1) + " different characters, so a vocabulary of it"
                            + " has at least " + tokens.size() + " tokens. Received: " + size);
                }
                new PairJoining(counts, tokens).join(size);
            }
            return new Vocabulary(unit, tokens);
        }
    }

    private static void eachPiece(CharSequence text, Consumer<String> action) {
        Matcher matcher = PIECE.matcher(text);
        while (matcher.find()) {
            action.accept(matcher.group());
        }
    }

    /** Joins the most frequent pair of neighbours in all pieces, again and again. */
    private static final class PairJoining {

        /** A pair of tokens. */
        private record Pair(int left, int right) {}

        private final List<String> tokens;
        private final List<int[]> words = new ArrayList<>();
        private final List<Long> counts = new ArrayList<>();
        private final Map<Pair, Long> frequencies = new HashMap<>();
        private final Map<Pair, Set<Integer>> places = new HashMap<>(); // the words that may have it

        PairJoining(Map<String, Long> pieces, List<String> tokens) {
            this.tokens = tokens;
            Map<String, Integer> numbers = new HashMap<>();
            tokens.forEach(token -> numbers.put(token, numbers.size()));
            pieces.forEach((piece, count) -> {
                words.add(piece.codePoints().map(c -> numbers.getOrDefault(Character.toString(c), UNKNOWN)).toArray());
                counts.add(count);
                count(words.size() - 1, 1);
            });
        }

        private void count(int word, int sign) {
            int[] parts = words.get(word);
            for (int i = 0; i + 1 < parts.length; i++) {
                Pair pair = new Pair(parts[i], parts[i + 1]);
                frequencies.merge(pair, sign * counts.get(word), Long::sum);
                if (sign > 0) {
                    places.computeIfAbsent(pair, any -> new HashSet<>()).add(word);
                }
            }
        }

        void join(int size) {
            Set<String> known = new HashSet<>(tokens);
            while (tokens.size() < size) {
                Map.Entry<Pair, Long> best = frequencies.entrySet().stream()
                        .filter(entry -> entry.getValue() > 1 && entry.getKey().left != UNKNOWN && entry.getKey().right != UNKNOWN)
                        .max(Comparator.comparing((Map.Entry<Pair, Long> entry) -> entry.getValue())
                                .thenComparing(entry -> -entry.getKey().left).thenComparing(entry -> -entry.getKey().right)).orElse(null);
                if (best == null) {
                    return;
                }
                Pair pair = best.getKey();
                String joined = tokens.get(pair.left) + tokens.get(pair.right);
                int number = known.add(joined) ? tokens.size() : tokens.indexOf(joined);
                if (number == tokens.size()) {
                    tokens.add(joined);
                }
                for (int word : places.remove(pair).stream().sorted().toList()) {
                    count(word, -1);
                    words.set(word, joined(words.get(word), pair, number));
                    count(word, 1);
                }
                frequencies.remove(pair);
            }
        }

        private static int[] joined(int[] parts, Pair pair, int number) {
            int[] kept = new int[parts.length];
            int length = 0;
            for (int i = 0; i < parts.length; i++) {
                boolean isPair = i + 1 < parts.length && parts[i] == pair.left && parts[i + 1] == pair.right;
                kept[length++] = isPair ? number : parts[i];
                i += isPair ? 1 : 0;
            }
            return Arrays.copyOf(kept, length);
        }
    }

    // -------------------------------------------------------------------------------------------------- using

    /** The unit of tokens. */
    public Unit unit() {
        return unit;
    }

    /** The number of tokens, the unknown one included. */
    public int size() {
        return tokens.size();
    }

    /**
     * The text of a token.
     *
     * @throws IndexOutOfBoundsException if it is none
     */
    public String token(int number) {
        return tokens.get(number);
    }

    /** The tokens of a text; unknown parts are {@link #UNKNOWN}. */
    public int[] encode(CharSequence text) {
        if (unit == Unit.CHARACTERS) {
            return text.codePoints().map(c -> numbers.getOrDefault(Character.toString(c), UNKNOWN)).toArray();
        }
        Map<String, int[]> known = new HashMap<>();
        IntStream.Builder found = IntStream.builder();
        eachPiece(text, piece -> Arrays.stream(known.computeIfAbsent(piece, this::ofPiece)).forEach(found));
        return found.build().toArray();
    }

    /**
     * The parts of a text that are not in the vocabulary, each once, in order: words of a vocabulary of words, else characters.
     */
    public List<String> unknown(CharSequence text) {
        Set<String> parts = new LinkedHashSet<>();
        if (unit == Unit.WORDS) {
            eachPiece(text, parts::add);
        } else {
            text.codePoints().distinct().forEach(c -> parts.add(Character.toString(c)));
        }
        parts.removeAll(numbers.keySet());
        return List.copyOf(parts);
    }

    private int[] ofPiece(String piece) {
        return unit == Unit.WORDS ? new int[] {numbers.getOrDefault(piece, UNKNOWN)} : pairs(piece);
    }

    /** Joins the pair of neighbours that was learned first, again and again. */
    private int[] pairs(String piece) {
        List<String> parts = new ArrayList<>(piece.codePoints().mapToObj(Character::toString).toList());
        while (true) {
            int best = -1;
            int least = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < parts.size(); i++) {
                int number = numbers.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
                if (number < least) {
                    least = number;
                    best = i;
                }
            }
            if (best < 0) {
                return parts.stream().mapToInt(part -> numbers.getOrDefault(part, UNKNOWN)).toArray();
            }
            parts.set(best, parts.get(best) + parts.remove(best + 1));
        }
    }

    /**
     * The text of tokens.
     *
     * @throws IndexOutOfBoundsException if one is none
     */
    public String decode(int... numbers) {
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            text.append(token(number));
        }
        return text.toString();
    }

    /** The unit and the tokens. */
    public Config config() {
        return Config.of(getClass()).with("unit", unit.name().toLowerCase(Locale.ROOT)).with("tokens", tokens);
    }

    /**
     * The vocabulary of a {@link #config}.
     *
     * @throws IllegalArgumentException if it is no such config
     */
    public static Vocabulary of(Config config) {
        config.requireOnly("unit", "tokens");
        Map<String, Unit> units = new LinkedHashMap<>();
        for (Unit unit : Unit.values()) {
            units.put(unit.name().toLowerCase(Locale.ROOT), unit);
        }
        if (!units.containsKey(config.text("unit"))) {
            throw new IllegalArgumentException("The unit of a vocabulary is one of " + String.join(", ", units.keySet()) + ". Received: "
                    + config.text("unit"));
        }
        return new Vocabulary(units.get(config.text("unit")), config.texts("tokens"));
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Vocabulary other && unit == other.unit && tokens.equals(other.tokens);
    }

    @Override
    public int hashCode() {
        return 31 * unit.hashCode() + tokens.hashCode();
    }

    @Override
    public String toString() {
        return "Vocabulary of " + tokens.size() + " " + unit.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
