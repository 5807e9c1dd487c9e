package beras.data.text;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.config.ConfigText;
import beras.data.text.Vocabulary.Unit;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts as tokens, and back. */
@Tag("data")
class VocabularyTest {

    private static final String TEXT = "The cat sat.\nThe cats sat on  the mat, d'accord? 12 of 345: \uD83D\uDE00 \u00e9\u00e8\r\n\n\tend";

    private static Vocabulary of(Unit unit, String text, int size) {
        return switch (unit) {
            case CHARACTERS -> Vocabulary.ofCharacters(text);
            case WORDS -> Vocabulary.ofWords(text, size);
            case BYTE_PAIRS -> Vocabulary.ofBytePairs(text, size);
        };
    }

    @ParameterizedTest
    @EnumSource
    void theTokensOfATextAreTheText(Unit unit) {
        Vocabulary vocabulary = of(unit, TEXT, 200);
        assertEquals(TEXT, vocabulary.decode(vocabulary.encode(TEXT)));
        Vocabulary loaded = Vocabulary.of(ConfigText.parse(ConfigText.print(vocabulary.config())));
        assertEquals(vocabulary, loaded);
        assertArrayEquals(vocabulary.encode(TEXT), loaded.encode(TEXT));
        assertArrayEquals(new int[0], vocabulary.encode(""));
    }

    @ParameterizedTest
    @EnumSource
    void partsOfATextGiveTheSame(Unit unit) {
        Vocabulary whole = of(unit, TEXT, 40);
        List<String> parts = List.of(TEXT.split("(?<=\\S)(?=\\s)"));
        Vocabulary.Learner learner = new Vocabulary.Learner(unit);
        parts.forEach(learner::add);
        assertEquals(whole, learner.learn(40));
        assertArrayEquals(whole.encode(TEXT), parts.stream().map(whole::encode).flatMapToInt(IntStream::of).toArray());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotInTheVocabularyIsUnknown(Unit unit) {
        Vocabulary vocabulary = of(unit, "ab ab", 9);
        int[] tokens = vocabulary.encode("ab \u03b1");
        assertEquals(Vocabulary.UNKNOWN, tokens[tokens.length - 1]);
        assertTrue(vocabulary.decode(tokens).endsWith(Vocabulary.UNKNOWN_TEXT), vocabulary.decode(tokens));
        assertEquals("ab", vocabulary.decode(vocabulary.encode("ab")));
    }

    @Test
    void charactersAreCodePointsInOrder() {
        Vocabulary vocabulary = Vocabulary.ofCharacters("b\uD83D\uDE00a");
        assertEquals(4, vocabulary.size());
        assertArrayEquals(new int[] {1, 2, 3}, vocabulary.encode("ab\uD83D\uDE00"));
    }

    @Test
    void wordsAreTheMostFrequent() {
        Vocabulary vocabulary = Vocabulary.ofWords("a bb a bb a cc", 4);
        assertEquals(List.of(" a", " bb", " cc"), IntStream.range(1, 4).mapToObj(vocabulary::token).toList());
        assertEquals(List.of(" a", " bb"), IntStream.range(1, 3).mapToObj(Vocabulary.ofWords("a bb a bb a cc", 3)::token).toList());
    }

    /** The example of Sennrich, Haddow and Birch (2016): es, est, lo, low come first; pairs of one count in the order of their tokens. */
    @Test
    void bytePairsJoinTheMostFrequentFirst() {
        String text = "low low low low low lower lower newest newest newest newest newest newest widest widest widest";
        Vocabulary vocabulary = Vocabulary.ofBytePairs(text, 16);
        List<String> joined = IntStream.range(12, vocabulary.size()).mapToObj(vocabulary::token).toList();
        assertEquals(List.of("es", "est", "lo", "low"), joined);
        assertEquals(List.of("low", "est"), IntStream.of(vocabulary.encode("lowest")).mapToObj(vocabulary::token).toList());
        assertEquals(vocabulary, Vocabulary.ofBytePairs(text, 16));
    }

    @Test
    void joiningEndsWhereNoPairIsThereTwice() {
        assertEquals(4, Vocabulary.ofBytePairs("abc", 100).size());
        Vocabulary equal = Vocabulary.ofBytePairs("aaaa", 100);
        assertEquals("aaaa", equal.decode(equal.encode("aaaa")));
    }

    static List<Function<Void, Object>> wrong() {
        Config config = Vocabulary.ofCharacters("ab").config();
        return List.of(any -> Vocabulary.ofCharacters(""), any -> Vocabulary.ofWords("", 5), any -> Vocabulary.ofWords("a", 1),
                any -> Vocabulary.ofBytePairs("abc", 3), any -> Vocabulary.ofWords("a", 65_537),
                any -> Vocabulary.of(config.with("unit", "syllables")), any -> Vocabulary.of(config.with("tokens", List.of("a", "b"))),
                any -> Vocabulary.of(config.with("tokens", List.of("\uFFFD", "b", "b"))),
                any -> Vocabulary.of(config.with("tokens", List.of("\uFFFD", "b", ""))), any -> Vocabulary.of(config.with("size", 3)));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsNoVocabularyIsRefused(Function<Void, Object> making) {
        assertThrows(IllegalArgumentException.class, () -> making.apply(null));
    }
}
