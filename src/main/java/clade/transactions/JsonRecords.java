package clade.transactions;

import clade.web.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** JSON objects, one a record: the elements of an array, a single one, or one a line (NDJSON). */
final class JsonRecords implements Records {

    private static final int DEEPEST = 100;

    private final JsonFactory json;
    private final ReadingLimits limits;
    private final char decimal;
    private final @Nullable BoundedLines lines;
    private final @Nullable JsonParser document;
    private final List<String> columns = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private boolean inArray;

    private JsonRecords(Reader text, boolean lineByLine, char decimal, ReadingLimits limits) {
        this.limits = limits;
        this.decimal = decimal;
        this.json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(limits.rowLength())
                        .build())
                .build();
        if (lineByLine) {
            this.lines = new BoundedLines(new BufferedReader(text, 1 << 16), limits.rowLength());
            this.document = null;
        } else {
            this.lines = null;
            this.document = json.createParser(ObjectReadContext.empty(), text);
            open(document);
        }
    }

    /** @param decimal the separator in which numbers are handed on, so that they read the same as texts do */
    static JsonRecords document(Reader text, char decimal, ReadingLimits limits) {
        return new JsonRecords(text, false, decimal, limits);
    }

    static JsonRecords lines(Reader text, char decimal, ReadingLimits limits) {
        return new JsonRecords(text, true, decimal, limits);
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public @Nullable String delimiter() {
        return null;
    }

    @Override
    public @Nullable Entry next() throws IOException {
        return document != null ? nextElement(document) : nextLine();
    }

    private void open(JsonParser parser) {
        try {
            inArray = parser.nextToken() == JsonToken.START_ARRAY;
            if (!inArray && parser.currentToken() != JsonToken.START_OBJECT) {
                throw FaultyFile.of("not-an-array", "The body must be a JSON array of objects, or one object");
            }
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private @Nullable Entry nextElement(JsonParser parser) {
        try {
            JsonToken token = inArray ? parser.nextToken() : parser.currentToken();
            if (token == null || token == JsonToken.END_ARRAY) {
                if (token == JsonToken.END_ARRAY && parser.nextToken() != null) {
                    throw FaultyFile.of("malformed-json", "There is more text behind the end of the JSON array");
                }
                return null;
            }
            Entry entry = entry(parser);
            if (!inArray && parser.nextToken() != null) {
                throw FaultyFile.of(
                        "malformed-json",
                        "There is more text behind the JSON object; objects one a line are application/x-ndjson");
            }
            return entry;
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private @Nullable Entry nextLine() throws IOException {
        BoundedLines source = java.util.Objects.requireNonNull(lines);
        String line = source.next();
        while (line != null && line.isBlank()) {
            line = source.next();
        }
        if (line == null) {
            return null;
        }
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            Entry entry = entry(parser);
            return parser.nextToken() == null
                    ? entry
                    : faulty("malformed-json", "There is more text behind the object of this line");
        } catch (JacksonException e) {
            String shown = line.length() > 200 ? line.substring(0, 200) + "…" : line;
            return faulty("malformed-json", "The line is not a JSON object: " + shown);
        }
    }

    private Entry entry(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return faulty("not-an-object", "A record must be a JSON object");
        }
        String[] fields = new String[columns.size()];
        Arrays.fill(fields, ABSENT);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            int place = place(parser.currentName());
            if (place >= fields.length) {
                int known = fields.length;
                fields = Arrays.copyOf(fields, columns.size());
                Arrays.fill(fields, known, fields.length, ABSENT);
            }
            fields[place] = text(parser, parser.nextToken());
        }
        return new Entry(fields, null);
    }

    private int place(String name) {
        Integer known = places.get(name);
        if (known != null) {
            return known;
        }
        if (columns.size() == limits.columns()) {
            throw FaultyFile.of(
                    "too-many-columns",
                    "The objects have more than %d different fields (clade.uploads.columns)"
                            .formatted(limits.columns()));
        }
        columns.add(name);
        places.put(name, columns.size() - 1);
        return columns.size() - 1;
    }

    private String text(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_NULL -> "";
            case VALUE_STRING, VALUE_TRUE, VALUE_FALSE -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getString().replace('.', decimal);
            default -> copied(parser);
        };
    }

    /** An array or object inside a record, as JSON text again. */
    private String copied(JsonParser parser) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = json.createGenerator(ObjectWriteContext.empty(), text)) {
            generator.copyCurrentStructure(parser);
        }
        return text.toString();
    }

    private Entry faulty(String code, String message) {
        String[] none = new String[columns.size()];
        Arrays.fill(none, "");
        return new Entry(none, new Rejection("", code, message));
    }

    private static Refusal malformed(JacksonException e) {
        if (e.getCause() instanceof IOException cut) {
            throw new UncheckedIOException(cut);
        }
        TokenStreamLocation place = e.getLocation();
        String where = place == null ? "" : " at line %d, column %d".formatted(place.getLineNr(), place.getColumnNr());
        return FaultyFile.of("malformed-json", "Not JSON%s: %s".formatted(where, e.getOriginalMessage()));
    }
}
