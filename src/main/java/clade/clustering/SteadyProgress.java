package clade.clustering;

/** Passes on progress of several threads as that of one: a call at a time, fractions never falling. */
final class SteadyProgress implements Progress {

    private final Progress progress;
    private double furthest;

    SteadyProgress(Progress progress) {
        this.progress = progress;
    }

    @Override
    public synchronized void at(String phase, double fraction) {
        furthest = Math.max(furthest, Math.min(1, fraction));
        progress.at(phase, furthest);
    }
}
