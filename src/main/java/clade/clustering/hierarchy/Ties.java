package clade.clustering.hierarchy;

/** The order of pairs at equal distance. */
final class Ties {

    private Ties() {}

    /**
     * A key for the pair of two representatives, the same for (a, b) and (b, a): the pair with the lesser key comes first. It
     * is SplitMix64's finaliser (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195), a bijection, so different pairs
     * have different keys. By row number instead, a sorted lattice would merge one pair a round.
     */
    static long key(int a, int b) {
        long z = ((long) Math.min(a, b) << 32) | Math.max(a, b);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
