package clade.clustering;

/**
 * Hears how far a fit has got and may end it. A fit calls {@link #at} often enough (several times a second, from any of its
 * threads) that throwing {@link java.util.concurrent.CancellationException} from it cancels the fit within a second.
 */
@FunctionalInterface
public interface Progress {

    /** Listens to nothing and never cancels. */
    Progress NONE = (phase, fraction) -> {};

    /**
     * Hears where the fit is.
     *
     * @param phase what is being done, in a few lower-case words ("sorting", "pass 12")
     * @param fraction of the whole fit that is done, in [0, 1]
     * @throws java.util.concurrent.CancellationException if the fit is to end
     */
    void at(String phase, double fraction);

    /** What to hand to a part that is {@code share} of the whole and begins when {@code done} of it is done. */
    default Progress part(double done, double share) {
        return (phase, fraction) -> at(phase, done + share * fraction);
    }
}
