package clade.segmentation;

import clade.web.SpreadsheetCells;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Streams the whole list of a segment's members as CSV or NDJSON. */
@Component
class MemberExport {

    private static final int BUFFER = 1 << 16;

    private final Members members;
    private final JsonMapper json;

    MemberExport(Members members, JsonMapper json) {
        this.members = members;
        this.json = json;
    }

    void writeCsv(Segmentations.Stored segmentation, String segment, HttpServletResponse response) throws IOException {
        CsvWriter[] csv =
                new CsvWriter[1]; // opened once the run is known to exist, so that a refusal is still a problem
        members.export(
                segmentation,
                segment,
                context -> {
                    csv[0] = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(open(response, "text/csv"));
                    csv[0].writeRecord(header(context));
                },
                member -> csv[0].writeRecord(record(member)));
        csv[0].flush();
    }

    void writeNdjson(Segmentations.Stored segmentation, String segment, HttpServletResponse response)
            throws IOException {
        Writer[] out = new Writer[1];
        members.export(
                segmentation,
                segment,
                context -> out[0] = open(response, "application/x-ndjson"),
                member -> write(out[0], json.writeValueAsString(member) + "\n"));
        out[0].flush();
    }

    private static List<String> header(PublishedRuns.PublishedRun run) {
        List<String> names = new ArrayList<>();
        names.add("customerId");
        run.features().forEach(feature -> names.add(feature.apiName()));
        names.addAll(run.memberValues());
        if (run.rfm() != null) {
            names.addAll(List.of("recencyScore", "frequencyScore", "monetaryScore", "code"));
        }
        names.add("since");
        return names;
    }

    private static List<String> record(Members.Member member) {
        List<String> cells = new ArrayList<>();
        cells.add(SpreadsheetCells.written(member.customerId()));
        member.features().values().forEach(value -> cells.add(number(value)));
        member.values().values().forEach(value -> cells.add(value == null ? "" : number(value)));
        if (member.scores() != null) {
            member.scores().values().forEach(score -> cells.add(score.toString()));
            cells.add(String.valueOf(member.code()));
        }
        cells.add(member.since().toString());
        return cells;
    }

    /** Without an exponent, which some importers take for text. */
    private static String number(double value) {
        String shortest = Double.toString(value);
        return shortest.indexOf('E') < 0 ? shortest : new BigDecimal(shortest).toPlainString();
    }

    private static Writer open(HttpServletResponse response, String type) {
        response.setContentType(type);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        try {
            return new BufferedWriter(
                    new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8), BUFFER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Writer out, String text) {
        try {
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
