package clade.bench.faults;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clients that are cut off, that read a list at 1 KB/s, and 200 that upload slowly at once: others are served all the while, and
 * nothing is left of what was not sent whole.
 */
final class SlowClients {

    private static final String LISTS = Ledger.DATASET + "/segmentations/audit/segments";

    private final Report report;

    SlowClients(Report report) {
        this.report = report;
    }

    void run(Path jar, Path directory) throws IOException, InterruptedException {
        try (Service service = new Service(jar, directory)) {
            service.start();
            Client client = service.client();
            Ledger ledger = new Ledger();
            ledger.open(client);
            ledger.upload(client, 200_000).expect(201);
            ledger.check(client, report);

            report.figure("look-ups while nothing else goes on", lookUps(client));
            for (int cut = 0; cut < 20; cut++) {
                try (Socket socket = service.beginUpload(Ledger.TRANSACTIONS, 1_000_000)) {
                    socket.setSoLinger(cut % 2 == 0, 0); // half of them by a reset
                }
            }
            report.figure("look-ups after 20 uploads were cut", lookUps(client));

            try (Socket reader = request(service, largestList(client))) {
                long before = System.nanoTime();
                InputStream in = reader.getInputStream();
                int read = 0;
                String worst = "";
                for (int second = 0; second < 20; second++) {
                    read += in.readNBytes(1_024).length;
                    if (second % 5 == 0) {
                        worst = lookUps(client);
                    }
                    Thread.sleep(1_000);
                }
                report.promise(
                        read == 20 * 1_024,
                        "a list read at 1 KB/s goes on",
                        "%d bytes in %.0f s".formatted(read, (System.nanoTime() - before) / 1e9));
                report.figure("look-ups meanwhile", worst);
                ledger.upload(client, 1_000).expect(201);
            }

            List<Socket> slow = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                slow.add(service.beginUpload(Ledger.TRANSACTIONS, 1_000_000));
            }
            report.figure("look-ups beside 200 slow uploads", lookUps(client));
            Client.Answer posted = ledger.upload(client, 1);
            report.promise(
                    posted.status() == 201 || posted.retryLater(),
                    "one more is taken or told to come again",
                    posted.status());
            Map<String, Integer> answers = new TreeMap<>();
            for (Socket socket : slow) {
                answers.merge(hangUp(socket), 1, Integer::sum);
            }
            report.figure("answers to the 200", answers);
            Kills.nothingHangs(client, report);
            Client.Answer after = ledger.upload(client, 1_000);
            report.promise(after.status() == 201, "an upload after them is taken", after.status());
            ledger.check(client, report);
        }
    }

    private static Socket request(Service service, String path) throws IOException {
        Socket socket = service.connect(4_096);
        socket.getOutputStream()
                .write("GET /api/v1%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/csv\r\n\r\n"
                        .formatted(path)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String hangUp(Socket socket) throws IOException {
        try (socket) {
            socket.setSoTimeout(200);
            byte[] status = socket.getInputStream().readNBytes(12);
            return new String(status, StandardCharsets.US_ASCII);
        } catch (java.net.SocketTimeoutException e) {
            return "was being received";
        } catch (java.net.SocketException e) {
            return "closed";
        }
    }

    private static String largestList(Client client) throws IOException {
        String largest = "";
        long size = -1;
        for (var segment : client.get(LISTS).expect(200).get("segments")) {
            if (segment.get("size").asLong() > size) {
                size = segment.get("size").asLong();
                largest = segment.get("key").asString();
            }
        }
        return LISTS + "/" + largest + "/customers";
    }

    /** Median and the slowest of a hundred. */
    private static String lookUps(Client client) throws IOException {
        double[] millis = new double[100];
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            client.get(Ledger.DATASET + "/customers/k" + i).expect(200);
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        return "median %.1f ms, slowest %.1f ms".formatted(millis[millis.length / 2], millis[millis.length - 1]);
    }
}
