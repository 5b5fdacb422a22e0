package clade.bench.faults;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * What was sent to one dataset and what the service said of it, to be held against what it has: the transactions of every
 * upload that was accepted, once, and nothing else.
 */
final class Ledger {

    static final String DATASET = "/datasets/faults";
    static final String TRANSACTIONS = DATASET + "/transactions";

    private final AtomicInteger numbers = new AtomicInteger();
    private final List<Batch> unanswered = new ArrayList<>();
    private long rows;
    private long sum;
    private int accepted;
    private int refused;

    void open(Client client) throws IOException {
        client.post("/datasets", "{\"key\":\"faults\"}").expect(201);
    }

    /** Uploads rows that were never sent before. */
    Client.Answer upload(Client client, int count) throws IOException {
        Batch batch = new Batch(numbers.incrementAndGet(), count);
        synchronized (this) {
            unanswered.add(batch);
        }
        Client.Answer answer;
        try {
            answer = client.send("POST", TRANSACTIONS, "text/csv", batch.csv());
        } catch (ConnectException e) {
            synchronized (this) {
                unanswered.remove(batch); // nobody was there, so nothing was sent
            }
            throw e;
        }
        synchronized (this) {
            if (answer.status() == 201) {
                expect(batch, answer.json(), count, 0);
                enter(batch);
            } else if (answer.status() < 500
                    || answer.status() == 507
                    || answer.body().contains("too-many-uploads")) {
                refused++;
                unanswered.remove(batch);
            }
        }
        return answer;
    }

    /** Sends again what got no answer: it must have been stored whole or not at all. Returns how many had been stored. */
    synchronized int settle(Client client) throws IOException {
        int stored = 0;
        for (Batch batch : List.copyOf(unanswered)) {
            JsonNode report =
                    client.send("POST", TRANSACTIONS, "text/csv", batch.csv()).expect(201);
            boolean was = report.get("duplicates").asInt() > 0;
            expect(batch, report, was ? 0 : batch.rows(), was ? batch.rows() : 0);
            stored += was ? 1 : 0;
            enter(batch);
        }
        return stored;
    }

    private void expect(Batch batch, JsonNode report, int asAccepted, int asDuplicates) {
        if (report.get("accepted").asInt() != asAccepted
                || report.get("duplicates").asInt() != asDuplicates) {
            throw new IllegalStateException("%s is stored by halves: %s".formatted(batch, report));
        }
    }

    private void enter(Batch batch) {
        unanswered.remove(batch);
        accepted++;
        rows += batch.rows();
        sum += batch.sum();
    }

    /** Starts a run of every customer and holds counts and sums against the book. */
    synchronized void check(Client client, Report report) throws IOException, InterruptedException {
        String segmentation = DATASET + "/segmentations";
        Client.Answer made = client.post(segmentation, "{\"key\":\"audit\",\"method\":{\"name\":\"rfm\"}}");
        if (made.status() == 409) {
            made = client.post(segmentation + "/audit/runs", "{}");
        }
        made.expect(202);
        String location = made.headers().firstValue("Location").orElseThrow().replace("/api/v1", "");
        JsonNode run = finished(client, location, 120);
        report.promise(run.get("status").asString().equals("completed"), "a run completes", run.get("status"));
        JsonNode dataset = client.get(DATASET).expect(200);
        JsonNode segments = client.get(segmentation + "/audit/segments").expect(200);
        double revenue = 0;
        long members = 0;
        for (JsonNode segment : segments.get("segments")) {
            revenue += segment.get("revenue").asDouble();
            members += segment.get("size").asLong();
        }
        long stored = dataset.get("transactions").asLong();
        report.promise(stored == rows, "transactions are those accepted", "%d of %d".formatted(stored, rows));
        report.promise(revenue == sum, "the sum of amounts is theirs", "%.2f of %d".formatted(revenue, sum));
        report.promise(members == dataset.get("customers").asLong(), "every customer is in one segment", members);
    }

    /** The run at this path, once it has ended. */
    static JsonNode finished(Client client, String path, int seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        JsonNode run = client.get(path).expect(200);
        while (List.of("queued", "running").contains(run.get("status").asString()) && System.nanoTime() < deadline) {
            Thread.sleep(50);
            run = client.get(path).expect(200);
        }
        return run;
    }

    synchronized String summary() {
        return "%d accepted (%d rows), %d refused, %d unanswered".formatted(accepted, rows, refused, unanswered.size());
    }
}
