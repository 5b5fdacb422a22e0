package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import clade.customers.AttributeChanges;
import clade.support.Api;
import clade.support.Api.Answer;
import clade.support.CladeTest;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** What an upload of customers that ends before its end leaves behind: the record that it failed, and what was known before. */
@CladeTest
class CustomerUploadFailureTests {

    private static final String BEFORE = "CustomerID,Age,City\nk1,20,York\nk2,30,Bath\n";

    @Autowired
    private Api api;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private AttributeChanges changes;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void aConnectionCutInTheMiddleLeavesWhatWasKnown() throws Exception {
        String dataset = datasetWithTwoCustomers();
        String untouched = state(dataset);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST %s/customers HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n"
                                            .formatted(dataset, api.port())
                                    + "CustomerID,Age,Plan\n" + "k1,99,pro\n".repeat(500) + "k3,1,pro\n".repeat(500))
                            .getBytes(StandardCharsets.UTF_8));
            out.flush();
            await(() -> uploads(dataset).size() == 2);
        }

        await(() -> !newest(dataset).get("status").asString().equals("receiving"));
        failed(dataset, "connection-lost", untouched);
    }

    @Test
    void aDatabaseThatIsFullInTheMiddleLeavesWhatWasKnownAndTheFileCanBeSentAgain() {
        String dataset = datasetWithTwoCustomers();
        String untouched = state(dataset);
        // more than the 4 MB that are stored at a time; the customer on whom the disk is full comes last of all
        String last = IntStream.range(0, 10_000)
                .mapToObj(i -> "last" + i)
                .filter(id -> Staging.part(id) == Staging.PARTS - 1)
                .findFirst()
                .orElseThrow();
        String file = "CustomerID,Age,Note\nk1,99,\n"
                + IntStream.range(0, 3000)
                        .mapToObj(i -> "n%d,%d,%s\n".formatted(i, i % 90, "x".repeat(2000) + i))
                        .collect(Collectors.joining())
                + last + ",5,\n";
        jdbc.sql("""
                create function full_disk() returns trigger language plpgsql as $$
                begin
                    if exists (select from customer c where c.id = new.customer_id and c.customer_id = '%s') then
                        raise exception 'could not extend file: No space left on device' using errcode = '53100';
                    end if;
                    return new;
                end $$""".formatted(last)).update();
        jdbc.sql(
                        "create trigger full_disk before insert on customer_attributes for each row execute function full_disk()")
                .update();
        try {
            Answer answer = post(dataset, file);

            assertThat(answer.status()).as(answer.body()).isEqualTo(507);
            assertThat(answer.json().get("code").asString()).isEqualTo("disk-full");
        } finally {
            jdbc.sql("drop trigger full_disk on customer_attributes").update();
            jdbc.sql("drop function full_disk()").update();
        }
        failed(dataset, "disk-full", untouched);

        Answer again = post(dataset, file);

        assertThat(again.status()).as(again.body()).isEqualTo(201);
        assertThat(again.json().get("accepted").asInt()).isEqualTo(3002);
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(3003);
        assertThat(api.get(dataset + "/customers/k1")
                        .json()
                        .get("attributes")
                        .get("Age")
                        .asInt())
                .isEqualTo(99);
    }

    @Test
    void anUploadThatWasGivenUpMeanwhileStoresNothing() throws Exception {
        String dataset = datasetWithTwoCustomers();
        String untouched = state(dataset);
        CompletableFuture<Answer> late = transaction.execute(status -> {
            changes.lock(id(dataset));
            CompletableFuture<Answer> sent =
                    CompletableFuture.supplyAsync(() -> post(dataset, "CustomerID,Age\nk1,99\nk3,1\n"));
            await(() -> jdbc.sql("select count(*) from pg_locks where locktype = 'advisory' and not granted")
                            .query(Long.class)
                            .single()
                    > 0);
            // as another instance does that has not heard of this one for long
            CompletableFuture.runAsync(() -> jdbc.sql(
                                    "update upload set status = 'failed', finished_at = now() where dataset_id = :id and status = 'receiving'")
                            .param("id", id(dataset))
                            .update())
                    .join();
            return sent;
        });

        Answer answer = late.get(30, TimeUnit.SECONDS);

        assertThat(answer.status()).as(answer.body()).isEqualTo(409);
        assertThat(answer.json().get("code").asString()).isEqualTo("upload-given-up");
        assertThat(state(dataset)).isEqualTo(untouched);
    }

    @Test
    void anUploadWhoseInstanceDiedFailsWithinAMinuteAndItsCustomersAreNotSeen() {
        String dataset = datasetWithTwoCustomers();
        String untouched = state(dataset);
        jdbc.sql("""
                        insert into upload (dataset_id, kind, status, heartbeat_at)
                        values (:dataset, 'customers', 'receiving', now() - interval '31 seconds')""").param("dataset", id(dataset)).update();
        // all that it may have committed before its one transaction at the end: numbers of new customers
        jdbc.sql("insert into customer (dataset_id, customer_id) values (:dataset, 'k3')")
                .param("dataset", id(dataset))
                .update();
        assertThat(newest(dataset).get("kind").asString()).isEqualTo("customers");

        await(() -> newest(dataset).get("status").asString().equals("failed"));

        failed(dataset, "instance-lost", untouched);
        assertThat(post(dataset, "CustomerID,Age\nk3,1\n").status()).isEqualTo(201);
        assertThat(api.get(dataset).json().get("customers").asInt()).isEqualTo(3);
    }

    private String datasetWithTwoCustomers() {
        String dataset = api.newDataset();
        assertThat(post(dataset, BEFORE).status()).isEqualTo(201);
        return dataset;
    }

    /** The newest upload failed for this reason, and all else is as it was; then its record is taken away. */
    private void failed(String dataset, String code, String untouched) {
        JsonNode upload = newest(dataset);
        assertThat(upload.get("kind").asString()).isEqualTo("customers");
        assertThat(upload.get("status").asString()).isEqualTo("failed");
        assertThat(upload.get("problem").get("code").asString()).isEqualTo(code);
        assertThat(state(dataset)).isEqualTo(untouched);
        assertThat(jdbc.sql("select count(*) from hidden_upload where dataset_id = :id")
                        .param("id", id(dataset))
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(api.delete(dataset + "/uploads/" + upload.get("id").asString())
                        .status())
                .isEqualTo(204);
        assertThat(state(dataset)).isEqualTo(untouched);
    }

    /** All that is known of the customers, by the API and by the tables. */
    private String state(String dataset) {
        List<String> rows =
                jdbc.sql("""
                        select c.customer_id || a.content::text from customer_attributes a join customer c on c.id = a.customer_id
                        where a.dataset_id = :id union all
                        select 'change' || count(*) from attribute_change where dataset_id = :id union all
                        select name || type from attribute where dataset_id = :id order by 1""").param("id", id(dataset)).query(String.class).list();
        return String.join(
                "\n",
                api.get(dataset).body(),
                api.get(dataset + "/attributes").body(),
                api.get(dataset + "/customers").body(),
                api.get(dataset + "/customers/k1").body(),
                String.valueOf(api.get(dataset + "/customers/k3").status()),
                rows.toString());
    }

    private JsonNode uploads(String dataset) {
        return api.get(dataset + "/uploads").json().get("uploads");
    }

    private JsonNode newest(String dataset) {
        return uploads(dataset).get(0);
    }

    private Answer post(String dataset, String file) {
        return api.send("POST", dataset + "/customers", "text/csv", BodyPublishers.ofString(file));
    }

    private long id(String dataset) {
        return jdbc.sql("select id from dataset where key = :key")
                .param("key", dataset.substring(dataset.lastIndexOf('/') + 1))
                .query(Long.class)
                .single();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
