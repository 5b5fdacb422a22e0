package clade.bench;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service that runs already, and a dataset of it. */
final class RunningService {

    private static final int POLL_MILLIS = 100;

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI dataset;
    private final String key;

    RunningService(URI service, String dataset) {
        this.dataset = service.resolve("/api/v1/datasets/" + dataset + "/");
        this.key = dataset;
    }

    URI uri(String path) {
        return dataset.resolve(path);
    }

    String key() {
        return key;
    }

    /** Waits until the service answers. */
    void awaitStart(int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        HttpRequest health =
                HttpRequest.newBuilder(dataset.resolve("/actuator/health")).build();
        while (true) {
            try {
                if (client.send(health, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw new UncheckedIOException("The service did not start", e);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            pause();
        }
    }

    /** Makes the dataset anew, without any data. */
    void makeDataset() {
        send(HttpRequest.newBuilder(dataset.resolve("../" + key)).DELETE());
        send(HttpRequest.newBuilder(dataset.resolve("../../datasets"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"key\":\"%s\",\"cancellationPattern\":null}".formatted(key))));
    }

    /** Seconds that it takes to upload a file of CSV. */
    double upload(Path file) {
        long start = System.nanoTime();
        try {
            String report = send(HttpRequest.newBuilder(uri("transactions"))
                    .header("Content-Type", "text/csv")
                    .POST(BodyPublishers.ofFile(file)));
            if (!report.contains("\"status\":\"completed\"")) {
                throw new IllegalStateException(report);
            }
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Makes a segmentation anew, waits for its run and returns the seconds from the queue to its end. */
    double segment(String segmentation, String method) {
        send(HttpRequest.newBuilder(uri("segmentations/" + segmentation)).DELETE());
        send(HttpRequest.newBuilder(uri("segmentations"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"key\":\"%s\",\"method\":%s}".formatted(segmentation, method))));
        return awaitRun("segmentations/%s/runs/1".formatted(segmentation));
    }

    /** Starts another run and waits for it. */
    double runAgain(String segmentation) {
        String run = post("segmentations/%s/runs".formatted(segmentation), "{}");
        Matcher number = Pattern.compile("\"number\":([0-9]+)").matcher(run);
        if (!number.find()) {
            throw new IllegalStateException(run);
        }
        return awaitRun("segmentations/%s/runs/%s".formatted(segmentation, number.group(1)));
    }

    /** Posts JSON and returns the answer. */
    String post(String path, String json) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    String get(String path) {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    /** Seconds that a run took from the queue to its end. */
    private double awaitRun(String path) {
        while (true) {
            String run = get(path);
            String status = field(run, "status");
            if (status.equals("completed")) {
                Duration taken = Duration.between(
                        Instant.parse(field(run, "queuedAt")), Instant.parse(field(run, "finishedAt")));
                return taken.toMillis() / 1e3;
            }
            if (!status.equals("queued") && !status.equals("running")) {
                throw new IllegalStateException(run);
            }
            pause();
        }
    }

    /** Seconds that it takes to read a list as CSV to its end. */
    double export(String path) {
        long start = System.nanoTime();
        HttpRequest request =
                HttpRequest.newBuilder(uri(path)).header("Accept", "text/csv").build();
        try {
            HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + answer.statusCode());
            }
            byte[] buffer = new byte[1 << 16];
            try (InputStream body = answer.body()) {
                for (int count = 0; count >= 0; ) {
                    count = body.read(buffer);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private String send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static String field(String json, String name) {
        Matcher field = Pattern.compile("\"%s\":\"([^\"]*)\"".formatted(name)).matcher(json);
        if (!field.find()) {
            throw new IllegalStateException("no %s in %s".formatted(name, json));
        }
        return field.group(1);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(e);
    }
}
