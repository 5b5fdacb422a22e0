package clade.database;

import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Lets short requests go first, whose senders wait: between two steps, large work of the same instance waits until none of them is
 * under way, but never for long.
 */
@Component
public class Courtesy {

    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private int underWay;

    /** A short request begins. */
    public synchronized void enter() {
        underWay++;
    }

    /** A short request ends. */
    public synchronized void leave() {
        underWay--;
        notifyAll();
    }

    /** Called by large work between its steps, where it holds nothing that a short request may need. */
    public synchronized void giveWay() {
        long end = System.nanoTime() + LONGEST_NANOS;
        try {
            for (long left = LONGEST_NANOS; underWay > 0 && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
