package clade.statistics;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** Splits loops over the threads of the current {@link java.util.concurrent.ForkJoinPool} (outside one, the common pool). */
public final class Parallel {

    private Parallel() {}

    /** Work on the indices from (inclusive) to to (exclusive). */
    @FunctionalInterface
    public interface Block {
        void run(int from, int to);
    }

    /**
     * Runs {@code work} once for each block of {@code size} consecutive indices of [0, n), in any order. The blocks depend on
     * {@code size} alone, never on the number of threads, so what is summed by block and joined in order is repeatable. Once
     * a block has thrown no further one is begun, and what it threw is thrown here, the same object.
     */
    public static void blocks(int n, int size, Block work) {
        if (n <= size) {
            if (n > 0) {
                work.run(0, n);
            }
            return;
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicInteger next = new AtomicInteger();
        int count = (int) (((long) n + size - 1) / size);
        // each thread takes the next block when it is free: a stream of blocks would give out long runs of them
        // beforehand
        IntStream.range(0, Math.min(count, threads())).parallel().forEach(thread -> {
            int block = next.getAndIncrement();
            while (block < count && failure.get() == null) {
                try {
                    work.run(block * size, (int) Math.min(n, (block + 1L) * size));
                } catch (RuntimeException | Error thrown) {
                    failure.compareAndSet(null, thrown);
                }
                block = next.getAndIncrement();
            }
        });
        if (failure.get() instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure.get() instanceof Error error) {
            throw error;
        }
    }

    private static int threads() {
        ForkJoinPool pool = ForkJoinTask.getPool();
        return pool == null ? ForkJoinPool.getCommonPoolParallelism() + 1 : pool.getParallelism();
    }
}
