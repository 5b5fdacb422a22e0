package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

/** Each figure of a report is computed anew, and its page is read as a browser would. */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportTests {

    private static final String NASTY = "<script>alert('x')</script> & \"Söhne\"";

    @Autowired
    Api api;

    private Shop shop;

    @BeforeAll
    void segment() {
        shop = Shop.of(api, 300, 29, "{\"currency\":\"EUR\",\"name\":\"Shop <b>& Co\"}");
        api.segment(
                shop.dataset(),
                "{\"key\":\"rfm\",\"name\":\"%s\",\"method\":{\"name\":\"rfm\"}}"
                        .formatted(NASTY.replace("\"", "\\\"")));
        api.segment(shop.dataset(), "{\"key\":\"v\",\"method\":{\"name\":\"k-means\",\"k\":3}}");
        api.segment(shop.dataset(), "{\"key\":\"d\",\"method\":{\"name\":\"dbscan\",\"eps\":0.3}}");
        api.put(
                shop.dataset() + "/segment-maps/nasty",
                "{\"scores\":2,\"axes\":[\"recency\",\"frequency\"],\"segments\":[{\"key\":\"a\",\"name\":\"<script>alert(1)</script>\","
                        + "\"cells\":[{\"recency\":[1,1]}]},{\"key\":\"b\",\"name\":\"%s\",\"cells\":[{\"recency\":[2,2]}]}]}"
                                .formatted("A very long name of a segment "
                                        .repeat(4)
                                        .strip()));
        api.segment(shop.dataset(), "{\"key\":\"n\",\"method\":{\"name\":\"rfm\",\"scores\":2,\"map\":\"nasty\"}}");
        api.put(shop.dataset() + "/actions/a", "{\"title\":\"<img src=x onerror=alert(1)>\",\"steps\":[\"</td>\"]}");
    }

    @Test
    void figuresAreThoseOfTheDataAndTheSegments() {
        JsonNode report = api.get(shop.dataset() + "/segmentations/rfm/report").json();

        JsonNode segments =
                api.get(shop.dataset() + "/segmentations/rfm/segments").json();
        JsonNode data = report.get("data");
        assertThat(report.get("title").asString()).isEqualTo(NASTY);
        assertThat(data.get("customers").asLong()).isEqualTo(300);
        assertThat(data.get("transactions").asLong()).isEqualTo(shop.rows().size());
        assertThat(data.get("firstTransactionAt").asString()).isEqualTo("2023-01-01T00:00:00Z");
        assertThat(data.get("lastTransactionAt").asString()).isEqualTo("2023-12-31T00:00:00Z");
        double revenue = shop.rows().stream().mapToDouble(Shop.Row::amount).sum();
        assertThat(data.get("revenue").asDouble()).isCloseTo(revenue, within(1e-6));
        assertThat(report.get("segments")).hasSize(segments.get("segments").size());
        for (int i = 0; i < report.get("segments").size(); i++) {
            JsonNode group = report.get("segments").get(i);
            JsonNode segment = segments.get("segments").get(i);
            assertThat(group.get("segment")).isEqualTo(segment.get("key"));
            assertThat(group.get("size")).isEqualTo(segment.get("size"));
            assertThat(group.get("revenue")).isEqualTo(segment.get("revenue"));
            assertThat(group.get("action").get("avoid"))
                    .isEqualTo(segment.get("action").get("avoid"));
        }
        List<Double> recencies = new ArrayList<>();
        shop.members(api, "rfm")
                .values()
                .forEach(members -> members.forEach(member ->
                        recencies.add(member.get("features").get("recency").asDouble())));
        double[] sorted = recencies.stream().mapToDouble(d -> d).sorted().toArray();
        JsonNode recency = report.get("features").get(0);
        assertThat(recency.get("name").asString()).isEqualTo("recency");
        assertThat(recency.get("median").asDouble()).isEqualTo((sorted[149] + sorted[150]) / 2);
        assertThat(report.get("priorities"))
                .isEqualTo(api.get(shop.dataset() + "/segmentations/rfm/priorities")
                        .json());
        assertThat(report.get("validation").isNull()).isTrue();
        assertThat(report.get("method").get("definition"))
                .isEqualTo(api.get(shop.dataset() + "/segmentations/rfm/runs/1")
                        .json()
                        .get("definition"));
        assertThat(Arrays.asList(sentences(report, "caveats")))
                .contains("Whether the segments hold for the future was not looked at: a validation tells.");
    }

    @Test
    void theSummarySaysWhatTheSegmentsSay() {
        JsonNode report = api.get(shop.dataset() + "/segmentations/v/report").json();

        JsonNode richest = null;
        JsonNode largest = null;
        for (JsonNode group : report.get("segments")) {
            richest = richest == null
                            || group.get("revenueShare").asDouble()
                                    > richest.get("revenueShare").asDouble()
                    ? group
                    : richest;
            largest = largest == null
                            || group.get("size").asLong() > largest.get("size").asLong()
                    ? group
                    : largest;
        }
        String[] summary = sentences(report, "summary");
        assertThat(summary[0])
                .isEqualTo("“%s” is %s of the customers and brings %s of the revenue, the most of all segments."
                        .formatted(
                                richest.get("name").asString(),
                                percent(richest.get("share").asDouble()),
                                percent(richest.get("revenueShare").asDouble())));
        assertThat(summary[1])
                .startsWith("The largest segment is “%s” with %d customers"
                        .formatted(
                                largest.get("name").asString(),
                                largest.get("size").asLong()));
        assertThat(summary[2]).startsWith("Start with “");
        assertThat(report.get("segments").get(0).get("persona").asString()).contains(" % are ");
        assertThat(report.get("method").get("quality").get("silhouette").isNumber())
                .isTrue();
    }

    @Test
    void aValidationComesIntoTheReport() {
        Shop other = Shop.of(api, 200, 31, "{}");
        api.segment(other.dataset(), "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        JsonNode validation =
                api.finished(api.post(other.dataset() + "/segmentations/rfm/validations", "{\"horizon\":\"P90D\"}"));

        JsonNode report = api.get(other.dataset() + "/segmentations/rfm/report").json();

        assertThat(report.get("validation").get("validation")).isEqualTo(validation.get("id"));
        assertThat(report.get("validation").get("findings")).isEqualTo(validation.get("findings"));
        assertThat(page(other.dataset(), "rfm").body()).contains("Did it hold?", "better than chance");
        // the name is not what was validated, the seed is
        api.put(
                other.dataset() + "/segmentations/rfm",
                "{\"key\":\"rfm\",\"name\":\"New name\",\"method\":{\"name\":\"rfm\"}}");
        api.finished(api.post(other.dataset() + "/segmentations/rfm/runs", "{}"));
        assertThat(api.get(other.dataset() + "/segmentations/rfm/report")
                        .json()
                        .get("validation")
                        .isNull())
                .isFalse();
    }

    @Test
    void noiseIsACaveat() {
        JsonNode report = api.get(shop.dataset() + "/segmentations/d/report").json();

        JsonNode noise = report.get("segments")
                .valueStream()
                .filter(group -> group.get("noise").asBoolean())
                .findFirst()
                .orElseThrow();
        assertThat(sentences(report, "caveats"))
                .anyMatch(sentence -> sentence.startsWith("%d customers (%s) are in no cluster"
                        .formatted(
                                noise.get("size").asLong(),
                                percent(noise.get("share").asDouble()))));
        assertThat(noise.get("action").get("title").asString()).isEqualTo("Look at them one by one");
        assertThat(report.get("priorities").get("startWith").valueStream().map(JsonNode::asString))
                .doesNotContain("noise");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rfm", "v", "d", "n"})
    void thePageIsWellFormedHoldsAllItNeedsAndRunsNothing(String segmentation) throws Exception {
        Api.Answer page = page(shop.dataset(), segmentation);
        JsonNode report = api.get(shop.dataset() + "/segmentations/" + segmentation + "/report")
                .json();

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
        assertThat(page.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; style-src 'sha256-")
                .endsWith("frame-ancestors 'none'");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.body())
                .doesNotContain("<script", "<img", "http://", "https://", " style=", "%s", "%d", "null", "NaN");
        Document document = parsed(page.body());
        String text = document.getDocumentElement().getTextContent().replace('\u00a0', ' ');
        assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo(report.get("title").asString());
        for (String field : List.of("summary", "caveats", "done")) {
            assertThat(text).contains(sentences(report, field));
        }
        for (JsonNode group : report.get("segments")) {
            assertThat(text).contains(group.get("name").asString());
            if (group.get("size").asLong() > 0 && !group.get("action").isNull()) {
                assertThat(text).contains(group.get("action").get("title").asString());
            }
        }
        assertThat(text).contains(report.get("method").get("definition").toString());
        var drawings = document.getElementsByTagName("svg");
        assertThat(drawings.getLength()).isGreaterThan(2);
        for (int i = 0; i < drawings.getLength(); i++) {
            var attributes = drawings.item(i).getAttributes();
            assertThat(attributes.getNamedItem("role").getNodeValue()).isEqualTo("img");
            assertThat(attributes.getNamedItem("aria-label").getNodeValue()).isNotBlank();
        }
    }

    @Test
    void theChartSaysInWordsWhatItDraws() {
        JsonNode report = api.get(shop.dataset() + "/segmentations/v/report").json();
        JsonNode first = report.get("segments").get(0);

        String label = "Profile of %s. Last purchase: median %.0f days ago"
                .formatted(
                        first.get("name").asString(),
                        first.get("features").get("recency").get("median").asDouble());
        assertThat(page(shop.dataset(), "v").body()).contains(label);
    }

    @Test
    void thereIsNoneWithoutARun() {
        String empty = api.newDataset();
        api.segment(empty, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");

        assertThat(api.get(empty + "/segmentations/rfm/report").status()).isEqualTo(409);
        assertThat(page(empty, "rfm").status()).isEqualTo(409);
        assertThat(page(empty, "none").status()).isEqualTo(404);
        assertThat(api.get(shop.dataset() + "/segmentations/v/report?run=1").status())
                .isEqualTo(400);
    }

    private Api.Answer page(String dataset, String segmentation) {
        return api.get(dataset + "/segmentations/" + segmentation + "/report", "Accept", "text/html");
    }

    private static String[] sentences(JsonNode report, String field) {
        return report.get(field).valueStream().map(JsonNode::asString).toArray(String[]::new);
    }

    private static String percent(double share) {
        return String.format(java.util.Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** As XML, once the elements that HTML leaves open are closed. */
    private static Document parsed(String html) throws Exception {
        String xml = html.replace("<!doctype html>", "")
                .replaceAll("<(meta[^>]*)>", "<$1/>")
                .replace("&nbsp;", "\u00a0");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }
}
