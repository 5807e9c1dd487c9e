package beras.cli.terminal;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.ProposedSetting;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages as the command line shows them. */
@Tag("cli")
class TextTest {

    /** So that a shell takes the value for one word. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', value = {"types|it's=ignored|--types 'it'\\''s=ignored'",
        "types|$(x)=text|--types '$(x)=text'",
        "types|a=b=ignored|--types a=b=ignored", "types|a`b``=text|--types 'a`b``=text'",
        "missing|unknown|--na unknown", "missing|--|--na=--", "skipLines|3|--skip-lines 3", "sheet|##|--sheet"})
    void settingsOfMessagesBecomeOptions(String setting, String value, String option) {
        assertEquals("add " + option + " to it", Text.options("add " + new ProposedSetting(setting, value) + " to it"));
    }

    @Test
    void otherWordsInBackquotesStay() {
        assertEquals("`requires org.x;` and ` `", Text.options("`requires org.x;` and ` `"));
    }
}
