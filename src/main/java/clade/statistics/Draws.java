package clade.statistics;

/**
 * Random numbers by their place: draw i of a stream is a function of seed, stream and i alone, so that threads may take them
 * in any order. Each is the finaliser of SplitMix64 on a counter.
 *
 * @param key what seed and stream come to, see {@link #of}
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood (2014), Fast splittable pseudorandom number
 *     generators</a>
 */
public record Draws(long key) {

    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    /** The draws of one stream (a restart, say) under a seed. */
    public static Draws of(long seed, long stream) {
        return new Draws(mix(mix(seed + GOLDEN) + stream * GOLDEN));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return z ^ (z >>> 31);
    }

    /** 64 random bits. */
    public long bits(long draw) {
        return mix(key + (draw + 1) * GOLDEN);
    }

    /** Uniform in [0, 1), a multiple of 2^-53. */
    public double uniform(long draw) {
        return (bits(draw) >>> 11) * 0x1p-53;
    }

    /** Uniform in [0, bound) to within 2^-32. */
    public int below(int bound, long draw) {
        return (int) (((bits(draw) >>> 32) * bound) >>> 32);
    }
}
