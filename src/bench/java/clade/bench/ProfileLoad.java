package clade.bench;

import clade.profiles.ProfileStatement;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Look-ups of customers by many clients, each with a connection of its own, beside pgbench with as many clients and the same
 * statement, prepared: first as fast as both can, in turns, then ours at half of its rate with latencies counted from when a
 * request was due. All that soon after the start and again once Java has compiled its code. The clients run on the machine of
 * the service and cost it something.
 */
final class ProfileLoad {

    private static final int IDS = 100_000;

    /** Look-ups after which Java compiles no more of what they run through. */
    private static final int WARM = 60_000;

    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

    private final RunningService service;
    private final int clients;
    private final int seconds;
    private final int times;
    private final int customers;
    private final List<String> ids;

    /** {@code customers}, of those that {@link Generator} makes, are in the dataset. */
    ProfileLoad(RunningService service, int customers, int clients, int seconds, int times) {
        this.service = service;
        this.clients = clients;
        this.seconds = seconds;
        this.times = times;
        this.customers = customers;
        this.ids = Psql.ask(
                        "select customer_id from customer c join dataset d on d.id = c.dataset_id where d.key = '%s' order by random() limit %d"
                                .formatted(service.key(), IDS))
                .lines()
                .toList();
    }

    /** Two rows of the table. */
    String measure() {
        try {
            Path script = Files.createTempFile("profile", ".sql");
            try {
                Files.writeString(script, script());
                long before = load(0).length;
                String early = measure(script, "soon after the start");
                while (before < WARM) {
                    before += load(0).length;
                }
                return early + "\n" + measure(script, "after %,d look-ups".formatted(WARM));
            } finally {
                Files.delete(script);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Draws a customer as the generator numbers them, and looks it up by the service's own statement. */
    private String script() {
        return """
                \\set n random(1, %d)
                \\set k (:n * 48271) %% 2147483647
                """.formatted(customers)
                + ProfileStatement.SQL
                        .replace(":dataset", "'" + service.key() + "'")
                        .replace(":customer", "'C' || lpad((:k)::text, 10, '0')")
                + ";\n";
    }

    private String measure(Path script, String when) {
        double[] ours = new double[times];
        double[] theirs = new double[times];
        for (int i = 0; i < times; i++) {
            ours[i] = load(0).length / (double) seconds;
            theirs[i] = pgbench(script);
        }
        double rate = RunningService.median(ours);
        long[] latencies = load(rate / 2);
        Arrays.sort(latencies);
        return "| profile, %d connections, %s | %,.0f a second; at half of it p50 %.1f ms, p99 %.1f ms | pgbench: %,.0f a second | %.2f of its rate |"
                .formatted(
                        clients,
                        when,
                        rate,
                        latencies[latencies.length / 2] / 1e6,
                        latencies[(int) (latencies.length * 0.99)] / 1e6,
                        RunningService.median(theirs),
                        rate / RunningService.median(theirs));
    }

    private double pgbench(Path script) {
        String printed = Psql.run(
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-c",
                "" + clients,
                "-j",
                "2",
                "-T",
                "" + seconds,
                "-f",
                "" + script);
        Matcher rate = RATE.matcher(printed);
        if (!rate.find()) {
            throw new IllegalStateException(printed);
        }
        return Double.parseDouble(rate.group(1));
    }

    /**
     * Latencies in nanoseconds of all requests; {@code rate} in requests a second, 0 for as fast as can be. Connecting
     * doesn't count, as in pgbench's rate, nor does the first request of a connection.
     */
    private long[] load(double rate) {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        CyclicBarrier connected = new CyclicBarrier(clients);
        try {
            List<Callable<long[]>> work = IntStream.range(0, clients)
                    .mapToObj(client -> (Callable<long[]>) () -> ask(client, rate / clients, connected))
                    .toList();
            long[] all = {};
            for (Future<long[]> part : threads.invokeAll(work)) {
                long[] more = part.get();
                int before = all.length;
                all = Arrays.copyOf(all, before + more.length);
                System.arraycopy(more, 0, all, before, more.length);
            }
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private long[] ask(int client, double rate, CyclicBarrier connected)
            throws IOException, InterruptedException, BrokenBarrierException, TimeoutException {
        SplittableRandom random = new SplittableRandom(client);
        URI uri = service.uri("customers/");
        long[] latencies = new long[1024];
        int count = 0;
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
            askOne(uri, random, out, in);
            connected.await(30, TimeUnit.SECONDS); // one that failed breaks it for all
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            long due = start;
            while (due < end) {
                if (rate > 0) {
                    due = start + (long) (1e9 * (count + random.nextDouble()) / rate);
                    long wait = due - System.nanoTime();
                    if (wait > 0) {
                        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                    }
                } else {
                    due = System.nanoTime();
                }
                askOne(uri, random, out, in);
                if (count == latencies.length) {
                    latencies = Arrays.copyOf(latencies, 2 * count);
                }
                latencies[count++] = System.nanoTime() - due;
            }
        }
        return Arrays.copyOf(latencies, count);
    }

    private void askOne(URI uri, SplittableRandom random, OutputStream out, InputStream in) throws IOException {
        String request = "GET %s%s HTTP/1.1\r\nHost: %s\r\n\r\n"
                .formatted(uri.getRawPath(), ids.get(random.nextInt(ids.size())), uri.getHost());
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        readAnswer(in);
    }

    private static void readAnswer(InputStream in) throws IOException {
        String status = line(in);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException(status);
        }
        int length = -1;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        if (length < 0) {
            throw new IOException("an answer without its length");
        }
        in.skipNBytes(length);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the service hung up");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
