package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import clade.rfm.RfmTable;
import clade.support.Api;
import clade.support.Api.Answer;
import clade.support.CladeTest;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@CladeTest
class UploadInterleavingTests {

    private static final Instant AS_OF = Instant.parse("2024-01-02T12:00:00Z");

    private static final String HEADER = "customerId,orderId,occurredAt,amount\n";

    /** Every customer's totals that are not those of its visible rows. */
    private static final String WRONG_TOTALS = """
            with kept as (
                select customer_id, transactions, purchases, returns, orders, first_at, last_at, first_purchase_at,
                    last_purchase_at, purchased, returned
                from purchase_totals where dataset_id = :dataset and transactions > 0),
            counted as (
                select customer_id, count(*) as transactions, count(*) filter (where kind = 1) as purchases,
                    count(*) filter (where kind = -1) as returns,
                    count(distinct order_id) filter (where kind = 1)
                        + count(*) filter (where kind = 1 and order_id is null) as orders,
                    min(occurred_at) as first_at, max(occurred_at) as last_at,
                    min(occurred_at) filter (where kind = 1) as first_purchase_at,
                    max(occurred_at) filter (where kind = 1) as last_purchase_at,
                    coalesce(sum(amount) filter (where kind = 1), 0) as purchased,
                    coalesce(sum(abs(amount)) filter (where kind = -1), 0) as returned
                from transaction where dataset_id = :dataset and upload_id not in (select upload_id from hidden_upload)
                group by customer_id)
            select count(*) from ((select * from kept except select * from counted)
                union all (select * from counted except select * from kept)) wrong""";

    @Autowired
    private Api api;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Uploads uploads;

    @Autowired
    private Merge merge;

    @Autowired
    private UploadStore store;

    @Autowired
    private PurchaseHistory history;

    @Autowired
    private TransactionTemplate transaction;

    @TempDir
    private Path directory;

    /**
     * row belongs to the upload whose report counts it as accepted.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void afterPostsAndUploadsAndUndosAtOnceTheRowsAndTotalsAreThoseOfTheUploadsLeft(long seed) {
        String dataset = api.newDataset();
        Random random = new Random(seed);
        List<CompletableFuture<Sent>> sending = new ArrayList<>();
        for (int sender = 0; sender < 2; sender++) {
            String file = file(random, 40_000);
            sending.add(CompletableFuture.supplyAsync(() -> send(dataset, file)));
        }
        List<Sent> sent = new ArrayList<>();
        while (sending.stream().anyMatch(upload -> !upload.isDone())) {
            sent.add(send(dataset, file(random, 1 + random.nextInt(5))));
            if (random.nextInt(4) == 0) {
                Sent last = sent.get(random.nextInt(sent.size()));
                if (api.delete(dataset + "/uploads/" + last.id).status() == 204) {
                    sent.remove(last);
                }
            }
        }
        sending.forEach(upload -> sent.add(upload.join()));
        expectStored(dataset, sent);

        for (Sent large : List.copyOf(sent.subList(sent.size() - 2, sent.size()))) {
            Answer answer = api.delete(dataset + "/uploads/" + large.id);
            if (answer.status() == 204) {
                sent.remove(large);
            } else {
                assertThat(answer.status()).isEqualTo(409);
            }
        }
        expectStored(dataset, sent);
    }

    @Test
    void aPostTakesARowFromAnUploadThatIsStillHidden() throws Exception {
        String dataset = api.newDataset();
        send(dataset, HEADER + "A,1,2024-01-01,5\nB,1,2024-01-02,7\n");
        long upload = uploads.begin(id(dataset), UploadKind.TRANSACTIONS, Instant.now());
        try (Staging staging = new Staging(directory, upload)) {
            stage(staging, 1, "A", "1", 5);
            stage(staging, 2, "A", "2", 6);
            stage(staging, 3, "C", "3", 7);
            stage(staging, 4, "D", "4", 8);
            assertThat(uploads.startMerging(upload)).isEqualTo(Uploads.Turn.MINE);
            Tally tally = new Tally();
            Merge.Job job = new Merge.Job(
                    id(dataset), upload, staging, new TransactionIds.Verdict(new BitSet(), new BitSet()), false, "");
            for (Merge.Share share : Merge.shares(staging)) {
                transaction.executeWithoutResult(status -> merge(job, share, tally));
            }
            assertThat(tally.accepted).isEqualTo(3);
            assertThat(purchases(dataset, "A")).isEqualTo(1);
            assertThat(api.get(dataset + "/customers/C").status()).isEqualTo(404);
            assertThat(api.get(dataset + "/customers").json().get("customers")).hasSize(2);
            assertThat(api.get(dataset).json().get("transactions").asInt()).isEqualTo(2);

            Sent post = send(dataset, HEADER + "C,3,2024-01-01,7\nA,9,2024-01-03,1\nC,8,2024-01-03,1\n");

            assertThat(post.accepted).isEqualTo(3);
            assertThat(purchases(dataset, "A")).isEqualTo(2);
            assertThat(purchases(dataset, "C")).isEqualTo(2);
            assertThat(wrongTotals(dataset)).isZero();
            assertThat(api.delete(dataset + "/uploads/" + post.id).status()).isEqualTo(409);

            expectTotalsOfTheRows(dataset, upload);
            expectTotalsOfTheRows(dataset, null);

            UploadStore.Staged staged =
                    new UploadStore.Staged(id(dataset), upload, staging, 4, false, false, "", "^C\\d+$");
            transaction.executeWithoutResult(status -> store.show(staged, reporter(), tally));
        }
        expectTotalsOfTheRows(dataset, null);
        assertThat(api.get(dataset + "/uploads/" + upload)
                        .json()
                        .get("accepted")
                        .asInt())
                .isEqualTo(2);
        assertThat(purchases(dataset, "A")).isEqualTo(3);
        assertThat(purchases(dataset, "C")).isEqualTo(2);
        assertThat(purchases(dataset, "D")).isEqualTo(1);
        assertThat(wrongTotals(dataset)).isZero();
        JsonNode shop = api.get(dataset).json();
        assertThat(shop.get("transactions").asInt()).isEqualTo(7);
        assertThat(shop.get("customers").asInt()).isEqualTo(4);

        assertThat(api.delete(dataset + "/uploads/" + upload).status()).isEqualTo(204);
        assertThat(purchases(dataset, "A")).isEqualTo(2);
        assertThat(purchases(dataset, "C")).isEqualTo(2);
        assertThat(api.get(dataset + "/customers/D").status()).isEqualTo(404);
        assertThat(wrongTotals(dataset)).isZero();
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void aFailedUploadIsClearedSomeCustomersAtATimeSoThatPostsDoNotWait() throws Exception {
        String dataset = api.newDataset();
        int customers = 4_500;
        long upload = uploads.begin(id(dataset), UploadKind.TRANSACTIONS, Instant.now());
        try (Staging staging = new Staging(directory, upload)) {
            for (int customer = 0; customer < customers; customer++) {
                stage(staging, customer + 1, "C" + customer, "1", 5);
            }
            assertThat(uploads.startMerging(upload)).isEqualTo(Uploads.Turn.MINE);
            Merge.Job job = new Merge.Job(
                    id(dataset), upload, staging, new TransactionIds.Verdict(new BitSet(), new BitSet()), false, "");
            for (Merge.Share share : Merge.shares(staging)) {
                transaction.executeWithoutResult(status -> merge(job, share, new Tally()));
            }
        }
        uploads.fail(upload, new UploadReport.Problem("internal-error", "a test"));
        String first = jdbc.sql("select customer_id from customer where dataset_id = :dataset order by id limit 1")
                .param("dataset", id(dataset))
                .query(String.class)
                .single();
        AtomicReference<CompletableFuture<Void>> clearing = new AtomicReference<>();
        transaction.executeWithoutResult(status -> {
            jdbc.sql(
                            "select 1 from customer_totals where customer_id = (select max(customer_id) from customer_totals where dataset_id = :dataset) for update")
                    .param("dataset", id(dataset))
                    .query()
                    .singleRow();
            clearing.set(CompletableFuture.runAsync(() -> store.clear(upload, id(dataset))));
            while (stored(dataset) > customers - 4_000) {
                assertThat(clearing.get()).isNotDone();
                Thread.onSpinWait();
            }

            // the last of them are still there
            assertThat(send(dataset, HEADER + first + ",2,2024-01-03,1\n").accepted)
                    .isEqualTo(1);
        });
        clearing.get().get(1, TimeUnit.MINUTES);

        assertThat(stored(dataset)).isEqualTo(1);
        assertThat(wrongTotals(dataset)).isZero();
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(1);
    }

    @Test
    void postsAndUploadsThatContendForTransactionIdsStoreOneRowOfEach() {
        String dataset = api.newDataset();
        Random random = new Random(7);
        List<CompletableFuture<Sent>> sending = new ArrayList<>();
        for (int sender = 0; sender < 2; sender++) {
            String file = identified(random, 20_000);
            sending.add(CompletableFuture.supplyAsync(() -> send(dataset, file)));
        }
        List<Sent> sent = new ArrayList<>();
        while (sending.stream().anyMatch(upload -> !upload.isDone())) {
            sent.add(send(dataset, identified(random, 3)));
        }
        sending.forEach(upload -> sent.add(upload.join()));

        assertThat(jdbc.sql(
                                "select count(*) - count(distinct transaction_id) from transaction where dataset_id = :dataset")
                        .param("dataset", id(dataset))
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(stored(dataset))
                .isEqualTo(sent.stream().mapToLong(Sent::accepted).sum());
        assertThat(wrongTotals(dataset)).isZero();
    }

    private record Sent(String id, String file, long accepted) {}

    private Sent send(String dataset, String file) {
        Answer answer = api.send("POST", dataset + "/transactions", "text/csv", BodyPublishers.ofString(file));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        JsonNode report = answer.json();
        assertThat(report.get("accepted").asLong()
                        + report.get("rejected").asLong()
                        + report.get("duplicates").asLong())
                .isEqualTo(report.get("rows").asLong());
        return new Sent(
                report.get("id").asString(), file, report.get("accepted").asLong());
    }

    /** Rows of few values, so that many are equal to rows of the same file and of others. */
    private static String file(Random random, int rows) {
        StringBuilder file = new StringBuilder(HEADER);
        for (int i = 0; i < rows; i++) {
            file.append("K%d,%s,2024-01-%02d,%d\n"
                    .formatted(
                            random.nextInt(400),
                            random.nextInt(5) == 0 ? "" : "O" + random.nextInt(10),
                            1 + random.nextInt(9),
                            random.nextInt(4) - 1));
        }
        return file.toString();
    }

    private static String identified(Random random, int rows) {
        StringBuilder file = new StringBuilder("customerId,transactionId,occurredAt,amount\n");
        Map<Integer, String> chosen = new HashMap<>();
        for (int i = 0; i < rows; i++) {
            int id = random.nextInt(15_000);
            String row = chosen.computeIfAbsent(
                    id, unused -> "K%d,T%d,2024-01-01,%d\n".formatted(random.nextInt(300), id, random.nextInt(2)));
            file.append(row);
        }
        return file.toString();
    }

    private void expectStored(String dataset, List<Sent> sent) {
        Map<String, Integer> expected = new HashMap<>();
        for (Sent upload : sent) {
            upload.file
                    .lines()
                    .skip(1)
                    .collect(Collectors.toMap(row -> row, row -> 1, Integer::sum))
                    .forEach((row, times) -> expected.merge(row, times, Math::max));
        }
        assertThat(stored(dataset))
                .isEqualTo(
                        expected.values().stream().mapToInt(Integer::intValue).sum());
        Map<String, Integer> stored = new HashMap<>();
        jdbc.sql("""
                        select c.customer_id || ',' || coalesce(order_id, '') || ',' || (occurred_at at time zone 'UTC')::date || ',' || amount as row
                        from transaction t join customer c on c.id = t.customer_id where t.dataset_id = :dataset""")
                .param("dataset", id(dataset))
                .query(String.class)
                .list()
                .forEach(row -> stored.merge(row, 1, Integer::sum));
        assertThat(stored).isEqualTo(expected);
        Map<String, Long> owned = new HashMap<>();
        jdbc.sql("select upload_id, count(*) from transaction where dataset_id = :dataset group by 1")
                .param("dataset", id(dataset))
                .query(row -> {
                    owned.put(row.getString(1), row.getLong(2));
                });
        for (Sent upload : sent) {
            assertThat(upload.accepted).isEqualTo(owned.getOrDefault(upload.id, 0L));
        }
        assertThat(wrongTotals(dataset)).isZero();
        expectTotalsOfTheRows(dataset, null);
        JsonNode shop = api.get(dataset).json();
        assertThat(shop.get("transactions").asLong()).isEqualTo(stored(dataset));
        assertThat(shop.get("customers").asLong())
                .isEqualTo(jdbc.sql("select count(distinct customer_id) from transaction where dataset_id = :dataset")
                        .param("dataset", id(dataset))
                        .query(Long.class)
                        .single());
    }

    /** What is read from totals is what the rows give. */
    private void expectTotalsOfTheRows(String dataset, @Nullable Long coming) {
        for (Returns returns : Returns.values()) {
            for (FrequencyOf frequency : FrequencyOf.values()) {
                List<List<String>> read = Stream.of(true, false)
                        .map(counted -> history.rfmSince(
                                id(dataset), ZoneOffset.UTC, AS_OF, null, returns, frequency, coming, counted))
                        .map(UploadInterleavingTests::rows)
                        .toList();
                assertThat(read.get(0)).isNotEmpty().isEqualTo(read.get(1));
            }
        }
    }

    private static List<String> rows(RfmTable table) {
        return IntStream.range(0, table.size())
                .mapToObj(row -> "%d %d %d %d %s"
                        .formatted(
                                table.customer(row),
                                table.lastPurchase(row),
                                table.recencyDays(row),
                                table.frequency(row),
                                table.monetary(row)))
                .sorted()
                .toList();
    }

    private long wrongTotals(String dataset) {
        return jdbc.sql(WRONG_TOTALS)
                .param("dataset", id(dataset))
                .query(Long.class)
                .single();
    }

    private long stored(String dataset) {
        return jdbc.sql("select count(*) from transaction where dataset_id = :dataset")
                .param("dataset", id(dataset))
                .query(Long.class)
                .single();
    }

    private int purchases(String dataset, String customer) {
        return api.get(dataset + "/customers/" + customer)
                .json()
                .get("purchases")
                .asInt();
    }

    private void merge(Merge.Job job, Merge.Share share, Tally tally) {
        try {
            assertThat(merge.hidden(job, share, tally)).isTrue();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void stage(Staging staging, long number, String customer, String order, int amount)
            throws java.io.IOException {
        Row row = new Row();
        row.customerId = customer;
        row.orderId = order;
        row.occurredAt = Instant.parse("2024-01-01T00:00:00Z").getEpochSecond() * 1_000_000;
        row.amount = BigDecimal.valueOf(amount);
        row.kind = Row.PURCHASE;
        staging.add(number, row);
    }

    private static UploadStore.Reporter reporter() {
        return new UploadStore.Reporter() {
            @Override
            public void reject(BitSet conflicting) {}

            @Override
            public UploadReport.Content content(long accepted, Tally tally) {
                return new UploadReport.Content(
                        4,
                        accepted,
                        0,
                        4 - accepted,
                        List.of(),
                        List.of(),
                        Map.of(),
                        UploadReport.Content.NONE.formats(),
                        List.of(),
                        tally.distinctCustomers(),
                        null);
            }

            @Override
            public List<String> originalColumns() {
                return List.of();
            }
        };
    }

    private long id(String dataset) {
        return jdbc.sql("select id from dataset where key = :key")
                .param("key", dataset.substring(dataset.lastIndexOf('/') + 1))
                .query(Long.class)
                .single();
    }
}
