package clade.segmentation;

import clade.web.Refusal;
import clade.web.SpreadsheetCells;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.apache.coyote.CloseNowException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Streams the whole list of a segment's members as CSV or NDJSON. As many clients as there are places are served at a time,
 * and none for ever: each of them holds a connection to the database.
 */
@Component
@EnableConfigurationProperties(ExportSettings.class)
class MemberExport {

    private static final int BUFFER = 1 << 16;
    private static final int MEMBERS_A_LOOK_AT_THE_CLOCK = 1_000;
    private static final double WRITTEN_IN_FULL = 1e7;

    private final Members members;
    private final JsonMapper json;
    private final ExportSettings settings;
    private final Semaphore places;

    MemberExport(Members members, JsonMapper json, ExportSettings settings) {
        this.members = members;
        this.json = json;
        this.settings = settings;
        this.places = new Semaphore(settings.atOnce());
    }

    void writeCsv(
            Segmentations.Stored segmentation, String segment, @Nullable String reason, HttpServletResponse response)
            throws IOException {
        boolean noise = segment.equals(ClusterSegmenter.NOISE);
        write(segmentation, segment, reason, new Sink("text/csv", response, settings.timeLimit()) {

            private Instant lastSince = Instant.MIN;
            private String lastWritten = "";

            @Override
            void begin(PublishedRuns.PublishedRun run, StringBuilder line) {
                line.append(String.join(",", header(run, noise)));
            }

            @Override
            void add(Members.Found member, StringBuilder line) {
                appendText(line, member.customer());
                for (int i = 0; i < member.values().length; i++) {
                    append(line.append(','), member.run().shown(i, member.values()[i]));
                }
                for (double value : member.memberValues()) {
                    appendNumber(line.append(','), value);
                }
                if (member.memberValues().length == 0) { // who came live has none
                    line.append(",".repeat(member.run().memberValues().size()));
                }
                Scores scores = member.scores();
                if (scores != null) {
                    line.append(',').append(scores.recency());
                    line.append(',').append(scores.frequency());
                    line.append(',').append(scores.monetary());
                    line.append(',').append(scores.code());
                }
                if (noise) {
                    line.append(',').append(Objects.requireNonNullElse(member.reason(), ""));
                }
                if (!member.since().equals(lastSince)) { // most came with the same run
                    lastSince = member.since();
                    lastWritten = lastSince.toString();
                }
                line.append(',').append(lastWritten);
            }
        });
    }

    void writeNdjson(
            Segmentations.Stored segmentation, String segment, @Nullable String reason, HttpServletResponse response)
            throws IOException {
        write(segmentation, segment, reason, new Sink("application/x-ndjson", response, settings.timeLimit()) {

            @Override
            void begin(PublishedRuns.PublishedRun run, StringBuilder line) {}

            @Override
            void add(Members.Found member, StringBuilder line) {
                line.append(json.writeValueAsString(member.shown()));
            }
        });
    }

    private void write(Segmentations.Stored segmentation, String segment, @Nullable String reason, Sink sink)
            throws IOException {
        if (!places.tryAcquire()) {
            throw Refusal.of(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "too-many-exports",
                            "%d lists are being sent, which is the most at a time (clade.exports.at-once); try again"
                                    .formatted(settings.atOnce()))
                    .withHeader(HttpHeaders.RETRY_AFTER, "5");
        }
        try {
            members.export(segmentation, segment, reason, sink::open, sink::write);
            sink.end();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            places.release();
        }
    }

    private static List<String> header(PublishedRuns.PublishedRun run, boolean noise) {
        List<String> names = new ArrayList<>();
        names.add("customerId");
        names.addAll(run.featureNames());
        names.addAll(run.memberValues());
        if (run.rfm() != null) {
            names.addAll(List.of("recencyScore", "frequencyScore", "monetaryScore", "code"));
        }
        if (noise) {
            names.add("reason");
        }
        names.add("since");
        return names;
    }

    /** Quoted where RFC 4180 wants it, or where it would look like a comment. */
    static void appendText(StringBuilder line, String text) {
        String cell = SpreadsheetCells.written(text);
        boolean quoted = cell.startsWith("#");
        for (int i = 0; !quoted && i < cell.length(); i++) {
            char c = cell.charAt(i);
            quoted = c == ',' || c == '"' || c == '\n' || c == '\r';
        }
        if (quoted) {
            line.append('"').append(cell.replace("\"", "\"\"")).append('"');
        } else {
            line.append(cell);
        }
    }

    private static void append(StringBuilder line, @Nullable Object value) {
        if (value instanceof Double number) {
            appendNumber(line, number);
        } else if (value != null) {
            appendText(line, value.toString());
        }
    }

    /** As JSON writes it, but without an exponent, which some importers take for text. */
    static void appendNumber(StringBuilder line, double value) {
        if (Double.isNaN(value)) { // missing
            return;
        }
        long whole = (long) value;
        if (whole == value && Math.abs(value) < WRITTEN_IN_FULL && whole != 0) {
            line.append(whole).append(".0");
            return;
        }
        String shortest = Double.toString(value);
        line.append(shortest.indexOf('E') < 0 ? shortest : new BigDecimal(shortest).toPlainString());
    }

    /** A form of the list, written line by line; nothing is sent before the run is known to exist. */
    private abstract static class Sink {

        private final String type;
        private final HttpServletResponse response;
        private final long deadline;
        private final StringBuilder line = new StringBuilder();
        private Writer out = Writer.nullWriter();
        private int untilLook = MEMBERS_A_LOOK_AT_THE_CLOCK;

        Sink(String type, HttpServletResponse response, Duration timeLimit) {
            this.type = type;
            this.response = response;
            this.deadline = System.nanoTime() + timeLimit.toNanos();
        }

        /** Appends the header, if the form has one. */
        abstract void begin(PublishedRuns.PublishedRun run, StringBuilder line);

        /** Appends a member. */
        abstract void add(Members.Found member, StringBuilder line);

        void open(PublishedRuns.PublishedRun run) {
            response.setContentType(type);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            begin(run, line);
            try {
                out = new BufferedWriter(
                        new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8), BUFFER);
                endLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void write(Members.Found member) {
            add(member, line);
            try {
                endLine();
                if (--untilLook == 0) {
                    untilLook = MEMBERS_A_LOOK_AT_THE_CLOCK;
                    if (System.nanoTime() > deadline) {
                        // a list that breaks off must not look complete: the container cuts the connection
                        throw new CloseNowException("the list was not taken within clade.exports.time-limit");
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void endLine() throws IOException {
            if (!line.isEmpty()) {
                out.append(line.append('\n'));
                line.setLength(0);
            }
        }

        void end() throws IOException {
            out.flush();
        }
    }
}
