package clade.statistics;

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
        int count = (int) (((long) n + size - 1) / size);
        IntStream.range(0, count).parallel().forEach(block -> {
            if (failure.get() == null) {
                try {
                    work.run(block * size, (int) Math.min(n, (block + 1L) * size));
                } catch (RuntimeException | Error thrown) {
                    failure.compareAndSet(null, thrown);
                }
            }
        });
        if (failure.get() instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure.get() instanceof Error error) {
            throw error;
        }
    }
}
