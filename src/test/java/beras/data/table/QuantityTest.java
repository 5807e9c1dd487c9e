package beras.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.table.Quantity.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people write beside numbers. */
@Tag("data")
class QuantityTest {

    /** In the unit of its first sense. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '|', value = {"12 kg; 12; kg", "12kg; 12; kg", "kg 12; 12; kg", "-5 °C; -5; °C", "\u22125\u00a0°C; -5; °C",
        "1,234.5 km/h; 1234.5; km/h", "1 234 kg; 1234; kg", "1e5 kg; 100000; kg", "12 m2; 12; m²", "12m²; 12; m²", "12 lbs.; 12; lb", "0.5 mg/l; .5; mg/l",
        "12 widgets; 12; widget", "1 widget; 1; widget", "10 Years; 10; year", "12A; 12; a", "300 K; 300; K", "5 m; 5; m", "90 min; 90; min", "3 Tage; 3; d",
        "58 4/8; 58.5; fractions", "-1 1/2; -1.5; fractions", "1-3/4; 1.75; fractions", "~2 1/4; 2.25; fractions", "3/4; .75; fractions", "9/8; 1.125; fractions"})
    void aUnitIsRead(String text, double value, String symbol) {
        Quantity quantity = Quantity.parse(text, false).orElseThrow();
        assertEquals(value, quantity.value());
        assertEquals(symbol, Units.senses(quantity.unit()).get(0).symbol());
        assertEquals(Kind.EXACT, quantity.kind());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '|', value = {"1.2M; 1.2e6", "350K; 350e3", "350k; 350e3", "2 Mio; 2e6", "2 Mio.; 2e6", "3bn; 3e9", "$1.2M; 1.2e6",
        "1.2M €; 1.2e6", "3 Mio. EUR; 3e6", "2 million dollars; 2e6", "$.5K; 500", "5 lakh; 5e5", "3 Mrd.; 3e9", "~12; 12", "≈ 12; 12", "ca. 12; 12", "12*; 12",
        "12 †; 12", "12 (est); 12", "12[a]; 12", "~$5*; 5", "Rs. 500; 500", "US$ 5; 5", "SEK 12; 12", "12 kr; 12", "$1.5m; 1.5e6", "1.5 m EUR; 1.5e6",
        "$3b; 3e9"})
    void aNumberWithoutAUnitIsRead(String text, double value) {
        Quantity quantity = Quantity.parse(text, false).orElseThrow();
        assertEquals(value, quantity.in(Units.ofSymbol("")), 1e-9 * value);
        assertEquals(Kind.EXACT, quantity.kind());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '|', value = {"2h 30m; 9000; s", "2h30; 9000; s", "2 hours, 5 min; 7500; s", "1d 4h; 100800; s", "1:30:00; 5400; s",
        "27:15:30.5; 98130.5; s", "75:30; 4530; s", "5'11\"; 1.8034; m", "5 ft 11 in; 1.8034; m", "1 kg 200 g; 1200; g", "100 hp; 74569.987; W", "100 PS; 73549.875; W", "0x1F; 31; 0x", "0XFF; 255; 0x"})
    void severalUnitsAreOne(String text, double value, String symbol) {
        assertEquals(value, Quantity.parse(text, false).orElseThrow().in(Units.ofSymbol(symbol)), 1e-9 * Math.max(1, value));
    }

    @ParameterizedTest
    @CsvSource({"<0.5, .5, LIMIT", "< 1 year, 1, LIMIT", ">=5, 5, LIMIT", "≤5 kg, 5, LIMIT", "20+, 20, LIMIT", "10+ years, 10, LIMIT", "over 5, 5, LIMIT", "~<5, 5, LIMIT",
        "10-20, 15, RANGE", "10 – 20 kg, 15, RANGE", "10kg-20kg, 15, RANGE", "$10-$20, 15, RANGE", "0 to 1, .5, RANGE", "2.5…3, 2.75, RANGE",
        "No. 12, 12, NUMBERED", "no 5000, 5000, NUMBERED", "Nr.7, 7, NUMBERED", "#12, 12, NUMBERED", "n° 5, 5, NUMBERED", "№ 3, 3, NUMBERED"})
    void limitsRangesAndNumbersOfThingsAreRead(String text, double value, Kind kind) {
        Quantity quantity = Quantity.parse(text, false).orElseThrow();
        assertEquals(value, quantity.value());
        assertEquals(kind, quantity.kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kg", "CD4", "PS5", "T1", "A12", "Room 12", "1.2.3", "10.0.0.1", "12 per day", "12-A", "20-10", "-5-10", "10-10", "10-20-30", "<10-20", "2024-01",
        "4x4", "2m 30h", "2h 3h", "2h 5kg", "1:60:00", "1:2:3", "0xG1", "1e21 kg", "1e300 kg", "12 kg/", "(5) kg", "~", "~~", "<", "5 6 kg", "12 abcdefghijklmno", "٣ kg",
        "12 §", "58 8/8", "1/0", "1/2/3", "1 2/3/4", "1.5 1/2", "1 / 2", "No. 1.5", "No. -1", "Now 12", "No. A1"})
    void whatIsNoQuantityIsNone(String text) {
        assertEquals(Optional.empty(), Quantity.parse(text, false));
    }

    @Test
    void decimalsMayComeAfterAComma() {
        assertEquals(1234.5, Quantity.parse("1.234,5 kg", true).orElseThrow().value());
        assertEquals(Optional.empty(), Quantity.parse("1.234,5 kg", false));
        assertEquals(Optional.empty(), Quantity.parse("12.5 kg", true));
        assertEquals(.75, Quantity.parse("<0,75 Mio", true).orElseThrow().value());
    }

    @Test
    void unitsOfOneKindAreConverted() {
        Quantity grams = Quantity.parse("500 g", false).orElseThrow();
        assertEquals(.5, grams.in(Units.ofSymbol("kg")));
        assertEquals(500, grams.in(Units.ofSymbol("g")));
        assertTrue(Double.isNaN(grams.in(Units.ofSymbol("m"))));
        assertTrue(Double.isNaN(grams.in(Units.ofSymbol(""))));
        assertEquals(12, Quantity.parse("~12", false).orElseThrow().in(Units.ofSymbol("kg")), "a number without a unit is one of any");
        Quantity m = Quantity.parse("90m", false).orElseThrow();
        assertEquals(1.5, m.in(Units.ofSymbol("h")), "minutes beside hours");
        assertEquals(.09, m.in(Units.ofSymbol("km")), "metres beside kilometres");
        assertEquals(90e6, m.in(Units.ofSymbol("")), "millions beside numbers");
        assertTrue(Double.isNaN(Quantity.parse("90 m", false).orElseThrow().in(Units.ofSymbol(""))), "no millions");
    }

    /** Telephone numbers, months of years and codes are none. */
    @ParameterizedTest
    @ValueSource(strings = {"555-6217", "01-2005", "10-0444", "109-1033"})
    void codesAreNoRanges(String text) {
        assertEquals(Optional.empty(), Quantity.parse(text, false));
        assertEquals(7.5, Quantity.parse("5-10", false).orElseThrow().value());
    }
}
