package clade.segmentation;

import clade.statistics.DecimalSum;
import clade.transactions.PurchaseHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Tells why customers are in noise, where their purchases can tell. */
@Component
class NoiseReasons {

    private final PurchaseHistory history;
    private final RunRepository runs;
    private final JsonMapper json;

    NoiseReasons(PurchaseHistory history, RunRepository runs, JsonMapper json) {
        this.history = history;
        this.runs = runs;
        this.json = json;
    }

    /** The outcome with the reasons of its noise; as it is if the method leaves nobody out or nobody purchased. */
    Outcome explain(RunRepository.Claimed run, RunInput input, Outcome outcome) {
        Method method = run.definition().method();
        FeatureTable table = input.table();
        boolean leavesOut =
                leavesOut(method) || method.inner().values().stream().anyMatch(NoiseReasons::leavesOut);
        Instant asOf = input.asOf();
        if (!leavesOut || !table.hasRfm() || !run.definition().roles().all().isEmpty() || asOf == null) {
            return outcome;
        }
        Instant first = history.firstPurchase(run.dataset()).orElse(asOf);
        Instant begin = run.definition().window() == null
                ? first
                : later(
                        first,
                        asOf.atZone(input.zone())
                                .minus(Objects.requireNonNull(run.definition().window()))
                                .toInstant());
        NoiseLimits limits = NoiseLimits.of(table, begin, asOf);
        runs.noteNoiseLimits(run, json.writeValueAsString(limits));
        int noise = IntStream.range(0, outcome.segments().size())
                .filter(i -> outcome.segments().get(i).noise())
                .findFirst()
                .orElse(-1);
        if (noise < 0) {
            return outcome;
        }
        int[] rows = IntStream.range(0, table.size())
                .filter(row -> outcome.segmentOf()[row] == noise)
                .toArray();
        Map<Long, Instant> firsts = history.firstPurchases(
                IntStream.of(rows).mapToLong(table::customer).toArray());
        String[] reasonOf = new String[table.size()];
        for (int row : rows) {
            reasonOf[row] = limits.reason(
                    table.value(Feature.RECENCY, row),
                    table.value(Feature.FREQUENCY, row),
                    table.value(Feature.MONETARY, row),
                    // an upload that was undone since the run has read may have taken it away
                    firsts.getOrDefault(table.customer(row), asOf));
        }
        List<Segment> segments = new ArrayList<>(outcome.segments());
        Segment segment = segments.get(noise);
        segments.set(noise, segment.with(segment.name(), segment.profile().with(counted(reasonOf, table))));
        return outcome.with(segments, reasonOf);
    }

    private static boolean leavesOut(Method method) {
        return method instanceof DbscanSettings || method instanceof HdbscanSettings;
    }

    private static List<SegmentProfile.Reason> counted(String[] reasonOf, FeatureTable table) {
        return NoiseLimits.REASONS.stream()
                .map(reason -> {
                    double[] monetary = IntStream.range(0, reasonOf.length)
                            .filter(row -> reason.equals(reasonOf[row]))
                            .mapToDouble(row -> table.value(Feature.MONETARY, row))
                            .toArray();
                    return new SegmentProfile.Reason(reason, monetary.length, DecimalSum.of(monetary));
                })
                .toList();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
