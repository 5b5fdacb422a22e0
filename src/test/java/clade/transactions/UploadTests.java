package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.Api.Answer;
import clade.support.CladeTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@CladeTest
class UploadTests {

    private static final String THREE_COLUMNS = "CustomerID,TransactionDate,PurchaseAmount\n";

    @Autowired
    private Api api;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void onlineRetailIsStoredOnceHoweverOftenItIsSent() throws IOException {
        String dataset = api.newDataset();

        JsonNode first = gzip(dataset, "", resource("online_retail.csv.gz")).json();

        assertThat(first.get("status").asString()).isEqualTo("completed");
        assertThat(counts(first)).containsExactly(541_909, 406_829, 135_080, 0);
        assertThat(first.get("rejections").toString())
                .isEqualTo("[{\"code\":\"missing-customer-id\",\"count\":135080,\"firstRow\":623}]");
        assertThat(first.get("customers").asLong()).isEqualTo(4372);
        assertThat(first.get("columns").get("orderId").asString()).isEqualTo("InvoiceNo");
        assertThat(first.get("formats").toString())
                .isEqualTo(
                        "{\"charset\":\"UTF-8\",\"delimiter\":\",\",\"dateFormat\":\"yyyy-MM-dd HH:mm:ss\",\"decimal\":\".\"}");
        assertThat(first.get("ignoredColumns").toString()).isEqualTo("[\"Description\",\"Country\"]");
        assertThat(first.get("warnings")).isEmpty();

        JsonNode second = gzip(dataset, "", resource("online_retail.csv.gz")).json();

        assertThat(counts(second)).containsExactly(541_909, 0, 135_080, 406_829);
        assertThat(second.get("customers").asLong()).isEqualTo(4372);
        JsonNode shop = api.get(dataset).json();
        assertThat(shop.get("customers").asLong()).isEqualTo(4372);
        assertThat(shop.get("transactions").asLong()).isEqualTo(406_829);
        assertThat(shop.get("firstTransactionAt").asString()).isEqualTo("2010-12-01T08:26:00Z");
        assertThat(shop.get("lastTransactionAt").asString()).isEqualTo("2011-12-09T12:50:00Z");

        Answer tooEarly = api.delete(dataset + "/uploads/" + first.get("id").asString());
        assertThat(tooEarly.status()).isEqualTo(409);
        assertThat(tooEarly.json().get("detail").asString())
                .contains("upload " + second.get("id").asString());
    }

    @Test
    void theFixedSpaceLogOfCdnowGoesIn() throws IOException {
        String dataset = api.newDataset();
        String query = "?delimiter=whitespace&header=none&columns=customerId,-,occurredAt,quantity,amount";

        JsonNode report = csv(dataset, query, resource("cdnow_sample.txt")).json();

        // 6,919 lines; each is an order of its own, so equal lines of a customer and day are kept
        assertThat(counts(report)).containsExactly(6919, 6919, 0, 0);
        assertThat(report.get("customers").asLong()).isEqualTo(2357);
        assertThat(report.get("formats").get("dateFormat").asString()).isEqualTo("yyyyMMdd");
        assertThat(report.get("formats").get("delimiter").asString()).isEqualTo("whitespace");
        assertThat(codes(report.get("warnings"))).containsExactly("no-order-id");
    }

    @Test
    void aFileOfThreeColumnsNeedsNoMapping() {
        String dataset = api.newDataset();

        JsonNode report = csv(dataset, "", THREE_COLUMNS + "C1,2024-01-15,99.50\nC2,2024-02-01,10\n")
                .json();

        assertThat(counts(report)).containsExactly(2, 2, 0, 0);
        assertThat(report.get("columns").toString())
                .isEqualTo(
                        "{\"customerId\":\"CustomerID\",\"occurredAt\":\"TransactionDate\",\"amount\":\"PurchaseAmount\"}");
    }

    @Test
    void anOverlappingExportAddsWhatIsNewAndBothCanBeUndoneInOrder() {
        String dataset = api.newDataset();
        String first = csv(dataset, "", THREE_COLUMNS + "C1,2024-01-15,5\nC1,2024-01-15,5\nC2,2024-01-16,7\n")
                .json()
                .get("id")
                .asString();
        JsonNode second = csv(dataset, "", THREE_COLUMNS + "C2,2024-01-16,7.00\nC1,2024-01-15,5\nC3,2024-02-01,8\n")
                .json();

        assertThat(counts(second)).containsExactly(3, 1, 0, 2);
        assertThat(api.get(dataset).json().get("transactions").asLong()).isEqualTo(4);

        assertThat(api.delete(dataset + "/uploads/" + first).status()).isEqualTo(409);
        assertThat(api.delete(dataset + "/uploads/" + second.get("id").asString())
                        .status())
                .isEqualTo(204);
        assertThat(api.get(dataset).json().get("transactions").asLong()).isEqualTo(3);
        assertThat(api.get(dataset).json().get("customers").asLong()).isEqualTo(2);
        assertThat(api.get(dataset).json().get("lastTransactionAt").asString()).isEqualTo("2024-01-16T00:00:00Z");
        assertThat(api.delete(dataset + "/uploads/" + first).status()).isEqualTo(204);
        assertThat(api.delete(dataset + "/uploads/" + first).status()).isEqualTo(404);
        JsonNode empty = api.get(dataset).json();
        assertThat(empty.get("transactions").asLong()).isZero();
        assertThat(empty.get("customers").asLong()).isZero();
        assertThat(empty.get("lastTransactionAt").isNull()).isTrue();
    }

    @Test
    void equalRowsOfOneFileAreDroppedOnlyWhenAsked() {
        String file = THREE_COLUMNS + "C1,2024-01-15,5\nC1,2024-01-15,5.0\n";

        assertThat(counts(csv(api.newDataset(), "", file).json())).containsExactly(2, 2, 0, 0);
        assertThat(counts(csv(api.newDataset(), "?duplicates=drop", file).json()))
                .containsExactly(2, 1, 0, 1);
    }

    @Test
    void rejectedRowsComeBackWholeAndCanBeMendedAndSentAgain() {
        String dataset = api.newDataset();
        String file = """
                CustomerID,Note,Date,Amount
                C1,=SUM(A1),2024-01-15,5
                ,=1+1,2024-01-16,6
                C2,"two
                lines",yesterday,7
                C3,-,2024-01-17,abc
                C4,too few
                C5,a,2024-01-18,8,9
                """;
        JsonNode report = csv(dataset, "", file).json();

        assertThat(counts(report)).containsExactly(6, 1, 5, 0);
        assertThat(codes(report.get("rejections")))
                .containsExactly("missing-customer-id", "unreadable-date", "unreadable-number", "ragged-row");
        assertThat(report.get("rejections").get(3).get("count").asLong()).isEqualTo(2);

        Answer rejected = api.get(dataset + "/uploads/" + report.get("id").asString() + "/rejected");

        assertThat(rejected.header("Content-Type")).startsWith("text/csv");
        assertThat(rejected.body().replace("\r\n", "\n")).isEqualTo("""
                        CustomerID,Note,Date,Amount,clade_row,clade_column,clade_code,clade_message
                        ,'=1+1,2024-01-16,6,2,CustomerID,missing-customer-id,There is no customer id
                        C2,"two
                        lines",yesterday,7,3,Date,unreadable-date,yesterday is no date of this file's format
                        C3,'-,2024-01-17,abc,4,Amount,unreadable-number,abc is no number
                        C4,too few,,,5,,ragged-row,"The row has 2 fields, the header 4"
                        C5,a,2024-01-18,"8, 9",6,,ragged-row,"The row has 5 fields, the header 4"
                        """);

        String mended = rejected.body()
                .replace(",'=1+1", "C9,'=1+1")
                .replace("yesterday", "2024-01-14")
                .replace("abc", "1");
        JsonNode again = csv(dataset, "", mended).json();

        assertThat(counts(again)).containsExactly(5, 3, 2, 0);
        assertThat(again.get("ignoredColumns").toString()).isEqualTo("[\"Note\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Customer;Date;Total\\nC1;31.12.2023;1.234,50\\n|1234.50|;|,",
                "Customer\\tDate\\tTotal\\nC1\\t2023-12-31\\t£1,234.50\\n|1234.50|\\t|.",
                "Customer,Date,Total\\r\\nC1,12/31/2023 8:26,\"1,234.50\"\\r\\n|1234.50|,|.",
                "\"Customer\",\"Date\",\"Total\"\\r\"C\"\"1\",\"2023-12-31T08:26:00Z\",\"(12.00)\"\\r|-12.00|,|."
            })
    void readsTheDialectsOfShops(String file, String amount, String delimiter, String decimal) {
        String dataset = api.newDataset();

        JsonNode report = csv(dataset, "", unescaped(file)).json();

        assertThat(counts(report)).containsExactly(1, 1, 0, 0);
        assertThat(report.get("formats").get("delimiter").asString()).isEqualTo(unescaped(delimiter));
        assertThat(report.get("formats").get("decimal").asString()).isEqualTo(decimal);
        assertThat(amounts(dataset)).containsExactly(amount);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sep=|\r\n", "SEP=|\n", "\"sep=|\"\r", "\uFEFFsep=|\n"})
    void theLineOfSpreadsheetsThatNamesTheDelimiterIsHonoured(String line) {
        String dataset = api.newDataset();

        // by the rows alone it would be the semicolon, which parts them into more fields
        String rows = "Customer|Date|Total|a;b;c;d;e\nC1|2024-01-01|5|;;;;\n\nC2|x|5|;;;;\n";
        JsonNode report = csv(dataset, "", line + rows).json();

        assertThat(counts(report)).containsExactly(2, 1, 1, 0);
        assertThat(report.get("formats").get("delimiter").asString()).isEqualTo("|");
        assertThat(report.get("rejections").get(0).get("firstRow").asInt()).isEqualTo(2);
    }

    @Test
    void formatsThatNothingTellsAreNull() {
        JsonNode formats = csv(api.newDataset(), "", THREE_COLUMNS + "C1,never,none\n")
                .json()
                .get("formats");

        assertThat(formats.get("dateFormat").isNull()).isTrue();
        assertThat(formats.get("decimal").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2020-01-01|1,23|2020-01-01|1.23|unreadable-number|1|yyyy-MM-dd|.",
                "2020-01-01|1.23|2020-01-01|1,23|unreadable-number|2|yyyy-MM-dd|.",
                "13/4/2020|1|4/13/2020|1|unreadable-date|2|d/M/yyyy|.",
                "4/13/2020|1|13/4/2020|1|unreadable-date|1|d/M/yyyy|.",
                "1 Dec 2010|1|01-Dec-2010|1|unreadable-date|1|dd-MMM-yyyy|."
            })
    void ofFormatsThatReadEquallyManyTheFirstCountsIfNoValueReadsInTwoWays(
            String date,
            String amount,
            String otherDate,
            String otherAmount,
            String code,
            int row,
            String dateFormat,
            String decimal) {
        String file = "customerId;date;amount\na;%s;%s\nb;%s;%s\n".formatted(date, amount, otherDate, otherAmount);

        JsonNode report = csv(api.newDataset(), "", file).json();

        assertThat(counts(report)).containsExactly(2, 1, 1, 0);
        assertThat(report.get("rejections").toString())
                .isEqualTo("[{\"code\":\"%s\",\"count\":1,\"firstRow\":%d}]".formatted(code, row));
        assertThat(report.get("formats").get("dateFormat").asString()).isEqualTo(dateFormat);
        assertThat(report.get("formats").get("decimal").asString()).isEqualTo(decimal);
    }

    @Test
    void purchasesBeforeTheGregorianCalendarKeepTheirDay() {
        String dataset = api.newDataset();

        csv(dataset, "", THREE_COLUMNS + "C1,1500-03-01,5\n");

        JsonNode profile = api.get(dataset + "/customers/C1").json();
        assertThat(profile.get("firstPurchaseAt").asString()).isEqualTo("1500-03-01T00:00:00Z");
        assertThat(profile.get("lastPurchaseAt").asString()).isEqualTo("1500-03-01T00:00:00Z");
    }

    @Test
    void textInWindows1252IsRecognisedAndTextInBothIsAskedFor() {
        String file = "Customer,Date,Total\nMüller,2024-01-01,5\n";

        JsonNode report = csv(api.newDataset(), "", file.getBytes(Charset.forName("windows-1252")))
                .json();

        assertThat(report.get("formats").get("charset").asString()).isEqualTo("windows-1252");
        assertThat(counts(report)).containsExactly(1, 1, 0, 0);

        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(file.getBytes(StandardCharsets.UTF_8));
        both.writeBytes("Jürgen,2024-01-02,5\n".getBytes(Charset.forName("windows-1252")));
        refused(csv(api.newDataset(), "", both.toByteArray()), 422, "charset");
    }

    @Test
    void whetherThreeFourIsMarchOrAprilIsAsked() {
        String dataset = api.newDataset();
        String file = THREE_COLUMNS + "C1,3/4/2024,5\nC2,5/6/2024,7\n";

        refused(csv(dataset, "", file), 422, "dateFormat");
        assertThat(api.get(dataset + "/uploads").json().get("uploads")).isEmpty();
        assertThat(api.get(dataset).json().get("transactions").asLong()).isZero();

        assertThat(counts(csv(dataset, "?dateFormat=d/M/yyyy", file).json())).containsExactly(2, 2, 0, 0);
        assertThat(api.get(dataset).json().get("firstTransactionAt").asString()).isEqualTo("2024-04-03T00:00:00Z");
    }

    @Test
    void whetherADotIsThousandsOrDecimalsIsAsked() {
        String file = THREE_COLUMNS + "C1,2024-01-01,1.234\n";

        refused(csv(api.newDataset(), "", file), 422, "decimal");
        String dataset = api.newDataset();
        csv(dataset, "?decimal=,", file);
        assertThat(amounts(dataset)).containsExactly("1234");
    }

    @Test
    void theWholeFileDecidesEvenIfItsBeginningSuggestsOtherFormats() {
        String dataset = api.newDataset();
        StringBuilder file = new StringBuilder("Customer;Date;Total;Note\n");
        for (int i = 0; i < 3000; i++) {
            file.append("C%d;03/04/2024;1.500;early\n".formatted(i));
        }
        for (int i = 0; i < 3000; i++) {
            file.append("D%d;25/04/2024;2,5;late\n".formatted(i));
        }
        file.append("E;04/25/2024;1;odd\n");

        JsonNode report = csv(dataset, "", file.toString()).json();

        assertThat(counts(report)).containsExactly(6001, 6000, 1, 0);
        assertThat(report.get("formats").get("dateFormat").asString()).isEqualTo("dd/MM/yyyy");
        assertThat(report.get("formats").get("decimal").asString()).isEqualTo(",");
        assertThat(amounts(dataset)).containsOnly("1500", "2.5");
        assertThat(api.get(dataset).json().get("firstTransactionAt").asString()).isEqualTo("2024-04-03T00:00:00Z");
        assertThat(api.get(dataset + "/uploads/" + report.get("id").asString() + "/rejected")
                        .body())
                .contains("E,04/25/2024,1,odd,6001,Date,unreadable-date");
    }

    @Test
    void filesLargerThanTheMemoryForThemAreReadAgainFromStaging() {
        String dataset = api.newDataset();
        StringBuilder file = new StringBuilder("Customer,Date,Total,Note\n");
        String note = "x".repeat(1000);
        for (int i = 0; i < 6000; i++) {
            file.append("C%d,03/04/2024,%d,%s\n".formatted(i % 7, i, note));
        }
        for (int i = 0; i < 6001; i++) {
            file.append("C%d,25/04/2024,%d,%s\n".formatted(i % 7, i, note));
        }

        JsonNode report = csv(dataset, "", file.toString()).json();

        assertThat(counts(report)).containsExactly(12_001, 12_001, 0, 0);
        assertThat(report.get("formats").get("dateFormat").asString()).isEqualTo("dd/MM/yyyy");
    }

    @Test
    void zonesAreTheDatasetsUnlessWritten() {
        String dataset = api.newDataset("{\"timeZone\":\"America/New_York\"}");

        csv(dataset, "", THREE_COLUMNS + "C1,2024-07-01 00:00,5\nC2,2024-07-02T00:00Z,5\n");

        JsonNode shop = api.get(dataset).json();
        assertThat(shop.get("firstTransactionAt").asString()).isEqualTo("2024-07-01T04:00:00Z");
        assertThat(shop.get("lastTransactionAt").asString()).isEqualTo("2024-07-02T00:00:00Z");
    }

    @Test
    void idsAreTrimmedAndSpreadsheetNumbersMended() {
        String dataset = api.newDataset();

        JsonNode report = csv(
                        dataset, "", THREE_COLUMNS + "13085.0,2024-01-01,5\n 13085 ,2024-01-02,6\na.0,2024-01-03,7\n")
                .json();

        assertThat(report.get("customers").asLong()).isEqualTo(2);
        assertThat(codes(report.get("warnings"))).contains("ids-ending-in-.0");
    }

    @Test
    void futureRowsAreRejected() {
        String tomorrow =
                java.time.LocalDate.now(java.time.ZoneOffset.UTC).plusDays(3).toString();

        JsonNode report = csv(api.newDataset(), "", THREE_COLUMNS + "C1,%s,5\nC2,2024-01-01,6\n".formatted(tomorrow))
                .json();

        assertThat(counts(report)).containsExactly(2, 1, 1, 0);
        assertThat(codes(report.get("rejections"))).containsExactly("in-the-future");
    }

    @Test
    void allRowsRejectedIsStillAnUpload() {
        Answer answer = csv(api.newDataset(), "", THREE_COLUMNS + "C1,someday,5\nC2,never,6\n");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(counts(answer.json())).containsExactly(2, 0, 2, 0);
    }

    @Test
    void aTransactionIdIsOneTransaction() {
        String dataset = api.newDataset();
        String header = "LineID,Customer,Date,Total\n";
        csv(dataset, "", header + "1,C1,2024-01-01,5\n2,C1,2024-01-01,5\n");

        JsonNode report = csv(
                        dataset,
                        "?transactionId=LineID",
                        header + "1,C1,2024-01-01,5.00\n2,C1,2024-01-01,6\n3,C1,2024-01-02,7\n3,C2,2024-01-02,7\n")
                .json();

        assertThat(counts(report)).containsExactly(4, 1, 2, 1);
        assertThat(report.get("rejections").toString())
                .isEqualTo("[{\"code\":\"conflicting-transaction\",\"count\":2,\"firstRow\":2}]");
        assertThat(api.get(dataset + "/uploads/" + report.get("id").asString() + "/rejected")
                        .body())
                .contains("2,C1,2024-01-01,6,2,LineID,conflicting-transaction")
                .contains("3,C2,2024-01-02,7,4,LineID,conflicting-transaction");
    }

    @ParameterizedTest
    @CsvSource({"2 1, 2 1, 1", "1 2, 2 1, 2", "2 1 2 1, 4 2, 1"})
    void whatIsStoredDecidesWhichRowOfATransactionIdConflicts(String amounts, String counts, int firstRow) {
        String dataset = api.newDataset();
        String header = "customerId,date,transactionId,amount\n";
        String stored = csv(dataset, "?transactionId=transactionId", header + "a,2020-01-01,t1,1\n")
                .json()
                .get("id")
                .asString();
        StringBuilder file = new StringBuilder(header);
        for (String amount : amounts.split(" ", -1)) {
            file.append("a,2020-01-01,t1,").append(amount).append('\n');
        }

        JsonNode report =
                csv(dataset, "?transactionId=transactionId", file.toString()).json();

        int rows = Integer.parseInt(counts.substring(0, 1));
        int duplicates = Integer.parseInt(counts.substring(2));
        assertThat(counts(report)).containsExactly(rows, 0, rows - duplicates, duplicates);
        assertThat(report.get("rejections").get(0).get("firstRow").asInt()).isEqualTo(firstRow);
        assertThat(amounts(dataset)).containsExactly("1");
        refused(api.delete(dataset + "/uploads/" + stored), 409, null);
        refused(csv(dataset, "", file.toString()), 422, "orderId");
    }

    @Test
    void theFirstRowOfATransactionIdCountsWhereNoneIsStored() {
        String dataset = api.newDataset();
        String file =
                "customerId,date,transactionId,amount\na,2020-01-01,t1,2\nb,2020-01-01,t1,1\na,2020-01-01,t1,2.0\n";

        assertThat(counts(csv(dataset, "?transactionId=transactionId", file).json()))
                .containsExactly(3, 1, 1, 1);
        assertThat(counts(csv(dataset, "?transactionId=transactionId", file).json()))
                .containsExactly(3, 0, 1, 2);
        assertThat(amounts(dataset)).containsExactly("2");
    }

    @Test
    void aTransactionIdThatRecursIsAnOrdersId() {
        String dataset = api.newDataset();
        String file = "TransactionID,Customer,Date,Total\nT1,C1,2024-01-01,5\nT1,C1,2024-01-01,6\n";

        Answer refused = csv(dataset, "", file);

        refused(refused, 422, "orderId");
        assertThat(refused.json().get("detail").asString()).contains("?orderId=TransactionID");
        assertThat(counts(csv(dataset, "?orderId=TransactionID", file).json())).containsExactly(2, 2, 0, 0);
    }

    @Test
    void jsonAndNdjsonAndMultipartBringTheSameRows() throws IOException {
        String dataset = api.newDataset();
        String object =
                "{\"customerId\":\"C%d\",\"orderId\":\"O%d\",\"occurredAt\":\"2024-01-01T08:00:00Z\",\"amount\":12.50,\"tags\":{\"a\":[1]}}";
        String array = "[" + object.formatted(1, 1) + "," + object.formatted(2, 2) + "]";

        JsonNode json = send(dataset, "application/json", array).json();
        assertThat(counts(json)).containsExactly(2, 2, 0, 0);
        assertThat(json.get("ignoredColumns").toString()).isEqualTo("[\"tags\"]");
        JsonNode one = send(dataset, "application/json", object.formatted(1, 1)).json();
        assertThat(counts(one)).containsExactly(1, 0, 0, 1);
        JsonNode lines = send(
                        dataset,
                        "application/x-ndjson",
                        object.formatted(1, 1) + "\n\nnot json\n" + object.formatted(3, 3))
                .json();
        assertThat(counts(lines)).containsExactly(3, 1, 1, 1);
        assertThat(codes(lines.get("rejections"))).containsExactly("malformed-json");

        String csv =
                "customerId,orderId,occurredAt,amount\r\nC1,O1,2024-01-01T08:00:00Z,12.5\r\nC4,O4,2024-01-01T08:00:00Z,1\r\n";
        String multipart = "--frontier\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nhello\r\n"
                + "--frontier\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\nContent-Type: text/csv\r\n\r\n"
                + csv + "\r\n--frontier--\r\n";
        JsonNode part = send(dataset, "multipart/form-data; boundary=frontier", multipart)
                .json();
        assertThat(counts(part)).containsExactly(2, 1, 0, 1);

        // recognised as gzip without being told
        JsonNode packed = csv(dataset, "", packed(csv)).json();
        assertThat(counts(packed)).containsExactly(2, 0, 0, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n--front", "\r\n--frontie"})
    void aMultipartBodyThatEndsBeforeItsBoundaryIsMalformed(String end) {
        String dataset = api.newDataset();
        String begun = "--frontier\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\n"
                + THREE_COLUMNS + "C1,2024-01-01,5\r\n".repeat(10_000);

        Answer refused = send(dataset, "multipart/form-data; boundary=frontier", begun + end);

        refused(refused, 400, null);
        assertThat(code(refused)).isEqualTo("malformed-multipart");
        assertThat(api.get(dataset + "/uploads").json().get("uploads")).isEmpty();
        assertThat(api.get(dataset).json().get("transactions").asLong()).isZero();
    }

    @Test
    void anEmptyJsonArrayIsAnEmptyFile() {
        String dataset = api.newDataset();

        assertThat(code(send(dataset, "application/json", "[]"))).isEqualTo("empty-file");
        assertThat(code(send(dataset, "application/json", " "))).isEqualTo("empty-file");
        assertThat(code(csv(dataset, "", THREE_COLUMNS))).isEqualTo("empty-file");
        assertThat(code(csv(dataset, "", "sep=;\r\n"))).isEqualTo("empty-file");
    }

    @Test
    void aJsonRowMustTellWhichItIs() {
        JsonNode report = send(
                        api.newDataset(),
                        "application/json",
                        "[{\"customerId\":\"C1\",\"occurredAt\":\"2024-01-01\",\"amount\":1},{\"customerId\":\"C1\",\"occurredAt\":\"2024-01-01\",\"amount\":1.234,\"orderId\":7}]")
                .json();

        assertThat(counts(report)).containsExactly(2, 1, 1, 0);
        assertThat(codes(report.get("rejections"))).containsExactly("missing-identity");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "a,b,c\\n1,2,3\\n|customerId",
                "Customer,b,c\\n1,2,3\\n|occurredAt",
                "Customer,Date,c\\n1,2024-01-01,3\\n|amount",
                "Customer,ClientID,Date,Amount\\n1,2,2024-01-01,3\\n|customerId",
                "''|-",
                "Customer,Date,Amount\\n|-",
                "Customer,Date,Amount\\n\"open,2024-01-01,5\\n|-"
            })
    void faultsOfTheWholeFileAreRefusedAndLeaveNothing(String file, String parameter) {
        String dataset = api.newDataset();

        Answer answer = csv(dataset, "", unescaped(file));

        refused(answer, 422, parameter);
        assertThat(api.get(dataset + "/uploads").json().get("uploads")).isEmpty();
    }

    @Test
    void binaryAndTooManyColumnsAndEndlessRowsAreRefused() throws IOException {
        String dataset = api.newDataset();

        refused(csv(dataset, "", new byte[] {'P', 'K', 3, 4, 0, 0}), 422, null);
        refused(csv(dataset, "", new byte[] {'a', ',', 0, 'b'}), 422, null);
        refused(csv(dataset, "", "c,".repeat(10_000) + "c\n"), 422, null);
        refused(csv(dataset, "", THREE_COLUMNS + "x".repeat(2_000_000)), 422, null);
        byte[] cut = packed(THREE_COLUMNS + "C1,2024-01-01,5\n".repeat(1000));
        refused(gzip(dataset, "", java.util.Arrays.copyOf(cut, cut.length - 20)), 422, null);
        refused(gzip(dataset, "", "not gzip".getBytes(StandardCharsets.UTF_8)), 422, null);
        refused(send(dataset, "application/json", "[{\"customerId\":\"C1\"},"), 422, null);
        refused(send(dataset, "application/json", "[".repeat(5000)), 422, null);
        refused(send(dataset, "application/json", "7"), 422, null);
        refused(send(dataset, "multipart/form-data; boundary=x", "nothing"), 400, null);
        refused(send(dataset, "application/x-www-form-urlencoded", "a=b"), 415, null);
        assertThat(api.get(dataset + "/uploads").json().get("uploads")).isEmpty();
    }

    @Test
    void whatIsDamagedOrTooLargeIsNamed() throws IOException {
        String dataset = api.newDataset();
        StringBuilder rows = new StringBuilder(THREE_COLUMNS);
        for (int i = 0; i < 50_000; i++) {
            rows.append("C%d,2024-01-15,%d\n".formatted(i * 7919 % 50_000, i));
        }
        byte[] whole = packed(rows.toString());

        for (int length : new int[] {2, 5, whole.length / 2, whole.length - 8, whole.length - 1}) {
            Answer cut = gzip(dataset, "", java.util.Arrays.copyOf(whole, length));
            refused(cut, 422, null);
            assertThat(code(cut)).isEqualTo("damaged-gzip");
            assertThat(cut.json().get("detail").asString()).doesNotContain("null");
        }

        Answer tooLong = csv(dataset, "", THREE_COLUMNS + "C1,2024-01-15,5\n" + "x".repeat(2_000_000));
        assertThat(code(tooLong)).isEqualTo("row-too-long");
        assertThat(tooLong.json().get("detail").asString()).contains("Row 2 ", "1048576", "clade.uploads.row-length");
        assertThat(tooLong.json().get("errors").get(0).get("row").asInt()).isEqualTo(2);
        Answer longHeader = csv(dataset, "", "x".repeat(2_000_000) + ",b\n");
        assertThat(longHeader.json().get("detail").asString()).contains("The header ", "clade.uploads.row-length");

        for (int columns : new int[] {1001, 10_000}) {
            Answer tooMany = csv(dataset, "", "c,".repeat(columns - 1) + "c\n");
            assertThat(code(tooMany)).isEqualTo("too-many-columns");
            assertThat(tooMany.json().get("detail").asString())
                    .isEqualTo("The header has more than 1000 columns (clade.uploads.columns)");
        }
        Answer wide = csv(dataset, "", THREE_COLUMNS + "C1,2024-01-15,5\n" + "c,".repeat(2000) + "\n");
        assertThat(wide.json().get("detail").asString())
                .isEqualTo("Row 2 has more than 1000 columns (clade.uploads.columns)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "decimal=x",
                "charset=nope",
                "delimiter=ab",
                "header=none",
                "columns=customerId",
                "dateFormat=zzz9",
                "duplicates=yes",
                "nonsense=1",
                "header=maybe"
            })
    void parametersThatMeanNothingAreRefused(String query) {
        refused(csv(api.newDataset(), "?" + query, THREE_COLUMNS), 400, null);
    }

    @Test
    void whatIsProbablyNotMeantIsWarnedOf() {
        StringBuilder file = new StringBuilder("Customer,Order,Date,Amount,Price\n");
        for (int i = 0; i < 30; i++) {
            file.append("%s,C%d,2024-01-01,5,4\n".formatted(i % 3 == 0 ? "C" + i : "GUEST", i));
        }

        JsonNode report = csv(api.newDataset(), "", file.toString()).json();

        assertThat(codes(report.get("warnings")))
                .containsExactlyInAnyOrder("mostly-cancelled", "amount-wins", "one-customer-dominates");
        assertThat(report.get("warnings").toString()).contains("GUEST");
    }

    @Test
    void anotherCancellationPatternDecidesAnewWhatIsAReturn() {
        String dataset = api.newDataset();
        csv(
                dataset,
                "",
                "Customer,Order,Date,Amount\nA,C1,2024-01-01,5\nA,X2,2024-01-02,6\nA,3,2024-01-03,-7\nA,C4,2024-01-04,0\n");
        assertThat(kinds(dataset)).containsExactly(-1, 1, -1, 0);

        api.patch(dataset, "{\"cancellationPattern\":\"^X\"}");
        assertThat(kinds(dataset)).containsExactly(1, -1, -1, 0);
        api.patch(dataset, "{\"cancellationPattern\":null}");
        assertThat(kinds(dataset)).containsExactly(1, 1, -1, 0);
    }

    @Test
    void uploadsArePagedFromTheNewest() {
        String dataset = api.newDataset();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sent.add(
                    0,
                    csv(dataset, "", THREE_COLUMNS + "C%d,2024-01-01,5\n".formatted(i))
                            .json()
                            .get("id")
                            .asString());
        }

        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get(dataset + "/uploads?limit=2" + cursor).json();
            page.get("uploads").forEach(upload -> listed.add(upload.get("id").asString()));
            cursor = page.get("next").isNull()
                    ? null
                    : "&cursor=" + page.get("next").asString();
        } while (cursor != null);

        assertThat(listed).isEqualTo(sent);
        refused(api.get(dataset + "/uploads?limit=0"), 400, null);
        refused(api.get(dataset + "/uploads?cursor=nonsense"), 400, "cursor");
        refused(api.get(dataset + "/uploads/999999999"), 404, null);
        refused(api.get(dataset + "/uploads/x"), 404, null);
        refused(api.get(api.newDataset() + "/uploads/" + sent.get(0)), 404, null);
        refused(csv("/api/v1/datasets/there-is-none", "", THREE_COLUMNS), 404, null);
    }

    @Test
    void equalRowsSentAtOnceAreStoredOnce() {
        String dataset = api.newDataset();
        StringBuilder file = new StringBuilder(THREE_COLUMNS);
        for (int i = 0; i < 2000; i++) {
            file.append("C%d,2024-01-01,%d\n".formatted(i * 7919 % 500, i));
        }

        List<CompletableFuture<Answer>> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sent.add(CompletableFuture.supplyAsync(() -> csv(dataset, "", file.toString())));
        }
        long accepted = sent.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.status() == 201)
                .mapToLong(answer -> answer.json().get("accepted").asLong())
                .sum();

        assertThat(accepted).isEqualTo(2000);
        assertThat(api.get(dataset).json().get("transactions").asLong()).isEqualTo(2000);
        assertThat(api.get(dataset).json().get("customers").asLong()).isEqualTo(500);
    }

    @Test
    void aConnectionCutInTheMiddleLeavesAFailedReportAndNothingElse() throws Exception {
        String dataset = api.newDataset();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            OutputStream out = socket.getOutputStream();
            out.write((head(dataset, 1_000_000) + THREE_COLUMNS + "C1,2024-01-01,5\n".repeat(1000))
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            Thread.sleep(300);
        }

        await(() -> {
            JsonNode uploads = api.get(dataset + "/uploads").json().get("uploads");
            return !uploads.isEmpty()
                    && !uploads.get(0).get("status").asString().equals("receiving");
        });
        JsonNode upload = api.get(dataset + "/uploads").json().get("uploads").get(0);
        assertThat(upload.get("status").asString()).isEqualTo("failed");
        assertThat(upload.get("problem").get("code").asString()).isEqualTo("connection-lost");
        assertThat(api.get(dataset).json().get("transactions").asLong()).isZero();
        refused(api.get(dataset + "/uploads/" + upload.get("id").asString() + "/rejected"), 409, null);
        assertThat(api.delete(dataset + "/uploads/" + upload.get("id").asString())
                        .status())
                .isEqualTo(204);
    }

    @Test
    void moreUploadsAtOnceThanAllowedAreToldToComeAgain() throws Exception {
        String dataset = api.newDataset();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                slow.add(begun(dataset, 1_000_000));
            }
            await(() -> api.get(dataset + "/uploads").json().get("uploads").size() == 4);

            Answer refused = csv(dataset, "", THREE_COLUMNS + "C1,2024-01-01,5\n".repeat(5_000));

            refused(refused, 503, null);
            assertThat(refused.header("Retry-After")).isEqualTo("5");
            assertThat(csv(dataset, "", THREE_COLUMNS + "C1,2024-01-01,5\n").status())
                    .as("small ones have places of their own")
                    .isEqualTo(201);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        await(() -> csv(dataset, "", THREE_COLUMNS + "C1,2024-01-01,5\n".repeat(5_000))
                        .status()
                == 201);
    }

    @Test
    void smallUploadsWaitForAPlaceBeforeTheyAreToldToComeAgain() throws Exception {
        String dataset = api.newDataset();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                slow.add(begun(dataset, 1_000));
            }
            await(() -> api.get(dataset + "/uploads").json().get("uploads").size() == 16);
            CompletableFuture<Answer> waiting =
                    CompletableFuture.supplyAsync(() -> csv(dataset, "", THREE_COLUMNS + "C1,2024-01-01,5\n"));

            Thread.sleep(500);
            assertThat(waiting).isNotDone();
            slow.get(0).close();
            assertThat(waiting.join().status()).isEqualTo(201);

            slow.set(0, begun(dataset, 1_000));
            await(() -> receiving(dataset) == 16);
            Answer refused = csv(dataset, "", THREE_COLUMNS + "C1,2024-01-01,5\n");
            refused(refused, 503, null);
            assertThat(refused.header("Retry-After")).isEqualTo("5");
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /** An upload of so many bytes of which none has come yet. */
    private Socket begun(String dataset, int length) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
        socket.getOutputStream().write(head(dataset, length).getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    private long receiving(String dataset) {
        return StreamSupport.stream(
                        api.get(dataset + "/uploads").json().get("uploads").spliterator(), false)
                .filter(upload -> upload.get("status").asString().equals("receiving"))
                .count();
    }

    @Test
    void anUploadWhoseInstanceDiedFailsWithinAMinuteAndLeavesNothing() throws Exception {
        String dataset = api.newDataset();
        csv(dataset, "", THREE_COLUMNS + "C1,2024-01-01,5\nC1,2024-01-01,5\n");
        long upload =
                jdbc.sql("""
                        insert into upload (dataset_id, status, heartbeat_at)
                        values (:dataset, 'merging', now() - interval '31 seconds') returning id""").param("dataset", id(dataset)).query(Long.class).single();
        jdbc.sql("insert into hidden_upload values (:upload, :dataset)")
                .param("upload", upload)
                .param("dataset", id(dataset))
                .update();
        jdbc.sql("""
                        insert into transaction select dataset_id, customer_id, :upload, occurred_at, gen_random_uuid(), 1, 1, 1, 1, 99
                        from transaction where dataset_id = :dataset limit 1""").param("upload", upload).param("dataset", id(dataset)).update();
        assertThat(api.get(dataset + "/customers/C1").json().get("purchases").asInt())
                .isEqualTo(2);

        await(() -> amounts(dataset).size() == 2);

        JsonNode report = api.get(dataset + "/uploads/" + upload).json();
        assertThat(report.get("status").asString()).isEqualTo("failed");
        assertThat(report.get("problem").get("code").asString()).isEqualTo("instance-lost");
        assertThat(jdbc.sql("select count(*) from hidden_upload where upload_id = :upload")
                        .param("upload", upload)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void aRefusalIsReadEvenBehindALargeFile() {
        String file = "a,b\n" + "1,2\n".repeat(5_000_000);

        refused(csv(api.newDataset(), "", file), 422, "customerId");
    }

    @Test
    void aDatasetTakesItsTransactionsAlong() {
        String dataset = api.newDataset();
        csv(dataset, "", THREE_COLUMNS + "C1,2024-01-01,5\n");
        long id = id(dataset);

        assertThat(api.delete(dataset).status()).isEqualTo(204);

        assertThat(jdbc.sql("select count(*) from transaction where dataset_id = :id")
                        .param("id", id)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private String head(String dataset, int length) {
        return "POST %s/transactions HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n"
                .formatted(dataset, api.port(), length);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(100);
        }
    }

    private Answer csv(String dataset, String query, String file) {
        return csv(dataset, query, file.getBytes(StandardCharsets.UTF_8));
    }

    private Answer csv(String dataset, String query, byte[] file) {
        return api.send("POST", dataset + "/transactions" + query, "text/csv", BodyPublishers.ofByteArray(file));
    }

    private Answer gzip(String dataset, String query, byte[] file) {
        return api.send(
                "POST",
                dataset + "/transactions" + query,
                "text/csv",
                BodyPublishers.ofByteArray(file),
                "Content-Encoding",
                "gzip");
    }

    private Answer send(String dataset, String type, String body) {
        return api.send("POST", dataset + "/transactions", type, BodyPublishers.ofString(body));
    }

    private static void refused(Answer answer, int status, String parameter) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonNode fault = answer.json().get("errors").get(0);
        assertThat(fault.get("code").asString()).isNotEmpty();
        assertThat(fault.get("message").asString()).isNotEmpty();
        if (parameter != null) {
            assertThat(fault.get("parameter").asString()).isEqualTo(parameter);
        }
    }

    private static String code(Answer refused) {
        return refused.json().get("errors").get(0).get("code").asString();
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

    private List<String> amounts(String dataset) {
        return jdbc.sql("select amount::text from transaction where dataset_id = :id")
                .param("id", id(dataset))
                .query(String.class)
                .list();
    }

    private List<Integer> kinds(String dataset) {
        return jdbc.sql("select kind from transaction where dataset_id = :id order by occurred_at")
                .param("id", id(dataset))
                .query(Integer.class)
                .list();
    }

    private long id(String dataset) {
        return jdbc.sql("select id from dataset where key = :key")
                .param("key", dataset.substring(dataset.lastIndexOf('/') + 1))
                .query(Long.class)
                .single();
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] resource(String file) throws IOException {
        try (InputStream in = UploadTests.class.getResourceAsStream("/data/" + file)) {
            return in.readAllBytes();
        }
    }
}
