package clade.clustering;

import java.util.concurrent.ForkJoinPool;

/** Refuses work whose memory is not to be had, before it begins. */
final class Memory {

    private Memory() {}

    /** How many pieces of work go on at once where each thread takes one. */
    static int threads() {
        return ForkJoinPool.getCommonPoolParallelism() + 1;
    }

    /** Bytes that the heap can still give. */
    static long free() {
        Runtime heap = Runtime.getRuntime();
        return heap.maxMemory() - (heap.totalMemory() - heap.freeMemory());
    }

    /**
     * Checks that memory is to be had.
     *
     * @param bytes what the work needs at its peak
     * @param work what it is, as the subject of a sentence ("k-means of 1000 rows")
     * @throws UnsuitableData {@code not-enough-memory} if the heap can't give that much
     */
    static void require(long bytes, String work) {
        if (bytes > free()) {
            System.gc(); // what is free counts no garbage before it is collected
        }
        long free = free();
        if (bytes > free) {
            throw new UnsuitableData(
                    "not-enough-memory",
                    "%s needs about %d bytes of memory but only %d are free".formatted(work, bytes, free));
        }
    }
}
