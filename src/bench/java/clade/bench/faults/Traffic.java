package clade.bench.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What many clients do at once, until it is ended: upload, post a few rows, start runs, read. Counts what comes back; readers
 * see to it that every list of segments they get is a whole one.
 */
final class Traffic {

    private static final String SEGMENTATIONS = Ledger.DATASET + "/segmentations";

    private final Client client;
    private final Ledger ledger;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
    private final Map<String, Integer> newestRun = new ConcurrentSkipListMap<>();
    private final LongAdder wholeLists = new LongAdder();
    private final List<String> wrong = new ArrayList<>();

    Traffic(Client client, Ledger ledger) {
        this.client = client;
        this.ledger = ledger;
    }

    interface Call {
        Client.@Nullable Answer send(Random random) throws IOException, InterruptedException;
    }

    /** Repeats a call, with a pause after each. */
    Traffic also(String name, int pauseMillis, Call call) {
        Random random = new Random(threads.size());
        Thread thread = new Thread(
                () -> {
                    while (!ended.get()) {
                        try {
                            count(name, call.send(random));
                            Thread.sleep(pauseMillis);
                        } catch (IOException e) {
                            count(name, null);
                            pause();
                        } catch (InterruptedException e) {
                            return;
                        } catch (RuntimeException e) {
                            note(name + ": " + e.getMessage());
                            pause();
                        }
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return this;
    }

    /** Uploads of up to so many rows, one after another. */
    Traffic uploads(int rows, int pauseMillis) {
        return also("upload", pauseMillis, random -> ledger.upload(client, 100 + random.nextInt(rows)));
    }

    Traffic posts(int pauseMillis) {
        return also("post", pauseMillis, random -> ledger.upload(client, 1 + random.nextInt(3)));
    }

    /** Runs of a segmentation, each when the one before has ended. */
    Traffic runs(String key, String method, int pauseMillis) {
        return also("run", pauseMillis, random -> {
            Client.Answer made = client.post(SEGMENTATIONS, "{\"key\":\"%s\",\"method\":%s}".formatted(key, method));
            if (made.status() == 409) {
                made = client.post(SEGMENTATIONS + "/" + key + "/runs", "{}");
            }
            if (made.status() == 202) {
                String location = made.headers().firstValue("Location").orElseThrow();
                while (!ended.get()) {
                    Client.Answer run = client.get(location.replace("/api/v1", ""));
                    if (run.status() != 200 || !run.body().contains("\"finishedAt\":null")) {
                        break;
                    }
                    Thread.sleep(50);
                }
            }
            return made;
        });
    }

    /** Reads the segments of a segmentation and adds them up: a list of half a run would not add up. */
    Traffic reads(String key, int pauseMillis) {
        return also("segments", pauseMillis, random -> {
            Client.Answer answer = client.get(SEGMENTATIONS + "/" + key + "/segments");
            if (answer.status() == 200) {
                whole(key, answer.json());
            }
            return answer;
        });
    }

    private void whole(String key, JsonNode list) {
        long members = 0;
        for (JsonNode segment : list.get("segments")) {
            members += segment.get("size").asLong();
        }
        int run = list.get("run").asInt();
        int before = newestRun.merge(key, run, Math::max);
        if (members != list.get("customers").asLong()) {
            note("run %d of %s: %d members in segments, %s customers"
                    .formatted(run, key, members, list.get("customers")));
        }
        if (run < before) {
            note("run %d of %s was seen after run %d".formatted(run, key, before));
        }
        wholeLists.increment();
    }

    private void count(String name, Client.@Nullable Answer answer) {
        String what = answer == null
                ? "no answer"
                : answer.status()
                        + ((answer.status() == 503 || answer.status() == 429) && !answer.retryLater()
                                ? " without Retry-After"
                                : "");
        answers.computeIfAbsent(name + " " + what, key -> new LongAdder()).increment();
        if (answer != null && answer.status() >= 500 && !answer.retryLater() && answer.status() != 507) {
            note("%s was answered %d %s".formatted(name, answer.status(), answer.body()));
        }
    }

    private synchronized void note(String fault) {
        if (wrong.size() < 20) {
            wrong.add(fault);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How often each kind of answer came. */
    Map<String, LongAdder> answers() {
        return answers;
    }

    long count(String answer) {
        LongAdder count = answers.get(answer);
        return count == null ? 0 : count.sum();
    }

    /** Says what came back, and whether any of it was an error or half a run. */
    synchronized void tell(Report report) {
        report.figure("answers", answers);
        report.promise(
                wrong.isEmpty(),
                "refusals are clean and no reader sees half a run",
                wrong.isEmpty() ? wholeLists.sum() + " lists of segments added up" : wrong);
    }

    /** Waits for the calls under way. */
    void end() throws InterruptedException {
        ended.set(true);
        for (Thread thread : threads) {
            thread.join(120_000);
        }
    }
}
