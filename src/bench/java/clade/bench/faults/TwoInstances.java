package clade.bench.faults;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * Two instances on one database. One is killed in the middle of an upload and a run: the other fails the upload within a minute,
 * and takes the run over.
 */
final class TwoInstances {

    private static final String RUN = Ledger.DATASET + "/segmentations/long/runs/1";

    private final Report report;

    TwoInstances(Report report) {
        this.report = report;
    }

    void run(Path jar, Path directory) throws IOException, InterruptedException {
        try (Postgres server = Postgres.start(jar, directory);
                Service dies = new Service(jar, directory.resolve("one"), server.settings());
                Service lives = new Service(jar, directory.resolve("two"), server.settings())) {
            Ledger ledger = new Ledger();
            dies.start();
            Client client = dies.client();
            ledger.open(client);
            ledger.upload(client, 200_000).expect(201);
            // started while it is alone, so that it is its run
            client.post(
                            Ledger.DATASET + "/segmentations",
                            "{\"key\":\"long\",\"method\":{\"name\":\"k-means\",\"k\":10,\"restarts\":1000}}")
                    .expect(202);
            while (!client.get(RUN).expect(200).get("status").asString().equals("running")) {
                Thread.sleep(50);
            }
            lives.start();
            report.figure(
                    "run when the first instance is killed",
                    lives.client().get(RUN).expect(200).get("progress"));
            try (Socket slow = dies.beginUpload(Ledger.TRANSACTIONS, 100_000_000)) {
                OutputStream out = new BufferedOutputStream(slow.getOutputStream());
                for (int row = 0; row < 300_000; row++) {
                    out.write("x%d,2024-01-01,7\n".formatted(row).getBytes(StandardCharsets.US_ASCII));
                }
                out.flush();
                report.figure("upload when it is killed", upload(lives.client()));
                dies.kill();
            }
            long killed = System.nanoTime();
            Client other = lives.client();
            while (!upload(other).equals("failed") && seconds(killed) < 90) {
                Thread.sleep(200);
            }
            double failed = seconds(killed);
            report.promise(failed <= 60, "its upload is failed within a minute", "%.0f s".formatted(failed));
            // takes up what the dead one left: its heartbeat says that somebody works on it
            ledger.upload(other, 1_000).expect(201);
            JsonNode run = Ledger.finished(other, RUN, 400);
            report.promise(
                    run.get("status").asString().equals("completed"),
                    "its run is taken over and completes",
                    "%s after %.0f s".formatted(run.get("status"), seconds(killed)));
            report.figure("uploads", ledger.summary());
            Kills.nothingHangs(other, report);
            ledger.check(other, report);
        }
    }

    /** Status of the newest upload. */
    private static String upload(Client client) throws IOException {
        return client.get(Ledger.DATASET + "/uploads?limit=1")
                .expect(200)
                .at("/uploads/0/status")
                .asString();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
