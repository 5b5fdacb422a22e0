package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.Api.Answer;
import clade.support.CladeTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@CladeTest
class CustomerUploadTests {

    @Autowired
    private Api api;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void mallCustomersAreFoundWithWhatIsKnownOfThem() throws IOException {
        String dataset = api.newDataset();

        JsonNode report = taken(csv(dataset, "", resource("mall_customers.csv")));

        assertThat(report.get("kind").asString()).isEqualTo("customers");
        assertThat(counts(report)).containsExactly(200, 200, 0, 0);
        assertThat(report.get("customers").asInt()).isEqualTo(200);
        assertThat(report.get("columns").toString()).isEqualTo("{\"customerId\":\"CustomerID\"}");
        assertThat(report.get("ignoredColumns")).isEmpty();
        // distinct values counted with Python 3
        assertThat(report.get("attributes").toString()).isEqualTo("""
                        [{"name":"Gender","type":"text","missing":0,"distinct":2},\
                        {"name":"Age","type":"number","missing":0,"distinct":51},\
                        {"name":"Annual Income (k$)","type":"number","missing":0,"distinct":64},\
                        {"name":"Spending Score (1-100)","type":"number","missing":0,"distinct":84}]""");
        assertThat(attributes(dataset)).isEqualTo(report.get("attributes").toString());
        JsonNode shop = api.get(dataset).json();
        assertThat(shop.get("customers").asInt()).isEqualTo(200);
        assertThat(shop.get("transactions").asInt()).isZero();
        assertThat(shop.get("lastTransactionAt").isNull()).isTrue();
        assertThat(ids(api.get(dataset + "/customers?prefix=20"))).containsExactly("20", "200");
        Answer profile = api.get(dataset + "/customers/1");
        assertThat(profile.body()).contains("""
                        "attributes":{"Gender":"Male","Age":19,"Annual Income (k$)":15,"Spending Score (1-100)":39}""");
        assertThat(profile.json().get("orders").asInt()).isZero();
        assertThat(profile.json().get("rfm").isNull()).isTrue();
        assertThat(profile.json().get("firstPurchaseAt").isNull()).isTrue();
        assertThat(profile.json().get("segments")).isEmpty();

        JsonNode listed = api.get(dataset + "/uploads").json().get("uploads").get(0);
        assertThat(listed.get("kind").asString()).isEqualTo("customers");
        assertThat(listed.get("attributes")).hasSize(4);
        assertThat(undo(dataset, report)).isEqualTo(204);
        assertThat(api.get(dataset).json().get("customers").asInt()).isZero();
        assertThat(api.get(dataset + "/customers/1").status()).isEqualTo(404);
        assertThat(ids(api.get(dataset + "/customers"))).isEmpty();
        assertThat(attributes(dataset)).isEqualTo("[]");
    }

    @Test
    void telcoCustomersHaveMissingChargesAndThirdValues() throws IOException {
        String dataset = api.newDataset();

        JsonNode report = taken(gzip(dataset, "", resource("telco_churn.csv.gz")));

        assertThat(counts(report)).containsExactly(7043, 7043, 0, 0);
        // blanks and distinct values counted with Python 3
        assertThat(figures(report, "SeniorCitizen")).isEqualTo("number 0 2");
        assertThat(figures(report, "Partner")).isEqualTo("boolean 0 2");
        assertThat(figures(report, "MultipleLines")).isEqualTo("text 0 3");
        assertThat(figures(report, "tenure")).isEqualTo("number 0 73");
        assertThat(figures(report, "MonthlyCharges")).isEqualTo("number 0 1585");
        assertThat(figures(report, "TotalCharges")).isEqualTo("number 11 6530");
        assertThat(figures(report, "Churn")).isEqualTo("boolean 0 2");
        assertThat(attributes(dataset)).isEqualTo(report.get("attributes").toString());
        JsonNode known = known(dataset, "7590-VHVEG");
        assertThat(known.get("Partner").asBoolean()).isTrue();
        assertThat(known.get("TotalCharges").toString()).isEqualTo("29.85");
        // tenure 0: the one blank of the charges
        assertThat(known(dataset, "4472-LVYGI").has("TotalCharges")).isFalse();
        assertThat(known(dataset, "4472-LVYGI").get("tenure").asInt()).isZero();
    }

    @Test
    void typesAreThoseOfAllValuesAlsoOfThoseFarBehindTheFirst() {
        String dataset = api.newDataset();
        String file = "id,Zip,Since,Vip,Code,Empty\n"
                + IntStream.range(0, 3000)
                        .mapToObj(i -> "C%d,%d,2024-01-%02d,%s,%d,\n"
                                .formatted(i, 10_000 + i, 1 + i % 28, i % 2 == 0 ? "yes" : "No", i))
                        .collect(Collectors.joining())
                + "C9999,01067,2024-02-29 08:30:00,,x,\n";

        JsonNode report = taken(csv(dataset, "?customerId=id", file));

        assertThat(counts(report)).containsExactly(3001, 3001, 0, 0);
        assertThat(figures(report, "Zip")).isEqualTo("text 0 3001");
        assertThat(figures(report, "Since")).isEqualTo("date 0 29");
        assertThat(figures(report, "Vip")).isEqualTo("boolean 1 2");
        assertThat(figures(report, "Code")).isEqualTo("text 0 3001");
        assertThat(figures(report, "Empty")).isEqualTo("text 3001 0");
        assertThat(report.get("formats").get("dateFormat").asString()).isEqualTo("yyyy-MM-dd[ HH:mm:ss]");
        assertThat(known(dataset, "C9999").toString())
                .isEqualTo("{\"Zip\":\"01067\",\"Since\":\"2024-02-29T08:30:00\",\"Code\":\"x\"}");
        assertThat(known(dataset, "C1").toString())
                .isEqualTo("{\"Zip\":\"10001\",\"Since\":\"2024-01-02\",\"Vip\":false,\"Code\":\"1\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0;1                    | number",
                "1.50;2                 | number",
                "(5.00);£12.00          | number",
                "12 EUR;1 EUR           | number",
                "1e3;2                  | number",
                "VIP 1;VIP 2            | text",
                "01067;10115            | text",
                "0;007                  | text",
                "+49 30 1234;+1         | text",
                "0.5;0                  | number",
                "1234567890123456;1     | text",
                "true;No                | boolean",
                "yes;1                  | text",
                "yes;unknown            | text",
                "2024-01-31;2024-02-29  | date",
                "2024-01-31;2024-02-30  | text",
                "31.12.2024;01.01.2024  | date",
                "20240131;20240229      | number",
                "2024-01-31;5           | text",
                "N/A;5                  | text",
            })
    void aTypeIsWhatAllValuesAre(String values, String type) {
        String[] both = values.split(";", -1);
        JsonNode report = taken(csv(api.newDataset(), "", "customerId\tx\nA\t%s\nB\t%s\n".formatted(both[0], both[1])));

        assertThat(counts(report)).containsExactly(2, 2, 0, 0);
        assertThat(report.get("attributes").get(0).get("type").asString()).isEqualTo(type);
    }

    @Test
    void aDeclaredTypeWinsAndValuesThatItCannotReadAreRejectedUntilTheyAreMended() {
        String dataset = api.newDataset();
        String query = "?types=Zip:text,Income,%20net:number,Joined:date,Vip:boolean&dateFormat=yyyyMMdd";
        String file = """
                customerId;Zip;Income, net;Joined;Vip
                A;10115;1.5;20240131;1
                B;20095;n/a;20240131;0
                C;1;2;tomorrow;0
                D;1;2;20240131;2
                E;1;3;20240201;
                """;

        JsonNode report = taken(csv(dataset, query, file));

        assertThat(counts(report)).containsExactly(5, 2, 3, 0);
        assertThat(report.get("rejections").toString()).isEqualTo("""
                        [{"code":"unreadable-number","count":1,"firstRow":2},\
                        {"code":"unreadable-date","count":1,"firstRow":3},\
                        {"code":"unreadable-boolean","count":1,"firstRow":4}]""");
        assertThat(known(dataset, "A").toString())
                .isEqualTo("{\"Zip\":\"10115\",\"Income, net\":1.5,\"Joined\":\"2024-01-31\",\"Vip\":true}");
        assertThat(api.get(dataset + "/customers/B").status()).isEqualTo(404);
        String rejected = api.get(dataset + "/uploads/" + report.get("id").asString() + "/rejected")
                .body();
        assertThat(rejected).startsWith("""
                        customerId,Zip,"Income, net",Joined,Vip,clade_row,clade_column,clade_code,clade_message
                        B,20095,n/a,20240131,0,2,"Income, net",unreadable-number,n/a is no number
                        """);

        JsonNode mended = taken(csv(
                dataset,
                query,
                rejected.replace("n/a,", "7,").replace("tomorrow,", "20240301,").replace(",2,4,", ",,4,")));

        assertThat(counts(mended)).containsExactly(3, 3, 0, 0);
        assertThat(mended.get("attributes")).hasSize(4);
        assertThat(known(dataset, "B").get("Income, net").asInt()).isEqualTo(7);
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(5);
    }

    @Test
    void aLaterFileChangesTheCustomersAndColumnsThatItNamesAndUndoBringsBackWhatWas() {
        String dataset = api.newDataset();
        taken(csv(dataset, "", "customerId,Age,City\nA,19,Ulm\nB,20,Bonn\n"));
        JsonNode second = taken(csv(dataset, "", "customerId,Age,Plan\nB,21,pro\nC,,basic\nA,,\n"));
        taken(csv(dataset, "", "customerId,Plan\nB,team\n"));

        assertThat(known(dataset, "A").toString()).isEqualTo("{\"City\":\"Ulm\"}");
        assertThat(known(dataset, "B").toString()).isEqualTo("{\"Age\":21,\"City\":\"Bonn\",\"Plan\":\"team\"}");
        assertThat(known(dataset, "C").toString()).isEqualTo("{\"Plan\":\"basic\"}");
        assertThat(attributes(dataset)).isEqualTo("""
                        [{"name":"Age","type":"number","missing":2,"distinct":1},\
                        {"name":"City","type":"text","missing":1,"distinct":2},\
                        {"name":"Plan","type":"text","missing":1,"distinct":2}]""");

        assertThat(undo(dataset, second)).isEqualTo(204);

        assertThat(known(dataset, "A").toString()).isEqualTo("{\"Age\":19,\"City\":\"Ulm\"}");
        assertThat(known(dataset, "B").toString()).isEqualTo("{\"Age\":20,\"City\":\"Bonn\",\"Plan\":\"team\"}");
        assertThat(api.get(dataset + "/customers/C").status()).isEqualTo(404);
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(2);
        assertThat(undo(dataset, second)).isEqualTo(404);
    }

    @Test
    void aTypeThatIsStoredHoldsForLaterFilesUnlessTheyDeclareAnotherThatFits() {
        String dataset = api.newDataset();
        taken(csv(dataset, "", "customerId,Zip,Member\nA,10115,yes\n"));

        JsonNode later = taken(csv(dataset, "", "customerId,Zip,Member\nB,D-20095,no\nC,20095,1\n"));

        assertThat(counts(later)).containsExactly(2, 1, 1, 0);
        String rejected = api.get(dataset + "/uploads/" + later.get("id").asString() + "/rejected")
                .body();
        assertThat(rejected).contains("B,D-20095,no,1,Zip,unreadable-number,").contains("?types=Zip:text");
        assertThat(known(dataset, "C").get("Member").asBoolean()).isTrue();

        taken(csv(dataset, "?types=Zip:text", rejected));
        assertThat(known(dataset, "A").get("Zip").asString()).isEqualTo("10115");
        assertThat(known(dataset, "B").get("Zip").asString()).isEqualTo("D-20095");

        Answer refused = csv(dataset, "?types=Zip:number", "customerId,Zip\nD,1\n");
        refused(refused, 422, "types", "type-does-not-fit");
        assertThat(refused.json().get("detail").asString()).contains("D-20095");
        assertThat(api.get(dataset + "/uploads").json().get("uploads")).hasSize(3);
    }

    @Test
    void ofSeveralRowsOfACustomerTheLastCounts() {
        String dataset = api.newDataset();

        JsonNode report =
                taken(csv(dataset, "", "customerId,Age,City\nA,1,Ulm\nB,2,\nA.,3,\nA,4,\n13085.0,5,\n13085,6,\n"));

        assertThat(counts(report)).containsExactly(6, 4, 0, 2);
        assertThat(report.get("customers").asInt()).isEqualTo(4);
        assertThat(known(dataset, "A").toString()).isEqualTo("{\"Age\":4}");
        assertThat(known(dataset, "13085").toString()).isEqualTo("{\"Age\":6}");
        assertThat(report.get("warnings").get(0).get("code").asString()).isEqualTo("ids-ending-in-.0");
    }

    @Test
    void jsonChangesOnlyTheFieldsThatAnObjectNames() {
        String dataset = api.newDataset();

        JsonNode report = taken(send(dataset, "application/x-ndjson", """
                {"customerId":"A","Age":19,"Plan":"pro","Tags":["x",{"y":1}]}
                {"customerId":"B","Plan":"pro","Active":true}
                {"customerId":"A","Active":false,"Plan":null}
                not json
                {"Age":5}
                """));

        assertThat(counts(report)).containsExactly(5, 2, 2, 1);
        assertThat(codes(report.get("rejections"))).containsExactly("malformed-json", "missing-customer-id");
        assertThat(known(dataset, "A").toString())
                .isEqualTo("{\"Age\":19,\"Tags\":\"[\\\"x\\\",{\\\"y\\\":1}]\",\"Active\":false}");
        assertThat(figures(report, "Active")).isEqualTo("boolean 1 2");

        taken(send(
                dataset, "application/json", "[{\"customerId\":\"B\",\"Age\":1e2},{\"customerId\":7,\"Age\":-0.50}]"));
        assertThat(known(dataset, "B").toString()).isEqualTo("{\"Age\":100,\"Plan\":\"pro\",\"Active\":true}");
        assertThat(known(dataset, "7").toString()).isEqualTo("{\"Age\":-0.5}");

        taken(send(dataset, "application/json", "{\"customerId\":\"B\",\"Plan\":null}"));
        assertThat(known(dataset, "B").toString()).isEqualTo("{\"Age\":100,\"Active\":true}");
    }

    @Test
    void fieldsThatComeLateInJsonAreReadByAllTheirValues() {
        String file = IntStream.range(0, 2500)
                .mapToObj(i -> i < 2000
                        ? "{\"customerId\":%d}\n".formatted(i)
                        : "{\"customerId\":%d,\"late\":\"%s\"}\n".formatted(i, i < 2499 ? i : "x"))
                .collect(Collectors.joining());

        JsonNode report = taken(send(api.newDataset(), "application/x-ndjson", file));

        assertThat(counts(report)).containsExactly(2500, 2500, 0, 0);
        assertThat(figures(report, "late")).isEqualTo("text 2000 500");
    }

    @Test
    void commasQuotesFormulasAndMultipartAreReadAsTransactionsAre() throws IOException {
        String dataset = api.newDataset();
        taken(
                csv(
                        dataset,
                        "",
                        "\uFEFFcustomerId;Income;Note\r\nA;\"1.234,50\";\"say \"\"hi\"\";\r\nthere\"\r\nB;7,25;'=1+1\r\nC;3;-\r\n"));

        assertThat(known(dataset, "A").get("Income").toString()).isEqualTo("1234.5");
        assertThat(known(dataset, "A").get("Note").asString()).isEqualTo("say \"hi\";\r\nthere");
        assertThat(known(dataset, "B").get("Income").toString()).isEqualTo("7.25");
        assertThat(known(dataset, "B").get("Note").asString()).isEqualTo("=1+1");

        String multipart = """
                --x
                Content-Disposition: form-data; name="file"; filename="a.csv"
                Content-Type: text/csv

                Client ID,Größe
                Z,"5"

                --x--
                """.replace("\n", "\r\n");
        JsonNode report = taken(send(dataset, "multipart/form-data; boundary=x", multipart));
        assertThat(report.get("columns").get("customerId").asString()).isEqualTo("Client ID");
        assertThat(known(dataset, "Z").toString()).isEqualTo("{\"Größe\":5}");
    }

    @Test
    void datesAreLocalToTheDatasetAndKeptAsWritten() {
        String dataset = api.newDataset("{\"timeZone\":\"America/Sao_Paulo\"}");

        // clocks went forward at midnight that day: 00:00 did not exist there
        taken(csv(dataset, "", "customerId,Born\nA,2018-11-04\nB,1923-02-01\n"));
        taken(csv(dataset, "", "customerId,Seen\nA,2024-01-01T02:30:00Z\nB,2024-01-01 02:30\n"));

        assertThat(known(dataset, "A").toString())
                .isEqualTo("{\"Born\":\"2018-11-04\",\"Seen\":\"2023-12-31T23:30:00\"}");
        assertThat(known(dataset, "B").toString())
                .isEqualTo("{\"Born\":\"1923-02-01\",\"Seen\":\"2024-01-01T02:30:00\"}");
    }

    @Test
    void aCustomerIsCountedOnceHoweverItIsKnown() {
        String dataset = api.newDataset();
        JsonNode attributes = taken(csv(dataset, "", "customerId,Age\nA,1\nB,2\n"));
        JsonNode bought =
                api.upload(dataset, "CustomerID,TransactionDate,PurchaseAmount\nB,2024-01-15,5\nC,2024-01-16,7\n");
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(3);
        assertThat(ids(api.get(dataset + "/customers"))).containsExactly("A", "B", "C");
        assertThat(api.get(dataset + "/customers/C").body()).contains("\"attributes\":{}");
        JsonNode more = taken(csv(dataset, "", "customerId,Age\nC,3\nD,4\n"));
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(4);

        JsonNode run = api.segment(dataset, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        assertThat(run.get("customers").asInt()).isEqualTo(2);
        assertThat(run.get("withoutPurchase").asInt()).isEqualTo(2);

        assertThat(undo(dataset, bought)).isEqualTo(204);
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(4);
        assertThat(undo(dataset, attributes)).isEqualTo(204);
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(2);
        assertThat(undo(dataset, more)).isEqualTo(204);
        assertThat(api.get(dataset).json().get("customers").asInt()).isZero();
    }

    @Test
    void thousandsOfCustomersMeetTransactionsOfHalfOfThem() {
        String dataset = api.newDataset();
        api.upload(
                dataset,
                "CustomerID,TransactionDate,PurchaseAmount\n"
                        + IntStream.range(0, 2000)
                                .mapToObj("C%d,2024-01-15,5\n"::formatted)
                                .collect(Collectors.joining()));

        JsonNode report = taken(csv(
                dataset,
                "",
                "customerId,Age\n"
                        + IntStream.range(1000, 6000)
                                .mapToObj(i -> "C%d,%d\n".formatted(i, i % 90))
                                .collect(Collectors.joining())));

        assertThat(counts(report)).containsExactly(5000, 5000, 0, 0);
        assertThat(figures(report, "Age")).isEqualTo("number 0 90");
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(6000);
        assertThat(undo(dataset, report)).isEqualTo(204);
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(2000);
    }

    @Test
    void aFileMayHaveAsManyColumnsAsAreAllowed() {
        String dataset = api.newDataset();
        String names = IntStream.range(0, 300).mapToObj("a%d"::formatted).collect(Collectors.joining(","));
        String values = IntStream.range(0, 300).mapToObj(String::valueOf).collect(Collectors.joining(","));

        JsonNode report = taken(csv(dataset, "", "customerId," + names + "\nA," + values + "\n"));

        assertThat(report.get("attributes")).hasSize(300);
        assertThat(known(dataset, "A").get("a299").asInt()).isEqualTo(299);
        String tooMany = IntStream.range(0, 1000).mapToObj("b%d"::formatted).collect(Collectors.joining(","));
        refused(csv(dataset, "", "customerId," + tooMany + "\n"), 422, null, "too-many-columns");
    }

    @Test
    void theSameKeyIsAnsweredOnce() {
        String dataset = api.newDataset();
        String file = "customerId,Age\nA,1\n";

        Answer first = csvWithKey(dataset, file);
        Answer second = csvWithKey(dataset, file);

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(api.get(dataset + "/uploads").json().get("uploads")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                          | name,Age\\nA,1\\n              | 422 | customerId | missing-column",
                "                          | customerId,ClientID,Age\\nA,B,1\\n | 422 | customerId | ambiguous-column",
                "?customerId=Nr            | customerId,Age\\nA,1\\n        | 422 | customerId | no-such-column",
                "?types=Zip:text           | customerId,Age\\nA,1\\n        | 422 | types      | no-such-column",
                "?types=customerId:number  | customerId,Age\\nA,1\\n        | 422 | types      | no-such-column",
                "?types=Age:integer        | customerId,Age\\nA,1\\n        | 400 | types      | invalid-value",
                "?types=Age                | customerId,Age\\nA,1\\n        | 400 | types      | invalid-value",
                "?types=                   | customerId,Age\\nA,1\\n        | 400 | types      | invalid-value",
                "?types=Age:text,Age:date  | customerId,Age\\nA,1\\n        | 400 | types      | invalid-value",
                "?type=Age:text            | customerId,Age\\nA,1\\n        | 400 | type       | unknown-parameter",
                "?decimal=x                | customerId,Age\\nA,1\\n        | 400 | decimal    | invalid-value",
                "                          | customerId,Age,Age\\nA,1,2\\n  | 422 |            | duplicate-column",
                "                          | customerId;x\\nA;1.234\\n      | 422 | decimal    | ambiguous-decimal",
                "                          | customerId;x\\nA;3/4/2024\\n   | 422 | dateFormat | ambiguous-date-format",
                "                          | customerId,Age\\n              | 422 |            | empty-file",
                "                          | customerId,Age\\nA,\"1\\n      | 422 |            | unclosed-quote",
            })
    void aFileThatCannotBeReadLeavesNothing(String query, String file, int status, String parameter, String code) {
        String dataset = api.newDataset();

        refused(csv(dataset, query == null ? "" : query, file.replace("\\n", "\n")), status, parameter, code);

        assertThat(api.get(dataset + "/uploads").json().get("uploads")).isEmpty();
        assertThat(attributes(dataset)).isEqualTo("[]");
        assertThat(api.get(dataset).json().get("customers").asInt()).isZero();
    }

    @Test
    void raggedRowsAndRowsWithoutAnIdAreRejectedAndTellNothingOfTypes() {
        String dataset = api.newDataset();

        JsonNode report = taken(csv(dataset, "", "customerId,Age,\nA,1,x\n,total,\nB,2\nC,3,\n"));

        assertThat(counts(report)).containsExactly(4, 2, 2, 0);
        assertThat(codes(report.get("rejections"))).containsExactly("missing-customer-id", "ragged-row");
        assertThat(report.get("attributes").toString())
                .isEqualTo("[{\"name\":\"Age\",\"type\":\"number\",\"missing\":0,\"distinct\":2}]");
        assertThat(report.get("ignoredColumns").toString()).isEqualTo("[\"\"]");
        JsonNode none = taken(csv(dataset, "", "customerId,Age\n,1\n"));
        assertThat(counts(none)).containsExactly(1, 0, 1, 0);
    }

    @Test
    void aBodyOfAnotherTypeOrDatasetIsRefused() {
        refused(send(api.newDataset(), "text/html", "x"), 415, null, null);
        refused(csv("/api/v1/datasets/none", "", "customerId\nA\n"), 404, null, "not-found");
        assertThat(api.get("/api/v1/datasets/none/attributes").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Plan", "a/b;c%d", "Größe \"x\" 'y' \\ z", "a.b", "{x}", "?", "$1"})
    void anAttributeMayHaveAnyName(String name) {
        String dataset = api.newDataset();

        taken(csv(
                dataset,
                "",
                "customerId\t%s\nA\tx\"y\\z\n"
                        .formatted(name.replace("\"", "\"\"").replaceFirst("(.*\".*)", "\"$1\""))));
        taken(csv(
                dataset,
                "",
                "customerId\t%s\nB\t\n".formatted(name.replace("\"", "\"\"").replaceFirst("(.*\".*)", "\"$1\""))));

        JsonNode known = known(dataset, "A");
        assertThat(known.propertyNames()).containsExactly(name);
        assertThat(known.get(name).asString()).isEqualTo("x\"y\\z");
    }

    @Test
    void aDatasetTakesItsAttributesAlong() {
        String dataset = api.newDataset();
        taken(csv(dataset, "", "customerId,Age\nA,1\n"));
        long id = jdbc.sql("select id from dataset where key = :key")
                .param("key", dataset.substring(dataset.lastIndexOf('/') + 1))
                .query(Long.class)
                .single();

        assertThat(api.delete(dataset).status()).isEqualTo(204);

        for (String table : List.of("attribute", "customer_attributes", "attribute_change")) {
            assertThat(jdbc.sql("select count(*) from %s where dataset_id = :id".formatted(table))
                            .param("id", id)
                            .query(Long.class)
                            .single())
                    .isZero();
        }
    }

    private Answer csvWithKey(String dataset, String file) {
        return api.send(
                "POST",
                dataset + "/customers",
                "text/csv",
                BodyPublishers.ofString(file),
                "Idempotency-Key",
                "key-" + dataset.hashCode());
    }

    private Answer csv(String dataset, String query, String file) {
        return csv(dataset, query, file.getBytes(StandardCharsets.UTF_8));
    }

    private Answer csv(String dataset, String query, byte[] file) {
        return api.send("POST", dataset + "/customers" + query, "text/csv", BodyPublishers.ofByteArray(file));
    }

    private Answer gzip(String dataset, String query, byte[] file) {
        return api.send(
                "POST",
                dataset + "/customers" + query,
                "text/csv",
                BodyPublishers.ofByteArray(file),
                "Content-Encoding",
                "gzip");
    }

    private Answer send(String dataset, String type, String body) {
        return api.send("POST", dataset + "/customers", type, BodyPublishers.ofString(body));
    }

    private int undo(String dataset, JsonNode report) {
        return api.delete(dataset + "/uploads/" + report.get("id").asString()).status();
    }

    private JsonNode known(String dataset, String customer) {
        Answer answer = api.get(dataset + "/customers/" + customer);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().get("attributes");
    }

    private String attributes(String dataset) {
        return api.get(dataset + "/attributes").json().get("attributes").toString();
    }

    /** Type, missing and distinct values of an attribute in a report. */
    private static String figures(JsonNode report, String name) {
        for (JsonNode attribute : report.get("attributes")) {
            if (attribute.get("name").asString().equals(name)) {
                return "%s %d %d"
                        .formatted(
                                attribute.get("type").asString(),
                                attribute.get("missing").asInt(),
                                attribute.get("distinct").asInt());
            }
        }
        throw new AssertionError("There is no attribute %s in %s".formatted(name, report));
    }

    private static List<String> ids(Answer found) {
        List<String> ids = new ArrayList<>();
        found.json()
                .get("customers")
                .forEach(customer -> ids.add(customer.get("customerId").asString()));
        return ids;
    }

    private static JsonNode taken(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        JsonNode report = answer.json();
        assertThat(answer.header("Location"))
                .endsWith("/uploads/" + report.get("id").asString());
        return report;
    }

    private static void refused(Answer answer, int status, String parameter, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonNode fault = answer.json().get("errors").get(0);
        assertThat(fault.get("message").asString()).isNotEmpty();
        if (code != null) {
            assertThat(fault.get("code").asString()).isEqualTo(code);
        }
        if (parameter != null) {
            assertThat(fault.get("parameter").asString()).isEqualTo(parameter);
        }
    }

    /** Rows, accepted, rejected, duplicates. */
    private static List<Integer> counts(JsonNode report) {
        assertThat(report.has("rows")).as(report.toString()).isTrue();
        return List.of(
                report.get("rows").asInt(),
                report.get("accepted").asInt(),
                report.get("rejected").asInt(),
                report.get("duplicates").asInt());
    }

    private static List<String> codes(JsonNode list) {
        List<String> codes = new ArrayList<>();
        list.forEach(entry -> codes.add(entry.get("code").asString()));
        return codes;
    }

    private static byte[] resource(String file) throws IOException {
        try (InputStream in = CustomerUploadTests.class.getResourceAsStream("/data/" + file)) {
            return in.readAllBytes();
        }
    }
}
