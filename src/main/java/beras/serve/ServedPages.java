package beras.serve;

import static beras.serve.Json.object;

import beras.config.InvalidDataException;
import beras.digits.PageReader;
import beras.digits.Reading;
import beras.saving.SavedModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A model of digits, as the command {@code relay} uses it: a photograph of a page becomes the digits on it, line by line. */
final class ServedPages {

    /** The description for users. */
    static final String DESCRIPTION = "The digits on a photograph of a page, line by line, as the command relay reads them. What"
            + " the net has too little confidence in is no digit.";
    private static final int BOX_NUMBERS = 4;

    private final PageReader reader;

    private ServedPages(PageReader reader) {
        this.reader = reader;
    }

    /**
     * Empty if it is no model of digits.
     *
     * @param bound below which nothing is a digit; empty: {@link PageReader#REJECT}
     */
    static Optional<ServedPages> of(SavedModel saved, OptionalDouble bound) {
        try {
            PageReader reader = PageReader.of(saved);
            return Optional.of(new ServedPages(bound.isPresent() ? reader.reject(bound.getAsDouble()) : reader));
        } catch (InvalidDataException e) {
            return Optional.empty();
        }
    }

    /** Reads the picture of a request. */
    Served.Operation operation() {
        return new Served.Operation("read", "Read a page of handwritten digits", DESCRIPTION, ServedImages.PICTURES, schema(), this::read);
    }

    /** Reads the digits in the picture of a request: the fields of {@code relay --json}. */
    Served.Answer read(Request request, WorkLimit limit) throws Refusal {
        Reading reading = ServedImages.withPicture(request.body(), limit, picture -> {
            limit.check();
            try {
                return reader.stopped(limit::isOver).read(picture);
            } catch (InvalidDataException e) {
                throw Refusal.bad(ServedImages.NAME + ": " + e.getMessage());
            }
        });
        Map<String, Object> answer = object("text", reading.text(), "ofDigits", reading.isOfDigits());
        answer.putAll(reading.fields(Reading.Line::text, digit -> Integer.toString(digit.value())));
        return new Served.Answer(Json.bytes(answer), reading.digits().size());
    }

    /** The schema of an answer in JSON. */
    private static Map<String, Object> schema() {
        Map<String, Object> box = object("type", "array", "minItems", BOX_NUMBERS, "maxItems", BOX_NUMBERS,
                "items", object("type", "integer"),
                "description", "Left, top, width and height in pixels of the picture, upright.");
        Map<String, Object> digit = object("type", "object", "required", List.of("digit", "confidence", "box"),
                "properties", object(
                "digit", object("type", "string", "pattern", "^[0-9]$"),
                "confidence", object("type", "number", "minimum", 0, "maximum", 1),
                "box", box));
        Map<String, Object> line = object("type", "object", "required", List.of("text", "digits"), "properties", object(
                "text", object("type", "string"),
                "digits", object("type", "array", "items", digit)));
        Map<String, Object> other = object("type", "object", "required", List.of("box"), "properties", object("box", box));
        Map<String, Object> properties = object(
                "text", object("type", "string", "description", "The lines, apart by line feeds; empty if there are no digits."),
                "degrees", object("type", "number", "description", "By how much the lines are turned, clockwise."),
                "turn", object("type", "integer", "enum", List.of(0, 90, 180, 270),
                        "description", "By how much the page must be turned clockwise to be upright; it is read as it is."),
                "words", object("type", "integer", "description", "How many words were left out."),
                "mayBeUpsideDown", object("type", "boolean",
                        "description", "Whether the marks look nearly as much like digits the other way up."),
                "confidence", object("type", "number", "description", "The mean of all marks that are as high as digits."),
                "ofDigits", object("type", "boolean",
                        "description", "Whether the page looks like an upright one of digits; if not, what was read is not to be trusted."),
                "lines", object("type", "array", "items", line),
                "others", object("type", "array", "description", "What was taken for no digit.", "items", other));
        return object("type", "object", "required", List.copyOf(properties.keySet()), "properties", properties);
    }
}
