package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.support.Api;
import clade.support.CladeTest;
import clade.web.Refusal;
import clade.web.SpreadsheetCells;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.coyote.CloseNowException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@CladeTest
class MemberExportTests {

    @Autowired
    Api api;

    @Autowired
    Members members;

    @Autowired
    Segmentations segmentations;

    @Autowired
    JsonMapper json;

    @Test
    void everyFormOfTheListHoldsTheSameMembersInTheSameOrder() {
        Random random = new Random(11);
        StringBuilder csv = new StringBuilder("customerId,date,orderId,amount\n");
        for (int i = 0; i < 2_300; i++) {
            csv.append("k%d,2024-%02d-%02d %02d:%02d:%02d,o%d,%s\n"
                    .formatted(
                            random.nextInt(1_500),
                            1 + random.nextInt(12),
                            1 + random.nextInt(28),
                            random.nextInt(24),
                            random.nextInt(60),
                            random.nextInt(60),
                            i,
                            BigDecimal.valueOf(random.nextInt(1, 2_000_000_000), random.nextInt(4))));
        }
        String dataset = api.newDataset();
        api.upload(dataset, csv.toString());
        for (String method : List.of("\"k-means\",\"k\":1", "\"rfm\"", "\"gaussian-mixture\",\"components\":2")) {
            api.segment(dataset, "{\"key\":\"s\",\"method\":{\"name\":%s}}".formatted(method));
            String path = dataset + "/segmentations/s/segments";
            for (JsonNode segment : api.get(path).json().get("segments")) {
                String list = path + "/" + segment.get("key").asString() + "/customers";
                List<JsonNode> paged = pages(list);

                List<JsonNode> lines = api.get(list, "Accept", "application/x-ndjson")
                        .body()
                        .lines()
                        .map(json::readTree)
                        .toList();
                List<CsvRecord> records =
                        CsvReader.builder()
                                .ofCsvRecord(api.get(list, "Accept", "text/csv").body())
                                .stream()
                                .toList();

                assertThat(lines).isEqualTo(paged).hasSize(segment.get("size").asInt());
                assertThat(records.get(0).getFields()).isEqualTo(header(method));
                assertThat(records.stream().skip(1).map(MemberExportTests::values))
                        .isEqualTo(paged.stream().map(MemberExportTests::values).toList());
            }
            api.delete(dataset + "/segmentations/s");
        }
    }

    @Test
    void aNumberIsWrittenShortestAndWithoutAnExponent() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            double value = switch (i % 4) {
                case 0 -> random.nextInt(-20_000_000, 20_000_000);
                case 1 -> random.nextInt(-2_000_000_000, 2_000_000_000) / 100.0;
                case 2 -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(-60, 80));
                default -> random.nextInt(3) * 1e7 - random.nextInt(2);
            };

            StringBuilder written = new StringBuilder();
            CsvCells.appendNumber(written, value);

            assertThat(Double.doubleToRawLongBits(Double.parseDouble(written.toString())))
                    .as(written.toString())
                    .isEqualTo(Double.doubleToRawLongBits(value));
            assertThat(written.toString()).matches("-?\\d+(\\.\\d+)?");
            boolean plain = Math.abs(value) < 1e7 && Math.abs(value) >= 1e-3;
            if (plain || value == 0) {
                assertThat(written).hasToString(Double.toString(value));
            }
        }
    }

    @Test
    void aTextIsWrittenAsACsvWriterDoes() throws IOException {
        Random random = new Random(4);
        String alphabet = ",\"'\n\r\t#=+-@ 1aü";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = 1 + random.nextInt(5); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }

            StringBuilder written = new StringBuilder();
            CsvCells.appendText(written, text.toString());

            StringWriter expected = new StringWriter();
            try (CsvWriter csv =
                    CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(expected)) {
                csv.writeRecord(SpreadsheetCells.written(text.toString()));
            }
            assertThat(written + "\n").isEqualTo(expected.toString());
        }
    }

    @Test
    void whoComesWhenEveryPlaceIsTakenIsToldToTryAgain() throws IOException {
        String dataset = oneSegment(3);
        Segmentations.Stored stored = stored(dataset);
        MemberExport export =
                new MemberExport(members, new ListSender(new ExportSettings(1, Duration.ofMinutes(1))), json);
        List<Throwable> refusals = new ArrayList<>();
        MockHttpServletResponse response = new Watched(() -> {
            try {
                export.writeCsv(stored, "c1", null, new MockHttpServletResponse());
            } catch (Refusal | IOException e) {
                refusals.add(e);
            }
        });

        export.writeCsv(stored, "c1", null, response);

        assertThat(refusals).singleElement().isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.getStatusCode().value()).isEqualTo(503);
            assertThat(refusal.getHeaders().getFirst("Retry-After")).isEqualTo("5");
            assertThat(refusal.getBody().getDetail()).contains("clade.exports.at-once");
        });
        MockHttpServletResponse next = new MockHttpServletResponse();
        export.writeCsv(stored, "c1", null, next);
        assertThat(next.getContentAsString().lines()).hasSize(4);
        assertThatThrownBy(() -> export.writeCsv(stored, "c9", null, new MockHttpServletResponse()))
                .isInstanceOf(Refusal.class);
        export.writeNdjson(stored, "c1", null, new MockHttpServletResponse()); // the refused one gave its place back
    }

    @Test
    void aListThatTakesTooLongIsCutOff() {
        String dataset = oneSegment(2_500);
        MemberExport export =
                new MemberExport(members, new ListSender(new ExportSettings(1, Duration.ofMillis(1))), json);
        MockHttpServletResponse response = new MockHttpServletResponse();

        assertThatThrownBy(() -> export.writeCsv(stored(dataset), "c1", null, response))
                .isInstanceOf(CloseNowException.class)
                .hasMessageContaining("clade.exports.time-limit");
    }

    private String oneSegment(int customers) {
        StringBuilder csv = new StringBuilder("customerId,date,orderId,amount\n");
        for (int i = 0; i < customers; i++) {
            csv.append("c%d,2024-01-01,o%d,1\n".formatted(i, i));
        }
        String dataset = api.newDataset();
        api.upload(dataset, csv.toString());
        api.segment(dataset, "{\"key\":\"s\",\"method\":{\"name\":\"k-means\",\"k\":1}}");
        return dataset;
    }

    private Segmentations.Stored stored(String dataset) {
        return segmentations.get(dataset.substring(dataset.lastIndexOf('/') + 1), "s");
    }

    private List<JsonNode> pages(String list) {
        List<JsonNode> members = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = api.get(list + "?limit=97" + cursor).json();
            page.get("customers").forEach(members::add);
            cursor = page.get("next").isNull()
                    ? null
                    : "&cursor=" + page.get("next").asString();
        }
        return members;
    }

    private static List<String> header(String method) {
        Stream<String> own = method.startsWith("\"rfm")
                ? Stream.of("recencyScore", "frequencyScore", "monetaryScore", "code")
                : method.startsWith("\"gaussian") ? Stream.of("probability") : Stream.empty();
        return Stream.of(Stream.of("customerId", "recency", "frequency", "monetary"), own, Stream.of("since"))
                .flatMap(names -> names)
                .toList();
    }

    /** The cells of a record, numbers as numbers. */
    private static List<Object> values(CsvRecord record) {
        List<Object> values = new ArrayList<>();
        record.getFields()
                .forEach(cell -> values.add(cell.matches("-?\\d+(\\.\\d+)?") ? (Object) Double.valueOf(cell) : cell));
        return values;
    }

    /** What the record of a member as JSON shows it must hold. */
    private static List<Object> values(JsonNode member) {
        List<Object> values = new ArrayList<>();
        values.add(member.get("customerId").asString());
        member.get("features").forEach(value -> values.add(value.asDouble()));
        if (member.has("probability")) {
            values.add(member.get("probability").asDouble());
        }
        if (member.has("scores")) {
            member.get("scores").forEach(score -> values.add(score.asDouble()));
            values.add(Double.valueOf(member.get("code").asString()));
        }
        values.add(Instant.parse(member.get("since").asString()).toString());
        return values;
    }

    /** An answer that calls back when the first bytes are written. */
    private static final class Watched extends MockHttpServletResponse {

        private final Runnable onWrite;
        private boolean written;

        Watched(Runnable onWrite) {
            this.onWrite = onWrite;
        }

        @Override
        public ServletOutputStream getOutputStream() {
            ServletOutputStream out = super.getOutputStream();
            return new ServletOutputStream() {
                @Override
                public void write(int b) throws IOException {
                    out.write(b);
                }

                @Override
                public void write(byte[] bytes, int offset, int count) throws IOException {
                    if (!written) {
                        written = true;
                        onWrite.run();
                    }
                    out.write(bytes, offset, count);
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }
}
