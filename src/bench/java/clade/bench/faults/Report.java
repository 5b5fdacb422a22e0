package clade.bench.faults;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Prints figures and promises as they become known, and remembers whether a promise was broken. */
final class Report {

    private final long start = System.nanoTime();
    private final AtomicInteger broken = new AtomicInteger();

    void figure(String name, Object value) {
        line("       ", "%-44s %s".formatted(name, value));
    }

    void promise(boolean kept, String promise, Object found) {
        if (!kept) {
            broken.incrementAndGet();
        }
        line(kept ? "kept   " : "BROKEN ", "%-44s %s".formatted(promise, found));
    }

    boolean allKept() {
        return broken.get() == 0;
    }

    private synchronized void line(String mark, String text) {
        System.out.printf(Locale.ROOT, "%6.1f s  %s%s%n", (System.nanoTime() - start) / 1e9, mark, text);
    }
}
