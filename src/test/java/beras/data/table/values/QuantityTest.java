package beras.data.table.values;

import static org.junit.jupiter.api.Assertions.*;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people write beside numbers. */
@Tag("data")
class QuantityTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '|', value = {"12 kg; 12; kg", "12kg; 12; kg", "-5 °C; -5; °c", "\u22125\u00a0°C; -5; °c",
        "1,234.5 km/h; 1234.5; km/h", "1 234 KG; 1234; kg", "1e5 kg; 100000; kg", "12 m2; 12; m2", "12m²; 12; m²", "12 lbs.; 12; lbs", "0.5 mg/l; .5; mg/l",
        "12 widgets; 12; widget", "1 widget; 1; widget", "10 Years; 10; year", "12A; 12; A", "300 K; 300; K", "5 m; 5; m", "1.2M; 1.2; M", "~12; 12; ||",
        "≈ 12; 12; ||", "12*; 12; ||", "12 kg†; 12; kg"})
    void aUnitIsRead(String text, double value, String unit) {
        assertEquals(Optional.of(new Quantity(value, unit, false)), Quantity.parse(text, false));
    }

    @ParameterizedTest
    @CsvSource({"<0.5, .5", ">=5, 5", "≤5 kg, 5", "20+, 20", "10+ years, 10", "5 kg+, 5"})
    void limitsAreRead(String text, double value) {
        Quantity quantity = Quantity.parse(text, false).orElseThrow();
        assertEquals(value, quantity.value());
        assertTrue(quantity.isLimit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kg", "CD4", "A12", "Room 12", "No. 12", "kg 12", "1.2.3", "12 per day", "12-A", "10-20", "2024-01", "4x4", "2h 30m", "1:30:00", "0x1F",
        "1e21 kg", "12 kg/5", "(5) kg", "~", "<", "5 6 kg", "12 abcdefghijklmno", "٣ kg", "58 4/8", "653 1)", "12.5 ± 0.3"})
    void whatIsNoQuantityIsNone(String text) {
        assertEquals(Optional.empty(), Quantity.parse(text, false));
    }

    @Test
    void decimalsMayComeAfterAComma() {
        assertEquals(1234.5, Quantity.parse("1.234,5 kg", true, "kg"));
        assertEquals(Double.NaN, Quantity.parse("1.234,5 kg", false, "kg"));
        assertEquals(Double.NaN, Quantity.parse("12.5 kg", true, "kg"));
    }

    @Test
    void unitsAreNotConverted() {
        assertEquals(Double.NaN, Quantity.parse("500 g", false, "kg"));
        assertEquals(12, Quantity.parse("~12", false, "kg"), "a number without a unit is one of any");
    }
}
