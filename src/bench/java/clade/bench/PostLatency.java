package clade.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One transaction a post, twenty posts a second, each to the answer that says where its customer is now, while an upload of as many
 * rows as there are and runs of two live segmentations go on in the same dataset. Latencies are counted from when a post was due.
 */
final class PostLatency {

    private static final Pattern CUSTOMER = Pattern.compile("\"customerId\":\"([^\"]+)\"");
    private static final int EVERY_MILLIS = 50;

    private final RunningService service;

    PostLatency(RunningService service) {
        this.service = service;
    }

    /** A row of the table; {@code file} is uploaded meanwhile, and posting goes on for as long as that takes. */
    String measure(Path file) {
        service.segment("live-rfm", "{\"name\":\"rfm\"}");
        service.segment("live-means", "{\"name\":\"k-means\",\"k\":8}");
        List<String> customers = customers();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> uploading = CompletableFuture.runAsync(() -> service.upload(file));
        CompletableFuture<Void> running = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                service.runAgain("live-rfm");
                service.runAgain("live-means");
            }
        });
        long[] latencies = post(customers, uploading);
        over.set(true);
        uploading.join();
        running.join();
        Arrays.sort(latencies);
        return "| one transaction posted, beside an upload and runs | %,d posts: p50 %.1f ms, p99 %.1f ms, most %.1f ms | – | – |"
                .formatted(
                        latencies.length,
                        latencies[latencies.length / 2] / 1e6,
                        latencies[(int) (latencies.length * 0.99)] / 1e6,
                        latencies[latencies.length - 1] / 1e6);
    }

    private List<String> customers() {
        List<String> customers = new ArrayList<>();
        Matcher found = CUSTOMER.matcher(service.get("customers?limit=1000"));
        while (found.find()) {
            customers.add(found.group(1));
        }
        return customers;
    }

    /** Each is sent when it is due, whether or not those before it are answered: clients do not wait for each other. */
    private long[] post(List<String> customers, CompletableFuture<Void> meanwhile) {
        SplittableRandom random = new SplittableRandom(1);
        List<CompletableFuture<Long>> latencies = new ArrayList<>();
        ExecutorService clients = Executors.newCachedThreadPool();
        try {
            long start = System.nanoTime();
            while (!meanwhile.isDone()) {
                long due = start + TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS) * latencies.size();
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                String transaction =
                        "{\"customerId\":\"%s\",\"orderId\":\"live-%d\",\"occurredAt\":\"%s\",\"amount\":%d}"
                                .formatted(
                                        customers.get(random.nextInt(customers.size())),
                                        latencies.size(),
                                        Instant.now(),
                                        1 + random.nextInt(100));
                latencies.add(CompletableFuture.supplyAsync(() -> latency(transaction, due), clients));
            }
            return latencies.stream().mapToLong(CompletableFuture::join).toArray();
        } finally {
            clients.shutdown();
        }
    }

    private long latency(String transaction, long due) {
        String report = service.post("transactions", transaction);
        if (!report.contains("\"accepted\":1")) {
            throw new IllegalStateException(report);
        }
        return System.nanoTime() - due;
    }
}
