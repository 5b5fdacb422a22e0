package clade.segmentation;

import clade.support.Api;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/**
 * A dataset of a shop in the year 2023 whose rows a test knows: some customers buy often all year, some stopped, some came
 * late, and a few send things back.
 */
record Shop(String dataset, List<Row> rows) {

    /** A purchase, or a return if the amount is negative. */
    record Row(String customer, LocalDate day, String order, double amount) {}

    static Shop of(Api api, int customers, long seed, String settings) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Row> rows = new ArrayList<>();
        for (int customer = 0; customer < customers; customer++) {
            int first = random.nextInt(300);
            int last = customer % 3 == 0 ? Math.min(364, first + 60) : 364;
            int orders = 1 + random.nextInt(customer % 4 == 0 ? 12 : 3);
            for (int order = 0; order < orders; order++) {
                LocalDate day = LocalDate.of(2023, 1, 1).plusDays(first + random.nextInt(last - first + 1));
                String id = "o%d-%d".formatted(customer, order);
                rows.add(new Row("k" + customer, day, id, cents(random, 5 + 20 * (customer % 7))));
                if (random.nextInt(4) == 0) {
                    rows.add(new Row("k" + customer, day, id, cents(random, 30)));
                }
                if (random.nextInt(10) == 0) {
                    LocalDate back = day.plusDays(7);
                    rows.add(new Row(
                            "k" + customer, back.getYear() == 2023 ? back : day, id + "-back", -cents(random, 5)));
                }
            }
        }
        rows.add(new Row("k0", LocalDate.of(2023, 1, 1), "first", 10));
        rows.add(new Row("k1", LocalDate.of(2023, 12, 31), "last", 10));
        StringBuilder csv = new StringBuilder("CustomerID,InvoiceDate,InvoiceNo,Amount\n");
        rows.forEach(row -> csv.append(
                "%s,%s,%s,%s\n".formatted(row.customer(), row.day(), row.order(), Double.toString(row.amount()))));
        String dataset = api.newDataset(settings);
        api.upload(dataset, csv.toString());
        return new Shop(dataset, rows);
    }

    private static double cents(SplittableRandom random, int about) {
        return (100 * about + random.nextInt(1000)) / 100.0;
    }

    /** What a customer brought in [from, to), net of returns. */
    double revenue(String customer, String from, String to) {
        return in(customer, from, to).stream().mapToDouble(Row::amount).sum();
    }

    /** Distinct orders with a purchase in [from, to). */
    int orders(String customer, String from, String to) {
        Set<String> orders = new HashSet<>();
        in(customer, from, to).stream().filter(row -> row.amount() > 0).forEach(row -> orders.add(row.order()));
        return orders.size();
    }

    private List<Row> in(String customer, String from, String to) {
        return rows.stream()
                .filter(row -> row.customer().equals(customer)
                        && !row.day().isBefore(LocalDate.parse(from))
                        && row.day().isBefore(LocalDate.parse(to)))
                .toList();
    }

    /** The members of each segment with customers, as the API lists them. */
    Map<String, List<JsonNode>> members(Api api, String segmentation) {
        Map<String, List<JsonNode>> members = new LinkedHashMap<>();
        String path = dataset + "/segmentations/" + segmentation + "/segments";
        for (JsonNode segment : api.get(path).json().get("segments")) {
            if (segment.get("size").asLong() > 0) {
                String key = segment.get("key").asString();
                members.put(
                        key,
                        api.get(path + "/" + key + "/customers?limit=1000")
                                .json()
                                .get("customers")
                                .valueStream()
                                .toList());
            }
        }
        return members;
    }
}
