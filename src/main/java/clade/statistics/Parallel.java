package clade.statistics;

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
     * {@code size} alone, never on the number of threads, so what is summed by block and joined in order is repeatable.
     */
    public static void blocks(int n, int size, Block work) {
        int count = (n + size - 1) / size;
        IntStream range = IntStream.range(0, count);
        (count > 1 ? range.parallel() : range).forEach(b -> work.run(b * size, Math.min(n, (b + 1) * size)));
    }
}
