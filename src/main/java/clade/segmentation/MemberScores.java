package clade.segmentation;

import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Tells other modules the scores of members, which follow from what is stored of them and the cut points of their run. */
@Component
public class MemberScores {

    private final PublishedRuns runs;

    MemberScores(PublishedRuns runs) {
        this.runs = runs;
    }

    /**
     * Scores of recency, frequency and monetary value.
     *
     * @param scores by the features' names, each 1 to n
     * @param code the three one after the other, such as 543
     */
    public record Scored(Map<String, Integer> scores, String code) {}

    /** Of a member of a completed run, from the column {@code membership.facts}; empty unless the run's method is rfm. */
    public Optional<Scored> of(long run, double[] facts) {
        PublishedRuns.PublishedRun published = runs.get(run);
        return Optional.ofNullable(published.scores(published.values(facts)))
                .map(scores -> new Scored(scores.byName(), scores.code()));
    }
}
