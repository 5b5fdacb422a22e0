package clade.bench;

import java.util.Map;

/**
 * One algorithm on one data set, loaded when it is made.
 *
 * @param <R> what a run gives
 */
interface Timed<R> {

    /** One run, which the clock is running for. */
    R run();

    /** Adds what tells whether the answer is right: {@code iters}, {@code inertia}, {@code clusters}, {@code score}, … */
    void describe(R result, Map<String, Object> answer);
}
