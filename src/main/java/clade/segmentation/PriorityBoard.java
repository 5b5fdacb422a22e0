package clade.segmentation;

import clade.database.Times;
import clade.datasets.Dataset;
import clade.segmentation.report.Figures;
import clade.segmentation.report.Priorities;
import clade.segmentation.report.Waiting;
import clade.segmentation.report.Weights;
import clade.transactions.PurchasePeriods;
import clade.transactions.Returns;
import java.time.Instant;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Says which segments of the current run to begin with, and what waiting costs. */
@Service
class PriorityBoard {

    /** Methods whose segment keys mean the same in each run. */
    private static final Set<String> WITH_LASTING_KEYS = Set.of("rfm", "rules");

    private final JdbcClient jdbc;
    private final SegmentRepository segments;
    private final RunRepository runs;
    private final CurrentMembers members;
    private final PurchasePeriods purchases;
    private final ValidationRepository validations;

    PriorityBoard(
            JdbcClient jdbc,
            SegmentRepository segments,
            RunRepository runs,
            CurrentMembers members,
            PurchasePeriods purchases,
            ValidationRepository validations) {
        this.jdbc = jdbc;
        this.segments = segments;
        this.runs = runs;
        this.members = members;
        this.purchases = purchases;
        this.validations = validations;
    }

    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    Priorities of(Segmentations.Stored segmentation, Period period, Weights weights) {
        SegmentRepository.SegmentList list = segments.list(segmentation, null);
        PublishedRuns.PublishedRun run = segments.published(segmentation, null);
        CurrentMembers.Table table = members.read(
                segmentation.id(),
                run,
                list.segments().stream().map(Segment::key).toList());
        return of(segmentation, list, run, table, period, weights);
    }

    /** The same for what was read already, in the transaction that read it. */
    Priorities of(
            Segmentations.Stored segmentation,
            SegmentRepository.SegmentList list,
            PublishedRuns.PublishedRun run,
            CurrentMembers.Table table,
            Period period,
            Weights weights) {
        Map<String, Double> reach = table.moreRecent();
        Definition definition = Definition.stored(runs.get(run.id()).definition());
        Periods periods = new Periods(segmentation.dataset(), run, period);
        Map<String, Waiting> waiting = new HashMap<>(periods.waiting(list, table, definition.returns()));
        waiting.putAll(hindsight(segmentation, definition));
        return Priorities.of(
                segmentation.key(),
                list.run(),
                list.version(),
                list.asOf(),
                period.toString(),
                weights,
                list.segments().stream()
                        .map(segment -> new Priorities.Input(
                                segment.key(),
                                segment.name(),
                                segment.noise(),
                                segment.size(),
                                segment.revenue(),
                                reach.get(segment.key()),
                                segment.action() == null
                                        ? null
                                        : segment.action().cost(),
                                segment.action() == null
                                        ? null
                                        : segment.action().title(),
                                waiting.getOrDefault(segment.key(), periods.unknown())))
                        .toList(),
                segmentation.dataset().currency());
    }

    /** By segment key, as the newest validation tells it; empty where keys mean another segment in each run, or there is none. */
    private Map<String, Waiting> hindsight(Segmentations.Stored segmentation, Definition definition) {
        if (!WITH_LASTING_KEYS.contains(definition.method().name())) {
            return Map.of();
        }
        Map<String, Waiting> found = new HashMap<>();
        validations.newest(segmentation.id(), definition).ifPresent(validation -> {
            Period horizon = Period.parse(validation.horizon());
            Instant middle = Objects.requireNonNull(validation.asOf());
            Instant from = middle.atZone(segmentation.dataset().timeZone())
                    .minus(horizon)
                    .toInstant();
            Objects.requireNonNull(validation.held()).segments().stream()
                    .filter(since -> since.customers() > 0)
                    .forEach(since -> found.put(
                            since.segment(),
                            Waiting.ofValidation(
                                    validation.id(),
                                    from,
                                    middle,
                                    Objects.requireNonNull(validation.until()),
                                    Figures.period(horizon),
                                    since.revenueBefore(),
                                    since.revenue().total(),
                                    segmentation.dataset().currency())));
        });
        return found;
    }

    /** When the transactions of a dataset begin; null without any. */
    private record Begin(@Nullable Instant first) {}

    /** Two periods of one length, the later one up to the run's as-of. */
    private final class Periods {

        private final Dataset dataset;
        private final Period period;
        private final @Nullable Instant to;
        private final @Nullable Instant first;

        Periods(Dataset dataset, PublishedRuns.PublishedRun run, Period period) {
            this.dataset = dataset;
            this.period = period;
            this.to = run.asOf();
            this.first = jdbc.sql("select first_transaction_at from dataset_counters where dataset_id = :dataset")
                    .param("dataset", dataset.id())
                    .query((row, number) -> new Begin(Times.find(row, "first_transaction_at")))
                    .optional()
                    .orElse(new Begin(null))
                    .first();
        }

        Waiting unknown() {
            return Waiting.unknown(
                    first == null || to == null
                            ? "What waiting costs can't be told: there are no purchases to tell it from."
                            : "What waiting costs can't be told: the purchases begin on %s, less than two periods of %s before %s."
                                    .formatted(
                                            first.atZone(dataset.timeZone()).toLocalDate(),
                                            Figures.period(period),
                                            to.atZone(dataset.timeZone()).toLocalDate()));
        }

        /** By segment key; empty where it can't be told. */
        Map<String, Waiting> waiting(SegmentRepository.SegmentList list, CurrentMembers.Table table, Returns returns) {
            if (first == null || to == null) {
                return Map.of();
            }
            ZonedDateTime end = to.atZone(dataset.timeZone());
            Instant middle = end.minus(period).toInstant();
            Instant from = end.minus(period).minus(period).toInstant();
            if (first.isAfter(from)) {
                return Map.of();
            }
            Map<String, Double> before = table.revenue(purchases.between(dataset.id(), from, middle, returns));
            Map<String, Double> since = table.revenue(purchases.between(dataset.id(), middle, to, returns));
            return list.segments().stream()
                    .collect(Collectors.toMap(
                            Segment::key,
                            segment -> Waiting.ofPresentMembers(
                                    from,
                                    middle,
                                    to,
                                    Figures.period(period),
                                    before.getOrDefault(segment.key(), 0.0),
                                    since.getOrDefault(segment.key(), 0.0),
                                    dataset.currency())));
        }
    }
}
