package clade.transactions;

import clade.database.LargeWork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands records on to another thread, in their order, so that a file is split into records by one core and its rows are read by
 * another. The thread ends with the handover, whatever happens.
 */
final class Handover implements AutoCloseable {

    private static final int BATCH = 512;
    private static final int BATCH_LENGTH = 1 << 17;
    private static final int BATCHES = 8;
    private static final long PATIENCE_MILLIS = 100;
    private static final List<Records.Entry> END = List.of();

    private final BlockingQueue<List<Records.Entry>> waiting = new ArrayBlockingQueue<>(BATCHES);
    private final Taker taker;
    private final Thread thread;
    private List<Records.Entry> batch = new ArrayList<>(BATCH);
    private int length;
    private volatile boolean stopped;
    private volatile @Nullable Exception failure;

    /** What the other thread does with a record. */
    interface Taker {
        void take(Records.Entry entry) throws IOException;
    }

    Handover(Taker taker) {
        this.taker = taker;
        this.thread = new Thread(this::work, "clade-upload");
        thread.setDaemon(true);
        thread.start();
    }

    /** Hands a record on; throws what the other thread failed with, if it did. */
    void add(Records.Entry entry) throws IOException {
        batch.add(entry);
        for (String field : entry.fields()) {
            length += field.length();
        }
        if (batch.size() == BATCH || length > BATCH_LENGTH) {
            pass(batch);
            batch = new ArrayList<>(BATCH);
            length = 0;
        }
    }

    /** Waits until all records have been taken. */
    void finish() throws IOException {
        if (!batch.isEmpty()) {
            pass(batch);
        }
        pass(END);
        join();
        check();
    }

    /** Stops the other thread, wherever it is. */
    @Override
    public void close() {
        stopped = true;
        join();
    }

    private void pass(List<Records.Entry> records) throws IOException {
        try {
            do {
                check();
            } while (!waiting.offer(records, PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void check() throws IOException {
        Exception failed = failure;
        if (failed instanceof IOException io) {
            throw io;
        }
        if (failed instanceof RuntimeException unchecked) {
            throw unchecked;
        }
    }

    private void work() {
        LargeWork.ownThread();
        try {
            while (!stopped) {
                List<Records.Entry> records = waiting.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                if (records == END) {
                    return;
                }
                if (records != null) {
                    for (Records.Entry entry : records) {
                        taker.take(entry);
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = interrupted(e);
        }
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted while a file was read", e);
    }
}
