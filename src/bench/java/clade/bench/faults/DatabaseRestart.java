package clade.bench.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * The database killed or restarted under load: requests fail cleanly while it is away, go on without a restart of the service,
 * and nothing is lost or doubled.
 */
final class DatabaseRestart {

    private final Report report;

    DatabaseRestart(Report report) {
        this.report = report;
    }

    /** One way to take the database away; it comes back by it, or by the service. */
    private interface Blow {
        void strike(int time) throws IOException, InterruptedException;
    }

    /** The embedded server's first process killed: the service starts it again. */
    void embedded(Path jar, Path directory, int times) throws IOException, InterruptedException {
        try (Service service = new Service(jar, directory)) {
            run(service, times, time -> {
                ProcessHandle server = service.postmaster();
                server.destroyForcibly();
                server.onExit().join();
                service.postmaster(); // its other processes may answer for a moment yet
            });
        }
    }

    /** A server of one's own, in turn restarted, restarted without a farewell to its clients, and killed and started. */
    void external(Path jar, Path directory, int times) throws IOException, InterruptedException {
        try (Postgres server = Postgres.start(jar, directory);
                Service service = new Service(jar, directory, server.settings())) {
            run(service, times, time -> {
                switch (time % 3) {
                    case 0 -> server.control("restart", "-m", "fast");
                    case 1 -> server.control("restart", "-m", "immediate");
                    default -> {
                        server.kill();
                        Thread.sleep(2_000);
                        server.control("start");
                    }
                }
            });
        }
    }

    private void run(Service service, int times, Blow blow) throws IOException, InterruptedException {
        Random random = new Random(1);
        Ledger ledger = new Ledger();
        service.start();
        Client client = service.client();
        ledger.open(client);
        ledger.upload(client, 60_000).expect(201);
        double longest = 0;
        Traffic traffic = new Traffic(client, ledger)
                .uploads(30_000, 50)
                .posts(20)
                .runs("clusters", "{\"name\":\"k-means\",\"k\":5,\"restarts\":2}", 10)
                .reads("clusters", 20);
        for (int time = 0; time < times; time++) {
            Thread.sleep(1_000 + random.nextInt(3_000));
            long start = System.nanoTime();
            blow.strike(time);
            while (client.get(Ledger.DATASET).status() != 200) {
                Thread.sleep(50);
            }
            longest = Math.max(longest, (System.nanoTime() - start) / 1e9);
        }
        Thread.sleep(2_000);
        traffic.end();
        traffic.tell(report);
        int stored = ledger.settle(client);
        report.figure("times the database went away", times);
        report.figure("longest from the blow to the next answer", "%.1f s".formatted(longest));
        report.figure("uploads", ledger.summary() + ", %d of them stored unanswered".formatted(stored));
        Kills.nothingHangs(client, report);
        ledger.check(client, report);
        report.promise(service.isAlive(), "the service was never restarted", "process " + service.pid());
    }
}
