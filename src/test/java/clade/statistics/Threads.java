package clade.statistics;

import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;

/** Runs what {@link Parallel} splits on a given number of threads. */
public final class Threads {

    private Threads() {}

    /** What {@code work} gives in a pool of {@code count} threads of its own. */
    public static <T> T run(int count, Callable<T> work) {
        ForkJoinPool pool = new ForkJoinPool(count);
        try {
            return pool.submit(work).join();
        } finally {
            pool.shutdown();
        }
    }
}
