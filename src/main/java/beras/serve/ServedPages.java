package beras.serve;

import static beras.serve.Json.object;

import beras.config.InvalidDataException;
import beras.digits.PageReader;
import beras.digits.Reading;
import beras.saving.SavedModel;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A model of digits, as the command {@code relay} uses it: a photograph of a page becomes the digits on it, line by line. */
record ServedPages(PageReader reader) {

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

    /** Reads the digits in the picture of a request: the fields of {@code relay --json}. */
    Response read(Request request, WorkLimit limit) throws Refusal {
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
        return Response.predicted(Json.bytes(answer), reading.digits().size());
    }
}
