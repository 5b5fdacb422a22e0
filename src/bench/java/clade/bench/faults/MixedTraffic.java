package clade.bench.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Uploads, posts, undos, runs, lists, profiles and exports for minutes: no error, and neither heap nor connections nor staging
 * grow. Then far more of it than is allowed at a time, which is turned away and no more.
 */
final class MixedTraffic {

    private static final String AUDIT = Ledger.DATASET + "/segmentations/clusters/segments";

    private final Report report;

    MixedTraffic(Report report) {
        this.report = report;
    }

    /** What must not grow. */
    private record Footprint(long heapMegabytes, int connections, int stagingTables, long databaseMegabytes) {}

    void run(Path jar, Path directory, int minutes) throws IOException, InterruptedException, SQLException {
        try (Service service = new Service(jar, directory)) {
            service.start();
            Ledger ledger = new Ledger();
            Client client = service.client();
            ledger.open(client);
            ledger.upload(client, 200_000).expect(201);
            client.post("/datasets", "{\"key\":\"scratch\"}").expect(201);
            Traffic traffic = mixed(client, ledger);
            Thread.sleep(minutes * 12_000L); // a fifth to warm up
            Footprint first = footprint(service);
            report.figure("after a fifth of the time", first);
            Thread.sleep(minutes * 48_000L);
            traffic.end();
            traffic.tell(report);
            Thread.sleep(2_000);
            Footprint last = footprint(service);
            report.figure("at the end", last);
            report.promise(
                    last.heapMegabytes <= 1.3 * first.heapMegabytes + 20,
                    "heap after collection stays",
                    "%d MB, then %d MB".formatted(first.heapMegabytes, last.heapMegabytes));
            report.promise(last.connections <= 20 + 16 + 2, "connections stay in their pools", last.connections);
            report.promise(last.stagingTables == 0, "staging is empty", last.stagingTables + " tables");
            overload(client, ledger);
            ledger.settle(client);
            report.figure("uploads", ledger.summary());
            Kills.nothingHangs(client, report);
            ledger.check(client, report);
            report.promise(service.isAlive(), "the service was never restarted", "process " + service.pid());
        }
    }

    private static Traffic mixed(Client client, Ledger ledger) {
        return new Traffic(client, ledger)
                .uploads(20_000, 500)
                .posts(20)
                .runs("clusters", "{\"name\":\"k-means\",\"k\":5,\"restarts\":2}", 500)
                .runs("audit", "{\"name\":\"rfm\"}", 1_000)
                .reads("clusters", 20)
                .also("undo", 500, random -> {
                    Client.Answer taken = client.send(
                            "POST",
                            "/datasets/scratch/transactions",
                            "text/csv",
                            new Batch(random.nextInt(), 5_000).csv());
                    return taken.status() != 201
                            ? taken
                            : client.delete("/datasets/scratch/uploads/"
                                    + taken.json().get("id").asString());
                })
                .also("profile", 2, random -> client.get(Ledger.DATASET + "/customers/k" + random.nextInt(20_000)))
                .also("members", 20, random -> client.get(AUDIT + "/c1/customers?limit=500"))
                .also("export", 500, random -> client.get(AUDIT + "/c2/customers", "text/csv"));
    }

    /** Many more at once than the service takes. */
    private void overload(Client client, Ledger ledger) throws InterruptedException {
        Traffic traffic = new Traffic(client, ledger);
        for (int i = 0; i < 24; i++) {
            traffic.uploads(5_000, 0);
            traffic.also("profile", 0, random -> client.get(Ledger.DATASET + "/customers/k" + random.nextInt(20_000)))
                    .also("export", 0, random -> client.get(AUDIT + "/c2/customers", "text/csv"));
        }
        Thread.sleep(15_000);
        traffic.end();
        report.figure("overload by 72 clients", "");
        traffic.tell(report);
    }

    private static Footprint footprint(Service service) throws IOException, InterruptedException, SQLException {
        try (Connection connection = service.embeddedDatabase();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("""
                        select (select count(*) from pg_stat_activity where backend_type = 'client backend') - 1,
                            (select count(*) from pg_tables where schemaname = 'staging'),
                            pg_database_size('postgres') / 1000000""")) {
            found.next();
            return new Footprint(heap(service.pid()), found.getInt(1), found.getInt(2), found.getLong(3));
        }
    }

    /** Megabytes of live objects. */
    private static long heap(long pid) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process histogram = new ProcessBuilder(List.of(jcmd, Long.toString(pid), "GC.class_histogram")).start();
        try (var lines = histogram.inputReader()) {
            String total = lines.lines()
                    .filter(line -> line.startsWith("Total"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(total.strip().split("\\s+", -1)[2]) / 1_000_000;
        } finally {
            histogram.waitFor();
        }
    }
}
