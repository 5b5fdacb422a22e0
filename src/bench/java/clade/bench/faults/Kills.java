package clade.bench.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * {@code kill -9} of the service at random moments of uploads, runs and publishing. After each restart what was not answered is
 * there whole or not at all, and runs go on; at the end no upload and no run is left hanging.
 */
final class Kills {

    private static final String RUNS = Ledger.DATASET + "/segmentations/clusters/runs";

    private final Report report;
    private final Map<String, Integer> moments = new TreeMap<>();

    Kills(Report report) {
        this.report = report;
    }

    void run(Path jar, Path directory, int times, int seed) throws IOException, InterruptedException {
        try (Service service = new Service(jar, directory)) {
            run(service, times, seed);
        }
    }

    private void run(Service service, int times, int seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        Ledger ledger = new Ledger();
        double slowest = service.start();
        Client client = service.client();
        ledger.open(client);
        ledger.upload(client, 60_000).expect(201);
        Traffic traffic = new Traffic(client, ledger)
                .uploads(30_000, 50)
                .posts(20)
                .runs("clusters", "{\"name\":\"k-means\",\"k\":5,\"restarts\":2}", 10)
                .reads("clusters", 20)
                .reads("audit", 20);
        for (int kill = 0; kill < times; kill++) {
            Thread.sleep(300 + random.nextInt(2_500));
            moments.merge(moment(client, kill), 1, Integer::sum);
            Thread.sleep(random.nextInt(60));
            service.kill();
            slowest = Math.max(slowest, service.start());
        }
        Thread.sleep(2_000);
        traffic.end();
        traffic.tell(report);
        int stored = ledger.settle(client);
        report.figure("kills, by what went on", moments);
        report.figure("slowest start to ready", "%.1f s".formatted(slowest));
        report.figure("uploads", ledger.summary() + ", %d of them stored unanswered".formatted(stored));
        nothingHangs(client, report);
        ledger.check(client, report);
    }

    /** Waits for a moment of one of three kinds in turn, but not for ever. */
    private static String moment(Client client, int kill) throws InterruptedException {
        String wanted = kill % 3 == 0 ? "publishing" : kill % 3 == 1 ? "clustering" : "any";
        String phase = "none";
        for (int look = 0; look < 400 && !wanted.equals("any"); look++) {
            phase = phase(client);
            if (phase.equals(wanted)) {
                return "run " + phase;
            }
            Thread.sleep(5);
        }
        return "upload, run " + phase(client);
    }

    private static String phase(Client client) {
        try {
            Client.Answer runs = client.get(RUNS);
            for (JsonNode run : runs.status() == 200 ? runs.json().get("runs") : List.<JsonNode>of()) {
                JsonNode progress = run.get("progress");
                if (progress != null && !progress.isNull()) {
                    return progress.get("phase").asString();
                }
            }
        } catch (IOException e) {
            // asked while it starts
        }
        return "none";
    }

    /** Within a minute and a half every upload and every run has ended, in one way or another. */
    static void nothingHangs(Client client, Report report) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String hanging = "";
        do {
            Thread.sleep(500);
            hanging = "";
            JsonNode uploads = client.get(Ledger.DATASET + "/uploads?limit=1000")
                    .expect(200)
                    .get("uploads");
            for (JsonNode upload : uploads) {
                String status = upload.get("status").asString();
                hanging += status.equals("completed") || status.equals("failed") ? "" : " upload " + upload.get("id");
            }
            JsonNode segmentations =
                    client.get(Ledger.DATASET + "/segmentations").expect(200).get("segmentations");
            for (JsonNode segmentation : segmentations) {
                String key = segmentation
                        .at("/definition/key")
                        .asString(segmentation.path("key").asString());
                JsonNode runs = client.get(Ledger.DATASET + "/segmentations/" + key + "/runs")
                        .expect(200)
                        .get("runs");
                for (JsonNode run : runs) {
                    String status = run.get("status").asString();
                    hanging += status.equals("queued") || status.equals("running") ? " run of " + key : "";
                }
            }
        } while (!hanging.isEmpty() && System.nanoTime() - start < 90e9);
        report.promise(
                hanging.isEmpty(),
                "no upload and no run hangs",
                hanging.isEmpty()
                        ? "all ended %.0f s after the last".formatted((System.nanoTime() - start) / 1e9)
                        : hanging);
    }
}
