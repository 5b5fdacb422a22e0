package clade.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Uploads until the disk is full: the one that does not fit is refused and leaves nothing; what was stored can still be read, or
 * can again once there is room, without a restart of the service.
 */
final class DiskFull {

    private static final int BALLAST_MEGABYTES = 150;

    private final Report report;

    DiskFull(Report report) {
        this.report = report;
    }

    /** On a file system in memory that is mounted for it, which takes rights. */
    void mounted(Path jar, Path directory, String size) throws IOException, InterruptedException {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        if (command("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()) != 0) {
            throw new IllegalStateException(
                    "A small file system can't be mounted here; run as root, or say directory=DIR on one of under 2 GB");
        }
        try {
            run(jar, disk);
        } finally {
            command("umount", disk.toString());
        }
    }

    void run(Path jar, Path disk) throws IOException, InterruptedException {
        Path ballast = disk.resolve("ballast");
        try (Service service = new Service(jar, disk)) {
            service.start();
            Client client = service.client();
            Ledger ledger = new Ledger();
            ledger.open(client);
            ledger.upload(client, 50_000).expect(201);
            Files.write(ballast, new byte[BALLAST_MEGABYTES << 20]);
            Client.Answer answer;
            int uploads = 0;
            do {
                answer = ledger.upload(client, 100_000);
                uploads++;
            } while (answer.status() == 201 && uploads < 500);
            report.figure("uploads of 100,000 rows until it is full", uploads);
            report.promise(
                    answer.status() == 507 || answer.retryLater(),
                    "the one that does not fit is refused cleanly",
                    "%d %s".formatted(answer.status(), answer.body()));
            Client.Answer read = client.get(Ledger.DATASET);
            report.promise(
                    read.status() == 200 || read.retryLater(),
                    "readers are served, or told to come again",
                    read.status());
            Files.delete(ballast);
            long start = System.nanoTime();
            while (client.get(Ledger.DATASET).status() != 200 && System.nanoTime() - start < 120e9) {
                Thread.sleep(100);
            }
            report.figure("from room to answers", "%.1f s".formatted((System.nanoTime() - start) / 1e9));
            int stored = ledger.settle(client);
            report.figure("uploads", ledger.summary() + ", %d of them stored unanswered".formatted(stored));
            Client.Answer next = ledger.upload(client, 10_000);
            report.promise(next.status() == 201, "with room again an upload is taken", next.status());
            Kills.nothingHangs(client, report);
            ledger.check(client, report);
            report.promise(service.isAlive(), "the service was never restarted", "process " + service.pid());
        }
    }

    private static int command(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(command)).inheritIO().start().waitFor();
    }
}
