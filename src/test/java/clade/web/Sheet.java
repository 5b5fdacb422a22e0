package clade.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** A file of which it is known which rows are wrong, and why. */
final class Sheet {

    private static final List<String> COLUMNS = List.of("CustomerID", "OrderId", "Date", "Amount");

    /** A wrong value, and the code it is rejected with. */
    private record Fault(String column, String value, String code) {}

    private static final List<Fault> FAULTS = List.of(
            new Fault("CustomerID", "", "missing-customer-id"),
            new Fault("CustomerID", "  ", "missing-customer-id"),
            new Fault("CustomerID", "c".repeat(256), "too-long"),
            new Fault("OrderId", "o".repeat(300), "too-long"),
            new Fault("Date", "", "missing-occurred-at"),
            new Fault("Date", "0000-01-01", "unreadable-date"),
            new Fault("Date", "0000-00-00", "unreadable-date"),
            new Fault("Date", "99999-01-01", "unreadable-date"),
            new Fault("Date", "-2024-01-01", "unreadable-date"),
            new Fault("Date", "2023-02-29", "unreadable-date"),
            new Fault("Date", "2024-01-15T25:00", "unreadable-date"),
            new Fault("Date", "yesterday", "unreadable-date"),
            new Fault("Date", "9999-12-31", "in-the-future"),
            new Fault("Amount", "", "missing-amount"),
            new Fault("Amount", "abc", "unreadable-number"),
            new Fault("Amount", "NaN", "unreadable-number"),
            new Fault("Amount", "Infinity", "unreadable-number"),
            new Fault("Amount", "0x1F", "unreadable-number"),
            new Fault("Amount", "--5", "unreadable-number"),
            new Fault("Amount", "1e400", "number-out-of-range"),
            new Fault("Amount", "1e-400", "number-out-of-range"),
            new Fault("Amount", "1e2147483647", "unreadable-number"),
            new Fault("Amount", "1234567890123456.00", "number-out-of-range"),
            new Fault("Amount", "0." + "0".repeat(30) + "1", "number-out-of-range"));

    private final Random random;
    private final List<Map<String, String>> rows = new ArrayList<>();
    private final Map<String, Integer> rejections = new TreeMap<>();
    private BigDecimal sum = BigDecimal.ZERO;
    private int accepted;

    Sheet(Random random) {
        this.random = random;
        int right = 6 + random.nextInt(20);
        for (int row = 0; row < right; row++) {
            BigDecimal amount = BigDecimal.valueOf(random.nextInt(200_000) - 20_000, 2);
            sum = sum.add(amount);
            accepted++;
            rows.add(row(row, amount));
        }
        for (int wrong = random.nextInt(5); wrong >= 0; wrong--) {
            Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
            Map<String, String> row = row(100 + wrong, BigDecimal.ONE.setScale(2));
            row.put(fault.column, fault.value);
            rows.add(row);
            rejections.merge(fault.code, 1, Integer::sum);
        }
        Collections.shuffle(rows, random);
    }

    int accepted() {
        return accepted;
    }

    BigDecimal sum() {
        return sum;
    }

    Map<String, Integer> rejections() {
        return rejections;
    }

    /** The file as CSV of some dialect, as JSON lines or as a JSON array; plain, packed or as a part. */
    Request request(String dataset, int port, Damage damage) {
        boolean csv = random.nextBoolean();
        boolean array = !csv && random.nextBoolean();
        String type = csv ? "text/csv" : array ? "application/json" : "application/x-ndjson";
        byte[] file = (csv ? csv() : array ? array() : lines()).getBytes(UTF_8);
        Request request = Request.of("POST", dataset + "/transactions", port);
        return switch (random.nextInt(3)) {
            case 0 ->
                request.header("Content-Type: " + type)
                        .header("Content-Encoding: gzip")
                        .body(damage.gzip(file));
            case 1 ->
                request.header("Content-Type: multipart/form-data; boundary=edge")
                        .body(Request.multipart(file, type));
            default -> request.header("Content-Type: " + type).body(file);
        };
    }

    private Map<String, String> row(int number, BigDecimal amount) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("CustomerID", "s" + random.nextInt(10));
        row.put("OrderId", "n" + number);
        row.put("Date", "2024-%02d-%02d".formatted(1 + random.nextInt(12), 1 + random.nextInt(28)));
        row.put("Amount", amount.toPlainString());
        return row;
    }

    private String csv() {
        String delimiter = List.of(",", ";", "\t", "|").get(random.nextInt(4));
        String quote = random.nextBoolean() ? "\"" : "";
        String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
        StringBuilder file = new StringBuilder(String.join(delimiter, COLUMNS)).append(end);
        for (Map<String, String> row : rows) {
            file.append(quote)
                    .append(String.join(quote + delimiter + quote, row.values()))
                    .append(quote)
                    .append(end);
        }
        if (random.nextInt(3) == 0) {
            file.append("alone").append(end);
            rejections.merge("ragged-row", 1, Integer::sum);
        }
        return file.toString();
    }

    private String lines() {
        StringBuilder file = new StringBuilder();
        rows.forEach(
                row -> file.append(JsonMapper.shared().writeValueAsString(row)).append('\n'));
        if (random.nextInt(3) == 0) {
            file.append("{\"CustomerID\":\n");
            rejections.merge("malformed-json", 1, Integer::sum);
        }
        if (random.nextInt(3) == 0) {
            file.append("[1]\n");
            rejections.merge("not-an-object", 1, Integer::sum);
        }
        if (random.nextInt(3) == 0) {
            file.append("{\"CustomerID\":\"\\u0000\",\"Date\":\"2024-01-01\",\"Amount\":1}\n");
            rejections.merge("unreadable-text", 1, Integer::sum);
        }
        return file.toString();
    }

    private String array() {
        return JsonMapper.shared().writeValueAsString(rows);
    }
}
