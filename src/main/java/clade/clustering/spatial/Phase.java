package clade.clustering.spatial;

import clade.clustering.Progress;

/** One phase of a fit: adds up the work that any thread has done and reports it as a fraction that never falls. */
public final class Phase {

    private final Progress progress;
    private final String name;
    private final double from;
    private final double to;
    private final long work;
    private long done;

    /**
     * Begins the phase and reports so.
     *
     * @param from fraction of the whole fit that is done when the phase begins, in [0, 1]
     * @param to fraction that is done when it ends
     * @param work units of work in the phase
     */
    public Phase(Progress progress, String name, double from, double to, long work) {
        this.progress = progress;
        this.name = name;
        this.from = from;
        this.to = to;
        this.work = Math.max(1, work);
        progress.at(name, from);
    }

    /**
     * Adds work done and reports it.
     *
     * @throws java.util.concurrent.CancellationException if the fit is to end
     */
    public synchronized void done(long units) {
        done = Math.min(work, done + units);
        progress.at(name, from + (to - from) * done / work);
    }
}
