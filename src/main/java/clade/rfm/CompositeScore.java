package clade.rfm;

/**
 * One score out of three: their weighted mean, in [1, n] like the scores themselves.
 *
 * @param recency weight of the recency score, at least 0
 * @param frequency weight of the frequency score, at least 0
 * @param monetary weight of the monetary score, at least 0; not all three may be 0
 */
public record CompositeScore(double recency, double frequency, double monetary) {

    public CompositeScore {
        double sum = recency + frequency + monetary;
        if (!(recency >= 0 && frequency >= 0 && monetary >= 0 && sum > 0 && sum < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("weights must be at least 0, finite and not all 0, were %s, %s and %s"
                    .formatted(recency, frequency, monetary));
        }
    }

    /** The composite of three scores. */
    public double of(int recencyScore, int frequencyScore, int monetaryScore) {
        return (recency * recencyScore + frequency * frequencyScore + monetary * monetaryScore)
                / (recency + frequency + monetary);
    }
}
