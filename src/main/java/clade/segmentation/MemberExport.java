package clade.segmentation;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Streams the whole list of a segment's members as CSV or NDJSON. */
@Component
class MemberExport {

    private final Members members;
    private final ListSender lists;
    private final JsonMapper json;

    MemberExport(Members members, ListSender lists, JsonMapper json) {
        this.members = members;
        this.lists = lists;
        this.json = json;
    }

    void writeCsv(
            Segmentations.Stored segmentation, String segment, @Nullable String reason, HttpServletResponse response)
            throws IOException {
        lists.send("text/csv", response, lines -> {
            CsvRows rows = new CsvRows(lines, segment.equals(ClusterSegmenter.NOISE));
            members.export(segmentation, segment, reason, rows::begin, rows::add);
        });
    }

    void writeNdjson(
            Segmentations.Stored segmentation, String segment, @Nullable String reason, HttpServletResponse response)
            throws IOException {
        lists.send(
                "application/x-ndjson",
                response,
                lines -> members.export(segmentation, segment, reason, run -> lines.open(), member -> {
                    lines.line().append(json.writeValueAsString(member.shown()));
                    lines.end();
                }));
    }

    private static final class CsvRows {

        private final ListSender.Lines lines;
        private final boolean noise;
        private Instant lastSince = Instant.MIN;
        private String lastWritten = "";

        CsvRows(ListSender.Lines lines, boolean noise) {
            this.lines = lines;
            this.noise = noise;
        }

        void begin(PublishedRuns.PublishedRun run) {
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
            lines.open();
            lines.line().append(String.join(",", names));
            lines.end();
        }

        void add(Members.Found member) {
            StringBuilder line = lines.line();
            CsvCells.appendText(line, member.customer());
            for (int i = 0; i < member.values().length; i++) {
                CsvCells.append(line.append(','), member.run().shown(i, member.values()[i]));
            }
            for (double value : member.memberValues()) {
                CsvCells.appendNumber(line.append(','), value);
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
            lines.end();
        }
    }
}
